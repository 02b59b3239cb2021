"""The page of figures, laid out. The same figures of the same programme and period are the same cards: laid out once per
process and language. What is kept is decided by the numbers that the database just gave, so it cannot be old."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, request
from markupsafe import Markup

from portal.dashboard import sheets
from portal.dashboard.boards import Board
from portal.dashboard.definitions import FIGURES
from portal.dashboard.periods import Chosen
from portal.dashboard.sheets import Sheet
from portal.foundation.words import language

_PARTS = "dashboard/parts.html"
# A page is some 20 KB; figures that changed push out the oldest.
_KEEP = 128


@dataclass(frozen=True)
class Named:
    """A programme as the heading needs it."""

    key: str
    name: str


def top(title: str, chosen: Chosen) -> Markup:
    """The heading and the form for other days; one that refuses a day is written for its reader alone."""
    if chosen.refused is not None:
        return _part("top", title, chosen)
    programmes = tuple(Named(one.key, one.name) for one in chosen.programmes)
    here = (programmes, Named(chosen.programme.key, chosen.programme.name), chosen.period, chosen.own)
    return _kept_top(title, here, language(), request.script_root)


def figures(board: Board, chosen: Chosen) -> Markup:
    """The links to more, and the cards of the figures."""
    return _kept_figures(board, tuple(chosen.address.items()), language(), request.script_root)


def cards(found: list[Sheet], address: dict[str, Any]) -> Markup:
    return _part("cards", found, address, sheets.texts, FIGURES)


@lru_cache(maxsize=_KEEP)
def _kept_top(title: str, here: tuple[Any, ...], _tongue: str, _root: str) -> Markup:
    return _part("top", title, Chosen(*here))


@lru_cache(maxsize=_KEEP)
def _kept_figures(board: Board, address: tuple[tuple[str, Any], ...], _tongue: str, _root: str) -> Markup:
    values = dict(address)
    return _part("more", values) + cards(sheets.of_board(board), values)


def _part(macro: str, *given: Any) -> Markup:
    return Markup(get_template_attribute(_PARTS, macro)(*given))  # nosec B704: a macro has escaped what it was given
