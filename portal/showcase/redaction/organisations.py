"""Employers, schools and sites: those on file in every shortening, and any others."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from portal.showcase.redaction import lexicon
from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading, fold
from portal.showcase.redaction.known import Known
from portal.showcase.redaction.phrases import Phrasebook, Sentence, Words, cut, everyday
from portal.showcase.redaction.places import municipalities
from portal.showcase.redaction.products import is_trade_word, product_forms

_FORMS = lexicon.terms("organisations_forms")
_GENERAL = lexicon.terms("organisations_general")
_CAP = r"[A-Z][\w&'.\-]*"
_NAME = rf"{_CAP}(?:\s(?:(?:en|et|&|de|van|den|der|du|la|le|and|of)\s)?(?:{_CAP}|&)){{0,4}}"
_LEGAL = re.compile(
    rf"(?<!\w)(?P<name>{_NAME})\s(?:N\.?V\.?|BV|B\.V\.|BVBA|CVBA|VZW|SA|S\.A\.|SRL|SPRL|ASBL|SCRL|GmbH|Ltd|Inc|LLC|PLC|Comm\.?V|nv|bvba|vzw|srl|sprl|asbl|cvba|bv)(?![\w.])"
)
_SMALL_LEGAL = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_][\w&'\-]{2,}(?:\s(?:en|&)\s\w{3,})?)\s(?:bvba|sprl|srl|cvba|asbl|gmbh|nv)(?![\w.])"
)
_AT = re.compile(
    rf"(?<!\w)(?P<at>bij|chez|at)\s(?:(?:de|het|la|le|the)\s)?(?:(?:firma|bedrijf|societe|company|entreprise)\s)?(?P<name>{_NAME})"
)
_FOR = re.compile(
    rf"(?<!\w)(?i:werkt?e?n?|gewerkt|reed|poetste?|bakte|metselde|laste?|chauffeur|ervaring|stage|interim|leverde|sorteerde|travaill\w+|soude\w*|roule|conduit|livre|worked|works|drove|packed|welded|cleaned|temped|deed|klussen|verbouwingen|kookte|stond|jaar|ans|years|diensten?)(?:\s[\w']+){{0,3}}?\s(?:voor|pour|for|via|with|through)\s(?:(?:de|het|la|le|the)\s)?(?P<name>{_NAME})"
)
_CALLED = re.compile(
    rf"(?<!\w)(?i:firma|het bedrijf|\w{(3,)}bedrijf|entreprise|bedrijf|werkgever|societe|l'entreprise|l'employeur|employeur|company|employer|garage|restaurant|bakkerij|slagerij|boulangerie|boucherie|brasserie|cafe|hotel|brouwerij|supermarkt|interimkantoor|aannemer|bouwbedrijf|transportbedrijf|transport|transports|schrijnwerkerij|beenhouwerij|kwekerij|frituur|usine|fabriek|magasin|winkel|agence|ateliers|etablissements|ets|forges|laminoirs|carrieres|laiterie|gebroeders|gebrs?\.?|freres)\s(?:de la\s|de l'|du\s|des\s)?(?P<name>{_CAP}(?:\s(?:(?:en|et|&|de|van|and)\s)?{_CAP}){{0,3}})"
)
_MAKER = re.compile(
    rf"(?<!\w)(?i:\w*(?:fabrikant|producent|bedrijf|keten|ketens|uitbater|manufacturer|company|chain|maker|producer|fabricant|enseigne|producteur|constructeur)),\s(?P<name>{_CAP}(?:\s{_CAP})?)(?=[.,;]|$)"
)
_HOUSE = re.compile(
    rf"(?<!\w)(?P<name>(?i:az|uz|wzc|rvt|olv|zna|gza|chu|chr|chc|chwapi|chirec|eta|rest|woonzorgcentrum|rusthuis|ziekenhuis|hopital|clinique|cliniques|polyclinique|kliniek|algemeen ziekenhuis|universitair ziekenhuis|hospital|residence|residentie|maison de repos|home(?=\s(?:les|la|le|saint|sint)\s)|kringwinkel|kringloopwinkel|maatwerkbedrijf|beschutte werkplaats|sociale werkplaats|entreprise de travail adapte|atelier protege|sheltered workshop|dienstenchequebedrijf|traiteur|hoeve|ferme|boerderij|serres|tuinbouwbedrijf|camping|manege|drukkerij|imprimerie|wasserij|blanchisserie|apotheek|pharmacie)\s(?:(?:de|het|la|le|les|l'|den|ter|ten|d'|du)\s?)?{_CAP}(?:\s(?:(?:de|du|van|den|der)\s)?{_CAP}){{0,2}})"
)
_STUDIED = re.compile(
    rf"(?<!\w)(?i:diploma|getuigschrift|afgestudeerd|studeerde|gestudeerd|schoolgelopen|school gelopen|liep school|humanites|etudes|diplome[e]?|graduated|studied|degree|alumnus|leerling)\s(?:\w+\s){{0,1}}?(?:aan|van|bij|op|at|(?<!tudied )from|a|de|du|au)\s(?:(?:het|de|the|la|le)\s|l')?(?P<name>{_NAME})"
)
_SCHOOL = re.compile(
    r"(?i)(?:college|school|academy|academie|institut\w*|lyceum|lycee|athen\w+|tech|university|universite\w*|hogeschool|cvo|syntra|ligo|ifapme|cefa|vti|kta|pti|adult centre|training cent\w+|polytechnic)(?!\w)"
)
_OF_A_BOSS = re.compile(
    rf"(?<!\w)(?i:(?:ploeg)?baas|chef|meestergast|werfleider|zaakvoerder|verantwoordelijke|patron|gerant|responsable|contremaitre|boss|manager|supervisor|foreman)\s(?:van|bij|chez|at|de|from|of)\s(?P<name>{_CAP}(?:\s{_CAP}){{1,3}})"
)
_FAMILY = re.compile(
    rf"(?<!\w)(?P<name>{_CAP}(?:\s(?:(?:en|et|&|de|van|der|den)\s)?{_CAP}){{0,3}}\s(?:(?:&|en|et|and|\+)\s?(?:[Zz]n|[Zz]oo?n(?:en)?|[Ff]ils|[Ss]ons?|[Dd]ochters?|[Ff]illes?|Co|Cie|[Bb]roers?|[Ff]reres|[Pp]artners)|Freres|Brothers|Bros|Gebroeders))(?!\w)"
)
_TRADE_FIRST = re.compile(
    rf"(?<!\w)(?P<name>(?:[A-Z][a-z]*werken|[A-Z][a-z]+erij|Toitures?|Menuiserie|Plomberie|Constructions?|Entreprises?|Etablissements|Ets|Garages?|Transports?|Tuinen|Verhuizingen|Taxis?|Chauffage|Electricite|Nettoyage|Jardins|Meubles|Meubelen|Imprimerie|Traiteur)\s{_CAP}(?:\s{_CAP})?)(?!\w)"
)
_MACHINES = lexicon.terms("machines")
_WORKED = lexicon.terms("organisations_worked")
_NEXT_SENTENCE = re.compile(r"(?<=\w{4})\.\s.*$")
"""A name goes no further than its sentence, though "St. Jozef" has a full stop inside."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a form of an organisation's name stands for."""

    kind: Kind
    why: str
    clear: bool


@dataclass(frozen=True)
class Bodies:
    """The organisations on file."""

    book: Phrasebook[Body]
    parts: dict[str, Body]
    short: dict[str, Body]


@lru_cache(maxsize=64)
def bodies_of(known: Known) -> Bodies:
    """Worked out once for a candidate, then kept."""
    forms: dict[Words, Body] = {}
    short: dict[str, Body] = {}
    lists: tuple[tuple[Kind, Iterable[str]], ...] = (
        ("site", [known.site]),
        ("school", known.schools),
        ("employer", known.employers),
    )
    homes = set(cut(f"{known.birth_place} {known.address.municipality}"))
    for kind, names in lists:
        for name in names:
            for form in _forms(name):
                if not (len(form) == 1 and (form[0] in homes or (kind != "site" and _is_town(form[0])))):
                    forms[form] = Body(kind, f"known_{kind}", _clear(form))
            short |= {letters: Body(kind, f"known_{kind}", True) for letters in _acronyms(name)}
    parts = {form[0]: body for form, body in forms.items() if len(form) == 1 and len(form[0]) >= 6}
    return Bodies(Phrasebook(forms), parts, short)


@cache
def _towns() -> frozenset[str]:
    return frozenset("".join(cut(name)) for names in municipalities() for name in names)


def _is_town(word: str) -> bool:
    """A town in the name of a school is found as a place; alone it does not tell the school."""
    return word in _towns()


def _clear(form: Words) -> bool:
    if len(form) > 1 and len("".join(form)) > 9:
        return True
    return any(word not in everyday() and word not in _GENERAL and len(word) > 2 for word in form)


def _forms(name: str) -> Iterator[Words]:
    """In full, without its legal form, its own words alone, glued together."""
    words = tuple(word for word in cut(name) if word not in _FORMS)
    core = tuple(word for word in words if word not in _GENERAL)
    for form in (cut(name), words, core):
        if form and not set(form) <= _GENERAL:
            yield form
            yield ("".join(form),)
    if set(words) <= _GENERAL and len(words) > 1:
        yield words
    yield from ((word,) for word in core if len(word) >= 4)
    lead = words[-len(core) - 1 :] if core else ()
    if len(lead) > len(core) and lead[0] in {"de", "het", "la", "le", "les", "den", "der", "the"}:
        yield lead
    yield from _school_forms(words)


def _school_forms(words: Words) -> Iterator[Words]:
    """Sint-Jozefcollege is called Sint-Jozef, and St.-Jozef."""
    stem = re.sub(r"(?<=\w{4})(?:college|instituut|lyceum|school)$", "", words[-1]) if words else ""
    shorter = (*words[:-1], stem)
    for form in (words, shorter):
        if form != words:
            yield form
        if {"sint", "saint", "sainte"} & set(form):
            yield tuple({"sint": "st", "saint": "st", "sainte": "ste"}.get(word, word) for word in form)


def _acronyms(name: str) -> Iterator[str]:
    """First letters of three or more words, and what already is an abbreviation."""
    words = [word for word in re.findall(r"[\w'!]+", name) if fold(word) not in _FORMS]
    if len(words) >= 3:
        yield "".join(word[0] for word in words if word[0].isupper())
        yield "".join(word[0].upper() for word in words)
    yield from (word.strip("!") for word in words if word.strip("!").isupper() and 2 < len(word) < 6)


def find_own_organisations(known: Known, text: Sentence) -> Iterator[Hit]:
    """Those on file; a plain word only where it has a capital inside a sentence."""
    bodies = bodies_of(known)
    taken: set[int] = set()
    for index, count, body in bodies.book.search(text):
        inside = range(index, index + count)
        if (body.clear or any(text.named(place) for place in inside)) and not _a_machine(text, index, count):
            taken.update(inside)
            yield Hit(text.words[index].start, text.words[index + count - 1].end, body.kind, body.why)
    for index, word in enumerate(text.words):
        body_like = _like(bodies, text, index) if index not in taken else None
        if body_like:
            yield Hit(word.start, word.end, body_like.kind, body_like.why)


def _like(bodies: Bodies, text: Sentence, index: int) -> Body | None:
    """An abbreviation in capitals, or a long name with a slip."""
    word = text.words[index]
    written = text.reading.text[word.start : word.end]
    if written.isupper() and not text.shouting and len(written) > 2 and written not in lexicon.words("abbreviations"):
        return bodies.short.get(written)
    if len(word.lower) < 6 or word.lower in everyday() or not (word.capital or len(word.lower) > 8):
        return None
    slips = 2 if len(word.lower) > 8 and text.named(index) else 1
    alike = (part for part in bodies.parts if OSA.distance(part, word.lower, score_cutoff=slips) <= slips)
    found = next(alike, None)
    return bodies.parts[found] if found else None


def _a_machine(text: Sentence, index: int, count: int) -> bool:
    """ "Een wiellader van Volvo" is no work at Volvo."""
    form = tuple(word.lower for word in text.words[index : index + count])
    before = text.before(index, 2)
    machine = before[:-1] if before[-1:] in {("van",), ("de",), ("from",), ("by",)} else before[-1:]
    return form in product_forms() and bool(_MACHINES & set(machine))


@cache
def _well_known() -> Phrasebook[bool]:
    """The meaning tells whether the name is also a brand or a plain word."""
    book: dict[Words, bool] = {}
    for name in lexicon.words("employers"):
        form = cut(name)
        book[form] = name.endswith("!") or not _clear(form) or form in product_forms()
    return Phrasebook(book)


def find_employers(text: Sentence) -> Iterator[Hit]:
    """Well-known ones, and any that somebody worked "at" or that bear a legal form."""
    for index, count, brand in _well_known().search(text):
        last = text.words[index + count - 1]
        if not brand or _worked_there(text, index, last.end):
            yield Hit(text.words[index].start, last.end, "employer", "employer")
    yield from _by_pattern(text.reading)


def _worked_there(text: Sentence, index: int, end: int) -> bool:
    """A brand after "bij", and not in front of a machine."""
    if text.reading.text[end : end + 1] == "-" or not text.words[index].capital:
        return False
    before = text.before(index, 2)
    return (
        bool({"bij", "chez", "at"} & set(before[-1:]))
        or (before[-1:] in {("for",), ("voor",), ("pour",)} and _for_a_firm(text, index))
        or before
        in {
            ("bij", "de"),
            ("in", "de"),
            ("at", "the"),
            ("a", "la"),
            ("bij", "den"),
            ("in", "den"),
            ("van", "den"),
            ("chez", "le"),
        }
        or (_inside(before) and bool(set(text.before(index, 6)) & _WORKED))
    )


def _for_a_firm(text: Sentence, index: int) -> bool:
    """Cables "for Niko" are no work for that firm."""
    form = (text.words[index].lower,)
    return form not in product_forms() or bool(set(text.before(index, 6)) & _WORKED)


def _inside(before: Words) -> bool:
    """ "In de Delhaize", "au Quick"."""
    return before[-1:] in {("au",), ("aux",), ("t",)} or before in {("in", "the"), ("in", "de"), ("voor", "de")}


def _by_pattern(reading: Reading) -> Iterator[Hit]:
    for expression in (_LEGAL, _AT, _FOR, _CALLED, _OF_A_BOSS, _HOUSE, _STUDIED, _MAKER, _FAMILY, _TRADE_FIRST):
        for match in expression.finditer(reading.text):
            if expression is _LEGAL or (_may_be_employer(match["name"]) and not _with_a_tool(match)):
                start = match.start() if expression in {_LEGAL, _CALLED} else match.start("name")
                end = match.start() + len(_NEXT_SENTENCE.sub("", match[0]).rstrip(".,'-"))
                school = expression is _STUDIED or _SCHOOL.search(match["name"])
                yield Hit(start, end, *(("school", "school") if school else ("employer", "employer")))
    for match in _SMALL_LEGAL.finditer(reading.lower):
        if match["name"] not in everyday() and match["name"] not in lexicon.words("allowed"):
            yield Hit(*match.span(), "employer", "employer")


def _with_a_tool(match: re.Match[str]) -> bool:
    """ "Works with Makita": a machine, and no colleague."""
    tool = cut(match["name"])[:1] in product_forms()
    return (
        tool
        and match.re is _FOR
        and bool(re.search(r"\s(?:with|via)\s(?:the\s|de\s)?$", match[0][: -len(match["name"])]))
    )


def _may_be_employer(name: str) -> bool:
    """Software, languages, months and services of the state are none."""
    first = re.split(r"[\s\-]", name)[0].strip(".,'")
    if first in lexicon.words("abbreviations"):
        return False
    return len(name) > 1 and not all(word in lexicon.words("allowed") or is_trade_word(word) for word in cut(name))
