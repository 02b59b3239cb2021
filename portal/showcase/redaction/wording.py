"""Words and turns of phrase that give away a past, a gender, an origin, a family or a health."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading

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
    found: re.Pattern[str] | None
    accented: re.Pattern[str] | None
    innocent: re.Pattern[str] | None

    def search(self, reading: Reading) -> Iterator[Hit]:
        """Matches that no innocent phrase covers."""
        passed_over = spans(self.innocent, reading.lower)
        cased = self.found and self.found.flags & re.IGNORECASE
        for start, end in spans(self.found, reading.text if cased else reading.lower):
            if not any(left <= start and end <= right for left, right in passed_over):
                yield Hit(start, end, self.kind, self.kind)

    def search_accents(self, raw: Reading) -> Iterator[Hit]:
        """Words that only their accents tell from others, such as a married person from a name."""
        for start, end in spans(self.accented, raw.lower):
            yield Hit(start, end, self.kind, self.kind)


def spans(pattern: re.Pattern[str] | None, text: str) -> list[tuple[int, int]]:
    """Where a pattern matches, matches that overlap taken together; no pattern matches nowhere."""
    joined: list[tuple[int, int]] = []
    for match in pattern.finditer(text) if pattern else ():
        start, end = match.span(1)
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


@cache
def wordings(lang: str) -> tuple[Wording, ...]:
    """The lists of a language with those of all; an unknown language gets every list."""
    sections = ("all", lang) if lang in LANGUAGES else ("all", *LANGUAGES)
    return tuple(_wording(kind, sections) for kind in _KINDS)


def _wording(kind: Kind, sections: tuple[str, ...]) -> Wording:
    return Wording(
        kind,
        *(pattern(kind, sections, use) for use in ("found", "accented", "innocent")),
    )


@cache
def pattern(list_name: str, sections: tuple[str, ...], use: str) -> re.Pattern[str] | None:
    """One use of a list, for some of its sections, as one expression."""
    content = lexicon.table(list_name)
    lines = "\n".join(content.get(section, {}).get(use, "") for section in sections)
    return lexicon.either(lexicon.expressions(lines))
