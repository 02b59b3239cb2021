"""Small cells stay hidden, also from somebody who can reckon: no hidden cell follows from what is shown.

A table has groups of companies as rows and the stages of the way as columns. Who reached a stage reached every stage before
it, so a row never rises; the rows of a column add up to its total. A reader knows both rules, and that numbers are whole.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Published:
    """What may leave the team. None is a hidden cell: under five, or hidden so that another one stays hidden."""

    rows: list[list[int | None]]
    totals: list[int | None]


def alone(counts: Sequence[int]) -> list[int | None]:
    """Counts that add up to nothing that is shown: each one stands or falls by itself."""
    return [count if count >= LEAST else None for count in counts]


def publish(
    rows: Sequence[Sequence[int]],
    totals: Sequence[int],
    *,
    people: Sequence[Sequence[int]] = (),
    of_all: Sequence[int] = (),
) -> Published:
    """Hide every cell under five and, from there on, the rest of its row; then as many more as it takes.

    `people`, `of_all`: how many different people each row and the totals are about, where one is counted several times.
    """
    cut_total = min(_first_small(totals), _first_small(of_all or totals))
    cuts = [
        min(_first_small(row), _first_small(heads), cut_total) for row, heads in zip(rows, people or rows, strict=True)
    ]
    while (column := _first_exposed(rows, cuts, len(totals), cut_total)) is not None:
        shown = [(row[column], number) for number, row in enumerate(rows) if cuts[number] > column]
        if shown:
            cuts[min(shown)[1]] = column
        else:
            cut_total = column
    return Published(
        [[value if at < cut else None for at, value in enumerate(row)] for row, cut in zip(rows, cuts, strict=True)],
        [value if at < cut_total else None for at, value in enumerate(totals)],
    )


def _first_small(counts: Sequence[int]) -> int:
    return next((at for at, count in enumerate(counts) if count < LEAST), len(counts))


def _first_exposed(rows: Sequence[Sequence[int]], cuts: list[int], stages: int, cut_total: int) -> int | None:
    """The first stage with a hidden cell that has only one possible value."""
    table = _Table(rows, cuts, stages, cut_total)
    for stage in range(stages):
        hidden = [number for number, cut in enumerate(cuts) if cut <= stage]
        if any(not table.may_differ(number, stage) for number in hidden):
            return stage
    return None


class _Table:
    """Every table that says the same as the shown cells, as moves from the true one.

    In place of counts it keeps where people stopped: `stops[row][stage]` is how many of a row reached that stage and no
    further (-1: not even the first). A row's stops are known up to the one before its first hidden cell; a column's sum is
    known up to the one before its first hidden total. Another table is a circle of moves of one person each, from one
    stop to another in one row and back over other rows (a transport problem, whose steps are whole numbers).
    """

    def __init__(self, rows: Sequence[Sequence[int]], cuts: list[int], stages: int, cut_total: int) -> None:
        self.free = [range(cut - 1, stages) for cut in cuts]
        self.loose = range(cut_total - 1, stages)
        self.stops = [_stops(row) for row in rows]

    def may_differ(self, row: int, stage: int) -> bool:
        """Whether another table that fits has another number in this cell."""
        return any(
            self._leads_back(end, start, without=row) for start, end in self._moves(row) if start < stage <= end
        ) or any(self._leads_back(end, start, without=row) for start, end in self._moves(row) if end < stage <= start)

    def _moves(self, row: int) -> Iterator[tuple[int, int]]:
        """One person of a row stops elsewhere. How many never came is known of no row."""
        free = self.free[row]
        for start in free:
            if start == -1 or self.stops[row][start] > 0:
                yield from ((start, end) for end in free if end != start)

    def _leads_back(self, start: int, end: int, *, without: int) -> bool:
        seen, todo = {start}, deque([start])
        while todo:
            here = todo.popleft()
            if here == end:
                return True
            for there in self._next(here, without) - seen:
                seen.add(there)
                todo.append(there)
        return False

    def _next(self, here: int, without: int) -> set[int]:
        found = set(self.loose) if here in self.loose else set()
        for row, free in enumerate(self.free):
            if row != without and here in free and (here == -1 or self.stops[row][here] > 0):
                found.update(free)
        return found


def _stops(row: Sequence[int]) -> list[int]:
    return [count - after for count, after in zip(row, [*row[1:], 0], strict=True)]
