"""However a word is disguised, its finding leads back to the characters as they were written."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.showcase.redaction import Known, check
from portal.showcase.redaction.folding import read
from portal.showcase.redaction.readings import readings

KNOWN = Known(first_name="Kathleen", last_name="Vermeulen", birth_place="Mechelen")
INVISIBLE = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]
LOOKALIKES = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "A": "Α",
    "E": "Ε",
    "K": "К",
    "M": "М",
}
MARKS = ["\u0301", "\u0308", "\u0323", "\u0337"]


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """The word with its letters changed, marked or parted by what nobody sees."""
    parts = []
    for place, char in enumerate(word):
        change = draw(st.sampled_from(["none", "none", "look", "case", "mark", "wide", "gap"]))
        if change == "look":
            char = LOOKALIKES.get(char, char)
        elif change == "case":
            char = char.swapcase()
        elif change == "mark":
            char += draw(st.sampled_from(MARKS))
        elif change == "wide" and char.isascii() and char.isalpha():
            char = chr(ord(char) + 0xFEE0)
        elif change == "gap" and place:
            char = draw(st.sampled_from(INVISIBLE)) + char
        parts.append(char)
    return "".join(parts)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["Kathleen", "Vermeulen", "Mechelen", "gevangenis", "moskee", "strafblad"]))
def test_a_disguised_word_is_found_where_it_stands(data: st.DataObject, word: str) -> None:
    written = data.draw(disguised(word))
    before, after = "Werkt goed met ", " en let op de kwaliteit."
    findings = check(before + written + after, KNOWN, "nl")
    assert (len(before), len(before) + len(written)) in {(f.start, f.end) for f in findings}
    assert all(f.text == (before + written + after)[f.start : f.end] for f in findings)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_offsets_inside_it(text: str) -> None:
    for finding in check(text, KNOWN, "nl"):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_a_reading_keeps_the_way_back(text: str) -> None:
    for reading in readings(read(text)):
        assert len(reading.text) == len(reading.lower) == len(reading.starts) == len(reading.ends)
        assert list(reading.starts) == sorted(reading.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(reading.starts, reading.ends, strict=True))


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_form_of_the_accents_does_not_matter(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    text = unicodedata.normalize(form, "Le chef apprécie Hélène et Vermeülen.")
    findings = check(text, KNOWN, "fr")
    assert [unicodedata.normalize("NFC", f.text) for f in findings] == ["Hélène", "Vermeülen"]


@pytest.mark.parametrize(
    "written", ["K a t h l e e n", "K.a.t.h.l.e.e.n", "K4thl33n", "Ｋathleen", "𝗞𝗮𝘁𝗵𝗹𝗲𝗲𝗻", "KATHLEEN", "Кathlееn"]
)
def test_a_known_name_shows_through(written: str) -> None:
    findings = check(f"In de ploeg werkt {written} graag samen.", KNOWN, "nl")
    assert written in {finding.text for finding in findings}
