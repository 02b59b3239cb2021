"""When somebody can be met: weekly hours on a wall clock, turned into exact spans of time.

People say "Tuesdays from nine"; two clock changes a year make that a different moment in UTC. Everything after this
module counts in UTC, so that a duration is a duration; everything before it speaks in wall-clock hours of a zone.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

import holidays as public_holidays

from portal.foundation.errors import DomainError

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0)


class NoSuchTime(DomainError):
    """An hour that the clock skips when summer time begins: 02:30 on 2027-03-28 in Brussels never comes."""

    sentence = "That hour does not exist on that day: the clock goes forward. Choose an hour before or after."

    def __init__(self, wall: datetime, zone: ZoneInfo) -> None:
        super().__init__()
        self.wall = wall
        self.zone = zone


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` up to, but without, `end`: two spans that touch do not overlap. Aware datetimes, kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment = getattr(self, name)
            if moment.tzinfo is UTC:
                continue
            if moment.utcoffset() is None:
                raise ValueError(f"{name} says no zone: {moment}")
            object.__setattr__(self, name, moment.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts: {self.start} to {self.end}")

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


_start = attrgetter("start")


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as `spans`, sorted, each moment once: windows that overlap or touch become one."""
    merged: list[Span] = []
    for span in sorted(spans, key=_start):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def intersect(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """The time in both. Each list is sorted and without overlaps, as `merge` leaves it."""
    common: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start = max(first[i].start, second[j].start)
        end = min(first[i].end, second[j].end)
        if start < end:
            common.append(Span(start, end))
        if first[i].end <= second[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """The time in `spans` outside `holes`. Each list is sorted and without overlaps, as `merge` leaves it."""
    left: list[Span] = []
    j = 0
    for span in spans:
        start = span.start
        while j < len(holes) and holes[j].end <= start:
            j += 1
        k = j
        while k < len(holes) and holes[k].start < span.end:
            if start < holes[k].start:
                left.append(Span(start, holes[k].start))
            start = max(start, holes[k].end)
            k += 1
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC of an hour on a wall clock.

    An hour that comes twice (autumn) is its first reading, unless the hour says `fold=1`. One that never comes
    (spring) raises NoSuchTime: guessing an hour would send two people to two different moments.
    """
    wall = datetime.combine(day, hour, zone)
    exact = wall.astimezone(UTC)
    if exact.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchTime(wall, zone)
    return exact


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """The same hours every week: `weekday` 0 is Monday; an `end` of 00:00 is the midnight that follows.

    `valid_from` and `valid_until` are both included; `exceptions` are dates of this series alone that fall out.
    """

    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None
    exceptions: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"no such weekday: {self.weekday}")
        if self.end != MIDNIGHT and self.end <= self.start:
            raise ValueError(f"a window ends after it starts: {self.start} to {self.end}")

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its dates from `first` to `last`, both included."""
        begin = first if self.valid_from is None else max(first, self.valid_from)
        stop = last if self.valid_until is None else min(last, self.valid_until)
        day = begin + timedelta(days=(self.weekday - begin.weekday()) % 7)
        while day <= stop:
            if day not in self.exceptions:
                yield day
            day += 7 * DAY

    def changed_from(self, day: date, new: "WeeklyWindow | None") -> "tuple[WeeklyWindow, ...]":
        """What to keep when the series changes (or ends, without `new`) on a day: the past stays as it was."""
        if self.valid_until is not None and self.valid_until < day:
            raise ValueError("this series is over: its past does not change")
        kept = () if self.valid_from is not None and self.valid_from >= day else (replace(self, valid_until=day - DAY),)
        return kept if new is None else (*kept, replace(new, valid_from=max(day, new.valid_from or day)))


def expand(
    windows: Iterable[WeeklyWindow],
    first: date,
    last: date,
    zone: ZoneInfo,
    *,
    closed: Container[date] = (),
    absences: Iterable[Span] = (),
) -> list[Span]:
    """The spans from `first` to `last` (both included), merged, without `closed` days (holidays) and absences.

    09:00 stays 09:00 on the wall clock across a clock change. A window edge that the clock skips moves to the moment
    of the change: one odd night a year must not take away somebody's whole calendar.
    """
    spans: list[Span] = []
    for window in windows:
        for day in window.days(first, last):
            if day in closed:
                continue
            start, end = _edges(day, window.start, window.end, zone, (window.start.fold, window.end.fold))
            if start < end:
                spans.append(Span(start, end))
    return subtract(merge(spans), merge(absences))


@lru_cache(maxsize=8192)
def _edges(day: date, start: time, end: time, zone: ZoneInfo, folds: tuple[int, int]) -> tuple[datetime, datetime]:
    """Both edges of one day's window in UTC; remembered, since colleagues keep the same office hours.

    `folds` only tells two memories apart: to Python, 02:30 and 02:30 with fold=1 are equal.
    """
    return _edge(day, start, zone), _edge(day + DAY if end == MIDNIGHT else day, end, zone)


def _edge(day: date, hour: time, zone: ZoneInfo) -> datetime:
    try:
        return moment(day, hour, zone)
    except NoSuchTime:
        wall = datetime.combine(day, hour, zone)
        change = wall.replace(fold=1).astimezone(UTC)
        offset = change.astimezone(zone).utcoffset()
        while change.astimezone(zone).utcoffset() == offset:
            change += MINUTE
        return change


class Community(StrEnum):
    """Whose own day is kept besides the holidays of all Belgium."""

    FLEMISH = "flemish"
    FRENCH = "french"
    GERMAN = "german"


# Decree of 6 July 1973 (Flemish), of 24 July 1975 (French), of 1 October 1990 (German-speaking): month and day.
COMMUNITY_DAYS = {Community.FLEMISH: (7, 11), Community.FRENCH: (9, 27), Community.GERMAN: (11, 15)}


@cache
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(public_holidays.country_holidays("BE", years=year))


@dataclass(frozen=True, slots=True)
class Holidays:
    """The Belgian holidays, with a Community's own day: `day in Holidays(...)`, computed for any year, never a list."""

    community: Community | None = None

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if self.community is not None and (day.month, day.day) == COMMUNITY_DAYS[self.community]:
            return True
        return date(day.year, day.month, day.day) in _holidays_of(day.year)

    def between(self, first: date, last: date) -> list[date]:
        """Those from `first` to `last`, both included, in order."""
        days = (first + n * DAY for n in range((last - first).days + 1))
        return [day for day in days if day in self]


BELGIAN = Holidays()


def is_workday(day: date, holidays: Container[date] = BELGIAN) -> bool:
    return day.weekday() < 5 and day not in holidays


def next_workday(day: date, holidays: Container[date] = BELGIAN) -> date:
    """The day itself when it is a workday, else the first after it: where a deadline moves to."""
    while not is_workday(day, holidays):
        day += DAY
    return day


def filed_on(now: datetime, zone: ZoneInfo, *, closes: time | None = None, holidays: Container[date] = BELGIAN) -> date:
    """The workday from which a request handed in now counts: at the weekend, or once the office is closed, the next."""
    here = now.astimezone(zone)
    late = closes is not None and here.time() >= closes
    return next_workday(here.date() + DAY if late else here.date(), holidays)


def workdays_after(day: date, n: int, holidays: Container[date] = BELGIAN) -> date:
    """The n-th workday after a day, which itself does not count; 0 is the day itself."""
    return _count(day, n, holidays, DAY)


def workdays_before(day: date, n: int, holidays: Container[date] = BELGIAN) -> date:
    """The n-th workday before a day, which itself does not count; 0 is the day itself."""
    return _count(day, n, holidays, -DAY)


def _count(day: date, n: int, holidays: Container[date], step: timedelta) -> date:
    if n < 0:
        raise ValueError("workdays are counted from 0 up")
    while n:
        day += step
        n -= is_workday(day, holidays)
    return day
