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


class KeptBoard(Model):
    """The figures of a programme's own period as they stand on a day: the sum of what each person adds."""

    __tablename__ = "kept_board"
    # Found by it, and made once also when two workers begin the day at the same moment.
    __table_args__ = (sa.UniqueConstraint("programme_id", "since", "until", "day"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    since: Mapped[date]
    until: Mapped[date]
    day: Mapped[date]
    tally: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class KeptPart(Model):
    """What one person adds to a kept sum, so that it can be taken out again. Counts without words, gone with the day.

    No key to the case: what a case that is no more had added must still be found.
    """

    __tablename__ = "kept_part"
    # Found by it: a change reads the parts of those who changed, and no other.
    __table_args__ = (sa.UniqueConstraint("board_id", "candidate_id"),)

    board_id: Mapped[int] = mapped_column(sa.ForeignKey("kept_board.id", ondelete="CASCADE"))
    candidate_id: Mapped[int]
    tally: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class FigureChange(Model):
    """Somebody whose part of the kept sums may be another one now; None: anybody's. Gone once the sums follow."""

    __tablename__ = "figure_change"

    candidate_id: Mapped[int | None]
