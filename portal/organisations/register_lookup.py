"""What the register says of a number: one look by an index. Where nothing is loaded, nothing is known."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.foundation.database import db
from portal.foundation.words import language
from portal.organisations import places
from portal.organisations.register_models import LoadState, RegisterEntry, RegisterLoad

_NORMAL = ("", "000")
_BOX = {"nl": "bus", "fr": "bte", "en": "box"}


@dataclass(frozen=True)
class Registered:
    """A company as the register has it, in the reader's language where it has one. `stopping`: not in its normal situation
    (dissolved, bankrupt, …). What it does not say is empty."""

    number: str
    name: str
    section: str
    street: str
    postcode: str
    municipality: str
    stopping: bool


def loaded() -> bool:
    """Whether this portal has a register to look in."""
    return db.session.scalar(sa.select(sa.exists().where(RegisterLoad.load_state == LoadState.CURRENT))) is True


def find(number: str) -> Registered | None:
    """A Belgian company by its ten digits."""
    if not (number.isdigit() and len(number) == 10):
        return None
    found = db.session.scalar(sa.select(RegisterEntry).where(*row_of(number)))
    return None if found is None else _told(found)


def row_of(number: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Which row of the reading that counts is this number's: a value for each column of the index, so that it is used."""
    now = sa.select(RegisterLoad.id).where(RegisterLoad.load_state == LoadState.CURRENT).scalar_subquery()
    return RegisterEntry.load_id == now, RegisterEntry.number == int(number)


def _told(row: RegisterEntry) -> Registered:
    spoken = language()
    names = {"nl": row.name_nl, "fr": row.name_fr, "": row.name_other, "de": row.name_de}
    name = names.get(spoken) or next((one for one in names.values() if one), "")
    return Registered(
        f"{row.number:010d}", name[:160], row.section, _street(row, spoken)[:160], row.postcode[:10],
        _municipality(row, spoken)[:80], row.situation not in _NORMAL,
    )  # fmt: skip


def _street(row: RegisterEntry, spoken: str) -> str:
    street = (row.street_fr if spoken == "fr" else row.street_nl) or row.street_nl or row.street_fr
    box = f" {_BOX.get(spoken, 'bus')} {row.box}" if row.box else ""
    return f"{street} {row.house}{box}".strip() if street else ""


def _municipality(row: RegisterEntry, spoken: str) -> str:
    """As the register writes it; where that is not the postcode's place, the place that the postcode has."""
    written = (row.municipality_fr if spoken == "fr" else row.municipality_nl) or row.municipality_nl
    try:
        return places.checked(row.postcode, written)
    except places.UnknownPostcode:
        return written
    except places.OtherPlace:
        return places.of_postcode(row.postcode)[0].name
