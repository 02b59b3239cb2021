"""Looks for hundreds of expressions at every word, yet tries only those that can begin there.

One large expression would be tried in full at each word. Sorted by the letter that each of its
parts can begin with, a word is compared with a small share of them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

_WORD_START = re.compile(r"(?<!\w)\w")
_PLAIN = re.compile(r"[A-Za-z0-9]")
_SPAN = re.compile(r"\[([0-9a-z])-([0-9a-z])\]")
_ANY_LETTERS = re.compile(r"\\w(?:[*+]|\{\d,?\})")
_HEAD = 5
_MOST = 60
_KEPT = 50_000


class Finder:
    """Many expressions as one search; `cased` ones tell capitals from small letters."""

    def __init__(self, expressions: Iterable[str]) -> None:
        self.parts = [part for expression in expressions for part in branches(expression)]
        self.cased = any("(?-i:" in part for part in self.parts)
        self._alone: Gate | None = None

    def spans(self, text: str, lower: str) -> list[tuple[int, int]]:
        """Where any of them matches whole words; matches that overlap are taken together."""
        if not self.parts:
            return []
        self._alone = self._alone or Gate([self])
        return self._alone.spans(text if self.cased else lower, lower)[0]


@cache
def _compiled(part: str, cased: bool) -> re.Pattern[str]:
    return re.compile(rf"(?:{part})(?!\w)", re.IGNORECASE if cased else re.NOFLAG)


class Gate:
    """Several finders behind one question: which of their expressions can begin with these letters?

    An expression is only made ready when its first letters stand in a text, which most never do.
    """

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._count = len(finders)
        self._by_head: dict[str, list[tuple[int, str, bool]]] = {}
        self._anywhere: list[tuple[frozenset[str], tuple[int, str, bool]]] = []
        self._known: dict[str, tuple[tuple[int, str, bool], ...]] = {}
        for number, finder in enumerate(finders):
            for part in finder.parts:
                self._add(part, (number, part, finder.cased))

    def _add(self, part: str, entry: tuple[int, str, bool]) -> None:
        found = heads(part, _HEAD)
        if "" in found:
            inner = _ANY_LETTERS.match(part)
            needles = heads(part[inner.end() :], _HEAD) if inner else {""}
            self._anywhere.append((frozenset(needles), entry))
        else:
            for head in found:
                self._by_head.setdefault(head, []).append(entry)

    def spans(self, text: str, lower: str) -> list[list[tuple[int, int]]]:
        """For each finder what it finds."""
        found: list[dict[int, int]] = [{} for _ in range(self._count)]
        anywhere = [entry for needles, entry in self._anywhere if any(needle in lower for needle in needles)]
        for place in word_starts(lower):
            for number, part, cased in (*self._beginning(lower[place : place + _HEAD]), *anywhere):
                if match := _compiled(part, cased).match(text, place):
                    found[number][place] = max(match.end(), found[number].get(place, 0))
        return [joined(each.items()) for each in found]

    def _beginning(self, letters: str) -> tuple[tuple[int, str, bool], ...]:
        """The expressions that can begin so; the same words come back often, so the answer is kept."""
        if (known := self._known.get(letters)) is not None:
            return known
        parts = (self._by_head.get(letters[:length], ()) for length in range(1, len(letters) + 1))
        found = tuple(dict.fromkeys(part for some in parts for part in some))
        if len(self._known) < _KEPT:
            self._known[letters] = found
        return found


def joined(matches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Matches that overlap, taken together."""
    found: list[tuple[int, int]] = []
    for start, end in matches:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found


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


def heads(part: str, room: int) -> set[str]:
    """The letters, at most so many, that a match can begin with; an empty one where that cannot be told."""
    part = _without_looks(part)
    if room == 0 or not part:
        return {""}
    if part.startswith(("(?:", "(?-i:")):
        found = _group_heads(part, room)
    else:
        letters, rest = _letters(part)
        if not letters or rest[:1] in {"*", "{"}:
            return {""}
        tails = {""} if rest[:1] == "+" else heads(rest.removeprefix("?"), room - 1)
        found = {letter + tail for letter in letters for tail in tails}
        if rest[:1] == "?":
            found |= heads(rest[1:], room)
    return found if len(found) <= _MOST else {head[:1] for head in found}


def _without_looks(part: str) -> str:
    """What only looks around takes no letters."""
    while True:
        if part.startswith(r"\b"):
            part = part[2:]
        elif part.startswith(("(?<=", "(?<!", "(?=", "(?!")):
            part = part[_group_end(part) + 1 :]
        else:
            return part


def _letters(part: str) -> tuple[str, str]:
    """What the first place may hold, and what comes behind it."""
    if _PLAIN.match(part):
        return part[0].lower(), part[1:]
    if part.startswith(r"\d"):
        return "0123456789", part[2:]
    if span := _SPAN.match(part):
        return "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))), part[span.end() :]
    return "", part


def _group_heads(part: str, room: int) -> set[str]:
    end = _group_end(part)
    after, rest = part[end + 1 : end + 2], part[end + 1 :]
    if after and after in "*{":
        return {""}
    content = part[part.index(":") + 1 : end]
    inner = branches(content) or [""]
    if content.startswith("|") or content.endswith("|"):
        inner = [*inner, ""]
    rest = rest[1:] if after == "?" else "" if after == "+" else rest
    found = {head for each in inner for head in heads(each + rest, room)}
    return found | heads(rest, room) if after == "?" else found


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
