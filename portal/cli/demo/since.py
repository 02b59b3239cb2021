"""Since when things wait: what stands open in a case on the demo's first day was opened in the days before."""

from datetime import timedelta

import sqlalchemy as sa

from portal.candidates import silence
from portal.cli.demo.world import World
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks.models import Task

DAYS = (0, 1, 2, 3, 4, 6, 8, 11)
LATE = 12


def write(world: World) -> None:
    """Each open task gets a believable first day; now and then one is late, as it happens."""
    silence.ask()
    db.session.flush()
    waiting = db.session.scalars(
        sa.select(Task).where(Task.about.is_not(None), Task.closed_at.is_(None)).order_by(Task.id)
    )
    for number, task in enumerate(waiting.all()):
        days = DAYS[number % len(DAYS)]
        task.created_at = clock.now() - timedelta(days=days)
        if number % LATE == LATE - 1 and task.kind.startswith("candidates."):
            task.due = clock.today() - timedelta(days=2)
