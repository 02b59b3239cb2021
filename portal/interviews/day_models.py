"""What is written down on the day of an interview itself."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.database import Encrypted, Model


class InterviewNote(Model):
    """What the companion wrote down of an interview: for the team only, by the rights of the case.

    `version` grows with each change, so that no second device overwrites unseen; `last_key` names the last sending, so
    that one which comes twice is kept once.
    """

    __tablename__ = "interview_note"

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Encrypted)
    version: Mapped[int] = mapped_column(default=1)
    last_key: Mapped[str] = mapped_column(sa.String(64), default="")
    changed_at: Mapped[datetime]


class RunningLate(Model):
    """On the day itself the company was told that somebody comes later: who, by how many minutes, without a reason."""

    __tablename__ = "running_late"
    __table_args__ = (sa.CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes"),)

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    who: Mapped[str] = mapped_column(sa.String(20))
    minutes: Mapped[int]
