"""Reads a text as the eye does, and remembers where each character stood.

Accents, capitals of other alphabets that look Latin, wide or decorated letters and
invisible characters hide a word from a search but not from a reader. A `Reading` is the
text without them, with the way back to the characters as written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.showcase.redaction.lexicon import pairs

_SPELLED_OUT = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "ŋ": "ng"}
_LETTER_BY_NAME = re.compile(
    r"(?:LATIN (?:(?P<small>SMALL) |CAPITAL )?LETTER (?:SMALL CAPITAL |DOTLESS )?"
    r"|REGIONAL INDICATOR SYMBOL LETTER |.*SQUARED LATIN CAPITAL LETTER "
    r"|.*CIRCLED LATIN CAPITAL LETTER )(?P<letter>[A-Z])(?: WITH .*)?$"
)
_PUNCTUATION = dict.fromkeys("’‘‛´`ʼʹ′＇", "'") | dict.fromkeys("‐‑‒–—―−﹣－", "-")
_PUNCTUATION |= dict.fromkeys("“”„«»‟＂", '"')
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e\u034f")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read; `starts` and `ends` lead each character back to the original."""

    text: str
    lower: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Iterable[tuple[str, int, int]]) -> "Reading":
        """Build from characters with the stretch of original text that each stands for."""
        text, starts, ends = [], [], []
        for piece, start, end in pieces:
            for char in piece:
                text.append(char)
                starts.append(start)
                ends.append(end)
        joined = "".join(text)
        return cls(joined, _lower(joined), tuple(starts), tuple(ends))

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
        """The characters with their way back, to build another reading from."""
        stretch = slice(start, end)
        return zip(self.text[stretch], self.starts[stretch], self.ends[stretch], strict=True)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` to `end` stood in the original."""
        return self.starts[start], self.ends[end - 1]


def _lower(text: str) -> str:
    """Lower case that keeps the length, so that offsets hold for both."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """What one character looks like in plain Latin letters; nothing if it is invisible."""
    if char.isascii():
        return char
    if (plain := _SPELLED_OUT.get(char) or _PUNCTUATION.get(char)) is not None:
        return plain
    if (twin := pairs("lookalikes").get(char)) is not None:
        return twin
    category = unicodedata.category(char)
    if char in _INVISIBLE or category in {"Cf", "Mn", "Me"}:
        return ""
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    if category == "Zs":
        return " "
    parts = unicodedata.normalize("NFKD", char)
    return _by_name(char) if parts == char else "".join(map(fold_char, parts))


def _by_name(char: str) -> str:
    """Letters with a stroke, a hook or a box around them have no decomposition, but a name."""
    named = _LETTER_BY_NAME.match(unicodedata.name(char, ""))
    if not named:
        return char
    letter = named["letter"]
    return letter.lower() if named["small"] else letter


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The plain reading of a value from the file, where no offsets are needed."""
    return _lower("".join(map(fold_char, text)))


def read(text: str) -> Reading:
    """The plain reading of a text. A mark that adds nothing belongs to the letter before."""
    if text.isascii():
        places = tuple(range(len(text) + 1))
        return Reading(text, text.lower(), places[:-1], places[1:])
    pieces: list[tuple[str, int, int]] = []
    for place, char in enumerate(text):
        plain = fold_char(char)
        if plain:
            pieces.append((plain, place, place + 1))
        elif pieces and unicodedata.category(char) in {"Mn", "Me"}:
            letter, start, _ = pieces[-1]
            pieces[-1] = (letter, start, place + 1)
    return Reading.of(pieces)
