"""The public company register as far as signing up needs it: companies by number, from its open files."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.database import Model, choice


class LoadState(StrEnum):
    LOADING = "loading"
    CURRENT = "current"
    OLD = "old"


class RegisterLoad(Model):
    """One reading of the register's files. Pages read the current one; the next is filled beside it and takes its place at
    once. `reached` is the last number that was kept, so that a reading that was cut off goes on from there."""

    __tablename__ = "register_load"

    extract: Mapped[int]
    snapshot_on: Mapped[date]
    load_state: Mapped[LoadState] = mapped_column(choice(LoadState), default=LoadState.LOADING)
    reached: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class RegisterEntry(Model):
    """A company of the register: what its number fills in when it signs up. `number` is the ten digits as a number.

    Of somebody who is a company alone only the commercial name is kept, never the own name nor an address.
    """

    __tablename__ = "register_entry"
    # One look finds a company by its number; the same index drops an old reading piece by piece.
    __table_args__ = (sa.UniqueConstraint("load_id", "number"),)

    load_id: Mapped[int] = mapped_column(sa.ForeignKey("register_load.id"))
    number: Mapped[int]
    natural: Mapped[bool] = mapped_column(default=False)
    legal_form: Mapped[str] = mapped_column(sa.String(3), default="")
    situation: Mapped[str] = mapped_column(sa.String(3), default="")
    section: Mapped[str] = mapped_column(sa.String(1), default="")
    name_nl: Mapped[str] = mapped_column(sa.String(320), default="")
    name_fr: Mapped[str] = mapped_column(sa.String(320), default="")
    name_de: Mapped[str] = mapped_column(sa.String(320), default="")
    name_other: Mapped[str] = mapped_column(sa.String(320), default="")
    street_nl: Mapped[str] = mapped_column(sa.String(100), default="")
    street_fr: Mapped[str] = mapped_column(sa.String(100), default="")
    house: Mapped[str] = mapped_column(sa.String(22), default="")
    box: Mapped[str] = mapped_column(sa.String(20), default="")
    postcode: Mapped[str] = mapped_column(sa.String(20), default="")
    municipality_nl: Mapped[str] = mapped_column(sa.String(200), default="")
    municipality_fr: Mapped[str] = mapped_column(sa.String(200), default="")
