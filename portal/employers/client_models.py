"""The companies that a temporary agency works for."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.database import Addressed, Model
from portal.organisations.models import Workplace


class AgencyClient(Addressed, Model):
    """A client of an agency, at one place of work. A vacancy or an interview there is one of this client.

    `number` is the client's own; whether it is an employer here as well follows from it and is told to the team only.
    Name, number and place never change into somebody else's: another client is another row.
    """

    __tablename__ = "agency_client"
    __table_args__ = (
        # An agency lists a client's place once, also when two browsers send at once; one that was retired may come back.
        sa.Index(
            "uq_agency_client_standing", "agency_id", "number", "postcode", unique=True,
            sqlite_where=sa.text("retired_at IS NULL"), postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )  # fmt: skip

    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"))
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplace.id"), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    number: Mapped[str] = mapped_column(sa.String(20))
    postcode: Mapped[str] = mapped_column(sa.String(10))
    retired_at: Mapped[datetime | None]

    workplace: Mapped[Workplace] = relationship(lazy="raise")
