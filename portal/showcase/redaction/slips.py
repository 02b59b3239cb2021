"""Telling words with a slip of the pen: a letter too many, too few or another one, or a blank inside.

The words stand in `words/telling.toml`; only long ones, of which few plain words are one letter away.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import get_args

from rapidfuzz.distance import OSA

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.phrases import Sentence, cut
from portal.showcase.redaction.places import municipalities

_SHORTEST = 6


@cache
def _telling() -> dict[str, Kind]:
    lists = lexicon.table("telling")["all"]
    return {word: kind for kind in get_args(Kind) for word in lists.get(kind, "").split()}


@cache
def _shorn() -> dict[str, tuple[str, ...]]:
    """Each telling word, and each with one letter left out, with the words that it may stand for."""
    table: dict[str, tuple[str, ...]] = {}
    for word in _telling():
        for form in _without_one(word):
            table[form] = (*table.get(form, ()), word)
    return table


def _without_one(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


@cache
def _towns() -> frozenset[str]:
    return frozenset("".join(cut(name)) for names in municipalities() for name in names if len(name) > 5)


@cache
def _plain() -> frozenset[str]:
    return frozenset(lexicon.table("telling")["all"]["plain"].split())


def find_slips(text: Sentence) -> Iterator[Hit]:
    """Words that are nearly telling, and two that are one together."""
    for index, word in enumerate(text.words):
        kind = _meant(word.lower)
        if kind:
            yield Hit(word.start, word.end, kind, kind)
        if index and text.bonds[index] == 2:
            yield from _broken(text, index)


@lru_cache(maxsize=16384)
def _slip(word: str) -> Kind | None:
    for form in _without_one(word):
        for telling in _shorn().get(form, ()):
            if telling != word and OSA.distance(telling, word, score_cutoff=1) <= 1:
                return _telling()[telling]
    return None


def _meant(word: str) -> Kind | None:
    if len(word) < _SHORTEST or not word.isalpha() or word in _plain() or word in _telling():
        return None
    return _slip(word)


def _broken(text: Sentence, index: int) -> Iterator[Hit]:
    """ "enkel band", "Oost-ende"."""
    first, second = text.words[index - 1], text.words[index]
    whole = first.lower + second.lower
    if len(whole) < _SHORTEST or whole in _plain():
        return
    kind = _telling().get(whole)
    if kind is None and first.capital and whole in _towns() and not text.shouting:
        kind = "place"
    if kind:
        yield Hit(first.start, second.end, kind, kind)
