"""Birth dates and birth years in every writing; dates of courses and starts are left alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.foundation.clock import today
from portal.showcase.redaction.finding import Hit
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.known import Known

_MONTHS = (
    ("januari", "janvier", "january", "jan"),
    ("februari", "fevrier", "february", "feb", "febr", "fev", "fevr"),
    ("maart", "mars", "march", "mrt", "mar"),
    ("april", "avril", "apr", "avr"),
    ("mei", "mai", "may"),
    ("juni", "juin", "june", "jun"),
    ("juli", "juillet", "july", "jul", "juil"),
    ("augustus", "aout", "august", "aug"),
    ("september", "septembre", "sept", "sep"),
    ("oktober", "octobre", "october", "okt", "oct"),
    ("november", "novembre", "nov"),
    ("december", "decembre", "dec"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_MONTH |= {
    f"{ordinal}ieme": number
    for number, ordinal in enumerate(
        ["deux", "trois", "quatr", "cinqu", "six", "sept", "huit", "neuv", "dix", "onz", "douz"], 2
    )
}
_YEAR = r"(?:1[89]\d\d|20\d\d|19 \d\d|'?\s?\d\d(?!\d))"
_NUMERIC = re.compile(
    r"(?<![\d.,/])(?P<day>\d{1,2})\s?(?P<gap>[./\- ])\s?(?P<month>\d{1,2})\s?(?P=gap)\s?(?P<year>(?:19|20)\d\d|'?\d\d)(?!\d|[.,/]\d)"
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)[./\- ]?(?P<month>0[1-9]|1[0-2])[./\- ]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])(?P<month>0[1-9]|1[0-2])(?P<year>19\d\d|20[01]\d)(?!\d)")
_WORDED = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})\s?(?:e|er|ste|de|st|nd|rd|th)?\s?(?:of |van |-|\.)?\s?(?P<month>{_NAMES})(?!\w)\.?(?:,?\s?(?P<year>{_YEAR}))?"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{_NAMES})\.?[\s\-](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?[\s\-](?P<year>{_YEAR}))?(?![\w:])"
)
_MONTH_YEAR = re.compile(
    rf"(?<!\w)(?P<month>{_NAMES})\.?\s(?:of |van |de )?(?P<year>(?:19|20)\d\d|'\d\d|[4-9]\d(?![.,]\d|\s?[a-z%€]))(?!\w)"
)
_MONTH_OF_YEAR = re.compile(
    rf"(?<!\w)(?:(?:mid|early|late|begin|half|eind|mi|debut|fin)[\s\-])?(?P<month>{_NAMES})\s(?:of|van|de)\s'?(?P<year>[4-9]\d)(?!\w|[.,]\d)"
)
_NUMBERED_MONTH = re.compile(
    r"(?<!\w)(?P<day>\d{1,2})(?:e|er|ste|de|st|nd|rd|th)?(?: dag| jour| day)? (?:van de |van |du |of the |of |in de |dans le )?"
    r"(?P<month>\d{1,2}|[a-z]{3,7}ieme)(?:e|er|eme|ste|de|st|nd|rd|th)?(?: (?:maand|mois|month)|(?= (?:19|20)?\d\d(?![\d:]|[.,]\d)))(?:,? (?:van |in |anno |de |en |of |l'an |jaar |het jaar |d')?(?P<year>(?:19|20)\d\d|'?\d\d))?(?!\w)"
)
_DAY_MONTH = re.compile(r"(?<![\d.,/\-])(?P<day>\d{1,2})[./\-](?P<month>\d{1,2})(?![\d]|[.,/\-]\d)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = re.compile(
    rf"(?<![\w/.])(?P<day>[0-3]?\d)\s?[./\- ]\s?(?P<month>{'|'.join(sorted(_ROMANS, key=len, reverse=True))})\s?[./\- ]\s?(?P<year>'?\d\d(?:\d\d)?)(?!\w)"
)
_BATCH = re.compile(
    r"(?:lots?|series?|reeksen|dozen|paquets?|boites?|caisses?|cartons?|palettes?|pallets?|batches|packs|sets|boxes|sacs?|kratten|pakken|per|par|by|x|norm|iso|en|niveau|maat|taille|size) (?:de |van |of )?$"
)
_BIRTHDAY = re.compile(
    r"(?:geboren|verjaar\w*|jarig|anniversaire|fete ses|souffle ses|bougies|kaarsjes|candles|another year|birthday|naissance|geboorte\w*|born)"
)
_BIRTH = r"(?:geboren|geboorte\w*|geb|geb\.? ?dat(?:um)?|verjaar\w*|verjaring|jarig|(?:ter|into the|op de) wereld|(?:into|in) the world|au monde|vu le jour|nee?|naissance|anniversaire|born|birth\w*|dob|d\.o\.b|b\.|°)"
_CUE = re.compile(rf"(?<!\w){_BIRTH}(?!\w)\.?[^.!?\d]{{0,28}}$|°\s?$")
_YEAR_AFTER = re.compile(
    rf"(?<!\w)(?:{_BIRTH}\.?(?:\s(?:in|en|anno|rond|around|vers|jaar|het jaar|l'an|year|est|was|is|back in|te|a|au))*[\s:]*"
    r"|(?P<cue>bouwjaar|jaargang|lichting|geboortejaar|annee de naissance|year of birth|millesime|class of|generatie|generation|cuvee|classe(?: de)?|annee|(?:geboortejaar|annee de naissance|birth year) (?:eindigt op|se termine par|ends in)|(?:maand|mois|month) \\d{1,2},? (?:jaar|annee|year)|(?:van|uit) het jaar|de l'annee|jaren|from the year))[\s:]*"
    r"(?:van\s|in\s|uit\s|de\s|en\s|of\s)?(?P<year>(?:19|20)\s?\d\d|'\s?\d\d|\d\d(?=[\s,.!?]|$))(?!\d|[.,/:]\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<!\w)(?:is|ben|iemand|kandidaat|kandidate|man|vrouw|est|personne|gars)\s(?:van|de)\s(?P<full>19[4-9]\d|200\d)(?!\d)|(?<!\w)(?:van|uit|in|de|of|en|is er een van|from|in)\s'(?P<year>\d\d)(?!\w)|°\s?(?P<sign>(?:19)?\d\d)(?!\d)"
)
_YEAR_ALONE = re.compile(r"(?<!\w)(?:is|ben|est|suis|from)\s(?:van|uit|de)\s(?P<year>[4-9]\d)(?!\w|[.,]\d)")
_NO_YEAR = re.compile(
    r"\s?(?:kg|kilo|gram|g\b|mm|cm|m\b|m2|km|x\b|stuks|euro|eur|€|liter|l\b|ml|w\b|watt|volt|v\b|pk|ton|uur|pallet|dozen|orders|colis|pieces|items|parcels|toeren|rpm|tr/min|n\b|bar|graden|per |par )"
)


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of a date as a text gives them; a part may be missing."""

    day: int | None
    month: int | None
    year: int | None

    @property
    def possible(self) -> bool:
        """A day and a month that exist; the order of the two may be American."""
        return (self.day is None or 1 <= self.day <= 31) and (self.month is None or 1 <= self.month <= 12)

    @property
    def of_a_worker(self) -> bool:
        """Somebody who works was born in such a year."""
        return self.year is not None and 1935 <= self.year <= 2010


def _year(text: str | None) -> int | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    value = int(digits)
    if len(digits) == 4:
        return value
    return 1900 + value if value > 15 else 2000 + value


def _written(match: re.Match[str]) -> Written:
    parts = match.groupdict()
    month = parts.get("month")
    number = int(month) if month and month.isdigit() else _MONTH.get(month or "")
    return Written(int(parts["day"]) if parts.get("day") else None, number, _year(parts.get("year")))


def find_birth_dates(known: Known, reading: Reading) -> Iterator[Hit]:
    """The date on file in any writing, and any date that is said to be of a birth."""
    text = reading.lower
    for pattern in (_NUMERIC, _ISO, _WORDED, _MONTH_FIRST, _MONTH_YEAR, _MONTH_OF_YEAR, _NUMBERED_MONTH, _COMPACT):
        for match in pattern.finditer(text):
            if why := _reason(known.birth_date, _written(match), text, match):
                yield Hit(*match.span(), "birth_date", why)
    for match in _DAY_MONTH.finditer(text):
        if known.birth_date and _is_own(known.birth_date, _written(match)) and _BIRTHDAY.search(text):
            yield Hit(*match.span(), "birth_date", "known_birth_date")
    yield from _years(known, text)


def find_own_age(known: Known, reading: Reading) -> Iterator[Hit]:
    """The candidate's age as a bare number, where nothing is counted with it."""
    if known.birth_date:
        for match in _own_age(known.birth_date, today()).finditer(reading.lower):
            if _BATCH.search(reading.lower, max(0, match.start() - 24), match.start()):
                continue
            yield Hit(*match.span(), "age", "known_age")


@lru_cache(maxsize=64)
def _own_age(born: date, day: date) -> re.Pattern[str]:
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return re.compile(
        rf"(?<![\d.,/:+'\-])(?<!\d\s){years}(?:\s(?:jaar|ans|years))?(?!\s(?:jaar|ans|years))"
        r"(?=\s?(?:[,.;!)](?!\d)|$|en\s|et\s|and\s|maar\s|mais\s|but\s))"
    )


def _reason(own: date | None, written: Written, text: str, match: re.Match[str]) -> str | None:
    if not written.possible:
        written = Written(written.month, written.day, written.year)
    if not written.possible:
        return None
    if own and _is_own(own, written):
        return "known_birth_date"
    cued = bool(_CUE.search(text[max(0, match.start() - 48) : match.start()]))
    if cued and (written.of_a_worker or written.year is None):
        return "birth_date"
    whole = written.day and written.month and written.of_a_worker and (written.year or 0) < 2008
    return "birth_date" if whole and not _since(text, match) else None


def find_roman_dates(known: Known, reading: Reading) -> Iterator[Hit]:
    """24 VII '92, 15/I/1995."""
    for match in _ROMAN.finditer(reading.text):
        written = Written(int(match["day"]), _ROMANS.index(match["month"].upper()) + 1, _year(match["year"]))
        own = known.birth_date and _is_own(known.birth_date, written)
        if own or written.of_a_worker:
            yield Hit(*match.span(), "birth_date", "known_birth_date" if own else "birth_date")


def _since(text: str, match: re.Match[str]) -> bool:
    """What has gone on since a day, or was obtained on it, is no birth."""
    return bool(
        re.search(
            r"(?:sinds|vanaf|sedert|depuis|since|from|tot|until|jusqu\w*|behaald\w*|obtenu\w*|certified)\s(?:op\s|le\s)?$",
            text[: match.start()],
        )
    )


def _is_own(own: date, written: Written) -> bool:
    """Day and month are enough; a month and the year too."""
    parts = {(own.day, own.month), (own.month, own.day)}
    if written.day:
        return (written.day, written.month) in parts and written.year in {None, own.year}
    return written.month == own.month and written.year == own.year


def _years(known: Known, text: str) -> Iterator[Hit]:
    alone = (_YEAR_ALONE,) if _BIRTHDAY.search(text) else ()
    for pattern in (_YEAR_AFTER, _SHORT_YEAR, *alone):
        for match in pattern.finditer(text):
            group = next(name for name in ("year", "full", "sign") if match.groupdict().get(name))
            if Written(None, None, _year(match[group])).of_a_worker:
                start = match.start(group) - (text[match.start(group) - 1] == "'")
                start = match.start("cue") if match.groupdict().get("cue") else start
                yield Hit(start, match.end(group), "birth_date", "birth_date")
    for match in _own_year(known.birth_date).finditer(text) if known.birth_date else ():
        if not _NO_YEAR.match(text, match.end()):
            yield Hit(*match.span(), "birth_date", "known_birth_date")


@lru_cache(maxsize=64)
def _own_year(own: date) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.,/'\-]){own.year}(?![\d]|[.,/]\d)|'{own.year % 100:02d}(?!\w)")
