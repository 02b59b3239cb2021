"""What people tell the agenda (their hours, their absences), and the question that finds a free moment for three people."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.agenda import queries
from portal.agenda.diaries import Busy, Party
from portal.agenda.models import Absence, Availability, AvailabilityException
from portal.agenda.open_hours import Talk, at_site, counting
from portal.agenda.slots import Companion, Question
from portal.agenda.travel import Place, UnknownPlace, place_of
from portal.agenda.windows import BELGIAN, DAY, Community, Holidays, WeeklyWindow, expand
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import load
from portal.foundation.signals import absence_entered, absence_taken_back
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations.places import province_of

WEEKDAYS = range(5)
# [G] Until somebody fills in hours of their own, these count.
OFFICE = tuple(WeeklyWindow(day, time(9), time(17)) for day in WEEKDAYS)
CANDIDATE = tuple(WeeklyWindow(day, time(8), time(18)) for day in WEEKDAYS)


def office_closes() -> time:
    """When the offices that read a request for leave go home (rules.toml)."""
    return time.fromisoformat(load("agenda", "rules")["office_closes"])


def days_off() -> Holidays:
    """The days on which nobody meets: the holidays of all Belgium and the Community's own day (rules.toml)."""
    own = load("agenda", "rules")["community"]
    return Holidays(Community(own)) if own else BELGIAN


class BeforeItBegins(DomainError):
    sentence = lazy("The end comes before the beginning. Choose a later end.")
    field = "ends"


class Past(DomainError):
    sentence = lazy("That day is over. Choose today or later.")
    field = "day"


@dataclass(frozen=True)
class Meeting:
    """For whom a moment is sought. Texts name places by postcode; `site` tells two places in one municipality apart."""

    programme_id: int
    contact_id: int
    contact_hours: tuple[WeeklyWindow, ...]
    contact_postcode: str
    contact_site: str
    candidate_id: int
    candidate_postcode: str
    prefer: int | None
    lead_workdays: int | None
    at: str = "contact"  # contact | candidate | nowhere (video)
    candidate_hours: tuple[WeeklyWindow, ...] = ()
    contact_workplace: int | None = None
    subject: tuple[str, int] | None = None


@dataclass(frozen=True)
class Search:
    """A question to `slots.find_slots`, who may come along by id, and the employer's contact."""

    question: Question
    people: dict[int, Person]
    contact: Person


def search(meeting: Meeting, *, first: date, last: date, minutes: int, notice: timedelta) -> Search:
    """Everybody's time over these days, in two queries, however many people there are.

    A worker comes along in hours that count for this programme and where the talk is, and leaves from where that worker
    said, else from where the candidate is. A contact's hours are those of the site, else of all sites, else of the job.
    """
    hours = queries.hours_of(meeting.programme_id, meeting.contact_id)
    contact = hours.pop(meeting.contact_id)
    start, end = clock.midnight(first), clock.midnight(last + DAY)
    candidate = f"candidate:{meeting.candidate_id}"
    busy = queries.busy([*hours, meeting.contact_id], [candidate], start, end, besides=meeting.subject)
    company = place(meeting.contact_postcode, meeting.contact_site)
    base = place(meeting.candidate_postcode)
    talk, site = _talk(meeting)
    received = counting(at_site(contact.open, site), talk, first, meeting.contact_hours or OFFICE)

    def along(number: int) -> dict[str, Any]:
        mine = hours[number]
        return party(counting(mine.open, talk, first, OFFICE), f"person:{number}", place(mine.departure) or base)

    def party(windows: Sequence[WeeklyWindow], whose: str, home: Place | None) -> dict[str, Any]:
        spans = expand(windows, first, last, clock.BRUSSELS)
        return {"windows": spans, "busy": [Busy(span) for span in busy.get(whose, [])], "base": home}

    people = {number: one.person for number, one in hours.items()}
    ordered = sorted(people, key=lambda number: number != meeting.prefer)
    asked = Question(
        now=clock.now(), first_day=first, last_day=last, minutes=minutes, notice=notice, limit=2000,
        employer=Party(**party(received, f"person:{meeting.contact_id}", company)),
        candidate=Party(**party(meeting.candidate_hours or CANDIDATE, candidate, base)),
        companions=[Companion(**along(n), id=n) for n in ordered],
        venue={"contact": company, "candidate": base}.get(meeting.at), lead_workdays=meeting.lead_workdays,
        office_closes=office_closes(), holidays=days_off(),
    )  # fmt: skip
    return Search(asked, people, contact.person)


def _talk(meeting: Meeting) -> tuple[Talk, int | None]:
    """What hours must count for; and, at the company, at which of its sites. By video every province is as near."""
    at = {"contact": meeting.contact_postcode, "candidate": meeting.candidate_postcode}.get(meeting.at, "")
    site = meeting.contact_workplace if meeting.at == "contact" else None
    return Talk(meeting.programme_id, province_of(at) if at else None, site), site


def place(postcode: str, site: str = "") -> Place | None:
    """Where a postcode lies; None when it is not known, so that no travel is counted rather than none be found."""
    try:
        return place_of(postcode, site) if postcode else None
    except UnknownPlace:
        return None


def add_window(person_id: int, *, weekday: int, starts: time, ends: time, since: date | None = None) -> Availability:
    """Hours that come back every week from a day on (today when not said). Raises BeforeItBegins."""
    if ends <= starts:
        raise BeforeItBegins()
    row = Availability(
        person_id=person_id, weekday=weekday, starts=starts, ends=ends, valid_from=since or clock.today()
    )
    db.session.add(row)
    journal.note("availability.added", row, weekday=weekday)
    return row


def end_window(row: Availability) -> None:
    """Stop a window from today on; the weeks that passed stay as they were."""
    today = clock.today()
    if row.valid_until is not None and row.valid_until < today:
        return
    if row.valid_from is not None and row.valid_from >= today:
        journal.note("availability.removed", row)
        db.session.delete(row)
        return
    row.valid_until = today - DAY
    journal.note("availability.ended", row)


def skip(row: Availability, day: date) -> None:
    """Leave out one date of a window. Raises Past."""
    if day < clock.today():
        raise Past()
    if day not in queries.exceptions_of([row]).get(row.id, []):
        db.session.add(AvailabilityException(availability_id=row.id, day=day))
        journal.note("availability.skipped", row, day=day.isoformat())


def be_away(person_id: int, *, starts_at: datetime, ends_at: datetime, sudden: bool = False) -> Absence:
    """Note an absence. It is always kept, whatever stands in the agenda then: illness cannot be refused.

    Who had a talk then hears of it by `absence_entered`. Raises BeforeItBegins.
    """
    if ends_at <= starts_at:
        raise BeforeItBegins()
    row = Absence(person_id=person_id, starts_at=starts_at, ends_at=ends_at, sudden=sudden)
    db.session.add(row)
    db.session.flush()
    journal.note("absence.entered", row)
    absence_entered.send(row)
    return row


def come_back(row: Absence) -> None:
    journal.note("absence.removed", row)
    absence_taken_back.send(row)
    db.session.delete(row)


@dataclass(frozen=True)
class Described:
    """What a hold is for, as its owner may read it."""

    title: str
    url: str


Describe = Callable[[Collection[int]], dict[int, Described]]
_describers: dict[str, Describe] = {}


def describes(subject_kind: str, describe: Describe) -> None:
    """A room says how the holds on its rows read in somebody's week (ids in, titles and addresses out, one query)."""
    _describers[subject_kind] = describe


def described(kinds_and_ids: Collection[tuple[str, int]]) -> dict[tuple[str, int], Described]:
    found: dict[tuple[str, int], Described] = {}
    for kind in sorted({kind for kind, _ in kinds_and_ids} & set(_describers)):
        ids = [number for of, number in kinds_and_ids if of == kind]
        found |= {(kind, number): text for number, text in _describers[kind](ids).items()}
    return found
