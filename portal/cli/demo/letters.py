"""The letters of the demo's first day: a few that a newcomer can read, none from the past."""

import sqlalchemy as sa

from portal.cli.demo.world import World
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState


def settle(world: World) -> None:
    """What writing the year left in the outbox leaves now: this week's forms. Anything else was never meant to."""
    db.session.execute(
        sa.update(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.template.not_like("aftercare/%"))
        .values(state=LetterState.CANCELLED, values=None, calendar=None, address=None)
    )
