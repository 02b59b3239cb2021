"""Changing hours without touching the past, a day more, and from where somebody leaves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from portal.agenda import service
from portal.agenda.models import Absence, Availability, AvailabilityException, Departure
from portal.agenda.service import BeforeItBegins, Past
from portal.agenda.windows import DAY
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.journal import service as journal
from portal.organisations import places


@dataclass(frozen=True)
class KeptFor:
    """For what hours count; nothing named is everything."""

    programmes: Collection[int] = ()
    regions: Collection[str] = ()
    workplaces: Collection[int] = ()


EVERYTHING = KeptFor()


@dataclass(frozen=True)
class Weekly:
    """Hours as somebody gives them."""

    weekday: int
    starts: time
    ends: time
    kept: KeptFor = EVERYTHING


def add(person_id: int, given: Weekly) -> Availability:
    """Hours that come back every week from today on. Raises BeforeItBegins."""
    row = service.add_window(person_id, weekday=given.weekday, starts=given.starts, ends=given.ends)
    _give(row, given)
    return row


def add_once(person_id: int, day: date, starts: time, ends: time) -> Availability:
    """Hours on a single day, on top of the weekly ones. Raises Past and BeforeItBegins."""
    if day < clock.today():
        raise Past()
    row = service.add_window(person_id, weekday=day.weekday(), starts=starts, ends=ends, since=day)
    row.valid_until = day
    return row


def change(row: Availability, given: Weekly, since: date) -> Availability:
    """Other hours from a day on; the weeks before it stay as they were. Raises Past and BeforeItBegins.

    A date that was left out stays left out as long as it is a day of the series.
    """
    if since < clock.today() or (row.valid_until is not None and row.valid_until < since):
        raise Past(field="since")
    if given.ends <= given.starts:
        raise BeforeItBegins()
    if row.valid_from is not None and row.valid_from >= since:
        new = row
    else:
        new = Availability(person_id=row.person_id, valid_from=since, valid_until=row.valid_until)
        row.valid_until = since - DAY
        db.session.add(new)
    _give(new, given)
    db.session.flush()
    _hand_on(row, new, since)
    journal.note("availability.changed", new, weekday=given.weekday)
    return new


def _give(row: Availability, given: Weekly) -> None:
    row.weekday, row.starts, row.ends = given.weekday, given.starts, given.ends
    row.programmes, row.regions, row.workplaces = (
        sorted(given.kept.programmes), sorted(given.kept.regions), sorted(given.kept.workplaces),
    )  # fmt: skip


def _hand_on(old: Availability, new: Availability, since: date) -> None:
    """The dates left out from a day on belong to the series as it is from then on."""
    later = sa.select(AvailabilityException).where(
        AvailabilityException.availability_id == old.id, AvailabilityException.day >= since
    )
    for left_out in db.session.scalars(later):
        if left_out.day.weekday() == new.weekday:
            left_out.availability_id = new.id
        else:
            db.session.delete(left_out)


def put_back(row: Availability, day: date) -> None:
    """A date that was left out comes back after all."""
    found = db.session.execute(
        sa.delete(AvailabilityException).where(
            AvailabilityException.availability_id == row.id, AvailabilityException.day == day
        )
    )
    if found.rowcount:  # type: ignore[attr-defined]
        journal.note("availability.put_back", row, day=day.isoformat())


def leave_from(person_id: int, postcode: str) -> None:
    """From where the way to a talk is counted; an empty postcode is: from where the candidate is.
    Raises UnknownPostcode."""
    row = db.session.scalar(sa.select(Departure).where(Departure.person_id == person_id))
    if not postcode:
        if row is not None:
            journal.note("departure.removed", row)
            db.session.delete(row)
        return
    places.of_postcode(postcode)
    if row is None:
        row = Departure(person_id=person_id)
        db.session.add(row)
    row.postcode = postcode
    journal.note("departure.kept", row)


def be_away_for(person_id: int, *, starts_at: datetime, ends_at: datetime, sudden: bool) -> Absence:
    """Somebody who is ill cannot note it: the coordinator does, and the journal says who did. Raises BeforeItBegins."""
    row = service.be_away(person_id, starts_at=starts_at, ends_at=ends_at, sudden=sudden)
    journal.note("absence.entered_for_colleague", row, person=person_id)
    return row


def noon() -> time:
    """Where a half day ends and the other begins (rules.toml)."""
    return time.fromisoformat(load("agenda", "rules")["noon"])


def away_between(
    first: date, last: date, *, begins: time | None, ends: time | None, parts: tuple[str, str] = ("", "")
) -> tuple[datetime, datetime]:
    """From when until when somebody is away: whole days, half ones, or the very hours when those are given."""
    begins = begins or (noon() if parts[0] == "afternoon" else time(0))
    ends = ends or (noon() if parts[1] == "morning" else None)
    return clock.at(first, begins), clock.at(last, ends) if ends else clock.midnight(last + DAY)
