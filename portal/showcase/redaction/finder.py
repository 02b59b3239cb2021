"""Looks for hundreds of expressions at every word, yet tries only those that can begin there.

One large expression would be tried in full at each word. Sorted by the letter that each of its
parts can begin with, a word is compared with a small share of them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_WORD_START = re.compile(r"(?<!\w)\w")
_PLAIN = re.compile(r"[a-z0-9]")
_ANY = ""


class Finder:
    """Many expressions as one search; `cased` ones tell capitals from small letters."""

    def __init__(self, expressions: Iterable[str]) -> None:
        parts = [part for expression in expressions for part in branches(expression)]
        self.cased = any("(?-i:" in part for part in parts)
        self._by_letter: dict[str, list[str]] = {}
        for part in parts:
            for letter in first_letters(part) or {_ANY}:
                self._by_letter.setdefault(letter, []).append(part)
        self._compiled: dict[str, tuple[re.Pattern[str], ...]] = {}

    def spans(self, text: str, lower: str) -> list[tuple[int, int]]:
        """Where any of them matches whole words; matches that overlap are taken together."""
        joined: list[tuple[int, int]] = []
        for start, end in self._matches(text if self.cased else lower, lower):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            elif end > start:
                joined.append((start, end))
        return joined

    def _matches(self, text: str, lower: str) -> Iterator[tuple[int, int]]:
        for place in word_starts(lower):
            letter = lower[place]
            if letter not in self._compiled:
                self._compiled[letter] = self._compile(letter)
            patterns = self._compiled[letter]
            if patterns and patterns[0].match(text, place):
                yield place, max(match.end() for each in patterns if (match := each.match(text, place)))

    def _compile(self, letter: str) -> tuple[re.Pattern[str], ...]:
        """The expressions that can begin with this letter, and those that can begin with any.

        The first that matches wins, so they are also tried the other way round for a longer match.
        """
        parts = self._by_letter.get(letter, []) + self._by_letter.get(_ANY, [])
        flags = re.IGNORECASE if self.cased else re.NOFLAG
        orders = (parts, parts[::-1]) if parts else ()
        return tuple(re.compile(rf"(?:{'|'.join(order)})(?!\w)", flags) for order in orders)


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
