"""Where people stand on their way. The trajectories room, which comes after this one, tells it; the dossier shows it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Step:
    """A mark of a drawn line: state is done, now, next or stopped."""

    label: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Way:
    """Somebody's way: the word for where it stands, the line of it, its milestones, and when it is looked back on."""

    word: str
    path: Sequence[Step]
    milestones: Sequence[Step]
    review_on: date | None
    url: str
    paused: bool = False


_words: list[Callable[[Collection[int]], dict[int, str]]] = []
_ways: list[Callable[[int], Way | None]] = []
_ended: list[Callable[[Any], sa.ColumnElement[bool]]] = []


def told_by(
    *, words: Callable[[Collection[int]], dict[int, str]], way: Callable[[int], Way | None],
    ended: Callable[[Any], sa.ColumnElement[bool]],
) -> None:  # fmt: skip
    """Register who knows: for a list of people one query, for one person two; `ended` as a part of another query."""
    _words[:], _ways[:], _ended[:] = [words], [way], [ended]


def words(candidate_ids: Collection[int]) -> dict[int, str]:
    return _words[0](candidate_ids) if _words else {}


def way(candidate_id: int) -> Way | None:
    return _ways[0](candidate_id) if _ways else None


def ended(candidate_id: Any) -> sa.ColumnElement[bool]:
    """Whether the way of this candidate (a column) has ended, as a condition."""
    return _ended[0](candidate_id) if _ended else sa.false()
