"""One person's time, laid out for one question: free pieces between commitments, with the travel that each asks for.

Pieces are found by comparing moments only, which is quick; just those on a day that is looked at become cells.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from portal.agenda.cells import CELL, count
from portal.agenda.travel import Place
from portal.agenda.windows import Span, merge

ALWAYS = datetime(1, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 12, 30, tzinfo=UTC)
Road = Callable[[Place | None], "Way"]
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


class _Free(NamedTuple):
    """Time inside one window between two commitments, and the cells of travel from the one and to the other."""

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


class Way(NamedTuple):
    """Travel from a place to the venue, and back from there: in cells, and as time."""

    there: int
    back: int
    there_time: timedelta
    back_time: timedelta


def road_to(venue: Place | None, travel: Callable[[Place, Place], int]) -> Road:
    """The way from any place to the venue, each computed once; none at all without a place or a venue."""

    @cache
    def road(place: Place | None) -> Way:
        if place is None or venue is None:
            return Way(0, 0, timedelta(0), timedelta(0))
        there, back = count(travel(place, venue)), count(travel(venue, place))
        return Way(there, back, there * CELL, back * CELL)

    return road


class _Layout:
    """A party's free time, drawn piece by piece: most searches end within the first days.

    A full day is mostly gaps that are too short, even by the quickest way there and back (of the commitment's and the
    base's): `pieces` passes over those before anything is built for them. A search spends its time in that loop.
    """

    def __init__(self, party: Party, road: Road, length: int) -> None:
        self.busy = sorted(party.busy, key=_starting)
        self.windows = merge(party.windows)
        self.base = party.base
        self.home = road(party.base)
        self.road = road
        self.interview = length * CELL

    def pieces(self) -> Iterator[_Free]:
        busy, base, home, road, interview = self.busy, self.base, self.home, self.road, self.interview
        n, since, before, need = 0, ALWAYS, home.there, interview + home.there_time
        for window in self.windows:
            opens, closes = window.start, window.end
            while n < len(busy) and (begin := busy[n].span.start) < closes:
                end, way = busy[n].span.end, road(busy[n].place or base)
                start = opens if opens > since else since
                if begin - start >= need + (way.back_time if way.back < home.back else home.back_time):
                    yield self._piece(start, begin, since, before, n)
                if end > since:
                    since, before = end, way.there
                    need = interview + (way.there_time if way.there < home.there else home.there_time)
                elif end == since:
                    before = max(before, way.there)
                n += 1
            start = opens if opens > since else since
            if closes - start >= need:
                yield self._piece(start, closes, since, before, n)

    def _piece(self, start: datetime, end: datetime, since: datetime, before: int, n: int) -> _Free:
        """The piece before the n-th commitment, or without one. Of two that begin together the longer way counts."""
        if n == len(self.busy):
            return _Free(start, end, since, before, NEVER, self.home.back)
        until = self.busy[n].span.start
        together = takewhile(lambda twin: twin.span.start == until, islice(self.busy, n, None))
        after = max(self.road(twin.place or self.base).back for twin in together)
        return _Free(start, end, since, before, until, after)


class Diary:
    """One person's free time for one question. Days are asked for in order: what is past is not looked at again.

    Pieces are drawn from `coming` as days need them, since most searches end within the first days.
    """

    def __init__(self, party: Party, road: Road, length: int) -> None:
        self.home = road(party.base)
        self.length = length
        self.coming = _Layout(party, road, length).pieces()
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
            before = before if since > day.start else self.home.there
            after = after if until < day.end else self.home.back
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
