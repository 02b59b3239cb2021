"""Turns of phrase as rows of word classes, so that one line stands for a family of sentences.

An expression of letters tells what has been seen; a row such as `zit|zat ..4 vast|binnen` says
which kinds of words make a meaning together, however a sentence dresses them.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from portal.showcase.redaction.finding import Kind
from portal.showcase.redaction.phrases import Sentence, Words
from portal.showcase.redaction.rows import NUMBERS, Item, Row

_REACH = 7
_KEPT = 50_000
_APART, _CLOSE = 1, 2
"""How words must hang together: within one clause, or with nothing but a blank between."""


class Turns:
    """Many rows, found by what their first place may hold."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._exact: dict[str, list[Row]] = {}
        self._starts: dict[str, list[tuple[str, Row]]] = {}
        self._ends: list[tuple[str, Row]] = []
        self._numbers: list[Row] = []
        self._known: dict[str, tuple[Row, ...]] = {}
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        head = row.items[0]
        for word in {*head.words, *head.phrases}:
            self._exact.setdefault(word, []).append(row)
        for start in head.starts:
            self._starts.setdefault(start[:2], []).append((start, row))
        self._ends += [(end, row) for end in head.ends]
        if head.number or head.age:
            self._numbers.append(row)

    def spans(self, text: Sentence) -> Iterator[tuple[int, int, Kind]]:
        """Where any row holds, as places of characters, and what it says."""
        present = {word.lower for word in text.words}
        for index, word in enumerate(text.words):
            for row in self._candidates(word.lower):
                if row.possible(present) and (found := _match(row, text, index)):
                    yield text.words[found[0]].start, text.words[found[1]].end, row.kind

    def _candidates(self, word: str) -> tuple[Row, ...]:
        """The rows that this word may open; most words come back often, so the answer is kept."""
        if (known := self._known.get(word)) is not None:
            return known
        found = list(self._exact.get(word, ()))
        found += [row for start, row in self._starts.get(word[:2], ()) if word.startswith(start)]
        found += [row for end, row in self._ends if len(word) > 4 and word.endswith(end)]
        found += self._numbers if word in NUMBERS or word.isdigit() else []
        if len(self._known) < _KEPT:
            self._known[word] = tuple(found)
        return tuple(found)


def _match(row: Row, text: Sentence, index: int) -> tuple[int, int] | None:
    """The first and the last word to show, when the whole row holds from here on."""
    marks: list[tuple[int, int]] = []
    if not _rest(row.items, 0, text, index, marks):
        return None
    end = marks[-1][1]
    before = row.not_before and index and text.bonds[index] and row.not_before.fits(text, index - 1)
    if before or (row.not_after and _follows(row.not_after, text, end + 1)):
        return None
    if not _surrounded(row, text, marks):
        return None
    shown = [mark for mark in marks[row.first : row.last + 1] if mark[1] >= mark[0]]
    return (shown[0][0], shown[-1][1]) if shown else None


def _follows(item: Item, text: Sentence, index: int) -> bool:
    if index >= len(text.words) or not text.bonds[index]:
        return False
    return item.fits(text, index) or any(
        _says(text, index, phrase) for phrase in item.phrases.get(text.words[index].lower, ())
    )


def _surrounded(row: Row, text: Sentence, marks: list[tuple[int, int]]) -> bool:
    """What must be near is, and what must not be is not, nor between the words of the row."""
    if not (row.near or row.not_near):
        return True
    start, end = marks[0][0], marks[-1][1]
    if row.not_near and any(row.not_near.fits(text, place) for place in _between(marks)):
        return False
    around = [*range(max(0, start - _REACH), start), *range(end + 1, min(len(text.words), end + 1 + _REACH))]
    if row.not_near and any(row.not_near.fits(text, place) for place in around if _in_one(text, start, end, place)):
        return False
    return row.near is None or any(row.near.fits(text, place) for place in around)


def _between(marks: list[tuple[int, int]]) -> Iterator[int]:
    """The words that the gaps of a row passed over."""
    for (_, left), (right, _) in pairwise(marks):
        yield from range(left + 1, right)


def _in_one(text: Sentence, start: int, end: int, place: int) -> bool:
    """No end of a clause lies between: what the next sentence says excuses nothing in this one."""
    between = range(place + 1, start + 1) if place < start else range(end + 1, place + 1)
    return all(text.bonds[each] for each in between)


def _rest(items: list[Item], place: int, text: Sentence, index: int, marks: list[tuple[int, int]]) -> bool:
    """Fill the places from here on; `marks` holds the words that each of them took."""
    if place == len(items):
        return True
    item = items[place]
    if item.gap:
        return _leap(items, place, text, index, marks)
    bond = 0 if place == 0 else _APART if items[place - 1].gap else _CLOSE
    for count in _taken(item, text, index, bond):
        marks.append((index, index + count - 1))
        if _rest(items, place + 1, text, index + count, marks):
            return True
        marks.pop()
    return False


def _leap(items: list[Item], place: int, text: Sentence, index: int, marks: list[tuple[int, int]]) -> bool:
    """Pass over up to so many words of the same clause."""
    for skipped in range(items[place].gap + 1):
        at = index + skipped
        if at >= len(text.words) or not text.bonds[at]:
            return False
        marks.append((index, index - 1))
        if _rest(items, place + 1, text, at, marks):
            return True
        marks.pop()
    return False


def _taken(item: Item, text: Sentence, index: int, bond: int) -> Iterator[int]:
    """How many words from here this place can take."""
    if index < len(text.words) and text.bonds[index] >= bond:
        for phrase in item.phrases.get(text.words[index].lower, ()):
            if _says(text, index, phrase):
                yield len(phrase)
        if item.fits(text, index):
            yield 1
    if item.optional:
        yield 0


def _says(text: Sentence, index: int, phrase: Words) -> bool:
    """Whether these words stand here, close together; the last of them may have an open end."""
    words = tuple(word.lower for word in text.words[index : index + len(phrase)])
    if words[:-1] != phrase[:-1] or len(words) != len(phrase):
        return False
    last = phrase[-1]
    ends = words[-1].startswith(last[:-1]) if last.endswith("*") else words[-1] == last
    return ends and all(text.bonds[index + more] == _CLOSE for more in range(1, len(phrase)))
