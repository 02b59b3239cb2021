"""What the agenda does by itself: sit-days come into sight each night, and go when a worker or a place does."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.queries import seats_of
from portal.accounts.roles import Role
from portal.agenda import sit_day_rules
from portal.agenda.models import SitDay
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.signals import place_left, worker_left
from portal.foundation.words import lazy
from portal.programmes.models import ProgrammeSite

jobs.each_night["agenda.sit_days"] = sit_day_rules.each_night


class SitDaysAreThere(Conflict):
    sentence = lazy("There are sit-days here still to come. End their rule or call them off first.")


@place_left.connect
def _no_sit_days(place: ProgrammeSite) -> None:
    coming = sa.select(SitDay.id).where(
        SitDay.site_id == place.site_id, SitDay.programme_id == place.programme_id, SitDay.off.is_(False),
        SitDay.day >= clock.today(),
    )  # fmt: skip
    if db.session.scalar(coming.limit(1)) is not None:
        raise SitDaysAreThere()


@worker_left.connect
def _no_longer_there(person: Person, **_more: Any) -> None:
    """The sit-days of somebody who leaves go away in every programme where nothing is left; who was expected is booked again."""
    held = seats_of([person.id])[person.id] if person.deactivated_at is None else []
    stays = {seat.programme_id for seat in held if seat.role == Role.PROJECT_WORKER}
    sit_day_rules.leave(person.id, besides=stays)
