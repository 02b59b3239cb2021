from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.ambassadors import question_models as question_models
from portal.ambassadors import words_models as words_models
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
        # Who left, or was refused once, may sign again.
        _A.ENDED: {_A.APPLIED},
        _A.REJECTED: {_A.APPLIED},
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
    # A pause ends by itself on this day.
    paused_until: Mapped[date | None]
    # Since when somebody says that this is a pioneer, and who; both are facts beside the thresholds.
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    # The newest text of the charter that was put before this company, so that it is asked once.
    asked_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # The end of a level of which the company was told, so that it is told once.
    told_of_end: Mapped[date | None]

    employer: Mapped[Employer] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @property
    def recruits(self) -> bool:
        """Whether it invites, is asked, and is named in the portal today."""
        return self.state is AmbassadorState.ACTIVE


class Wish(Model):
    """A company was asked to become an ambassador, once, and what it said. `because`: week13 or wish."""

    __tablename__ = "ambassador_wish"

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), unique=True)
    asked_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(sa.String(20), default="")
    # tell_me, later, no: what was answered last, in a form or on the page.
    answer: Mapped[str] = mapped_column(sa.String(20), default="")


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
    # By which link of a fair the company came; without one it came by a letter.
    fair_link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fair_link.id"), index=True)
    reminders: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    ambassador: Mapped[Ambassador] = relationship(lazy="raise")


class FairLink(Addressed, Model):
    """A way in that an ambassador takes along to a fair: for so many companies, until a day, and closed at will.

    What it shows is what the ambassador agreed to: the company always, its own name and words by choice.
    """

    __tablename__ = "fair_link"
    __table_args__ = (sa.CheckConstraint("most BETWEEN 1 AND 500", name="most"),)

    ambassador_id: Mapped[int] = mapped_column(sa.ForeignKey("ambassador.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    shows_name: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Encrypted)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    most: Mapped[int]
    expires_on: Mapped[date]
    closed_at: Mapped[datetime | None]

    ambassador: Mapped[Ambassador] = relationship(lazy="raise")


class FairArrival(Model):
    """A company signed up by a fair's link. It counts for the ambassador once its address is confirmed."""

    __tablename__ = "fair_arrival"

    fair_link_id: Mapped[int] = mapped_column(sa.ForeignKey("fair_link.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), unique=True)


class DoNotAsk(Model):
    """An address that said no: a keyed hash, so that nobody can ask it again and nobody can read it."""

    __tablename__ = "do_not_ask"

    address_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
