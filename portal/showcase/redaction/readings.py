"""Other ways to read a text: digits that stand for letters, letters that stand apart."""

import re
from collections.abc import Iterator

from portal.showcase.redaction.folding import Reading, read

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"})
_SIGNS = str.maketrans({"@": "a", "$": "s", "!": "i", "|": "l", "+": "t", "(": "c", "€": "e", "£": "l", "*": "a"})
_MIXED = re.compile(r"[\w@$!]*[A-Za-z][\w@$!|+€£*]*[\w@$|+€£]")
_APART = re.compile(
    r"(?<![\w'])(?![a-z][ ._\-*·|/]{1,2}[A-Z])[^\W\d_](?:(?P<gap>[ ._\-*·|/]{1,2})[^\W\d_])(?:(?P=gap)[^\W\d_])+(?!\w)"
)
_DRAWN_OUT = tuple(
    re.compile(rf"(?<!\S)[^\s{gap}](?:{gap}[^\s{gap}]|{gap} {gap}[^\s{gap}]){{3,}}(?!\w)")
    for gap in (" ", r"\.", "-", "_", r"\*", "/")
)
_STARRED = re.compile(r"[^\W\d_]\*[^\W\d_]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])(?:-\s*\n\s*|\s*\n\s*-)(?=[^\W\d_])")


def readings(plain: Reading) -> Iterator[Reading]:
    """The plain one, then those that a disguise would call for; most texts have only the first."""
    yield plain
    disguised = [(match.start(), match.end()) for match in _MIXED.finditer(plain.text) if _is_disguised(match[0])]
    if disguised:
        yield _unmasked(plain, disguised, "i")
        if any("1" in plain.text[start:end] for start, end in disguised):
            yield _unmasked(plain, disguised, "l")
    if _APART.search(plain.text):
        yield _closed_up(plain)
    if _HYPHEN.search(plain.text):
        yield _unbroken(plain)
    yield from drawn_out(plain)
    if _STARRED.search(plain.text):
        for vowel in "eiou":
            yield _replaced(plain, "*", vowel)


def drawn_out(plain: Reading) -> Iterator[Reading]:
    """Single characters that all stand apart, digits too; and underscores instead of blanks."""
    if any(pattern.search(plain.text) for pattern in _DRAWN_OUT):
        yield _gathered(plain)
    if "_" in plain.text and "@" not in plain.text:
        yield _replaced(plain, "_", " ")


def _gathered(plain: Reading) -> Reading:
    """Every second character; where the gap is three wide, a blank stood."""
    pieces: list[tuple[str, int, int]] = []
    last = 0
    runs = sorted(match.span() for pattern in _DRAWN_OUT for match in pattern.finditer(plain.text))
    for start, end in runs:
        if start >= last:
            pieces += plain.pieces(last, start)
            pieces += list(plain.pieces(start, end))[::2]
            last = end
    return Reading.of([*pieces, *plain.pieces(last)])


def _replaced(plain: Reading, sign: str, by: str) -> Reading:
    return Reading.of((by if char == sign else char, start, end) for char, start, end in plain.pieces())


def _is_disguised(word: str) -> bool:
    """A third of it letters, with digits or signs among them and not only at the end."""
    letters = sum(map(str.isalpha, word))
    inside = re.search(r"[A-Za-z][\d@$!|+€£*]+[A-Za-z]|^[\d@$]+[A-Za-z]{2}|[A-Za-z]{2}\d*[@$€£]+$", word)
    return bool(inside) and letters >= 2 and letters >= len(word) / 3 and len(word) >= 3


def _unmasked(plain: Reading, stretches: list[tuple[int, int]], one: str) -> Reading:
    inside = {place for start, end in stretches for place in range(start, end)}
    return Reading.of(
        (_letter(char, one) if place in inside else char, start, end)
        for place, (char, start, end) in enumerate(plain.pieces())
    )


def _letter(char: str, one: str) -> str:
    return one if char == "1" else char.translate(_LEET).translate(_SIGNS)


def _closed_up(plain: Reading) -> Reading:
    """Single letters that stand apart become a word; its first letter keeps its capital."""
    pieces: list[tuple[str, int, int]] = []
    last = 0
    for match in _APART.finditer(plain.text):
        pieces += plain.pieces(last, match.start())
        pieces += [piece for piece in plain.pieces(*match.span()) if piece[0].isalpha()]
        last = match.end()
    return Reading.of([*pieces, *plain.pieces(last)])


def _unbroken(plain: Reading) -> Reading:
    """A word that was broken at the end of a line."""
    pieces: list[tuple[str, int, int]] = []
    last = 0
    for match in _HYPHEN.finditer(plain.text):
        pieces += plain.pieces(last, match.start())
        last = match.end()
    return Reading.of([*pieces, *plain.pieces(last)])


def raw(text: str) -> Reading:
    """The text as it stands, for what only accents tell apart."""
    if len(text.lower()) != len(text):
        return read(text)
    places = tuple(range(len(text) + 1))
    return Reading(text, text.lower(), places[:-1], places[1:])
