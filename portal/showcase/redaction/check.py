"""The check itself: every way to read the text, through every search, into one list."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from portal.showcase.redaction import (
    addresses,
    ages,
    agreement,
    callings,
    contacts,
    dates,
    hidden_names,
    initials,
    names,
    numbers,
    organisations,
    places,
    products,
    slips,
    whereabouts,
)
from portal.showcase.redaction.finding import KINDS, Finding, Hit
from portal.showcase.redaction.folding import Reading, read
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.numerals import digits
from portal.showcase.redaction.phrases import Sentence, sentence
from portal.showcase.redaction.readings import drawn_out, raw, readings
from portal.showcase.redaction.scripts import find_foreign_script
from portal.showcase.redaction.wording import IN_FIGURES, search, wordings

_WHOSE = re.compile(r"(?i:haar|her|his)\s(?=\w)")


def check(text: str, known: Known, lang: str) -> list[Finding]:
    """What a person must look at before the text leaves the team, in the order of the text."""
    found = set(find_foreign_script(text, known))
    for reading, hits in _searched(text, known, lang):
        for hit in hits:
            if hit.start < hit.end and not _of_both_genders(reading, hit):
                found.add(_finding(text, reading, hit))
    return _without_overlap(found)


def _of_both_genders(reading: Reading, hit: Hit) -> bool:
    return hit.kind == "gender" and agreement.in_both_forms(reading.lower, hit.start, hit.end)


def _finding(text: str, reading: Reading, hit: Hit) -> Finding:
    """Back to the words as written, without the full stop of their sentence."""
    start, end = reading.origin(hit.start, hit.end)
    if hit.kind not in {"initials", "name"}:
        end = start + (len(text[start:end].rstrip(" .,;:!?\n")) or end - start)
    return Finding(start, end, text[start:end], hit.kind, hit.why)


def _searched(text: str, known: Known, lang: str) -> Iterator[tuple[Reading, Iterable[Hit]]]:
    """Each reading with what is found in it."""
    plain = read(text)
    for reading in readings(plain):
        yield reading, _in_words(reading, known, lang)
    yield plain, _in_signs(plain, known)
    for reading in drawn_out(plain):
        yield reading, _in_signs(reading, known)
    yield plain, hidden_names.find_turned_names(known, sentence(plain))
    for reading in (plain, *drawn_out(plain)):
        if spelled_out := digits(reading, lang):
            yield spelled_out, _in_signs(spelled_out, known)
            yield spelled_out, search(sentence(spelled_out), lang, only=IN_FIGURES)
    as_written = raw(text)
    for wording in wordings(lang):
        yield as_written, wording.search_accents(as_written)


def _in_words(reading: Reading, known: Known, lang: str) -> Iterator[Hit]:
    """Names, places and turns of phrase, except in the name of a product."""
    text = sentence(reading)
    return products.without_products(text, _all_words(known, text, lang))


def _all_words(known: Known, text: Sentence, lang: str) -> Iterator[Hit]:
    reading = text.reading
    yield from names.read_names(known, reading, text)
    yield from hidden_names.find_starred_names(known, reading)
    yield from initials.find_initials(known, reading)
    yield from places.find_places(known, text)
    yield from places.find_origins(text)
    yield from whereabouts.find_whereabouts(text)
    yield from callings.find_callings(known, text)
    yield from organisations.find_own_organisations(known, text)
    yield from organisations.find_employers(text)
    yield from agreement.find_gender(text, lang)
    yield from search(text, lang)
    yield from slips.find_slips(text)


def _in_signs(reading: Reading, known: Known) -> Iterator[Hit]:
    """Numbers, dates and addresses of all sorts."""
    yield from contacts.find_emails(reading)
    yield from contacts.find_links(reading)
    yield from numbers.find_numbers(known, reading)
    yield from dates.find_birth_dates(known, reading)
    yield from dates.find_roman_dates(known, reading)
    yield from dates.find_own_age(known, reading)
    yield from ages.find_ages(reading)
    yield from addresses.find_addresses(known, reading)
    yield from addresses.find_postcodes(known, reading)


def _without_overlap(found: Iterable[Finding]) -> list[Finding]:
    """One finding a stretch: the longest goes first, then what the file knows."""
    ordered = sorted(_split(list(found)), key=_weight)
    taken = bytearray(max((finding.end for finding in ordered), default=0))
    kept: list[Finding] = []
    for finding in ordered:
        if not any(taken[finding.start : finding.end]):
            kept.append(finding)
            taken[finding.start : finding.end] = b"1" * (finding.end - finding.start)
    return sorted(kept)


def _split(found: list[Finding]) -> Iterator[Finding]:
    """ "Haar man": the first word says a gender, the other a family. "Opgegroeid in Dendermonde": the turn says an origin, its last word is a place to point at."""
    places = [each for each in found if each.kind == "place"]
    births = [each for each in found if each.kind == "birth_date"]
    for finding in found:
        birth = next((b for b in births if finding.start < b.start and b.end < finding.end), None)
        if finding.kind == "origin" and birth:
            yield _cut(finding, birth.start)
            continue
        if finding.kind == "family" and (whose := _WHOSE.match(finding.text)):
            yield replace(_cut(finding, finding.start + whose.end()), kind="gender", why="gender")
            yield replace(finding, start=finding.start + whose.end(), text=finding.text[whose.end() :])
            continue
        last = next((p for p in places if finding.start < p.start and p.end >= finding.end > p.start), None)
        if finding.kind == "origin" and last:
            yield _cut(finding, last.start)
        else:
            yield finding


def _cut(finding: Finding, end: int) -> Finding:
    """Its part before a place in the text."""
    words = finding.text[: end - finding.start].rstrip()
    return replace(finding, end=finding.start + len(words), text=words)


def _weight(finding: Finding) -> tuple[bool, int, bool, int, int]:
    """A word that says several things is shown as the one that says most."""
    vague = finding.why in {"foreign_script", "common_name", "introduced_name"}
    rank = len(KINDS) if vague else -(finding.kind in {"site", "school"}) or KINDS.index(finding.kind)
    length = 0 if finding.kind in {"iban", "email", "national_number"} else finding.end - finding.start
    return bool(length), -length, not finding.why.startswith("known_"), rank, finding.start
