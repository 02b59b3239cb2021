"""What happens around a case: who was spoken with, what was asked, posted, handed over, or opened with a reason."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.candidates.states import HANDOVER, Channel, HandoverState, Purpose, Scope
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.programmes.models import Site

if TYPE_CHECKING:
    from portal.candidates.models import Candidate, Referral


class Contact(Model):
    """The contact log of a case: whom, how, what was said, what comes next."""

    __tablename__ = "contact"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    whom: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    note: Mapped[str] = mapped_column(Encrypted)
    next_step: Mapped[str | None] = mapped_column(Encrypted)
    on: Mapped[date]

    person: Mapped[Person] = relationship(lazy="raise")


class ConsentRequest(Addressed, Model):
    """An agreement that is asked by a personal link. Without a purpose the link only shows what stands, to take it back."""

    __tablename__ = "consent_request"
    __table_args__ = (sa.CheckConstraint("answer IN ('', 'yes', 'no')", name="answer"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose | None] = mapped_column(choice(Purpose))
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    by_letter: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(sa.String(3), default="")
    answered_at: Mapped[datetime | None]


class Development(Addressed, Model):
    """What a partner lets the team know of somebody who was referred. `proposed` are codes of closed lists that the own
    worker may take over; they and `from_on` are sealed, because the day of a new regime says more than work needs."""

    __tablename__ = "development"
    __table_args__ = (
        sa.CheckConstraint("(handled_on IS NULL) = (handled_by IS NULL)", name="handled"),
        sa.Index(None, "candidate_id", "handled_on"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"))
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    posted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    from_on: Mapped[str | None] = mapped_column(Encrypted)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    proposed: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    note: Mapped[str | None] = mapped_column(Encrypted)
    handled_on: Mapped[date | None]
    handled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    site: Mapped[Site | None] = relationship(lazy="raise")
    referral: Mapped["Referral"] = relationship(lazy="raise")
    poster: Mapped[Person] = relationship(lazy="raise", foreign_keys=[posted_by])

    @property
    def since(self) -> date | None:
        """The day from which it holds."""
        return date.fromisoformat(self.from_on) if self.from_on else None


class Handover(Stateful, Addressed, Model):
    """A worker proposes to hand a case to a colleague, who answers. One at a time: the index refuses a second."""

    __tablename__ = "handover"
    __table_args__ = (
        sa.CheckConstraint("from_id <> to_id", name="two_people"),
        sa.Index(
            "uq_handover_open", "candidate_id", unique=True, sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
    )  # fmt: skip
    transitions: ClassVar[Transitions] = HANDOVER

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Encrypted)
    answer: Mapped[str | None] = mapped_column(Encrypted)
    state: Mapped[HandoverState] = mapped_column(choice(HandoverState), default=HandoverState.PROPOSED)
    answered_at: Mapped[datetime | None]

    candidate: Mapped["Candidate"] = relationship(lazy="raise")
    proposer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[from_id])
    receiver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[to_id])


class BreakGlass(Addressed, Model):
    """Somebody of the team opened what is not theirs to read, with a reason, until `ends_at` at the latest."""

    __tablename__ = "break_glass"
    __table_args__ = (
        sa.CheckConstraint("ends_at > opened_at", name="order"),
        # Asked at every page of a case: whether this person has this one open.
        sa.Index(None, "person_id", "candidate_id", "ends_at"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    scope: Mapped[Scope] = mapped_column(choice(Scope), default=Scope.CASE)
    reason: Mapped[str] = mapped_column(Encrypted)
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    discussed_at: Mapped[datetime | None]
    discussed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    candidate: Mapped["Candidate"] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
