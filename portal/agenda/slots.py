"""The first times at which an employer, a candidate and any one companion can sit at the same table.

A day's possible starts are the bits of one number, so that "both are free" is one `&`; each person's time is laid out
in `diaries`. tests/agenda/naive.py says the same rules the slow way, and a property test compares the two. A slot is
a proposal: taking it inserts the cells (see `cells`), and there the database decides.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.agenda.cells import CELL, MINUTES
from portal.agenda.diaries import Day, Diary, Party, road_to
from portal.agenda.travel import Place, minutes_between
from portal.agenda.windows import BELGIAN, DAY, Span, filed_on, moment, workdays_after, workdays_before
from portal.foundation.clock import BRUSSELS


class Reason(StrEnum):
    """Why a day offers nothing: the first of these, in this order, that holds."""

    HOLIDAY = "holiday"
    PERMISSION_NOT_FEASIBLE = "permission_not_feasible"
    EMPLOYER_CLOSED = "employer_closed"
    CANDIDATE_NOT_AVAILABLE = "candidate_not_available"
    TOO_SOON = "too_soon"
    NOBODY_TO_ACCOMPANY = "nobody_to_accompany"


@dataclass(frozen=True, slots=True)
class Companion(Party):
    """A project worker; `allowed` says whether this programme and region may ask for this person."""

    id: int = 0
    allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """For whom, between which days (both included), how long (in whole quarters), and under which rules.

    The order of `companions` is the preference among those who are free. `lead_workdays` is how long a permission
    takes; None when none has to be asked for. `office_closes` is when the office that reads the request goes home; None
    counts the whole day. `venue` is None for a talk by video.
    """

    now: datetime
    first_day: date
    last_day: date
    minutes: int
    employer: Party
    candidate: Party
    companions: Sequence[Companion]
    venue: Place | None = None
    notice: timedelta = timedelta(0)
    lead_workdays: int | None = None
    office_closes: time | None = None
    holidays: Container[date] = BELGIAN
    zone: ZoneInfo = BRUSSELS
    limit: int = 20
    per_day: int | None = None
    travel: Callable[[Place, Place], int] = minutes_between

    def __post_init__(self) -> None:
        if self.minutes <= 0 or self.minutes % MINUTES:
            raise ValueError(f"an interview lasts whole quarters of an hour, not {self.minutes} minutes")
        if self.now.utcoffset() is None:
            raise ValueError("now says no zone")
        if self.last_day < self.first_day:
            raise ValueError(f"the last day comes before the first: {self.last_day}, {self.first_day}")

    @property
    def permitted_from(self) -> date | None:
        """The first day that a permission can cover, when it is asked now."""
        return None if self.lead_workdays is None else workdays_after(self.filed_on, self.lead_workdays, self.holidays)

    @property
    def filed_on(self) -> date:
        """The day from which a request handed in now counts: one of the weekend, or after hours, is read the next workday."""
        return filed_on(self.now, self.zone, closes=self.office_closes, holidays=self.holidays)

    @property
    def earliest_day(self) -> date:
        """The first day that the minimum notice and the permission allow, whoever is free."""
        noticed = (self.now + self.notice).astimezone(self.zone).date()
        return max(noticed, self.permitted_from or noticed)

    def file_by(self, day: date) -> date | None:
        """The latest day to hand in the request for an interview on a day; None when nothing has to be asked."""
        return None if self.lead_workdays is None else workdays_before(day, self.lead_workdays, self.holidays)


@dataclass(frozen=True, slots=True)
class Slot:
    """One possible interview, in UTC, and what it takes from each of the three: travel, interview, travel."""

    start: datetime
    end: datetime
    companion: int
    employer_span: Span
    candidate_span: Span
    companion_span: Span
    file_by: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The slots in order of time; why the days without any have none; `looked_until` is the last day searched."""

    slots: tuple[Slot, ...]
    earliest_day: date
    file_request_by: date | None
    reasons: dict[date, Reason]
    looked_until: date


class _Search:
    def __init__(self, question: Question) -> None:
        self.question = question
        self.length = question.minutes // MINUTES
        self.road = road_to(question.venue, question.travel)
        self.soonest = question.now + question.notice
        self.permitted_from = question.permitted_from
        self.employer = self._diary(question.employer)
        self.candidate = self._diary(question.candidate)
        self.companions = [companion for companion in question.companions if companion.allowed]
        self.diaries: dict[int, Diary] = {}

    def _diary(self, party: Party) -> Diary:
        return Diary(party, self.road, self.length)

    def day(self, on: date) -> list[Slot] | Reason:
        """All slots of one day in order of time, or why there are none."""
        if on in self.question.holidays:
            return Reason.HOLIDAY
        if self.permitted_from is not None and on < self.permitted_from:
            return Reason.PERMISSION_NOT_FEASIBLE
        day = Day(on, moment(on, time(0), self.question.zone), moment(on + DAY, time(0), self.question.zone))
        wanted = self.employer.starts(day)
        if not wanted:
            return Reason.EMPLOYER_CLOSED
        wanted &= self.candidate.starts(day)
        if not wanted:
            return Reason.CANDIDATE_NOT_AVAILABLE
        passed = max(-((day.start - self.soonest) // CELL), 0)
        wanted = wanted >> passed << passed
        if not wanted:
            return Reason.TOO_SOON
        return self._accompanied(day, wanted) or Reason.NOBODY_TO_ACCOMPANY

    def _accompanied(self, day: Day, wanted: int) -> list[Slot]:
        """The first companion on the list who is free takes a start."""
        taken: list[tuple[int, int]] = []
        for n, companion in enumerate(self.companions):
            if n not in self.diaries:
                self.diaries[n] = self._diary(companion)
            possible = self.diaries[n].starts(day) & wanted
            wanted ^= possible
            while possible:
                lowest = possible & -possible
                taken.append((lowest.bit_length() - 1, n))
                possible ^= lowest
            if not wanted:
                break
        return [self._slot(day, cell, n) for cell, n in sorted(taken)[: self.question.limit]]

    def _slot(self, day: Day, cell: int, n: int) -> Slot:
        start = day.start + cell * CELL
        return Slot(
            start,
            start + self.length * CELL,
            self.companions[n].id,
            self.employer.blocked(day, cell),
            self.candidate.blocked(day, cell),
            self.diaries[n].blocked(day, cell),
            self.question.file_by(day.date),
        )


def find_slots(question: Question) -> Answer:
    """The first slots, at most `limit` in all and `per_day` on one day, and why the other days have none."""
    search = _Search(question)
    slots: list[Slot] = []
    reasons: dict[date, Reason] = {}
    day = question.first_day
    while True:
        found = search.day(day)
        if isinstance(found, Reason):
            reasons[day] = found
        else:
            slots += found[: question.per_day][: question.limit - len(slots)]
        if len(slots) >= question.limit or day >= question.last_day:
            break
        day += DAY
    first = slots[0].start.astimezone(question.zone).date() if slots else question.earliest_day
    return Answer(tuple(slots), question.earliest_day, question.file_by(first), reasons, day)


def slot_at(question: Question, start: datetime, companion: int) -> Slot | None:
    """The slot at one start with one companion, if every rule still allows it: asked again when it is confirmed."""
    day = start.astimezone(question.zone).date()
    only = [one for one in question.companions if one.id == companion]
    found = _Search(replace(question, companions=only, limit=100)).day(day)
    return None if isinstance(found, Reason) else next((slot for slot in found if slot.start == start), None)
