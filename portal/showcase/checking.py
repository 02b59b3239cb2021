"""The redaction check over the sentences of a profile: what it finds is kept with the sentence, and a person decides."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portal.candidates import identities
from portal.foundation import acting
from portal.foundation.options import label
from portal.journal import service as journal
from portal.showcase.models import Profile, Sentence
from portal.showcase.redaction import Finding, Known, check


@dataclass(frozen=True)
class Found:
    """One finding in a sentence as a person looks at it. `mark` names it in a form; `kept`: somebody decided to keep it."""

    start: int
    end: int
    text: str
    kind: str
    why: str
    suggestion: str
    mark: str
    kept: bool = False

    @property
    def kind_label(self) -> str:
        return label("showcase", "finding_kinds", self.kind)

    @property
    def reason(self) -> str:
        return label("showcase", "finding_reasons", self.why)

    @property
    def help(self) -> str:
        return label("showcase", "finding_suggestions", self.suggestion)


def look(profile: Profile, sentences: Iterable[Sentence], keep: frozenset[str] = frozenset()) -> None:
    """Check every sentence against what is known of the person; `keep`: marks of findings that somebody looked at."""
    known = Known.from_json(identities.known(profile.candidate_id, "redaction check"))
    for sentence in sentences:
        about = (str(sentence.kind), str(sentence.competence_id))
        found = [_found(one, *about) for one in check(sentence.text, known, profile.language)]
        before = {one["mark"]: one for one in sentence.kept_findings or []}
        fresh = [
            asdict(one) | {"by": acting.person_id()} for one in found if one.mark in keep and one.mark not in before
        ]
        for one in fresh:
            journal.note("finding.kept", profile, kind=one["kind"], why=one["why"])
        sentence.findings = [asdict(one) for one in found]
        marks = {one.mark for one in found}
        sentence.kept_findings = [one for one in [*before.values(), *fresh] if one["mark"] in marks]


def look_at(candidate_id: int, where: str, text: str, language: str) -> list[Found]:
    """What the check finds in a text about somebody that is no sentence of a profile; nothing is kept but that it was compared.

    `where` keeps the marks of two texts apart.
    """
    if not text:
        return []
    known = Known.from_json(identities.known(candidate_id, "redaction check"))
    return [_found(one, where) for one in check(text, known, language)]


def _found(one: Finding, *about: str) -> Found:
    # The same words for the same reason are one decision, wherever they stand in the text.
    told = "|".join((*about, one.kind, one.why, one.text))
    mark = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Found(one.start, one.end, one.text, one.kind, one.why, one.suggestion, mark)


def findings(sentence: Sentence) -> list[Found]:
    """What the last check found in a sentence, in the order of its text."""
    kept = {one["mark"] for one in sentence.kept_findings or []}
    return [Found(**{**one, "kept": one["mark"] in kept}) for one in sentence.findings or []]


def undecided(sentences: Iterable[Sentence]) -> list[Found]:
    """The findings that nobody has decided on."""
    return [one for sentence in sentences for one in findings(sentence) if not one.kept]


def pieces(text: str, found: Sequence[Any]) -> list[tuple[str, Any]]:
    """The text cut at its findings, so that a page can mark each in place: (words, finding or None)."""
    cut: list[tuple[str, Any]] = []
    at = 0
    for one in sorted(found, key=lambda f: f.start):
        cut += [(text[at : one.start], None), (text[one.start : one.end], one)]
        at = one.end
    return [(words, one) for words, one in [*cut, (text[at:], None)] if words]
