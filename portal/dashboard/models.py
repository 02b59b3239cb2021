from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.foundation.database import Model
from portal.programmes.models import Programme


class ClosedMonth(Model):
    """The figures of a period until a month's last day, as they were known when the month was closed.

    `numbers` are counts by figure. `cases` are keyed hashes per figure, with what was counted as a code: they tell which
    line changed later, and nothing about whose it is. A month that is opened again keeps its row; closing it once more
    writes another.
    """

    __tablename__ = "closed_month"
    __table_args__ = (
        # Closed once at a time, also when two press at the same moment.
        sa.Index(
            "uq_closed_month_standing", "programme_id", "month", unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"), postgresql_where=sa.text("reopened_at IS NULL"),
        ),
        sa.CheckConstraint("month >= since", name="inside"),
    )  # fmt: skip

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    month: Mapped[date]
    since: Mapped[date]
    closed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    numbers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    cases: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    programme: Mapped[Programme] = relationship(lazy="raise")
    closer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[closed_by])
