"""What belongs to an outcome beside the cards and the decision: the criteria, who sat at the table, and the framing."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice


class Criteria(Model):
    """What the talks for a vacancy are judged on. A row is never changed: a newer version counts for profiles that are
    opened after it, so that nobody fits the criteria to somebody whose profile was read."""

    __tablename__ = "criteria"
    __table_args__ = (sa.UniqueConstraint("vacancy_id", "version"),)

    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id", ondelete="CASCADE"))
    version: Mapped[int]
    codes: Mapped[list[str]] = mapped_column(sa.JSON)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class Scorer(Addressed, Model):
    """Somebody of the company who sat at the table and is asked for a card: a colleague with an account, or one by letter.

    `asked_workdays`: the last question after silence, in working days since the first letter.
    """

    __tablename__ = "scorer"
    __table_args__ = (
        sa.UniqueConstraint("interview_id", "person_id"),
        sa.CheckConstraint("person_id IS NOT NULL OR email IS NOT NULL", name="reachable"),
    )

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str | None] = mapped_column(Encrypted)
    email: Mapped[str | None] = mapped_column(Encrypted)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_workdays: Mapped[int | None]

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])

    @property
    def called(self) -> str:
        return self.person.name if self.person is not None else self.name or ""


class FramingKind(StrEnum):
    """Whose words an employer hears about the situation; "nothing" is an answer too."""

    OWN_WORDS = "own_words"
    MAY_TELL = "may_tell"
    NOTHING = "nothing"


class FramingFrom(StrEnum):
    """From when the contact may read it."""

    CONFIRMED = "confirmed"
    TALK = "talk"


class Framing(Model):
    """What the company may hear about somebody's situation, agreed with the candidate: the day and the way are kept.

    `kept_findings`: what the redaction check found in the words and the candidate wants to say all the same.
    """

    __tablename__ = "framing"

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    kind: Mapped[FramingKind] = mapped_column(choice(FramingKind))
    topics: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    words: Mapped[str | None] = mapped_column(Encrypted)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    shown_from: Mapped[FramingFrom] = mapped_column(choice(FramingFrom), default=FramingFrom.CONFIRMED)
    agreed_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    kept_findings: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None or self.withdrawn_at > clock.now()
