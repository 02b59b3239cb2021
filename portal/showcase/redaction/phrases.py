"""Words with their places, and lists of word sequences to find among them."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Generic, TypeVar

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.folding import Reading, fold

Meaning = TypeVar("Meaning")
Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s'’._\-/]{0,3}")
_CLOSE = re.compile(r"[\s'\"\-/_]*")
_CLAUSE_END = re.compile(r"[.!?;:()•]|\n\s*\n")
_TITLE = re.compile(r"(?<!\w)(?:m|mr|mrs|ms|mme|mlle|mevr|mw|dhr|dr|ir|mej|prof|st)\.\s?$")
_OPENING = re.compile(r"(?:^|[.!?:;\n•*>]|- )[\s\"'(\[\-–]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a reading."""

    start: int
    end: int
    lower: str
    capital: bool
    opens: bool
    """It opens a sentence, so that its capital says nothing."""


@dataclass(frozen=True)
class Sentence:
    """A reading as words, with the question that a plain word raises: is it a name here?"""

    reading: Reading
    words: tuple[Word, ...]

    @cached_property
    def shouting(self) -> bool:
        """In a text of capitals a capital says nothing."""
        letters = [char for char in self.reading.text if char.isalpha()]
        return len(letters) > 3 and sum(map(str.isupper, letters)) > len(letters) * 0.6

    @cached_property
    def bonds(self) -> tuple[int, ...]:
        """How each word hangs on the one before: 2 by a blank or a hyphen, 1 by a comma, 0 not at all."""
        ends = (0, *(word.end for word in self.words))
        gaps = (self.reading.text[end : word.start] for end, word in zip(ends, self.words, strict=False))
        return tuple(2 if _CLOSE.fullmatch(gap) else 0 if _CLAUSE_END.search(gap) else 1 for gap in gaps)

    def named(self, index: int) -> bool:
        """A capital inside a sentence makes a plain word a name."""
        word = self.words[index]
        return word.capital and not word.opens and not self.shouting

    def before(self, index: int, count: int = 1) -> Words:
        """The words that stand before one, nearest last."""
        return tuple(word.lower for word in self.words[max(0, index - count) : index])

    def after(self, index: int, count: int = 1) -> Words:
        """The words that stand after one, nearest first."""
        return tuple(word.lower for word in self.words[index + 1 : index + 1 + count])


def sentence(reading: Reading) -> Sentence:
    """Cut a reading into its words."""
    return Sentence(reading, tuple(_words(reading)))


def _words(reading: Reading) -> Iterator[Word]:
    for match in _WORD.finditer(reading.text):
        start, end = match.span()
        opens = bool(_OPENING.search(reading.text, max(0, start - 8), start))
        opens = opens and not _TITLE.search(reading.lower, max(0, start - 8), start)
        opens = opens and (start == 0 or reading.text[max(0, start - 8) : start].strip() != "'")
        lower = reading.lower[start:end]
        yield Word(start, end, lower, reading.text[start].isupper(), opens)


@lru_cache(maxsize=16384)
def cut(text: str) -> Words:
    """A value from the file as plain words."""
    return tuple(_WORD.findall(fold(text)))


@cache
def everyday() -> frozenset[str]:
    """Plain words that are also names of people, places or firms."""
    return lexicon.words("everyday")


class Phrasebook(Generic[Meaning]):
    """Sequences of words, each with its meaning, found by their first word."""

    def __init__(self, phrases: Mapping[Words, Meaning]) -> None:
        self._by_first: dict[str, list[tuple[Words, Meaning]]] = {}
        for phrase, meaning in phrases.items():
            if phrase:
                self._by_first.setdefault(phrase[0], []).append((phrase, meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def search(self, text: Sentence) -> Iterator[tuple[int, int, Meaning]]:
        """Index of the first word, number of words, and meaning; the longest phrase wins."""
        index = 0
        while index < len(text.words):
            found = self._at(text, index)
            if found:
                yield index, *found
            index += found[0] if found else 1

    def at(self, text: Sentence, index: int) -> Iterator[Meaning]:
        """What begins at this word, if anything."""
        found = self._at(text, index)
        if found:
            yield found[1]

    def _at(self, text: Sentence, index: int) -> tuple[int, Meaning] | None:
        for phrase, meaning in self._by_first.get(text.words[index].lower, ()):
            if self._follows(text, index, phrase):
                return len(phrase), meaning
        return None

    @staticmethod
    def _follows(text: Sentence, index: int, phrase: Words) -> bool:
        """The words must stand together, with no more than a hyphen or a blank between them."""
        words = text.words[index : index + len(phrase)]
        if tuple(word.lower for word in words) != phrase:
            return False
        gaps = itertools.pairwise(words)
        text_of = text.reading.text
        return all(_GAP.fullmatch(text_of, left.end, right.start) for left, right in gaps)
