"""The candidate's name behind stars, backwards, or with a blank inside."""

import re
from collections.abc import Iterator

from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.names import names_of, sounds_like
from portal.showcase.redaction.phrases import Sentence, everyday

_STARRED = re.compile(r"(?<![^\W_])[^\W\d_](?:[^\W\d_]*[*#•]+)+[^\W\d_]*")
_VEILED = re.compile(r"[A-Z][*•]{2,}")


def find_turned_names(known: Known, text: Sentence) -> Iterator[Hit]:
    """The names on file, with a blank or a hyphen inside, or written from the last letter to the first."""
    names = names_of(known)
    for index in range(1, len(text.words)):
        first, second = text.words[index - 1], text.words[index]
        if first.capital and text.bonds[index] == 2 and first.lower + second.lower in names.parts:
            yield Hit(first.start, second.end, "name", "known_name")
    for word in text.words:
        turned = word.lower[::-1]
        if len(turned) < 5 or word.lower in everyday() or turned in everyday():
            continue
        if turned in names.parts or sounds_like(names, turned):
            yield Hit(word.start, word.end, "name", "known_name")


def find_starred_names(known: Known, reading: Reading) -> Iterator[Hit]:
    """Letters hidden behind stars: "M*h*m*d" on file, and "P****" of anybody."""
    names = names_of(known)
    for match in _STARRED.finditer(reading.lower):
        mask = re.compile("".join(r"\w{1,3}" if char in "*#•" else re.escape(char) for char in match[0]))
        if any(mask.fullmatch(part) for part in names.parts):
            yield Hit(*match.span(), "name", "known_name")
        elif _VEILED.fullmatch(reading.text, *match.span()):
            yield Hit(*match.span(), "initials", "initials")
