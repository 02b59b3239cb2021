"""Measures the check on the sets beside it: what is found, what is stopped, and what is missed.

python -m tests.showcase.redaction.measure [PART]    prints figures, misses and false stops of one set, or of all
python -m tests.showcase.redaction.measure --write   refreshes the figures in docs/privacy.md
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from unittest.mock import patch

from portal.showcase.redaction import Finding, Known, check

SETS = Path(__file__).parent / "sets"
PUBLISHED = Path(__file__).parents[3] / "docs" / "privacy.md"
MARKS = ("<!-- figures of the redaction check: begin -->", "<!-- figures of the redaction check: end -->")
WRITTEN_ON = date(2026, 11, 22)
"""The day on which the people of the sets have the ages that their texts say."""
LANGUAGES = ("nl", "fr", "en")
FRESH = (
    "fresh",
    "fresh_2",
    "fresh_3",
    "author_a",
    "author_b",
    "author_c",
    "other_a",
    "other_b",
    "third_a",
    "third_b",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "notes",
    "workplace",
    "trades",
)
_PLANT = re.compile(r"\{(?P<kind>[a-z_]+):(?P<words>[^{}]+)\}")
_LOOKALIKE = str.maketrans("aeopcxyiAEOPCBHKMT", "аеорсхуіАЕОРСВНКМТ")
_LEET = str.maketrans("aeiost", "4310$7")


@dataclass(frozen=True, slots=True)
class Plant:
    """Words that the check must find."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A text with what is planted in it; innocent texts have no plants."""

    lang: str
    person: str
    way: str
    text: str
    plants: tuple[Plant, ...]
    part: str


def people() -> dict[str, Known]:
    """The candidates that the sets are about."""
    raw = json.loads((SETS / "people.json").read_text(encoding="utf-8"))
    return {name: Known.from_json(values) for name, values in raw.items()}


WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "zw": "\u200b".join,
    "cyr": lambda words: words.translate(_LOOKALIKE),
    "full": lambda words: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in words),
    "up": str.upper,
    "low": str.lower,
    "accent": lambda words: "".join(char + "\u0301" if char in "aeiouy" else char for char in words),
    "leet": lambda words: words[0] + words[1:].translate(_LEET),
    "spaced": " ".join,
}
"""The ways in which somebody might, on purpose or not, hide a word from a search."""


def _lines(name: str) -> list[str]:
    """Some sets have innocent texts only."""
    if not (SETS / name).exists():
        return []
    lines = (SETS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def planted() -> Iterator[Case]:
    """Each line once for every way of hiding; every third line is held out from tuning."""
    for lang in LANGUAGES:
        for place, line in enumerate(_lines(f"planted_{lang}.txt")):
            yield from _cases(lang, line, "held_out" if place % 3 == 2 else "train")


def fresh_planted() -> Iterator[Case]:
    """Longer texts, written when the lists stood, to see how the check does on what it has not met."""
    for lang in LANGUAGES:
        for part in FRESH:
            for line in _lines(f"{part}_planted_{lang}.txt"):
                yield from _cases(lang, line, part)


def _cases(lang: str, line: str, part: str) -> Iterator[Case]:
    person, ways, marked = (piece.strip() for piece in line.split("|", 2))
    for way in ways.split(",") if ways else ("plain",):
        yield _case(lang, person, way.strip(), marked, part)


def _case(lang: str, person: str, way: str, marked: str, part: str) -> Case:
    text, plants, last = "", [], 0
    for match in _PLANT.finditer(marked):
        text += marked[last : match.start()]
        words = WAYS[way](match["words"])
        plants.append(Plant(len(text), len(text) + len(words), match["kind"]))
        text += words
        last = match.end()
    return Case(lang, person, way, text + marked[last:], tuple(plants), part)


def innocent() -> Iterator[Case]:
    """Each sentence for two candidates, so that names that are plain words get their chance."""
    for lang in LANGUAGES:
        for place, text in enumerate(_lines(f"innocent_{lang}.txt")):
            yield from _for_two(lang, text, place, part="held_out" if place % 3 == 2 else "train")


def fresh_innocent() -> Iterator[Case]:
    """Longer texts, written when the lists stood."""
    for part in FRESH:
        for place, line in enumerate(_lines(f"{part}_innocent.txt")):
            lang, text = (piece.strip() for piece in line.split("|", 1))
            yield from _for_two(lang, text, place, part=part)


def _for_two(lang: str, text: str, place: int, *, part: str) -> Iterator[Case]:
    names = list(people())
    for person in (names[place % len(names)], names[(place + 5) % len(names)]):
        yield Case(lang, person, "plain", text, (), part)


def cases(part: str) -> Iterator[Case]:
    """All cases of one part, or of all."""
    for case in chain(planted(), innocent(), fresh_planted(), fresh_innocent()):
        if part in {"all", case.part}:
            yield case


def found(plant: Plant, findings: list[Finding]) -> bool:
    """A finding lies on the planted words."""
    return _covered(plant, findings) > 0


def well_covered(plant: Plant, findings: list[Finding]) -> bool:
    """At least half of the planted words lie under findings."""
    return _covered(plant, findings) * 2 >= plant.end - plant.start


def _covered(plant: Plant, findings: list[Finding]) -> int:
    return sum(max(0, min(plant.end, each.end) - max(plant.start, each.start)) for each in findings)


def right_kind(plant: Plant, findings: list[Finding]) -> bool:
    """One of the findings there is of the kind that was planted."""
    return any(f.kind == plant.kind for f in findings if f.start < plant.end and plant.start < f.end)


@dataclass(frozen=True)
class Figures:
    """What one run of the check over a part of the sets gave."""

    total: Counter[str]
    found: Counter[str]
    covered: Counter[str]
    right: Counter[str]
    innocent: int
    stopped: int
    remarks: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of planted identifiers that were found."""
        return self.found.total() / max(1, self.total.total())

    @property
    def false_stops(self) -> float:
        """The share of innocent texts that were stopped."""
        return self.stopped / max(1, self.innocent)


@cache
def measure(part: str) -> Figures:
    """Run the check over a part of the sets."""
    known = people()
    total, hits, covered, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    innocent_texts, stopped, remarks, missed = 0, 0, list[str](), list[str]()
    for case in cases(part):
        with patch("portal.showcase.redaction.dates.today", return_value=WRITTEN_ON):
            findings = check(case.text, known[case.person], case.lang)
        seen = [(finding.text, finding.kind) for finding in findings]
        if not case.plants:
            innocent_texts += 1
            stopped += bool(findings)
            remarks += [f"stopped {case.lang} {case.person} {case.text} {seen}"] if findings else []
        for plant in case.plants:
            total[plant.kind] += 1
            hits[plant.kind] += found(plant, findings)
            covered[plant.kind] += well_covered(plant, findings)
            right[plant.kind] += right_kind(plant, findings)
            if not found(plant, findings):
                missed.append(f"{plant.kind} ({case.lang}): “{case.text[plant.start : plant.end]}”")
            if not right_kind(plant, findings):
                words = case.text[plant.start : plant.end]
                remarks.append(f"missed {plant.kind} {case.lang} {case.way} [{words}] {case.text} {seen}")
    return Figures(total, hits, covered, right, innocent_texts, stopped, tuple(remarks), tuple(missed))


def report(part: str) -> None:
    """Print recall per kind, misses and false stops."""
    figures = measure(part)
    for kind, count in (*sorted(figures.total.items()), ("all", figures.total.total())):
        counters = (figures.found, figures.covered, figures.right)
        hits, covered, right = (each.total() if kind == "all" else each[kind] for each in counters)
        each = max(1, count)
        shares = f"{hits / each:7.1%}   half covered {covered / each:7.1%}   of that kind {right / each:7.1%}"
        print(f"{kind:16} {hits:4} of {count:4} {shares}")
    print(f"innocent texts stopped: {figures.stopped} of {figures.innocent} {figures.false_stops:.1%}")
    print("\n".join(figures.remarks))


def block() -> str:
    """The figures as docs/privacy.md publishes them: recall per kind on all sets, false stops, and every miss."""
    figures = measure("all")
    rows = ["| Kind | Found | Share | Half covered |", "|---|---|---|---|"]
    for kind in (*sorted(figures.total), "all"):
        count, hits, covered = (
            counter.total() if kind == "all" else counter[kind]
            for counter in (figures.total, figures.found, figures.covered)
        )
        rows.append(f"| {kind} | {hits} of {count} | {hits / count:.1%} | {covered / count:.1%} |")
    stops = f"False stops: {figures.stopped} of {figures.innocent} innocent texts ({figures.false_stops:.1%})."
    misses = [f"- {miss}" for miss in dict.fromkeys(figures.missed)]
    return "\n".join([*rows, "", stops, "", "Not found:", "", *misses])


def published() -> str:
    """What docs/privacy.md says now."""
    return PUBLISHED.read_text(encoding="utf-8").split(MARKS[0])[1].split(MARKS[1])[0].strip()


def write() -> None:
    """Put the figures of today into docs/privacy.md."""
    content = PUBLISHED.read_text(encoding="utf-8")
    head, rest = content.split(MARKS[0])
    tail = rest.split(MARKS[1])[1]
    PUBLISHED.write_text(f"{head}{MARKS[0]}\n{block()}\n{MARKS[1]}{tail}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        report(sys.argv[1] if len(sys.argv) > 1 else "all")
