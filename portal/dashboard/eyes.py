"""What a number looks like to whom: the team reads every one, others none under five and none that follows from the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.dashboard.suppression import LEAST, publish
from portal.foundation.words import _


@dataclass(frozen=True)
class Share:
    """A percentage; None where there is nothing to divide."""

    percent: int | None

    def __str__(self) -> str:
        return "–" if self.percent is None else f"{self.percent}%"


class Hidden:
    """A number that does not leave the team."""

    def __str__(self) -> str:
        return _("hidden")


HIDDEN = Hidden()
Cell = Any


@dataclass(frozen=True)
class Eyes:
    """Whose eyes. `team` reads as it is; for all others the rules of privacy.md count."""

    team: bool

    def count(self, number: int) -> Cell:
        return number if self.team or number >= LEAST else HIDDEN

    def chain(self, numbers: Sequence[int]) -> list[Cell]:
        """Numbers of which each is a part of the one before it. A part also stays hidden where one to four are left over."""
        shown: list[Cell] = []
        whole: int | None = None
        for number in numbers:
            left = 0 if whole is None else whole - number
            if self.team or (number >= LEAST and (left == 0 or left >= LEAST)):
                shown.append(number)
                whole = number
            else:
                shown.append(HIDDEN)
        return shown

    def share(self, part: Cell, whole: Cell, percent: int | None) -> Cell:
        return HIDDEN if part is HIDDEN or whole is HIDDEN else Share(percent)

    def grid(self, rows: Sequence[Sequence[int]], totals: Sequence[int]) -> tuple[list[list[Cell]], list[Cell]]:
        """Rows of stages with their totals."""
        if self.team:
            return [list(row) for row in rows], list(totals)
        seen = publish(rows, totals)
        return [[_cell(one) for one in row] for row in seen.rows], [_cell(one) for one in seen.totals]


def _cell(value: int | None) -> Cell:
    return HIDDEN if value is None else value


TEAM, OUTSIDE = Eyes(True), Eyes(False)
