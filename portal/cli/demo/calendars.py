"""Two people keep their other calendar here, and one follows her appointments in her own."""

from datetime import time, timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import busy, feed
from portal.agenda.models import Hold
from portal.agenda.windows import Span
from portal.cli.demo.world import World
from portal.foundation import acting, clock
from portal.foundation.database import db

WEEKS = 12


def write(world: World) -> None:
    """A weekly course that meets nothing that stands; an address would be called by the worker, so the demo has none."""
    workers = [data["code"] for data in world.names["staff"] if data["role"] == "worker"]
    for number, code in enumerate(workers[:2]):
        person = world.staff[code]
        with acting.as_(person.id, Role.PROJECT_WORKER):
            busy.take_in(person.id, _courses(person, weekday=2 + number))
    person = world.staff[workers[0]]
    with acting.as_(person.id, Role.PROJECT_WORKER):
        feed.make(person)


def _courses(person: Person, weekday: int) -> list[Span]:
    first = clock.today() + timedelta(days=(weekday - clock.today().weekday()) % 7 or 7)
    days = (first + timedelta(weeks=n) for n in range(WEEKS))
    held = db.session.scalars(
        sa.select(Hold).where(Hold.party == f"person:{person.id}", Hold.ends_at > clock.now())
    ).all()
    taken = [Span(one.blocked_from, one.blocked_until) for one in held]
    courses = [Span(clock.at(day, time(13)), clock.at(day, time(16, 30))) for day in days]
    return [one for one in courses if not any(one.overlaps(other) for other in taken)]
