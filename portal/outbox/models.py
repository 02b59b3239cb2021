from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation import crypto
from portal.foundation.database import Encrypted, EncryptedJson, Model, choice


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


class Letter(Model):
    """A letter to one reader. The row is the only queue: claimed by lease, rendered at sending, emptied afterwards."""

    __tablename__ = "letter"
    __table_args__ = (
        sa.Index(None, "state", "next_try_at"),
        sa.Index(None, "about_kind", "about_id"),
    )

    template: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(2))
    address: Mapped[str | None] = mapped_column(Encrypted)
    address_mark: Mapped[str] = mapped_column(sa.String(64), index=True)
    recipient_ref: Mapped[str] = mapped_column(sa.String(60), index=True)
    values: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    calendar: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    about_kind: Mapped[str | None] = mapped_column(sa.String(60))
    about_id: Mapped[int | None]
    state: Mapped[LetterState] = mapped_column(choice(LetterState), default=LetterState.WAITING)
    message_id: Mapped[str] = mapped_column(sa.String(60), unique=True, default=crypto.token)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(sa.String(40))
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(200))


class ShownLetter(Model):
    """A letter as its reader sees it: kept in demo mode only, where it stands for the reader's mailbox."""

    __tablename__ = "shown_letter"

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), unique=True)
    address: Mapped[str] = mapped_column(sa.String(254), index=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    calendar: Mapped[str | None] = mapped_column(sa.Text)
