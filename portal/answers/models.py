"""What people wrote over the library's first text: versions that stay, and the day on which each answer is looked at again."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.foundation.database import Model


class LibraryAnswer(Model):
    """An answer that somebody edited or looked at. Its first text is the file's (library.toml), unless it was added here."""

    __tablename__ = "library_answer"

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    # The day on which a coordinator looks whether it is still right; a year after the text when not said.
    review_on: Mapped[date | None]


class AnswerVersion(Model):
    """One version in three languages. What is published never changes: another text is another version."""

    __tablename__ = "answer_version"
    __table_args__ = (
        sa.UniqueConstraint("answer_id", "number"),
        # One draft at a time: two people who edit at once do not write over one another unseen.
        sa.Index(
            "uq_answer_version_draft", "answer_id", unique=True,
            sqlite_where=sa.text("published_at IS NULL"), postgresql_where=sa.text("published_at IS NULL"),
        ),
    )  # fmt: skip

    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("library_answer.id"))
    number: Mapped[int]
    # topic, question, answer and source, each by language.
    texts: Mapped[dict[str, Any]]
    source_date: Mapped[date | None]
    whom_to_call: Mapped[str] = mapped_column(sa.String(40))
    needs_counsel: Mapped[bool]
    places: Mapped[list[str]]
    off: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(sa.String(300), default="")
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime | None]

    answer: Mapped[LibraryAnswer] = relationship(lazy="raise")
    writer: Mapped[Person | None] = relationship(lazy="raise")
