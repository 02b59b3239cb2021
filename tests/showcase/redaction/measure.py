"""Measures the check on the two sets beside it: what is found, what is stopped, and what is missed.

    python -m tests.showcase.redaction.measure [train | held_out]
"""

import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.showcase.redaction import Finding, Known, check

SETS = Path(__file__).parent / "sets"
LANGUAGES = ("nl", "fr", "en")
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
    held_out: bool


def people() -> dict[str, Known]:
    """The candidates that the sets are about."""
    raw = json.loads((SETS / "people.json").read_text(encoding="utf-8"))
    return {name: Known.from_json(values) for name, values in raw.items()}


def hide(words: str, way: str) -> str:
    """The ways in which somebody might, on purpose or not, hide a word from a search."""
    match way:
        case "zw":
            return "\u200b".join(words)
        case "cyr":
            return words.translate(_LOOKALIKE)
        case "full":
            return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in words)
        case "up":
            return words.upper()
        case "low":
            return words.lower()
        case "accent":
            return "".join(char + "\u0301" if char in "aeiouy" else char for char in words)
        case "leet":
            return words[0] + words[1:].translate(_LEET)
        case "spaced":
            return " ".join(words)
    return words


def _lines(name: str) -> list[str]:
    lines = (SETS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def planted() -> Iterator[Case]:
    """Each line once for every way of hiding; every third line is held out from tuning."""
    for lang in LANGUAGES:
        for place, line in enumerate(_lines(f"planted_{lang}.txt")):
            person, ways, marked = (part.strip() for part in line.split("|", 2))
            for way in ways.split(",") if ways else ("plain",):
                yield _case(lang, person, way.strip(), marked, held_out=place % 3 == 2)


def _case(lang: str, person: str, way: str, marked: str, *, held_out: bool) -> Case:
    text, plants, last = "", [], 0
    for match in _PLANT.finditer(marked):
        text += marked[last : match.start()]
        words = hide(match["words"], way)
        plants.append(Plant(len(text), len(text) + len(words), match["kind"]))
        text += words
        last = match.end()
    return Case(lang, person, way, text + marked[last:], tuple(plants), held_out)


def innocent() -> Iterator[Case]:
    """Each sentence for two candidates, so that names that are plain words get their chance."""
    names = list(people())
    for lang in LANGUAGES:
        for place, text in enumerate(_lines(f"innocent_{lang}.txt")):
            for person in (names[place % len(names)], names[(place + 5) % len(names)]):
                yield Case(lang, person, "plain", text, (), held_out=place % 3 == 2)


def found(plant: Plant, findings: list[Finding]) -> bool:
    """At least half of the planted words lie under findings that are not much longer."""
    covered = sum(max(0, min(plant.end, f.end) - max(plant.start, f.start)) for f in findings)
    return covered * 2 >= plant.end - plant.start


def right_kind(plant: Plant, findings: list[Finding]) -> bool:
    """One of the findings there is of the kind that was planted."""
    return any(f.kind == plant.kind for f in findings if f.start < plant.end and plant.start < f.end)


def report(part: str) -> None:
    """Print recall per kind, misses and false stops."""
    known = people()
    total, hit, kinds, lines = Counter[str](), Counter[str](), Counter[str](), []
    for case in planted():
        if part == "all" or case.held_out == (part == "held_out"):
            findings = check(case.text, known[case.person], case.lang)
            for plant in case.plants:
                total[plant.kind] += 1
                hit[plant.kind] += found(plant, findings)
                kinds[plant.kind] += right_kind(plant, findings)
                if not found(plant, findings):
                    lines.append(f"  missed {plant.kind:9} {case.lang} {case.way:6} {case.person:7} {case.text}")
                elif not right_kind(plant, findings):
                    seen = [(f.text, f.kind) for f in findings]
                    lines.append(f"  kind   {plant.kind:9} {case.lang} {case.way:6} {case.text} {seen}")
    for kind in sorted(total):
        print(f"{kind:16} {hit[kind]:4} / {total[kind]:4}  {hit[kind] / total[kind]:6.1%}  kind {kinds[kind] / total[kind]:6.1%}")
    print(f"{'all':16} {hit.total():4} / {total.total():4}  {hit.total() / total.total():6.1%}  kind {kinds.total() / total.total():6.1%}")
    _report_stops(part, known, lines)


def _report_stops(part: str, known: dict[str, Known], lines: list[str]) -> None:
    stops, count = 0, 0
    for case in innocent():
        if part == "all" or case.held_out == (part == "held_out"):
            count += 1
            if findings := check(case.text, known[case.person], case.lang):
                stops += 1
                lines.append(f"  stop {case.lang} {case.person:7} {case.text} {[(f.text, f.kind) for f in findings]}")
    print(f"innocent stopped {stops} / {count}  {stops / count:.1%}")
    print("\n".join(lines))


if __name__ == "__main__":
    began = time.perf_counter()
    report(sys.argv[1] if len(sys.argv) > 1 else "all")
    print(f"{time.perf_counter() - began:.1f} s", unicodedata.unidata_version)
