"""Words and turns of phrase that give away a past, a gender, an origin, a family or a health."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finder import Finder, Gate
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.phrases import Sentence
from portal.showcase.redaction.rows import Row, rows
from portal.showcase.redaction.turns import Turns

LANGUAGES = ("nl", "fr", "en")
_KINDS: tuple[Kind, ...] = (
    "offence",
    "detention",
    "site",
    "school",
    "gender",
    "origin",
    "family",
    "religion",
    "health",
    "age",
    "address",
    "employer",
    "place",
)
IN_FIGURES: frozenset[Kind] = frozenset({"age", "address"})
"""Kinds whose turns hold a number, which may be written in words."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What one kind looks for in one language, and what it passes over."""

    kind: Kind
    found: Finder
    accented: Finder
    innocent: Finder

    def judge(
        self, reading: Reading, found: Sequence[tuple[int, int]], at_work: Sequence[tuple[int, int]]
    ) -> Iterator[Hit]:
        """Those matches that no innocent phrase and no sense of the word at work covers."""
        passed_over = [*self.innocent.spans(reading.text, reading.lower), *at_work] if found else []
        for start, end in found:
            if not any(left <= start and end <= right for left, right in passed_over):
                yield Hit(start, end, self.kind, self.kind)

    def search_accents(self, raw: Reading) -> Iterator[Hit]:
        """Words that only their accents tell from others, such as a married person from a name."""
        for start, end in self.accented.spans(raw.text, raw.lower):
            yield Hit(start, end, self.kind, self.kind)


@cache
def wordings(lang: str) -> tuple[Wording, ...]:
    """The lists of a language with those of all; an unknown language gets every list."""
    sections = ("all", lang) if lang in LANGUAGES else ("all", *LANGUAGES)
    return tuple(_wording(kind, sections) for kind in _KINDS)


def search(text: Sentence, lang: str, *, only: frozenset[Kind] | None = None) -> Iterator[Hit]:
    """Everything that the lists of a language find in one reading."""
    reading = text.reading
    found: dict[Kind, list[tuple[int, int]]] = {kind: [] for kind in _KINDS}
    for start, end, kind in turns(lang, only).spans(text):
        found[kind].append((start, end))
    for of_kinds, gate, cased in _gates(lang, only):
        spans = gate.spans(reading.text if cased else reading.lower, reading.lower)
        for kind, each in zip(of_kinds, spans, strict=True):
            found[kind] += each
    work: dict[Kind, list[tuple[int, int]]] = {kind: [] for kind in _KINDS}
    for start, end, kind in at_work(lang).spans(text) if any(found.values()) else ():
        work[kind].append((start, end))
    for wording in wordings(lang):
        if found[wording.kind]:
            yield from wording.judge(reading, found[wording.kind], work[wording.kind])


@cache
def _gates(lang: str, only: frozenset[Kind] | None) -> tuple[tuple[tuple[Kind, ...], Gate, bool], ...]:
    """The finders that tell capitals from small letters, and the others."""
    made = []
    for cased in (False, True):
        some = [
            each
            for each in wordings(lang)
            if each.found.parts and each.found.cased is cased and (only is None or each.kind in only)
        ]
        if some:
            made.append((tuple(each.kind for each in some), Gate([each.found for each in some]), cased))
    return tuple(made)


def _wording(kind: Kind, sections: tuple[str, ...]) -> Wording:
    found, accented, innocent = (finder(kind, sections, use) for use in ("found", "accented", "innocent"))
    return Wording(kind, found, accented, innocent)


@cache
def finder(list_name: str, sections: tuple[str, ...], use: str) -> Finder:
    """One use of a list, for some of its sections."""
    content = lexicon.table(list_name)
    lines = "\n".join(content.get(section, {}).get(use, "") for section in sections)
    return Finder(lexicon.expressions(lines))


@cache
def turns(lang: str, only: frozenset[Kind] | None = None) -> Turns:
    """The rows of all kinds, with the classes of words that they name."""
    sections = ("all", lang) if lang in LANGUAGES else ("all", *LANGUAGES)
    kinds = _KINDS if only is None else tuple(only)
    return Turns(row for kind in kinds for section in sections for row in _rows(kind, section))


@cache
def at_work(lang: str) -> Turns:
    """What telling words mean in a trade: rows that are passed over."""
    shared = lexicon.table("turns/classes")
    lists = [(lexicon.table(f"work/{section}"), shared[section]) for section in _sections(lang)]
    return Turns(
        row
        for work, classes in lists
        for kind in _KINDS
        for row in rows(kind, work.get(kind, ""), {**classes, **work["classes"]})
    )


def _sections(lang: str) -> tuple[str, ...]:
    return (lang,) if lang in LANGUAGES else LANGUAGES


def _rows(kind: Kind, section: str) -> Iterator[Row]:
    shared = lexicon.table("turns/classes")
    part = lexicon.table(f"turns/{kind}").get(section, {})
    classes = {**shared.get("all", {}), **shared.get(section, {}), **part.get("classes", {})}
    sly = lexicon.table(f"turns/sly_{section}").get(kind, "") if section in LANGUAGES else ""
    yield from rows(kind, part.get("rows", "") + "\n" + sly, classes, part.get("unless", ""))
