"""From the register's codes to what signing up needs: one row a company, made from the lines of four files."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from portal.foundation.options import load
from portal.organisations.register_files import Cells

ENTERPRISE = ("EnterpriseNumber", "Status", "JuridicalSituation", "TypeOfEnterprise", "JuridicalForm")
DENOMINATION = ("EntityNumber", "Language", "TypeOfDenomination", "Denomination")
ADDRESS = (
    "EntityNumber", "TypeOfAddress", "Zipcode", "MunicipalityNL", "MunicipalityFR", "StreetNL", "StreetFR", "HouseNumber", "Box",
    "DateStrikingOff",
)  # fmt: skip
ACTIVITY = ("EntityNumber", "ActivityGroup", "NaceVersion", "NaceCode", "Classification")

NATURAL_PERSON = "1"
SOCIAL, COMMERCIAL = "001", "003"
SEAT = "REGO"
_COLUMNS = {"1": "name_fr", "2": "name_nl", "3": "name_de"}
_SEAT_COLUMNS = ("postcode", "municipality_nl", "municipality_fr", "street_nl", "street_fr", "house", "box")
_SEAT_LENGTHS = (20, 200, 200, 100, 100, 22, 20)
EMPTY = {
    "section": "", "name_nl": "", "name_fr": "", "name_de": "", "name_other": "", **dict.fromkeys(_SEAT_COLUMNS, "")
}  # fmt: skip


def facts(cells: Cells) -> dict[str, Any]:
    """What the line of an enterprise says of itself."""
    _number, _status, situation, kind, form = cells
    return {"natural": kind == NATURAL_PERSON, "legal_form": form[:3], "situation": situation[:3]}


def names(rows: Iterable[Cells], natural: bool) -> dict[str, str]:
    """The names by language. Of somebody who is a company alone only the commercial one: the other is the own name."""
    found: dict[str, str] = {}
    kinds = (COMMERCIAL,) if natural else (COMMERCIAL, SOCIAL)
    for kind in kinds:
        found |= {_COLUMNS.get(row[1], "name_other"): row[3][:320] for row in rows if row[2] == kind and row[3]}
    return found


def seat(rows: Sequence[Cells], natural: bool) -> dict[str, str]:
    """The seat's address; somebody who is a company alone lives at it, so it is not kept."""
    if natural or not rows:
        return {}
    cells = rows[0][2:9]
    return {column: cell[:most] for column, cell, most in zip(_SEAT_COLUMNS, cells, _SEAT_LENGTHS, strict=True)}


def section(rows: Iterable[Cells]) -> dict[str, str]:
    """The section of the main activity, by the newest classification that the file has."""
    newest = sorted(rows, key=lambda row: (-int(row[2]), row[1]))
    found = next((_sections()[row[3][:2]] for row in newest if row[3][:2] in _sections()), "")
    return {"section": found} if found else {}


@cache
def versions() -> frozenset[str]:
    """The classifications whose codes are read."""
    return frozenset(load("organisations", "nace")["versions"])


@cache
def _sections() -> dict[str, str]:
    return {
        number: letter for letter, numbers in load("organisations", "nace")["sections"].items() for number in numbers
    }
