"""When an interview could happen at the earliest, and until when the permission for it must be asked.

Pure: conditions and a moment in, days out. How long a permission takes, which days count and when an office is closed are
the agenda's rules (`slots.Question`), so that this answer and the planning of an interview never differ.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.agenda.diaries import Party
from portal.agenda.slots import Question
from portal.agenda.windows import BELGIAN, Span, WeeklyWindow, expand
from portal.foundation.clock import BRUSSELS

WORKDAYS = frozenset(range(5))
_QUARTER = timedelta(minutes=15)


class Unknown(StrEnum):
    """What nobody has noted yet: somebody must be asked."""

    REGIME = "regime"
    DAYS = "days"


@dataclass(frozen=True)
class Conditions:
    """What a person's case says. `permission` is None while nobody knows the regime; no `days` while nobody knows those."""

    permission: bool | None
    lead_workdays: int = 0
    days: frozenset[int] = frozenset()
    hours: tuple[time, time] = (time(8), time(18))

    @property
    def windows(self) -> list[WeeklyWindow]:
        return [WeeklyWindow(day, *self.hours) for day in sorted(self.days or WORKDAYS)]


@dataclass(frozen=True)
class Rules:
    """How long a talk takes, how early everybody must know, when offices close, how far and how much is looked for."""

    minutes: int = 60
    notice: timedelta = timedelta(hours=24)
    office_closes: time | None = None
    most: int = 5
    weeks: int = 26
    holidays: Container[date] = BELGIAN


@dataclass(frozen=True)
class Possible:
    """A day on which an interview can be, from which moment, and the last day to ask for it."""

    day: date
    start: datetime
    file_by: date | None


@dataclass(frozen=True)
class Earliest:
    """The first possible days. `filed_on`: the day from which a request handed in now counts; None when none is needed."""

    possible: tuple[Possible, ...]
    filed_on: date | None
    unknown: frozenset[Unknown]

    @property
    def first(self) -> Possible | None:
        return self.possible[0] if self.possible else None


def earliest(conditions: Conditions, now: datetime, rules: Rules) -> Earliest:
    """The answer for somebody, asked at a moment. Without a known regime there is none: not even a guess."""
    if conditions.permission is None:
        return Earliest((), None, frozenset({Unknown.REGIME}))
    lead = conditions.lead_workdays if conditions.permission else None
    today = now.astimezone(BRUSSELS).date()
    question = Question(
        now=now, first_day=today, last_day=today + timedelta(weeks=rules.weeks), minutes=rules.minutes, employer=Party([]),
        candidate=Party([]), companions=(), notice=rules.notice, lead_workdays=lead, office_closes=rules.office_closes,
        holidays=rules.holidays,
    )  # fmt: skip
    unknown = frozenset({Unknown.DAYS}) if conditions.permission and not conditions.days else frozenset()
    return Earliest(
        tuple(_days(conditions.windows, question, rules.most)), question.filed_on if lead is not None else None, unknown
    )


def _days(windows: Iterable[WeeklyWindow], question: Question, most: int) -> Iterator[Possible]:
    """The first days with room for a talk after the notice, at most so many."""
    length, soonest = timedelta(minutes=question.minutes), _on_the_quarter(question.now + question.notice)
    found: list[date] = []
    for span in _spans(windows, question):
        start, day = max(span.start, soonest), span.start.astimezone(question.zone).date()
        if start + length <= span.end and day not in found:
            found.append(day)
            yield Possible(day, start, question.file_by(day))
        if len(found) == most:
            return


def _spans(windows: Iterable[WeeklyWindow], question: Question) -> list[Span]:
    if question.earliest_day > question.last_day:
        return []
    return expand(windows, question.earliest_day, question.last_day, question.zone, closed=question.holidays)


def _on_the_quarter(moment: datetime) -> datetime:
    """Talks begin on a whole quarter of an hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + _QUARTER
