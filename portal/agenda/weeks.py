"""A week as it is drawn: somebody's own, with what stands in it, and the team's, with what is taken, free and away.

Later rooms say what stands on a day at no hour (`stands_on`); what a hold is for they say in `service.describes`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.agenda import queries, service, sit_days
from portal.agenda.models import Absence, BusySource, BusySpan, Hold
from portal.agenda.open_hours import OpenHours, Talk, counting
from portal.agenda.queries import Hours
from portal.agenda.windows import DAY, Span, expand, merge, subtract
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _

WEEK = 7 * DAY


class What(StrEnum):
    """What a piece of a day is. Each has its own word and shape on the page, beside its colour."""

    ON_DAY = "on_day"
    AWAY = "away"
    HELD = "held"
    PROPOSED = "proposed"
    SIT_DAY = "sit_day"
    ELSEWHERE = "elsewhere"
    TAKEN = "taken"
    OPEN = "open"
    FREE = "free"


@dataclass(frozen=True)
class Piece:
    """A part of a day, or without a start something of the whole day. `around`: with the way there and back."""

    what: What
    start: datetime | None = None
    end: datetime | None = None
    title: str = ""
    url: str = ""
    around: Span | None = None
    detail: str = ""


@dataclass(frozen=True)
class Day:
    date: date
    pieces: tuple[Piece, ...]
    holiday: bool

    @property
    def today(self) -> bool:
        return self.date == clock.today()


@dataclass(frozen=True)
class OnDay:
    """Something to do on a day, as its reader may see it."""

    day: date
    title: str
    url: str


StandsOn = Callable[[Viewer, date, date], Iterable[OnDay]]
_on_days: dict[str, StandsOn] = {}


def stands_on(kind: str, say: StandsOn) -> None:
    """A room says what stands on the days of whoever looks, from one to another (both included): one query."""
    _on_days[kind] = say


def on_days(viewer: Viewer, monday: date) -> list[tuple[date, Piece]]:
    last = monday + WEEK - DAY
    found = [one for kind in sorted(_on_days) for one in _on_days[kind](viewer, monday, last)]
    # Two voices of one moment read the same here: it is one thing to do.
    return [(one.day, Piece(What.ON_DAY, title=one.title, url=one.url)) for one in dict.fromkeys(found)]


def laid(monday: date, pieces: Iterable[tuple[date, Piece]]) -> list[Day]:
    """Monday to Friday, and a day of the weekend on which something stands, each in order of time."""
    by_day: dict[date, list[Piece]] = {}
    for day, piece in pieces:
        by_day.setdefault(day, []).append(piece)
    off, order = service.days_off(), list(What)
    days = []
    for day in (monday + n * DAY for n in range(7)):
        mine = sorted(
            by_day.get(day, []), key=lambda one: (one.start is not None, one.start or clock.midnight(day), order.index(one.what))
        )  # fmt: skip
        if day.weekday() < 5 or mine:
            days.append(Day(day, tuple(mine), day in off))
    return days


@dataclass(frozen=True)
class Taken:
    """Time that somebody does not have: away, held for a row, or busy in another calendar."""

    person_id: int
    what: What
    span: Span
    blocked: Span
    subject: tuple[str, int]
    kind: str = ""


def taken(people: Collection[int], monday: date) -> list[Taken]:
    """What takes these people's week, in one query."""
    first, last = clock.midnight(monday), clock.midnight(monday + WEEK)
    refs = {f"person:{number}": number for number in people}
    none, zero = sa.literal("", sa.String), sa.literal(0, sa.Integer)
    party: sa.ColumnElement[str] = sa.literal("person:", sa.String) + sa.cast(Absence.person_id, sa.String)
    away = sa.select(
        sa.literal(What.AWAY.value, sa.String), party, none, zero, Absence.starts_at, Absence.ends_at, Absence.starts_at,
        Absence.ends_at, none,
    ).where(Absence.person_id.in_(refs.values()), Absence.ends_at > first, Absence.starts_at < last)  # fmt: skip
    held = sa.select(
        sa.literal(What.HELD.value, sa.String), Hold.party, Hold.subject_kind, Hold.subject_id, Hold.starts_at, Hold.ends_at,
        Hold.blocked_from, Hold.blocked_until, sa.cast(Hold.kind, sa.String),
    ).where(Hold.party.in_(refs), Hold.blocked_until > first, Hold.blocked_from < last)  # fmt: skip
    of: sa.ColumnElement[str] = sa.literal("person:", sa.String) + sa.cast(BusySource.person_id, sa.String)
    elsewhere = (
        sa.select(
            sa.literal(What.ELSEWHERE.value, sa.String), of, none, zero, BusySpan.starts_at, BusySpan.ends_at, BusySpan.starts_at,
            BusySpan.ends_at, none,
        )
        .join(BusySource, BusySource.id == BusySpan.source_id)
        .where(BusySource.person_id.in_(refs.values()), BusySpan.ends_at > first, BusySpan.starts_at < last)
    )  # fmt: skip
    both: sa.CompoundSelect[Any] = sa.union_all(away, held, elsewhere)
    return [
        Taken(refs[whose], What(what), Span(starts, ends), Span(since, until), (subject, number), kind)
        for what, whose, subject, number, starts, ends, since, until, kind in db.session.execute(both)
    ]


def mine(viewer: Viewer, monday: date) -> list[Day]:
    """The viewer's own week: appointments, absences, hours, sit-days, and hours that another calendar takes."""
    stands = taken([viewer.me], monday)
    known = service.described({one.subject for one in stands if one.what is What.HELD})
    pieces = [*on_days(viewer, monday), *_days_of(stands, monday), *_sits(viewer, monday)]
    for one in stands:
        if one.what is What.HELD:
            said = known.get(one.subject)
            around = one.blocked if one.blocked != one.span else None
            url, title = (said.url, said.title) if said is not None else ("", _kind(one.kind))
            pieces.append((_day(one.span), Piece(What.HELD, one.span.start, one.span.end, title, url, around)))
    return laid(monday, [*pieces, *_open(viewer, monday)])


def _kind(kind: str) -> str:
    """What a hold is where its room says no more of it."""
    return {"screening": _("Screening"), "interview": _("Interview"), "visit": _("Visit")}.get(kind, _("Appointment"))


def _days_of(stands: Sequence[Taken], monday: date) -> list[tuple[date, Piece]]:
    """Absences, and what other calendars take, cut by the day; no title of another calendar is kept, so none is shown."""
    found = []
    for what in (What.AWAY, What.ELSEWHERE):
        for span in merge(one.span for one in stands if one.what is what):
            found += [(day, _piece(what, part, day)) for day, part in _by_day(span, monday)]
    return found


def _piece(what: What, span: Span, day: date) -> Piece:
    """Without hours when it is the whole day."""
    whole = span == Span(clock.midnight(day), clock.midnight(day + DAY))
    return Piece(what) if whole else Piece(what, span.start, span.end)


def _by_day(span: Span, monday: date) -> Iterable[tuple[date, Span]]:
    for day in (monday + n * DAY for n in range(7)):
        start, end = max(span.start, clock.midnight(day)), min(span.end, clock.midnight(day + DAY))
        if start < end:
            yield day, Span(start, end)


def _sits(viewer: Viewer, monday: date) -> list[tuple[date, Piece]]:
    programmes = viewer.programmes(*STAFF)
    if not programmes:
        return []
    return [
        (one.day, _sit(one))
        for one in sit_days.between(programmes, monday, monday + WEEK - DAY)
        if one.worker_id == viewer.me
    ]


def _sit(one: Any) -> Piece:
    span = sit_days.whole(one)
    return Piece(What.SIT_DAY, span.start, span.end, _("Sit-day at %(site)s", site=one.site.label))


def _open(viewer: Viewer, monday: date) -> list[tuple[date, Piece]]:
    """The hours in which somebody can be asked; a worker's are office hours until there are others."""
    works = viewer.has(Role.PROJECT_WORKER)
    if not works and not viewer.has(*EMPLOYERS):
        return []
    hours = queries.hours_of_person(viewer.me).open
    spans = _spans(hours, Talk(), monday, usual=works)
    return [(_day(span), Piece(What.OPEN, span.start, span.end)) for span in spans]


def _spans(hours: Sequence[OpenHours], talk: Talk, monday: date, *, usual: bool) -> list[Span]:
    windows = counting(hours, talk, monday, service.OFFICE if usual else ())
    return expand(windows, monday, monday + WEEK - DAY, clock.BRUSSELS, closed=service.days_off())


def _day(span: Span) -> date:
    return clock.local(span.start).date()


@dataclass(frozen=True)
class Row:
    """A colleague's week: what is taken, free and away, and not a word about whom it is with."""

    person: Person
    days: list[Day]


def team(viewer: Viewer, monday: date, region: str = "") -> list[Row]:
    """Who of the viewer's programmes can be asked when, in a province (or anywhere). Same queries for 1 and 30 people."""
    programmes = viewer.programmes(*STAFF)
    people = queries.hours_of_team(programmes)
    stands: dict[int, list[Taken]] = {}
    for one in taken(list(people), monday):
        stands.setdefault(one.person_id, []).append(one)
    sits: dict[int, list[Any]] = {}
    for sit_day in sit_days.between(programmes, monday, monday + WEEK - DAY):
        sits.setdefault(sit_day.worker_id, []).append(sit_day)
    rows = []
    for number, hours in people.items():
        spans = _spans(hours.open, Talk(region=region or None), monday, usual=True)
        if spans or not region:
            rows.append(_row(hours, spans, stands.get(number, []), sits.get(number, []), monday))
    return rows


def _row(hours: Hours, spans: list[Span], stands: list[Taken], sits: list[Any], monday: date) -> Row:
    away = merge(one.span for one in stands if one.what is What.AWAY)
    sitting = merge(sit_days.whole(one) for one in sits)
    taken_up = subtract(merge(one.blocked for one in stands if one.what is not What.AWAY), sitting)
    free = subtract(merge(spans), merge([*away, *taken_up, *sitting]))
    pieces = [(one.day, _sit(one)) for one in sits]
    for what, found in ((What.AWAY, away), (What.TAKEN, taken_up), (What.FREE, free)):
        pieces += [(day, _piece(what, part, day)) for span in found for day, part in _by_day(span, monday)]
    # Five columns for everybody: what stands at the weekend is read in somebody's own week.
    days = [one for one in laid(monday, pieces) if one.date.weekday() < 5]
    return Row(hours.person, days)
