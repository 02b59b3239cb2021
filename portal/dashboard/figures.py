"""The figures of product.md, computed from plain dates. Nothing here asks the database, so each can be worked by hand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from portal.agenda.windows import workdays_after

YEAR_DAYS = 365
NOT_NEW_WITHIN_MONTHS = 12
LONGEST_GAP = timedelta(days=14)
WORKDAYS_OF_GRACE = 3
WEEKS_13, WEEKS_26 = timedelta(days=91), timedelta(days=182)


@dataclass(frozen=True)
class Period:
    """A programme's year, both days included."""

    start: date
    end: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.end


def expected(target: int, period: Period, today: date) -> int:
    """The target to date: a year's target × days elapsed / 365. A period that is over expects all of its days."""
    elapsed = (min(today, period.end + timedelta(days=1)) - period.start).days
    return int(target * max(elapsed, 0) / YEAR_DAYS + 0.5)


def percent(part: int, whole: int) -> int | None:
    """Rounded half up; None where there is nothing to divide."""
    return int(100 * part / whole + 0.5) if whole else None


@dataclass(frozen=True)
class Counted:
    """A trajectory that counts, dated at its screening, with the dates that speed and activation need."""

    candidate_id: int
    on: date
    received: date | None = None
    profile: date | None = None
    interview: date | None = None
    start: date | None = None
    paid_start: date | None = None


def cohort(rows: Iterable[Counted], period: Period) -> list[Counted]:
    """The trajectories of a period: distinct persons, and somebody who comes again within 12 months is not new.

    Twelve months are counted from the last time that the person counted.
    """
    last: dict[int, date] = {}
    found = []
    for row in sorted(rows, key=lambda one: (one.on, one.candidate_id)):
        before = last.get(row.candidate_id)
        if before is not None and row.on < _months_after(before, NOT_NEW_WITHIN_MONTHS):
            continue
        last[row.candidate_id] = row.on
        if row.on in period:
            found.append(row)
    return found


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # 29 February a year later is 1 March.
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        return date(day.year + years, month + 2, 1)


@dataclass(frozen=True)
class Activation:
    """Persons of the cohort with at least one start: in any form, and with a paid contract."""

    persons: int
    broad: int
    strict: int

    @property
    def broad_percent(self) -> int | None:
        return percent(self.broad, self.persons)

    @property
    def strict_percent(self) -> int | None:
        return percent(self.strict, self.persons)


def activation(persons: Sequence[Counted]) -> Activation:
    return Activation(
        persons=len(persons),
        broad=sum(one.start is not None for one in persons),
        strict=sum(one.paid_start is not None for one in persons),
    )


@dataclass(frozen=True)
class Job:
    """One placement that really started. `heard`: the last check-in that was done."""

    candidate_id: int
    start: date
    end: date | None = None
    heard: date | None = None


@dataclass(frozen=True)
class Spell:
    """A person in work, at any employer, with gaps of at most 14 days. `end` is None while it runs."""

    candidate_id: int
    start: date
    end: date | None
    last_start: date
    heard: date | None


def spells(jobs: Iterable[Job]) -> list[Spell]:
    """Each person's jobs joined into spells of work; each spell begins with one start."""
    by_person: dict[int, list[Job]] = defaultdict(list)
    for job in jobs:
        by_person[job.candidate_id].append(job)
    return [
        spell for person in sorted(by_person) for spell in _joined(sorted(by_person[person], key=lambda j: j.start))
    ]


def _joined(jobs: Sequence[Job]) -> list[Spell]:
    found: list[Spell] = []
    for job in jobs:
        before = found[-1] if found else None
        if before is not None and (before.end is None or job.start - before.end <= LONGEST_GAP):
            found[-1] = _with(before, job)
        else:
            found.append(Spell(job.candidate_id, job.start, job.end, job.start, job.heard))
    return found


def _with(spell: Spell, job: Job) -> Spell:
    end = None if spell.end is None or job.end is None else max(spell.end, job.end)
    heard = max((day for day in (spell.heard, job.heard) if day is not None), default=None)
    return Spell(spell.candidate_id, spell.start, end, max(spell.last_start, job.start), heard)


SUSTAINED, LOST, UNKNOWN = "sustained", "lost", "unknown"


def outcome(spell: Spell, after: timedelta) -> str:
    """Whether the person was in work so long after the start.

    A spell that still runs in the files is unknown when nobody was heard in the 14 days before that day or later.
    """
    day = spell.start + after
    if spell.end is not None:
        return SUSTAINED if spell.end >= day else LOST
    heard = max((one for one in (spell.heard, spell.last_start) if one is not None), default=spell.start)
    return SUSTAINED if heard >= day - LONGEST_GAP else UNKNOWN


@dataclass(frozen=True)
class Sustained:
    """Starts old enough, and what became of them. Unknown counts as not sustained and is shown apart."""

    starts: int
    sustained: int
    unknown: int

    @property
    def percent(self) -> int | None:
        return percent(self.sustained, self.starts)


def old_enough(found: Iterable[Spell], after: timedelta, period: Period, today: date) -> list[Spell]:
    """The starts of a period of which the day in question has come."""
    return [spell for spell in found if spell.start in period and spell.start + after <= today]


def sustained(found: Iterable[Spell], after: timedelta, period: Period, today: date) -> Sustained:
    outcomes = [outcome(spell, after) for spell in old_enough(found, after, period, today)]
    return Sustained(len(outcomes), outcomes.count(SUSTAINED), outcomes.count(UNKNOWN))


@dataclass(frozen=True)
class Moments:
    """Check-ins of one voice with the same date and the same day of being done, and how many they are."""

    voice: str
    due: date
    done: date | None
    number: int


@dataclass(frozen=True)
class Adherence:
    voice: str
    due: int
    on_time: int

    @property
    def percent(self) -> int | None:
        return percent(self.on_time, self.due)


def adherence(moments: Iterable[Moments], voices: Sequence[str], today: date) -> list[Adherence]:
    """Done within 3 working days of their date ÷ due. One that still has its 3 days and is not done does not count yet."""
    due: dict[str, int] = defaultdict(int)
    on_time: dict[str, int] = defaultdict(int)
    for one in moments:
        counted, in_time = counts(one, today)
        due[one.voice] += counted
        on_time[one.voice] += in_time
    return [Adherence(voice, due[voice], on_time[voice]) for voice in voices]


def counts(one: Moments, today: date) -> tuple[int, int]:
    """How many of these check-ins count as due, and how many of them as on time."""
    last = last_day(one.due)
    if one.done is None and today <= last:
        return 0, 0
    return one.number, one.number * (one.done is not None and one.done <= last)


def last_day(due: date) -> date:
    """The third working day after a check-in's date."""
    return workdays_after(due, WORKDAYS_OF_GRACE)


@dataclass(frozen=True)
class Leg:
    """A part of the way: the median of its days, and over how many persons."""

    code: str
    days: float | None
    number: int


def steps(one: Counted) -> dict[str, tuple[date | None, date | None]]:
    """The parts of a person's way, each from a day to a day."""
    return {
        "screening": (one.received, one.on),
        "profile": (one.on, one.profile),
        "interview": (one.profile, one.interview),
        "start": (one.interview, one.start),
    }


def speed(persons: Iterable[Counted]) -> list[Leg]:
    """Median days from referral to screening, to profile, to first interview, to first start."""
    people = [steps(one) for one in persons]
    return [leg(code, [one[code] for one in people]) for code in ("screening", "profile", "interview", "start")]


def leg(code: str, pairs: Iterable[tuple[date | None, date | None]]) -> Leg:
    """The median over the pairs of which both days are known and in order."""
    days = [took for pair in pairs if (took := days_between(*pair)) is not None]
    return Leg(code, float(median(days)) if days else None, len(days))


def days_between(since: date | None, until: date | None) -> int | None:
    """None where one of the days is not known, or they are not in order."""
    return None if since is None or until is None or until < since else (until - since).days
