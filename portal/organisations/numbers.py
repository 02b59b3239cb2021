"""Company numbers: the Belgian one with its checksum, shown as 0xxx.xxx.xxx; others by the VAT rules of their country."""

from typing import Any

from babel import Locale
from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from portal.foundation.errors import DomainError
from portal.foundation.folding import folded
from portal.foundation.words import language, lazy

__all__ = ["NotACompanyNumber", "NotAForeignNumber", "UnknownCountry", "compact", "countries", "shown"]

BELGIUM = "BE"
# Greece and Northern Ireland have other letters in VAT numbers than in addresses.
_ALIKE = {"EL": "GR", "UK": "GB"}
_BEYOND_EUROPE = ("CH", "GB", "NO")


class NotACompanyNumber(DomainError):
    sentence = lazy(
        "This company number is not right. A Belgian one has ten digits, such as 0403.170.701; look at each digit."
    )
    field = "number"


class NotAForeignNumber(NotACompanyNumber):
    """The letters are those of a country whose rules the number does not follow."""

    def __init__(self, country: str) -> None:
        super().__init__(
            lazy("This is not a VAT number of %(country)s. Look at each digit and letter.", country=_named(country))
        )


class UnknownCountry(NotACompanyNumber):
    sentence = lazy(
        "We cannot check numbers of this country. Begin with the two letters of the country, such as NL; or call us."
    )


def compact(text: str) -> str:
    """A Belgian number as its ten digits, a foreign one with its country before it. Raises NotACompanyNumber."""
    typed = "".join(c for c in text.upper() if c.isalnum() and c.isascii())
    letters = typed[:2] if typed[:2].isalpha() else BELGIUM
    if letters == BELGIUM:
        return _checked(belgian, typed, NotACompanyNumber())
    country = _ALIKE.get(letters, letters)
    module = get_cc_module(country.lower(), "vat") if country in _codes() else None
    if module is None:
        raise UnknownCountry()
    right = _checked(module, typed[2:], NotAForeignNumber(country))
    return country + right.removeprefix(country)


def _checked(module: Any, typed: str, error: NotACompanyNumber) -> str:
    try:
        return str(module.validate(typed))
    except ValidationError:
        raise error from None


def of_country(country: str, text: str) -> str:
    """What somebody typed with the country chosen beside it; letters that are typed win."""
    bare = text.strip()
    return bare if country == BELGIUM or bare[:2].isalpha() else f"{country}{bare}"


def countries() -> list[tuple[str, str]]:
    """The countries whose numbers can be checked, in the reader's language, Belgium first."""
    others = sorted(((code, _named(code)) for code in _codes() if code != BELGIUM), key=lambda one: folded(one[1]))
    return [(BELGIUM, _named(BELGIUM)), *others]


def _codes() -> frozenset[str]:
    return frozenset(one.upper() for one in european.MEMBER_STATES if one != "xi") | set(_BEYOND_EUROPE)


def _named(code: str) -> str:
    return str(Locale.parse(language()).territories.get(code, code))


def shown(number: str | None) -> str:
    """0403.170.701"""
    if not number:
        return ""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number.isdigit() and len(number) == 10 else number
