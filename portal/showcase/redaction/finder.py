"""Looks for hundreds of expressions at every word, yet tries only those that can begin there.

One large expression would be tried in full at each word. Sorted by the letter that each of its
parts can begin with, a word is compared with a small share of them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

_WORD_START = re.compile(r"(?<!\w)\w")
_PLAIN = re.compile(r"[a-z0-9]")
_TWO = re.compile(r"[a-z]{2}(?![?*{])")
_LITERAL = re.compile(r"(?:[a-z0-9](?![?*{]))+")
_ANY = ""


class Finder:
    """Many expressions as one search; `cased` ones tell capitals from small letters."""

    def __init__(self, expressions: Iterable[str]) -> None:
        parts = [part for expression in expressions for part in branches(expression)]
        self.cased = any("(?-i:" in part for part in parts)
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for part in parts:
            for start in _starts(part):
                self._by_start.setdefault(start, []).append((_plain_start(part), part))

    def starts(self) -> dict[str, list[str]]:
        """The expressions by what they can begin with."""
        return {start: [part for _, part in parts] for start, parts in self._by_start.items()}

    def spans(self, text: str, lower: str) -> list[tuple[int, int]]:
        """Where any of them matches whole words; matches that overlap are taken together."""
        if not self._by_start:
            return []
        places = ((place, self.reach(text if self.cased else lower, lower, place)) for place in word_starts(lower))
        return joined(place for place in places if place[1])

    def reach(self, text: str, lower: str, place: int) -> int:
        """Where the longest match that begins here ends; 0 when there is none."""
        reached = 0
        for start in (lower[place : place + 2], lower[place], _ANY):
            for plain, part in self._by_start.get(start, ()):
                # Most parts are told by their first letters, and then never compiled.
                if lower.startswith(plain, place) and (found := _compiled(part, self.cased).match(text, place)):
                    reached = max(reached, found.end())
        return reached


@cache
def _compiled(part: str, cased: bool) -> re.Pattern[str]:
    return re.compile(rf"(?:{part})(?!\w)", re.IGNORECASE if cased else re.NOFLAG)


def _plain_start(part: str) -> str:
    """The letters that every match of a part begins with."""
    plain = _LITERAL.match(part)
    return plain[0] if plain else ""


class Gate:
    """Several finders behind one question, so that a word that none of them knows costs one look."""

    def __init__(self, finders: Sequence[Finder]) -> None:
        self.finders = finders
        self._flags = re.IGNORECASE if any(finder.cased for finder in finders) else re.NOFLAG
        self._parts: dict[str, list[str]] = {}
        for finder in finders:
            for start, parts in finder.starts().items():
                self._parts.setdefault(start, []).extend(parts)
        self._compiled: dict[str, re.Pattern[str]] = {}

    def spans(self, text: str, lower: str) -> list[list[tuple[int, int]]]:
        """For each finder what it finds."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.finders]
        for place in word_starts(lower):
            if not self._opens(text, lower, place):
                continue
            for each, finder in zip(found, self.finders, strict=True):
                if reached := finder.reach(text, lower, place):
                    each.append((place, reached))
        return [joined(each) for each in found]

    def _opens(self, text: str, lower: str, place: int) -> bool:
        for start in (lower[place : place + 2], lower[place], _ANY):
            if start in self._parts:
                if start not in self._compiled:
                    parts = dict.fromkeys(self._parts[start])
                    self._compiled[start] = re.compile(rf"(?:{'|'.join(parts)})(?!\w)", self._flags)
                if self._compiled[start].match(text, place):
                    return True
        return False


def joined(matches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Matches that overlap, taken together."""
    found: list[tuple[int, int]] = []
    for start, end in matches:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found


def _starts(part: str) -> set[str]:
    """Two letters where a part begins with a plain word, one where that is all that can be told."""
    if _TWO.match(part):
        return {part[:2]}
    return first_letters(part) or {_ANY}


@lru_cache(maxsize=64)
def word_starts(text: str) -> tuple[int, ...]:
    """Where words begin; many searches ask for the same text."""
    return tuple(match.start() for match in _WORD_START.finditer(text))


def branches(expression: str) -> list[str]:
    """An expression cut at the bars that stand in no group and no class."""
    parts, depth, last, place = [], 0, 0, 0
    while place < len(expression):
        char = expression[place]
        if char == "\\":
            place += 1
        elif char == "[":
            place = _class_end(expression, place)
        elif char == "|" and depth == 0:
            parts.append(expression[last:place])
            last = place + 1
        depth += (char == "(") - (char == ")")
        place += 1
    return [part for part in (*parts, expression[last:]) if part]


def _class_end(expression: str, start: int) -> int:
    place = start + 2
    while expression[place] != "]":
        place += 2 if expression[place] == "\\" else 1
    return place


def first_letters(part: str) -> set[str] | None:
    """The letters that a match can begin with; nothing when that cannot be told."""
    if part.startswith("(?:"):
        return _group_letters(part)
    if not part or not _PLAIN.match(part):
        return None
    if part[1:2] in {"?", "*", "{"}:
        rest = first_letters(part[2:]) if part[1] != "{" else None
        return rest | {part[0]} if rest else None
    return {part[0]}


def _group_letters(part: str) -> set[str] | None:
    end = _group_end(part)
    found: set[str] = set()
    for inner in branches(part[3:end]) or [""]:
        letters = first_letters(inner)
        if not letters:
            return None
        found |= letters
    after = part[end + 1 : end + 2]
    if after == "{" or after == "*":
        return None
    if after == "?":
        rest = first_letters(part[end + 2 :])
        return found | rest if rest else None
    return found


def _group_end(part: str) -> int:
    depth, place = 0, 0
    while True:
        char = part[place]
        if char == "\\":
            place += 1
        elif char == "[":
            place = _class_end(part, place)
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place
        place += 1
