"""The check itself: every way to read the text, through every search, into one list."""

from collections.abc import Callable, Iterable, Iterator

from portal.showcase.redaction import contacts
from portal.showcase.redaction.finding import Finding, Hit
from portal.showcase.redaction.folding import Reading, read
from portal.showcase.redaction.known import Known

Search = Callable[[Reading], Iterable[Hit]]


def check(text: str, known: Known, lang: str) -> list[Finding]:
    """What a person must look at before the text leaves the team, in the order of the text."""
    found = set(_findings(text, known, lang))
    return _without_overlap(found)


def _findings(text: str, known: Known, lang: str) -> Iterator[Finding]:
    reading = read(text)
    for search in _searches(known, lang):
        for hit in search(reading):
            start, end = reading.origin(hit.start, hit.end)
            yield Finding(start, end, text[start:end], hit.kind, hit.why)


def _searches(known: Known, lang: str) -> list[Search]:
    return [contacts.find_emails, contacts.find_links]


def _without_overlap(found: Iterable[Finding]) -> list[Finding]:
    """One finding a stretch: what the file knows goes first, then the longest."""
    kept: list[Finding] = []
    for finding in sorted(found, key=_weight):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept)


def _weight(finding: Finding) -> tuple[bool, int, int]:
    return not finding.why.startswith("known_"), finding.start - finding.end, finding.start
