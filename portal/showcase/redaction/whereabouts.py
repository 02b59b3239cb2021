"""Places that no list of towns holds: by-names, and any name after "lives in"."""

import re
from collections.abc import Iterator
from functools import cache

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.phrases import Phrasebook, Sentence, cut, everyday
from portal.showcase.redaction.places import municipalities
from portal.showcase.redaction.products import free_words, is_trade_word

_CAP = r"[A-Z][\w'\-]{2,}(?:\s[A-Z][\w'\-]{2,})?"
_LEAD = r"(?:(?:de|het|den|'t|la|le|les|the|buurt van|omgeving van|wijk|quartier|region|regio|rand van|gemeente|dorpje?|village de|commune de)\s|l')?"
_LIVES = re.compile(
    r"(?<!\w)(?i:woont|woonde|woon|woonachtig|wonende|verblijft|pendelt|verhuisde|verhuisd|vertrekt|spoort|habite|habitait|vit|vivait|loge|logeait|reside|residant|domicilie?e?"
    r"|opgegroeid|opgroeide|groeide|grootgebracht|geboren|getogen|grandi|nee?|originaire|grew up|grown up|raised|brought up|born|hails|komt|kwam|afkomstig"
    r"|vient|lives?|lived|living|stays|resides|based|commutes|moved|comes)"
    rf"(?:\s[a-z']+){{0,3}}?\s(?:in|te|uit|vanuit|naar|a|au|aux|dans|depuis|de|du|from|near|to|outside|bij|nabij|pres de|vlakbij|rond)\s{_LEAD}(?P<name>{_CAP})"
)
_NEAR = re.compile(
    rf"(?<!\w)(?i:in de (?:buurt|omgeving|regio) van|woonplaats|domicile|residence|uit de streek van|du cote de|aux alentours de|dans la region de|home is|home town|thuis is|woont te)[\s:]+{_LEAD}(?P<name>{_CAP})"
)
_STOP = re.compile(
    rf"(?<!\w)(?i:metro|metrostation|tramhalte|bushalte|halte|station|gare|arret)\s(?:(?:a|van|de|in|te|of|at)\s)?(?P<name>{_CAP})"
)
_TOWN = re.compile(
    r"(?<!\w)(?i:in|uit|vanuit|naar|van|rond|bij) (?:de|het) (?P<name>(?:[A-Z][\w'\-]+\s)?(?!Binnen|Hoofd|Voor|Bouw|Haven|Wereld|Slaap|Rand|Oude|Boven|Beneden|Groot|Klein)[A-Z][a-z]{4,}sta(?:d|tje))(?!\w)"
)
_AROUND = re.compile(r"(?<!\w)(?:het|'t|de) (?P<name>(?P<stem>[A-Z][a-z]{2,}?)(?:er|en)?se)(?!\w)")
_CLIPPED = re.compile(r"(?<!\w)(?P<first>[A-CE-KM-Z]|[DL](?!'[aeiouyh]))'(?P<tail>[a-z]{4,})(?!\w)")


@cache
def _bynames() -> Phrasebook[bool]:
    forms = {cut(name) for name in lexicon.words("place_bynames")}
    articles = {form[1:] for form in forms if len(form) > 2 and form[0] in {"de", "la", "the"}}
    return Phrasebook(dict.fromkeys(forms | articles, True))


@cache
def _countries() -> frozenset[str]:
    names = lexicon.words("countries") | lexicon.words("countries_near")
    return frozenset(word for name in names for word in cut(name) if len(word) > 3)


def find_whereabouts(text: Sentence) -> Iterator[Hit]:
    """What a town is called, and unknown names where somebody lives."""
    for index, count, _ in _bynames().search(text):
        first, last = text.words[index], text.words[index + count - 1]
        if count > 1 or len(first.lower) > 9 or (text.named(index) and first.lower not in everyday()):
            yield Hit(first.start, last.end, "place", "place")
    yield from _clipped(text)
    yield from _adjectives(text)
    for pattern in (_LIVES, _NEAR, _STOP, _TOWN):
        for match in pattern.finditer(text.reading.text):
            if _may_be_place(text, match):
                yield Hit(*match.span("name"), "place", "place")


def _adjectives(text: Sentence) -> Iterator[Hit]:
    """ "In het Genkse"."""
    for match in _AROUND.finditer(text.reading.text):
        stem = match["stem"].lower()
        if any(
            town.startswith(stem) and len(town) - len(stem) < 4
            for town in _long_towns() | {"genk", "mol", "lier", "geel"}
        ):
            yield Hit(*match.span("name"), "place", "place")


def _clipped(text: Sentence) -> Iterator[Hit]:
    """ "R'selare", "D'monde"."""
    for match in _CLIPPED.finditer(text.reading.text):
        first, tail = match["first"].lower(), match["tail"].lower()
        if any(town.startswith(first) and town.endswith(tail) for town in _long_towns()):
            yield Hit(*match.span(), "place", "place")


@cache
def _long_towns() -> frozenset[str]:
    names = (name for names in municipalities() for name in names)
    return frozenset("".join(cut(name)) for name in names if len(name) > 5)


def _may_be_place(text: Sentence, match: re.Match[str]) -> bool:
    """Days, languages and machines are none."""
    words = cut(match["name"])
    if text.shouting or any(
        word in lexicon.words("allowed") or word in _countries() or is_trade_word(word) for word in words
    ):
        return False
    if re.split(r"[\s\-]", match["name"])[0] in lexicon.words("abbreviations"):
        return False
    free = free_words(text)
    return not any(text.words[index].start == match.start("name") for index in free)
