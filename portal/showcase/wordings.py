"""Words that companies will read and that no profile holds: names of lists that a coordinator makes longer."""

from typing import Any

from portal.foundation.errors import DomainError
from portal.foundation.words import LANGUAGES, lazy
from portal.showcase.redaction.check import check
from portal.showcase.redaction.known import Known


class SpeaksOfThePast(DomainError):
    """`text`: the word that gives it away."""

    def __init__(self, text: str, language: str) -> None:
        super().__init__(
            lazy("Companies read this name. “%(word)s” speaks of somebody's past: name the work.", word=text),
            field=language,
        )


def refuse_the_past(names: Any) -> None:
    """`names`: nl, fr and en. Raises SpeaksOfThePast."""
    for language in LANGUAGES:
        for finding in check(getattr(names, language), Known.from_json({}), language):
            if finding.kind in {"offence", "detention"}:
                raise SpeaksOfThePast(finding.text, language)
