"""What the file says about the candidate: what no text may give away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_LONGEST = 300
_MOST = 50
"""No name is longer and no file holds more; what is, must not hold up the check."""


def _word(value: object) -> str:
    """A file may hold a list where one value is expected: all of it counts."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(filter(None, map(_word, value)))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:_LONGEST] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _words(value: object) -> tuple[str, ...]:
    """Files differ: one value may come as a text, several as a list."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple | set | frozenset):
        value = [value]
    return tuple(word for word in map(_word, value) if word)[:_MOST]


def _day(value: object) -> date | None:
    """A day that cannot be read is no reason to refuse the whole check."""
    if isinstance(value, date):
        return value
    written = _word(value)
    compact = re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", written)
    parts = [int(part) for part in (compact.groups() if compact else re.findall(r"\d{1,4}", written)[:3])]
    if len(parts) != 3:
        return None
    year, month, day = parts if parts[0] > 31 else parts[::-1]
    try:
        return date(year if year > 99 else year + (1900 if year > 15 else 2000), month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Address:
    """Where the candidate lives; parts may be empty."""

    street: str = ""
    number: str = ""
    postcode: str = ""
    municipality: str = ""

    @classmethod
    def from_json(cls, value: object) -> "Address":
        """Accept an address that is missing or has only some of its parts."""
        if not isinstance(value, Mapping):
            return cls(street=_word(value))
        return cls(*(_word(value.get(part)) for part in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Known:
    """The identity values on file. Hashable, so that what is derived from it can be kept."""

    first_name: str = ""
    last_name: str = ""
    nicknames: tuple[str, ...] = ()
    birth_date: date | None = None
    birth_place: str = ""
    address: Address = Address()
    national_number: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    employers: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "Known":
        """Read the values as the command receives them; any may be empty, missing or of an odd type."""
        if not isinstance(value, Mapping):
            return cls()
        return cls(
            first_name=_word(value.get("first_name")),
            last_name=_word(value.get("last_name")),
            nicknames=_words(value.get("nicknames")),
            birth_date=_day(value.get("birth_date")),
            birth_place=_word(value.get("birth_place")),
            address=Address.from_json(value.get("address")),
            national_number=_word(value.get("national_number")),
            phone=_word(value.get("phone")),
            email=_word(value.get("email")),
            site=_word(value.get("site")),
            employers=_words(value.get("employers")),
            schools=_words(value.get("schools")),
        )
