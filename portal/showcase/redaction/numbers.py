"""Numbers that lead to a person: national numbers, phones and bank accounts."""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum.be import bis, nn
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.tr import tckimlik

from portal.showcase.redaction.finding import Hit, Kind
from portal.showcase.redaction.folding import Reading
from portal.showcase.redaction.known import Known

_SEPARATED = r"[\s./\-()_,:|·•]{0,3}"
_DIGITS = re.compile(rf"(?<![\w,.])\+?\(?[\dO](?:{_SEPARATED}[\dOolI](?![^\W\d_]{{2}})){{5,20}}(?![\w])")
_NATIONAL = re.compile(r"(?<!\d)\d{2}[.\s/\-]{0,3}\d{2}[.\s/\-]{0,3}\d{2}[.\s/\-–]{0,3}\d{3}[.\s/\-]{0,3}\d{2}(?!\d)")
_FORMATTED = re.compile(r"\d{2}\.\d{2}\.\d{2}\s?-\s?\d{3}\s?[.\-]\s?\d{2}")
_IBAN = re.compile(r"(?<![^\W_])[A-Z]\s?[A-Z][\s.\-/]{0,2}\d\s?\d(?:[\s.\-/|·]{0,3}[A-Z0-9]){11,30}(?![^\W_])")
_IBAN_LENGTHS = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ"),
        (24, "AD CZ ES MD PK RO SA SE SK TN"),
        (25, "LY PT"),
        (26, "DZ IS TR"),
        (27, "FR GR IT MC MR SM"),
        (28, "AL AZ BY CI CY DO GT HU LB MA PL SN"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT"),
        (33, "RU"),
    )
    for country in countries.split()
}
_NEARLY_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}[ .\-]?[0-9OIl]{2}(?:[ .\-]{0,2}(?:[0-9]{2,}|(?-i:[A-Z]{4})(?=[ .\-]?\d))){2,10}(?:[ .\-]?\d)*(?!\w)"
)
"""With a wrong digit, or one too many or too few."""
_BANK_CUE = re.compile(
    r"(?<!\w)(?:rekening(?:nummer|nr)?|rek\.? ?nr|bank(?:rekening)?|compte|rib|iban|account(?: number)?|numero de compte)(?: (?:nr|nummer|numero|n°|no|number|is|op|sur))?[\s.:=]{1,3}"
    r"(?P<number>(?:[a-z]{2}[ ]?)?\d[\d .\-/]{7,28}\d)"
)
_OLD_ACCOUNT = re.compile(r"(?<!\d)\d{3}-\d{7}-\d{2}(?!\d)")
_LETTERED = re.compile(
    r"(?<!\w)(?:[XYZ]?\d{7,8}[\s\-]?[A-Z]|[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]|[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D])(?!\w)"
)
_NORDIC = re.compile(r"(?<![\w\-+])\d{6}[\-+]\d{3}[\dA-Y](?!\w)")
_CARD = re.compile(r"(?<!\d)\d{3}[\s\-]\d{7}[\s\-]\d{2}(?!\d)")
_FILE_CUE = re.compile(
    r"(?:ov-?nummer|ov-?nr|dossiernummer|dossiernr|numero de dossier|file number|case number|cgvs|cgra|detentienummer|systeemnummer|s-?nummer"
    r"|paspoort\w*|passeport|passport|identiteitskaart\w*|carte d'identite|id card|insz|niss|rijksregister\w*|registre national|national number"
    r"|rijbewijsnummer|kaartnummer|numero de carte|card number|numero de secu\w*|ni number|n° ?sp|sp-?nummer|numero sp|sp|(?<!\w)(?:nn|rrn|nrn|niss|sis)(?!\w)|vreemdelingennummer|bsn|bisnummer|numero bis|national id|numero national|nir|securite sociale|social security)"
    r"(?:\s*(?:nr|nummer|numero|n°|no|number|is|:|\.|=|francais|staat op))*\s*(?P<number>[a-z]{0,3}[\s\-]?\d[\d\s./\-]{4,20}\d)"
)
_PHONE_CUE = re.compile(
    r"(?<!\w)(?:gsm\w*|tel\w*|telefoon\w*|bel|bellen|belt|phone|call|mobile|mobiel|whatsapp|sms|appel\w*|joignable|bereikbaar|numero|nummer|number|fixe|portable|contact\w*|ring|text)"
    r"[^\d.!?]{0,30}$"
)
_THING_CUE = re.compile(
    r"(?:order|serie|artikel|lot|product|onderdeel|bestel|factuur|partij|model|zending)[\s\-]?(?:nummers?|nr)\W|numero de (?:commande|serie|lot|facture|piece|colis)"
    r"|(?:order|part|batch|serial|model|invoice|item|tracking) numbers?"
)
_FOREIGN: tuple[Callable[[str], bool], ...] = (
    nir.is_valid,
    cnp.is_valid,
    pesel.is_valid,
    tckimlik.is_valid,
    idnr.is_valid,
)
_LETTERED_CHECKS: tuple[Callable[[str], bool], ...] = (dni.is_valid, nie.is_valid, codicefiscale.is_valid)


def find_numbers(known: Known, reading: Reading) -> Iterator[Hit]:
    """Everything that is a number of somebody, in one reading."""
    yield from _accounts(reading)
    yield from _national(known, reading)
    yield from _national_elsewhere(reading)
    yield from _filed(reading)
    for match in _DIGITS.finditer(reading.text):
        if kind := _kind(known, reading, match):
            mine = _ends_alike(_bare(match[0]), known.phone) and kind == "phone"
            why = "known_phone" if mine else "known_national_number" if _own(known, match[0]) else kind
            yield Hit(*match.span(), kind, why)


def _alnum(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text)


def _bare(text: str) -> str:
    """Digits alone; the letters that look like 0 and 1 count as such."""
    return re.sub(r"\D", "", text.translate(str.maketrans("OolI", "0011")))


def _accounts(reading: Reading) -> Iterator[Hit]:
    for match in _IBAN.finditer(reading.text.upper()):
        if length := _iban_length(match[0], reading.text[match.start() : match.end()]):
            yield Hit(match.start(), match.start() + _reach(match[0], length), "iban", "iban")
    for match in _NEARLY_IBAN.finditer(reading.text):
        if match[0][:2] in _IBAN_LENGTHS and abs(len(_alnum(match[0])) - _IBAN_LENGTHS[match[0][:2]]) < 4:
            yield Hit(*match.span(), "iban", "iban")
    for match in _BANK_CUE.finditer(reading.lower):
        yield Hit(*match.span("number"), "iban", "iban")
    for match in _OLD_ACCOUNT.finditer(reading.text):
        if int(_bare(match[0])[:10]) % 97 in {int(match[0][-2:]), int(match[0][-2:]) % 97}:
            yield Hit(*match.span(), "iban", "iban")


def _iban_length(found: str, written: str) -> int:
    """How many of these letters and digits are an account number; none where they are words."""
    plain = re.sub(r"[^A-Z0-9]", "", found)
    for length in range(len(plain), 14, -1):
        if not written[:2].isupper() and sum(map(str.isdigit, plain[:length])) < length * 0.6:
            continue
        if _sound_iban(plain[:length]) or (plain[:2] == "BE" and length == 16):
            return length
    return 0


def _sound_iban(plain: str) -> bool:
    """ISO 7064 over the whole number; the rules of single banks would only make us miss some."""
    if len(plain) != _IBAN_LENGTHS.get(plain[:2]) or not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _reach(text: str, count: int) -> int:
    """How far the first `count` letters and digits of a text reach."""
    seen = 0
    for place, char in enumerate(text, start=1):
        seen += char.isalnum()
        if seen == count:
            return place
    return len(text)


def _national(known: Known, reading: Reading) -> Iterator[Hit]:
    for match in _NATIONAL.finditer(reading.text):
        if _own(known, match[0]):
            yield Hit(*match.span(), "national_number", "known_national_number")
        elif _belgian(_bare(match[0])) or _FORMATTED.fullmatch(match[0]):
            yield Hit(*match.span(), "national_number", "national_number")


def _national_elsewhere(reading: Reading) -> Iterator[Hit]:
    """Numbers of other countries, and those of an identity card."""
    for match in _LETTERED.finditer(reading.text):
        plain = re.sub(r"[\s\-]", "", match[0])
        if re.fullmatch(r"[A-Z]{2}\d{6}[A-D]", plain) or any(valid(plain) for valid in _LETTERED_CHECKS):
            yield Hit(*match.span(), "national_number", "national_number")
    for match in _NORDIC.finditer(reading.text):
        first, second, third = (int(match[0][place : place + 2]) for place in (0, 2, 4))
        if 1 <= second <= 12 and (1 <= first <= 31 or 1 <= third <= 31):
            yield Hit(*match.span(), "national_number", "national_number")
    for match in _CARD.finditer(reading.text):
        plain = _bare(match[0])
        if int(plain[:10]) % 97 in {int(plain[10:]), int(plain[10:]) % 97}:
            yield Hit(*match.span(), "national_number", "national_number")


def _belgian(plain: str) -> bool:
    return bool(nn.is_valid(plain) or bis.is_valid(plain))


def _own(known: Known, text: str) -> bool:
    return len(_bare(known.national_number)) > 6 and _bare(known.national_number) == _bare(text)


def _filed(reading: Reading) -> Iterator[Hit]:
    """A number that is announced as that of a file, a card or a passport."""
    for match in _FILE_CUE.finditer(reading.lower):
        yield Hit(*match.span("number"), "national_number", "national_number")


def _kind(known: Known, reading: Reading, match: re.Match[str]) -> Kind | None:
    plain = _bare(match[0])
    if _own(known, match[0]):
        return "national_number"
    if _ends_alike(plain, known.phone) or _is_phone(reading, match, plain):
        return "phone"
    if len(plain) == 11 and _belgian(plain):
        return "national_number"
    if (
        len(plain) == 9
        and bsn.is_valid(plain)
        and re.fullmatch(r"\d{4}[. ]?\d{2}[. ]?\d{3}|\d{3}[. ]\d{3}[. ]\d{3}", match[0])
    ):
        return "national_number"
    if len(plain) >= 11 and any(valid(plain) for valid in _FOREIGN):
        return "national_number"
    return None


def _ends_alike(plain: str, phone: str) -> bool:
    """The same subscriber, whatever stands for the country in front."""
    own = _bare(phone)
    if 6 <= len(plain) < 8:
        return len(own) >= 8 and plain == own[-len(plain) :]
    return len(own) >= 8 and len(plain) >= 8 and plain[-8:] == own[-8:]


def _is_phone(reading: Reading, match: re.Match[str], plain: str) -> bool:
    before = reading.lower[max(0, match.start() - 45) : match.start()]
    cued = bool(_PHONE_CUE.search(before)) and not _THING_CUE.search(before)
    text = match[0].lstrip("( ")
    if text.startswith("+") or plain.startswith("00"):
        return 8 <= len(plain) <= 17
    if plain.startswith("0") and 9 <= len(plain) <= 12:
        return cued or any(_valid_in(plain, country) for country in ("BE", "NL", "FR", "DE", "GB", "LU"))
    if plain.startswith("32") and len(plain) in {10, 11}:
        return _valid_in("+" + plain, "BE")
    return cued and 7 <= len(plain) <= 13 and not _is_measure(reading, match)


def _is_measure(reading: Reading, match: re.Match[str]) -> bool:
    return bool(
        re.match(r"\s*(?:kg|kilo|stuks|euro|uur|m\b|mm|cm|per|x\b|items|ans|jaar)", reading.lower[match.end() :])
    )


def _valid_in(plain: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(plain, country))
    except phonenumbers.NumberParseException:
        return False
