"""Ages that no word for years goes with: "Twenty-four, cycles to work", "is nog maar 33"."""

import re
from collections.abc import Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading

_NUMBER = r"(?:1[6-9]|[2-6]\d)"
_ANY = re.compile(r"(?<!\d)[1-9]\d(?!\d)|\d \w+ (?:ans|jaar|years)|(?:twee|deux|two|twice)\s")
_YEARS = r"(?:\s?(?:jaar|jaren|ans|years?(?: old| of age| young)?|lentes|zomers|winters|printemps|balais|summers))"
_END = r"(?=\s?(?:[,;.!)]\s|[,;.!)]?$)|\s(?:en|et|and|maar|mais|but|dus|donc|so)\s)"
_NO_COUNT = r"(?!\s?(?:[,.;/\-]|en|et|and|of|ou|or|a|tot|to)\s?\d)"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """At the head of a sentence, behind "only", behind "is", with years, and as a sum."""
    lists = lexicon.table("ages")["all"]
    only, being, no_age = ("|".join(lexicon.expressions(lists[use])) for use in ("only", "being", "no_age"))
    return (
        re.compile(rf"(?:^|[.!?;:•]\s+|\n)[\"'(]?(?P<age>{_NUMBER}{_YEARS}?){_NO_COUNT}{_END}"),
        re.compile(rf"(?<!\w)(?:{only})\s(?P<age>{_NUMBER}){_NO_COUNT}{_END}"),
        re.compile(rf"(?<!\w)(?:{being})\s(?P<age>{_NUMBER}){_NO_COUNT}{_END}"),
        re.compile(
            rf"(?:(?<!\w)(?:met|a|avec|op|aux) |(?:^|[.!?]\s))(?P<age>{_NUMBER}{_YEARS})(?!\w)(?!\s(?:{no_age}))"
        ),
        re.compile(rf"(?:^|[.!?;]\s+)(?:is|ben|am|wordt)\s(?P<age>{_NUMBER}){_NO_COUNT}{_END}"),
        re.compile(rf"(?:^|[.!?;]\s*)(?:at|a|op)\s(?P<age>{_NUMBER}),\s(?!\d)"),
        re.compile(
            r"(?<!\w)(?P<age>(?:\d{1,2}|twee|two|deux|trois|quatre|drie|vier|twice|deux|tweemaal|thrice)(?:\s(?:fois|keer|maal|times|x))?\s(?:1\d|onze|elf|2\d|7|8|9)"
            rf"{_YEARS})(?!\w)(?!\s(?:{no_age}))"
        ),
    )


def find_ages(reading: Reading) -> Iterator[Hit]:
    """A number of years that somebody may have who works."""
    for pattern in _patterns() if _ANY.search(reading.lower) else ():
        for match in pattern.finditer(reading.lower):
            yield Hit(*match.span("age"), "age", "age")
