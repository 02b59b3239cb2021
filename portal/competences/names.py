"""Finding a row of the catalogue by any of its names, in any language, with or without accents.

A row keeps all its names in `found_by`: a line a language, the language's code first, a tab between names.
"""

from collections.abc import Iterable, Mapping

from portal.foundation import folding

_LONGEST_LINE = 1200


def folded(text: str) -> str:
    """A name without case and accents, on one line: "Machines à café" and "MACHINES A CAFE" are one."""
    return " ".join(folding.folded(text).split())


def line(names: Iterable[str]) -> str:
    """The names of one language, each once, the preferred one first; cut where a list of synonyms has no end."""
    once = dict.fromkeys(folded(name) for name in names)
    return "\t".join(name for name in once if name)[:_LONGEST_LINE]


def lines(found_by: str) -> dict[str, str]:
    """The line of each language."""
    return dict(one.split("\t", 1) for one in found_by.split("\n") if "\t" in one)


def kept(by_language: Mapping[str, str]) -> str:
    return "\n".join(f"{code}\t{by_language[code]}" for code in sorted(by_language) if by_language[code])
