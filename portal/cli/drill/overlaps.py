"""An independent look at who is held when: plain arithmetic on plain rows, with nothing of the agenda's own code."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

# Who is held for one booking, each from and until a second since the epoch.
Booked = dict[str, tuple[float, float]]
_CELL = 15 * 60


@dataclass(frozen=True)
class Held:
    id: int
    subject: int
    party: str
    start: float
    end: float


@dataclass(frozen=True)
class Found:
    """What the look found; all but `holds` must be nothing."""

    holds: int
    overlaps: int
    cells_twice: int
    wrong_cells: int
    not_as_promised: int


def look(engine: sa.Engine, promised: Mapping[int, Booked]) -> Found:
    """Read all holds and cells, and compare them with each other and with what the bookers were told."""
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id, subject_id, party, blocked_from, blocked_until FROM hold"))
        held = [Held(row[0], row[1], row[2], _seconds(row[3]), _seconds(row[4])) for row in rows]
        cells = [
            (row[0], row[1], row[2])
            for row in connection.execute(sa.text("SELECT hold_id, party, cell FROM hold_cell"))
        ]
    return Found(
        len(held), overlaps(held), sum(n > 1 for n in Counter((party, cell) for _, party, cell in cells).values()),
        _wrong_cells(held, cells), _not_as_promised(held, promised),
    )  # fmt: skip


def overlaps(held: list[Held]) -> int:
    """How often somebody's blocked time begins before the one before it ends."""
    by_party: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        by_party[one.party].append(one)
    count = 0
    for mine in by_party.values():
        mine.sort(key=lambda one: (one.start, one.end))
        count += sum(later.start < before.end for before, later in pairwise(mine))
    return count


def _wrong_cells(held: list[Held], cells: list[tuple[int, str, int]]) -> int:
    """Holds whose quarters are not exactly those of their time, and quarters of no hold."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for hold, party, cell in cells:
        found[hold].add((party, cell))
    wrong = sum(found.pop(one.id, set()) != _quarters(one) for one in held)
    return wrong + len(found)


def _quarters(one: Held) -> set[tuple[str, int]]:
    first, stop = int(one.start // _CELL), int(-(-one.end // _CELL))
    return {(one.party, cell) for cell in range(first, stop)}


def _not_as_promised(held: list[Held], promised: Mapping[int, Booked]) -> int:
    """Bookings that stand otherwise than their booker was told, are gone, or stand though nobody was told so."""
    standing: dict[int, Booked] = defaultdict(dict)
    for one in held:
        standing[one.subject][one.party] = (one.start, one.end)
    return sum(standing.get(number) != promised.get(number) for number in {*standing, *promised})


def _seconds(moment: Any) -> float:
    """SQLite tells a moment as text in UTC, PostgreSQL as an aware one."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return when.replace(tzinfo=UTC).timestamp() if when.tzinfo is None else float(when.timestamp())
