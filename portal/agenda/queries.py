"""Reading the agenda: whose hours, who is busy when, what stands in somebody's week. The same number of queries for 1 person and 30."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.agenda.busy_spans import taken_elsewhere
from portal.agenda.models import Absence, Availability, AvailabilityException, Departure, Hold
from portal.agenda.open_hours import OpenHours
from portal.agenda.windows import Span, WeeklyWindow
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.organisations.models import Workplace
from portal.programmes.models import Programme


@dataclass(frozen=True)
class Hours:
    """What a person keeps: weekly hours with what they count for (none when nothing was filled in), and a departure."""

    person: Person
    open: tuple[OpenHours, ...]
    departure: str = ""

    @property
    def windows(self) -> tuple[WeeklyWindow, ...]:
        return tuple(one.window for one in self.open)


def hours_of(programme_id: int, contact_id: int) -> dict[int, Hours]:
    """The hours of every active worker of a programme, and of one employer contact, in one query."""
    workers = workers_of([programme_id])
    return _hours(sa.or_(sa.and_(Person.id.in_(workers), Person.deactivated_at.is_(None)), Person.id == contact_id))


def hours_of_team(programme_ids: Collection[int]) -> dict[int, Hours]:
    """The hours of every active worker of these programmes, in one query."""
    return _hours(sa.and_(Person.id.in_(workers_of(programme_ids)), Person.deactivated_at.is_(None)))


def hours_of_person(person_id: int) -> Hours:
    return _hours(Person.id == person_id)[person_id]


def workers_of(programme_ids: Collection[int]) -> sa.Select[int]:
    """Who works in these programmes today, as a part of another query."""
    return (
        sa.select(Membership.person_id)
        .where(Membership.role == Role.PROJECT_WORKER, Membership.programme_id.in_(list(programme_ids)))
        .where(*seated_today())
    )


def _hours(who: sa.ColumnElement[bool]) -> dict[int, Hours]:
    statement = (
        sa.select(Person, Availability, AvailabilityException.day, Departure)
        .outerjoin(Availability, Availability.person_id == Person.id)
        .outerjoin(AvailabilityException, AvailabilityException.availability_id == Availability.id)
        .outerjoin(Departure, Departure.person_id == Person.id)
        .where(who)
        .order_by(Person.first_name, Person.id, Availability.id)
    )
    people: dict[int, tuple[Person, str]] = {}
    rows: dict[int, dict[int, Availability]] = {}
    except_on: dict[int, set[date]] = {}
    for person, window, day, departure in db.session.execute(statement):
        people[person.id] = (person, departure.postcode if departure is not None else "")
        if window is not None:
            rows.setdefault(person.id, {})[window.id] = window
            except_on.setdefault(window.id, set()).update([day] if day is not None else [])
    return {
        number: Hours(person, tuple(_open(one, except_on[one.id]) for one in rows.get(number, {}).values()), departure)
        for number, (person, departure) in people.items()
    }


def _open(row: Availability, exceptions: Collection[date]) -> OpenHours:
    kept = (frozenset(row.programmes), frozenset(row.regions), frozenset(row.workplaces))
    return OpenHours(weekly(row, exceptions), *kept)


def weekly(row: Availability, exceptions: Collection[date] = ()) -> WeeklyWindow:
    return WeeklyWindow(
        row.weekday, row.starts, row.ends, row.valid_from, row.valid_until, exceptions=frozenset(exceptions)
    )


def busy(
    people: Collection[int], others: Collection[str], first: datetime, last: datetime, *, besides: tuple[str, int] | None = None
) -> dict[str, list[Span]]:  # fmt: skip
    """What takes the time of these people ("person:12") and other parties: absences, holds and other calendars, in one query.

    `besides` names a row (kind, id) whose own holds do not count: an interview may move onto its own old time.
    """
    party: sa.ColumnElement[str] = sa.literal("person:", sa.String) + sa.cast(Absence.person_id, sa.String)
    away = sa.select(party.label("party"), Absence.starts_at, Absence.ends_at).where(
        Absence.person_id.in_(list(people)), Absence.ends_at > first, Absence.starts_at < last
    )
    held = sa.select(Hold.party, Hold.blocked_from, Hold.blocked_until).where(
        Hold.party.in_([*(f"person:{number}" for number in people), *others]),
        Hold.blocked_until > first,
        Hold.blocked_from < last,
    )
    if besides is not None:
        held = held.where(sa.or_(Hold.subject_kind != besides[0], Hold.subject_id != besides[1]))
    found: dict[str, list[Span]] = {}
    taken: sa.CompoundSelect[Any] = sa.union_all(away, held, taken_elsewhere(people, first, last))
    for whose, start, end in db.session.execute(taken):
        found.setdefault(whose, []).append(Span(start, end))
    return found


def holds_of(person_id: int, first: datetime, last: datetime) -> Sequence[Hold]:
    """What stands in somebody's own agenda, in order of time."""
    return db.session.scalars(
        sa.select(Hold)
        .where(Hold.party == f"person:{person_id}", Hold.blocked_until > first, Hold.blocked_from < last)
        .order_by(Hold.starts_at, Hold.id)
    ).all()


def windows_of(person_id: int) -> Sequence[Availability]:
    """Somebody's weekly windows that have not ended, Monday first."""
    return db.session.scalars(
        sa.select(Availability)
        .where(Availability.person_id == person_id)
        .where(sa.or_(Availability.valid_until.is_(None), Availability.valid_until >= clock.today()))
        .order_by(Availability.weekday, Availability.starts, Availability.id)
    ).all()


def window_of(person_id: int, number: int) -> Availability | None:
    return db.session.scalar(
        sa.select(Availability).where(Availability.id == number, Availability.person_id == person_id)
    )


def absences_of(person_id: int, since: datetime | None = None) -> Sequence[Absence]:
    """Somebody's absences that are not over yet."""
    return db.session.scalars(
        sa.select(Absence)
        .where(Absence.person_id == person_id, Absence.ends_at > (since or clock.now()))
        .order_by(Absence.starts_at, Absence.id)
        .limit(60)
    ).all()


def absence_of(person_id: int, number: int) -> Absence | None:
    return db.session.scalar(sa.select(Absence).where(Absence.id == number, Absence.person_id == person_id))


def exceptions_of(windows: Collection[Availability]) -> dict[int, list[date]]:
    """The coming dates on which each of these windows does not come back."""
    rows = db.session.scalars(
        sa.select(AvailabilityException)
        .where(AvailabilityException.availability_id.in_([one.id for one in windows]))
        .where(AvailabilityException.day >= clock.today())
        .order_by(AvailabilityException.day)
    )
    found: dict[int, list[date]] = {}
    for row in rows:
        found.setdefault(row.availability_id, []).append(row.day)
    return found


def week_of(day: date) -> tuple[datetime, datetime]:
    """From Monday 0:00 to the next, on the wall clock."""
    monday = day - timedelta(days=day.weekday())
    return clock.midnight(monday), clock.midnight(monday + timedelta(days=7))


def departure_of(person_id: int) -> str:
    row = db.session.scalar(sa.select(Departure).where(Departure.person_id == person_id))
    return row.postcode if row is not None else ""


def programmes_of(viewer: Viewer) -> dict[int, str]:
    """The names of the programmes in which somebody works."""
    mine = viewer.programmes(*STAFF)
    rows = db.session.execute(
        sa.select(Programme.id, Programme.name).where(Programme.id.in_(mine)).order_by(Programme.name)
    )
    return {number: name for number, name in rows}


def workplaces_of(viewer: Viewer) -> dict[int, str]:
    """The sites of the companies for which somebody speaks, and of no other."""
    rows = db.session.execute(
        sa.select(Workplace.id, Workplace.name, Workplace.municipality)
        .where(Workplace.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
        .order_by(Workplace.name, Workplace.id)
    )
    return {number: f"{name}, {municipality}" for number, name, municipality in rows}


def colleague(viewer: Viewer, key: str) -> Person | None:
    """A worker of the programmes that this coordinator leads."""
    return db.session.scalar(
        sa.select(Person).where(
            Person.key == key, Person.deactivated_at.is_(None),
            Person.id.in_(workers_of(viewer.programmes(Role.COORDINATOR))),
        )
    )  # fmt: skip
