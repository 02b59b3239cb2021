from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.employers.models import Employer
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions


class AmbassadorState(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    REJECTED = "rejected"


class Level(StrEnum):
    ENGAGED = "engaged"
    ACTIVE = "active"
    PIONEER = "pioneer"


class InvitationState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    REGISTERED = "registered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_A, _I = AmbassadorState, InvitationState

AMBASSADOR = Transitions(
    {
        _A.APPLIED: {_A.APPROVED, _A.REJECTED},
        _A.APPROVED: {_A.ACTIVE, _A.ENDED},
        _A.ACTIVE: {_A.PAUSED, _A.ENDED},
        _A.PAUSED: {_A.ACTIVE, _A.ENDED},
        _A.ENDED: set(),
        _A.REJECTED: set(),
    }
)
INVITATION = Transitions(
    {
        _I.DRAFT: {_I.SENT},
        _I.SENT: {_I.REGISTERED, _I.DECLINED, _I.WITHDRAWN},
        _I.REGISTERED: set(),
        _I.DECLINED: set(),
        _I.WITHDRAWN: set(),
    }
)


class Ambassador(Stateful, Addressed, Model):
    """A company whose contact signed the charter."""

    __tablename__ = "ambassador"
    transitions: ClassVar[Transitions] = AMBASSADOR

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[AmbassadorState] = mapped_column(choice(AmbassadorState), default=AmbassadorState.APPLIED, index=True)
    level: Mapped[Level] = mapped_column(choice(Level), default=Level.ENGAGED)
    named_publicly: Mapped[bool] = mapped_column(default=False)
    quote: Mapped[str] = mapped_column(sa.String(300), default="")

    employer: Mapped[Employer] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Signature(Model):
    """A name under a version of the charter."""

    __tablename__ = "signature"
    __table_args__ = (sa.UniqueConstraint("ambassador_id", "charter_version"),)

    ambassador_id: Mapped[int] = mapped_column(sa.ForeignKey("ambassador.id"))
    charter_version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(2))
    signed_name: Mapped[str] = mapped_column(sa.String(160))
    signed_on: Mapped[date]


class Invitation(Stateful, Addressed, Model):
    """An ambassador asks a peer in. The peer's address is sealed; its mark finds whom nobody may ask again.

    A draft is what the ambassador reads over before sending. One address has one open invitation, whoever asks.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.Index(
            "uq_invitation_open", "address_mark", unique=True,
            sqlite_where=sa.text("state = 'sent'"), postgresql_where=sa.text("state = 'sent'"),
        ),
        sa.CheckConstraint("reminders BETWEEN 0 AND 2", name="two_reminders"),
    )  # fmt: skip
    transitions: ClassVar[Transitions] = INVITATION

    ambassador_id: Mapped[int] = mapped_column(sa.ForeignKey("ambassador.id"), index=True)
    company_name: Mapped[str] = mapped_column(sa.String(160))
    contact_name: Mapped[str] = mapped_column(Encrypted)
    address: Mapped[str | None] = mapped_column(Encrypted)
    address_mark: Mapped[str] = mapped_column(sa.String(64), index=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    words: Mapped[str] = mapped_column(Encrypted)
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState), default=InvitationState.DRAFT, index=True)
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"))
    reminders: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    ambassador: Mapped[Ambassador] = relationship(lazy="raise")


class DoNotAsk(Model):
    """An address that said no: a keyed hash, so that nobody can ask it again and nobody can read it."""

    __tablename__ = "do_not_ask"

    address_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
