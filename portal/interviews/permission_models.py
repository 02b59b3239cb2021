"""Each time that leave was asked for, beside what stands now (`Permission`): what was asked, of whom, and the answer."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.foundation.database import Model, choice


class Outcome(StrEnum):
    """What became of a request. Dropped: the interview moved or was cancelled before it was used."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"
    DROPPED = "dropped"


class PermissionRequest(Model):
    """One request for leave. It keeps the moment and the hours that it was about, and the working days that counted then,
    whatever the interview or the regime becomes later. Codes only: no word about why somebody is where they are."""

    __tablename__ = "permission_request"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome <> 'granted' OR (covers_from IS NOT NULL AND covers_until IS NOT NULL)", name="granted_hours"
        ),
        sa.CheckConstraint("needed_until > needed_from", name="order"),
        # One at a time is under way: asking again closes the one before it.
        sa.Index(
            "uq_permission_request_waiting", "interview_id", unique=True,
            sqlite_where=sa.text("outcome = 'waiting'"), postgresql_where=sa.text("outcome = 'waiting'"),
        ),
    )  # fmt: skip

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    asked_on: Mapped[date]
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    office: Mapped[str] = mapped_column(sa.String(40), default="")
    channel: Mapped[str] = mapped_column(sa.String(40), default="")
    starts_at: Mapped[datetime]
    needed_from: Mapped[datetime]
    needed_until: Mapped[datetime]
    file_by: Mapped[date | None]
    lead_days: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome), default=Outcome.WAITING)
    answered_on: Mapped[date | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    covers_from: Mapped[datetime | None]
    covers_until: Mapped[datetime | None]
    conditions: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    ended_on: Mapped[date | None]

    asker: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_by])
