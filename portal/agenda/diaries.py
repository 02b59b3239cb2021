"""One person's time, laid out for one question: free pieces between commitments, with the travel that each asks for.

Pieces are found by comparing moments only, which is quick; just those on a day that is looked at become cells.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from portal.agenda.cells import CELL, count
from portal.agenda.travel import Place
from portal.agenda.windows import Span, merge

ALWAYS = datetime(1, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 12, 30, tzinfo=UTC)
THERE, BACK = 0, 1
Road = Callable[[Place | None], tuple[int, int]]
_starting = attrgetter("span.start")


@dataclass(frozen=True, slots=True)
class Busy:
    """A commitment and where it is; no place means at the person's base.

    A hold that already includes the way home is `Busy(blocked)`: whoever has it is at base before and after.
    """

    span: Span
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who must be there: free in `windows`, except when busy.

    The way there and back is this person's time too: it lies inside one window and touches nothing busy. Without a
    base only the ways from and to other commitments count.
    """

    windows: Sequence[Span]
    busy: Sequence[Busy] = ()
    base: Place | None = None


class Day(NamedTuple):
    """A local day in UTC: 92, 96 or 100 cells."""

    date: date
    start: datetime
    end: datetime


class _Gap(NamedTuple):
    """Time between commitments: those that end when it begins, and those that begin when it ends (maybe none)."""

    since: datetime
    last: Sequence[Busy]
    until: datetime
    following: Sequence[Busy]


class _Free(NamedTuple):
    """The part of a gap inside one window, with the cells of travel from what came last and to what follows."""

    start: datetime
    end: datetime
    since: datetime
    before: int
    until: datetime
    after: int


class Range(NamedTuple):
    """Possible starts, as cells since the day began (both included), that need the same travel (in cells)."""

    first: int
    last: int
    before: int
    after: int


def road_to(venue: Place | None, travel: Callable[[Place, Place], int]) -> Road:
    """How many cells it takes from a place to the venue, and back; nothing without a place or a venue."""

    @cache
    def road(place: Place | None) -> tuple[int, int]:
        if place is None or venue is None:
            return 0, 0
        return count(travel(place, venue)), count(travel(venue, place))

    return road


def _gaps(commitments: Iterable[Busy], least: timedelta) -> Iterator[_Gap]:
    """The time between commitments, but not what is too short for the interview itself."""
    since, last = ALWAYS, list[Busy]()
    busy = sorted(commitments, key=_starting)
    for n, item in enumerate(busy):
        begin, end = item.span.start, item.span.end
        if begin - since >= least:
            yield _Gap(since, last, begin, _together(busy, n))
        if end > since:
            since, last = end, [item]
        elif end == since:
            last.append(item)
    yield _Gap(since, last, NEVER, ())


def _together(busy: list[Busy], n: int) -> list[Busy]:
    """Those that begin at the same moment as the n-th."""
    stop = n + 1
    while stop < len(busy) and busy[stop].span.start == busy[n].span.start:
        stop += 1
    return busy[n:stop]


def _free(party: Party, road: Road, least: timedelta) -> Iterator[_Free]:
    """Each window cut by the commitments. Of two that end (or begin) together the longer way counts."""

    def way(direction: int, commitments: Sequence[Busy]) -> int:
        return max([road(item.place or party.base)[direction] for item in commitments] or [road(party.base)[direction]])

    gaps = _gaps(party.busy, least)
    since, last, until, following = next(gaps)
    for window in merge(party.windows):
        while True:
            start, end = max(window.start, since), min(window.end, until)
            if end - start >= least:
                yield _Free(start, end, since, way(THERE, last), until, way(BACK, following))
            if until >= window.end:
                break
            since, last, until, following = next(gaps)


class Diary:
    """One person's free time for one question. Days are asked for in order: what is past is not looked at again.

    Pieces are drawn from `coming` as days need them, since most searches end within the first days.
    """

    def __init__(self, party: Party, road: Road, length: int) -> None:
        self.home = road(party.base)
        self.length = length
        self.coming = _free(party, road, length * CELL)
        self.drawn: deque[_Free] = deque()

    def _draw(self, day: Day) -> None:
        drawn = self.drawn
        while drawn and drawn[0].end <= day.start:
            drawn.popleft()
        while not drawn or drawn[-1].start < day.end:
            piece = next(self.coming, None)
            if piece is None:
                return
            if piece.end > day.start:
                drawn.append(piece)

    def ranges(self, day: Day) -> Iterator[Range]:
        """The possible starts on a day. What lies on another day is left from, and gone to, by way of the base."""
        self._draw(day)
        cells = (day.end - day.start) // CELL
        for start, end, since, before, until, after in self.drawn:
            if start >= day.end:
                return
            before = before if since > day.start else self.home[THERE]
            after = after if until < day.end else self.home[BACK]
            first = max(before - (day.start - start) // CELL, 0)
            last = min((end - day.start) // CELL - after - self.length, cells - 1)
            if first <= last:
                yield Range(first, last, before, after)

    def starts(self, day: Day) -> int:
        """The possible starts as bits: bit n is the n-th cell of the day."""
        mask = 0
        for first, last, _, _ in self.ranges(day):
            mask |= ((1 << (last - first + 1)) - 1) << first
        return mask

    def blocked(self, day: Day, cell: int) -> Span:
        """All that a start takes of this person: the way there, the interview, the way back."""
        start = day.start + cell * CELL
        found = next(possible for possible in self.ranges(day) if possible.first <= cell <= possible.last)
        return Span(start - found.before * CELL, start + (self.length + found.after) * CELL)
