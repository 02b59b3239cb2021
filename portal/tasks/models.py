from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.roles import Role
from portal.foundation.database import EncryptedJson, Model, choice
from portal.tasks.digest_models import DigestLetter, DigestRhythm, LetterWay


class Task(Model):
    """What waits: for one person, or for whoever holds a role in a programme or an organisation."""

    __tablename__ = "task"
    __table_args__ = (
        sa.CheckConstraint("owner_id IS NOT NULL OR role IS NOT NULL", name="somebody"),
        sa.Index(None, "owner_id", "closed_at", "due"),
        sa.Index(None, "programme_id", "role", "closed_at"),
        sa.Index(None, "organisation_id", "closed_at"),
        sa.Index(None, "subject_kind", "subject_id"),
        sa.Index(
            "uq_task_open", "kind", "subject_kind", "subject_id", "owner_key", unique=True,
            sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    kind: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    owner_key: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role | None] = mapped_column(choice(Role))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    about: Mapped[int | None] = mapped_column(index=True)
    due: Mapped[date]
    words: Mapped[Any] = mapped_column(EncryptedJson)
    address: Mapped[str] = mapped_column(sa.Text)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(60))


__all__ = ["DigestLetter", "DigestRhythm", "LetterWay", "Task"]
