"""What the agenda does by itself: sit-days come into sight each night, and go when a worker or a place does; other
calendars are looked at each hour."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person
from portal.accounts.queries import seats_of
from portal.accounts.roles import STAFF, Role
from portal.agenda import busy_worker, feed, hours, sit_day_feed, sit_day_rules
from portal.agenda.models import SitDay
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.signals import place_left, worker_left
from portal.foundation.words import lazy
from portal.programmes.models import ProgrammeSite
from portal.tasks import service as tasks

jobs.each_night["agenda.sit_days"] = sit_day_rules.each_night
jobs.each_night["agenda.other_calendars"] = busy_worker.nightly
jobs.each_minute["agenda.other_calendars"] = busy_worker.look
links.opens(feed.PURPOSE, "agenda.calendar")
feed.offers(SitDay.__tablename__, sit_day_feed.items)

tasks.kind(
    "agenda.calendar_lost",
    title=lazy("Your calendar at %(place)s can no longer be read"),
    why=lazy("For three days it gave nothing. Until you give a new address, moments are offered as if it were empty."),
    action=lazy("Look at my calendars"),
)
tasks.kind(
    "agenda.overlap",
    title=lazy("On %(day)s your other calendar holds something during an appointment"),
    why=lazy("Nothing was changed. Choose which of the two moves."),
    action=lazy("Look at my week"),
)
tasks.stays_with_its_owner("agenda.calendar_lost", "agenda.overlap")


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
    if not any(seat.role in STAFF for seat in held):
        hours.leave_from(person.id, "")
    stays = {seat.programme_id for seat in held if seat.role == Role.PROJECT_WORKER}
    sit_day_rules.leave(person.id, besides=stays)
