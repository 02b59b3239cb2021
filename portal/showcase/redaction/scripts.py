"""Words in another alphabet: a name, or at least a sign of where somebody comes from."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from portal.showcase.redaction.finding import Finding
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.name_variants import first_name_forms, nickname_forms, surname_forms
from portal.showcase.redaction.phrases import Words, cut
from portal.showcase.redaction.sounds import bones, romanised, script, sound, writes_no_vowels

_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670\u200b-\u200f\u2060\u061c\ufeff\u00ad\u0640\u05b0-\u05c7])*"
)
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-][^\W\d_]){2,}(?!\w)")
_HOME = frozenset({"LATIN", "FULLWIDTH", "MATHEMATICAL", "FEMININE", "MASCULINE", "CIRCLED", "SUPERSCRIPT", "MODIFIER"})


def find_foreign_script(text: str, known: Known) -> Iterator[Finding]:
    """Whole words in another alphabet; a single strange letter in a word is a disguise instead."""
    if text.isascii():
        return
    for match in _SPACED.finditer(text):
        if all(_foreign(char) for char in match[0] if char.isalpha()):
            spelling = "".join(filter(str.isalpha, match[0]))
            judged = _judge(known, Finding(*match.span(), spelling, "origin", "foreign_script"))
            yield Finding(*match.span(), match[0], judged.kind, judged.why)
    for match in _WORD.finditer(text):
        word = match[0]
        if len(word) > 1 and all(_foreign(char) for char in word if char.isalpha()):
            yield _judge(known, Finding(*match.span(), word, "origin", "foreign_script"))


def _foreign(char: str) -> bool:
    return not char.isascii() and script(char) not in _HOME and char not in "ªºªµ"


def _judge(known: Known, found: Finding) -> Finding:
    """The candidate's own name goes before the bare fact of another alphabet."""
    spelling = romanised(found.text)
    names = {*first_name_forms(known.first_name), *surname_forms(known.last_name)}
    names |= nickname_forms(known.first_name, known.nicknames)
    if any(_same(found.text, spelling, "".join(name)) for name in names):
        return Finding(found.start, found.end, found.text, "name", "known_name")
    if any(_same(found.text, spelling, word) for word in _places(known)):
        return Finding(found.start, found.end, found.text, "place", "known_place")
    return found


def _places(known: Known) -> Words:
    return cut(f"{known.birth_place} {known.address.municipality}")


def _same(written: str, spelling: str, name: str) -> bool:
    if len(name) < 3:
        return False
    if writes_no_vowels(written):
        plain = bones(spelling.removeprefix("al"))
        return len(plain) > 1 and plain in {bones(name), bones(name.removeprefix("el").removeprefix("al"))}
    return sound(spelling) == sound(name) or fuzz.ratio(spelling, name) >= 75
