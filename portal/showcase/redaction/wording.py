"""Words and turns of phrase that give away a past, a gender, an origin, a family or a health."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finder import Finder
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.phrases import Sentence
from portal.showcase.redaction.rows import rows
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
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What one kind looks for in one language, and what it passes over."""

    kind: Kind
    found: Finder
    turns: Turns
    accented: Finder
    innocent: Finder

    def search(self, text: Sentence) -> Iterator[Hit]:
        """Matches that no innocent phrase covers."""
        reading = text.reading
        found = [*self.found.spans(reading.text, reading.lower), *self.turns.spans(text)]
        passed_over = self.innocent.spans(reading.text, reading.lower) if found else []
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


def _wording(kind: Kind, sections: tuple[str, ...]) -> Wording:
    found, accented, innocent = (finder(kind, sections, use) for use in ("found", "accented", "innocent"))
    return Wording(kind, found, turns(kind, sections), accented, innocent)


@cache
def finder(list_name: str, sections: tuple[str, ...], use: str) -> Finder:
    """One use of a list, for some of its sections."""
    content = lexicon.table(list_name)
    lines = "\n".join(content.get(section, {}).get(use, "") for section in sections)
    return Finder(lexicon.expressions(lines))


@cache
def turns(list_name: str, sections: tuple[str, ...]) -> Turns:
    """The rows of a list, with the classes of words that they name."""
    content = lexicon.table(f"turns/{list_name}")
    shared = lexicon.table("turns/classes")
    made = []
    for section in sections:
        part = content.get(section, {})
        classes = {**shared.get("all", {}), **shared.get(section, {}), **part.get("classes", {})}
        made += rows(part.get("rows", ""), classes, part.get("unless", ""))
    return Turns(made)
