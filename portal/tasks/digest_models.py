"""What the weekly letter keeps: how each reader wants to hear of each kind, on which day and hour, and which letters left."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.database import Model


class LetterWay(Model):
    """How somebody wants to hear of one kind of thing; without a row, as the kind begins. The kind "digest" is the letter."""

    __tablename__ = "letter_way"
    __table_args__ = (sa.UniqueConstraint("person_id", "section"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(sa.String(20))
    way: Mapped[str] = mapped_column(sa.String(10))


class DigestRhythm(Model):
    """On which day (Monday is 0) and at which hour of Belgium somebody reads the week's letter, and for which week it was
    seen to last (its Monday): the row is claimed by changing that, so that two workers never both write."""

    __tablename__ = "digest_rhythm"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 4", name="weekday"),
        sa.CheckConstraint("hour BETWEEN 6 AND 19", name="hour"),
        # Each minute asks who is due.
        sa.Index(None, "last_week", "weekday", "hour"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    weekday: Mapped[int] = mapped_column(default=1)
    hour: Mapped[int] = mapped_column(default=8)
    last_week: Mapped[date | None]


class DigestLetter(Model):
    """One week's letter to one reader: what its personal link stands for. Never two for a week."""

    __tablename__ = "digest_letter"
    __table_args__ = (sa.UniqueConstraint("person_id", "week"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    week: Mapped[date]
