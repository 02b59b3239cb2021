"""Closed lists kept as data: a TOML file per room, each option with a code and a text in three languages."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from portal.config import ROOT
from portal.foundation.words import pick


class Option:
    """One entry of a closed list. `label` speaks the language being written; `data` has the entry's other values."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.code: str = data["code"]
        self.data = data

    @property
    def label(self) -> str:
        return pick(self.data["label"])

    def text(self, name: str) -> str:
        """Another text of the entry, such as its hint; empty when it has none."""
        found = self.data.get(name)
        return pick(found) if found else ""


@cache
def load(room: str, name: str = "lists") -> dict[str, Any]:
    """The whole TOML file of a room, read once."""
    path: Path = ROOT / "portal" / room / f"{name}.toml"
    with path.open("rb") as file:
        return tomllib.load(file)


# Lists that people make longer, by room and key: whoever keeps them says what stands in them now.
_kept: dict[tuple[str, str, str], Callable[[], dict[str, Option]]] = {}


def kept_by(room: str, key: str, now: Callable[[], dict[str, Option]], name: str = "lists") -> None:
    """The file is where this list begins; `now` reads it with what was added and what is offered no more."""
    _kept[room, key, name] = now


@cache
def shipped(room: str, key: str, name: str = "lists") -> dict[str, Option]:
    """A list by code as its file has it, in its own order. Raises KeyError for a list that the file lacks."""
    return {entry["code"]: Option(entry) for entry in load(room, name)[key]}


def options(room: str, key: str, name: str = "lists") -> dict[str, Option]:
    """A list by code, in its own order. Raises KeyError for a list that the file lacks."""
    now = _kept.get((room, key, name))
    return now() if now is not None else shipped(room, key, name)


def choices(room: str, key: str, name: str = "lists") -> list[tuple[str, str]]:
    """(code, label) pairs for a form's field: what is offered today."""
    return [(option.code, option.label) for option in options(room, key, name).values() if not option.data.get("off")]


def label(room: str, key: str, code: str, name: str = "lists") -> str:
    """The text of one code; a code that has left the list is shown as it is. What the file has keeps its words."""
    found = shipped(room, key, name).get(code) or options(room, key, name).get(code)
    return found.label if found is not None else code


def labels(room: str, key: str, codes: Iterable[str], name: str = "lists") -> list[str]:
    return [label(room, key, code, name) for code in codes]
