"""Makers, tools, plants and dishes that look like a person, a place or a firm."""

from collections.abc import Iterable, Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.phrases import Phrasebook, Sentence, Words, cut

_FREE: frozenset[Kind] = frozenset({"name", "place", "gender", "family", "origin", "religion", "health", "age"})
"""What the name of a product may be mistaken for; a firm is only one where somebody worked."""
_ARTICLES = frozenset({"een", "de", "het", "un", "une", "le", "la", "the", "a", "an", "mijn", "sa", "ma", "my"})
_NEAR = 6


_TRADE = (
    "chauffeur", "bediende", "lasser", "bewerker", "werker", "verwerker", "maker", "elaar", "operator", "bediening", "heid", "ing", "tie", "eerder",
    "tion", "sion", "isme", "eur", "euse", "erie", "able", "ible", "ness", "ful", "ship", "ware", "work", "truck", "licht", "controle", "zorg", "bouw",
    "management", "onderhoud", "houd", "truc", "ique", "iek", "ogie", "ology", "ies", "als", "eos",
)  # fmt: skip


def is_trade_word(word: str) -> bool:
    """A job, a skill or a virtue that somebody wrote with a capital."""
    return len(word) > 5 and word.endswith(_TRADE)


@cache
def _exact() -> frozenset[str]:
    return frozenset(name[1:] for name in lexicon.words("products") if name.startswith("="))


@cache
def _products() -> Phrasebook[bool]:
    """The meaning tells whether the writing must be exactly so."""
    names = {cut(name): False for name in lexicon.words("products") | lexicon.words("brands")}
    return Phrasebook(names | {cut(name): True for name in _exact()})


@cache
def product_forms() -> frozenset[Words]:
    """All of them as plain words."""
    return frozenset(cut(name.removeprefix("=")) for name in lexicon.words("products"))


@cache
def _named() -> Phrasebook[tuple[str, ...]]:
    """Those that bear a person's name, with the beginnings of the words that must stand near."""
    forms: dict[Words, tuple[str, ...]] = {}
    for line in lexicon.sections("products_named"):
        cues, names = line
        for name in names:
            forms[cut(name)] = (*forms.get(cut(name), ()), *cues)
    return Phrasebook(forms)


def free_words(text: Sentence) -> frozenset[int]:
    """The words of a text that are a product's name; several searches ask for the same text."""
    kept: dict[str, frozenset[int]] = vars(text)
    if "free_words" not in kept:
        kept["free_words"] = _free_words(text)
    return kept["free_words"]


def _free_words(text: Sentence) -> frozenset[int]:
    found: set[int] = set()
    for index, count, exact in _products().search(text):
        written = text.reading.text[text.words[index].start : text.words[index + count - 1].end]
        if written in _exact() if exact else any(word.capital for word in text.words[index : index + count]):
            found.update(range(index, index + count))
    for index, count, cues in _named().search(text):
        if text.words[index].capital and _beside(text, index, count, cues):
            found.update(range(index, index + count))
    return frozenset(found)


def _beside(text: Sentence, index: int, count: int, cues: tuple[str, ...]) -> bool:
    around = (*text.before(index, _NEAR), *text.after(index + count - 1, _NEAR))
    return any(word.startswith(cues) for word in around)


def without_products(text: Sentence, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits that are no product; what the file knows, or what is introduced as a person, stays."""
    all_hits = list(hits)
    free = free_words(text) if any(map(_doubtful, all_hits)) else frozenset()
    for hit in all_hits:
        if not (free and _doubtful(hit) and _is_product(text, hit, free)):
            yield hit


def _doubtful(hit: Hit) -> bool:
    return hit.kind in _FREE and not hit.why.startswith("known_") and hit.why != "introduced_name"


def _is_product(text: Sentence, hit: Hit, free: frozenset[int]) -> bool:
    inside = [index for index, word in enumerate(text.words) if hit.start < word.end and word.start < hit.end]
    named = [index for index in inside if index in free]
    return bool(named) and all(index in free or text.words[index].lower in _ARTICLES for index in inside)
