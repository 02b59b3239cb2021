"""Who asks to speak for a company, whom it invites into its team, and by what two companies can be seen to be one. Tables of
the employers room."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers.join_states import JOIN, TEAM_INVITATION, JoinState, JoinWay, TeamInvitationState
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions


class JoinRequest(Stateful, Addressed, Model):
    """Somebody with an own account who asks to speak for a company; that company decides. `asked_of_id`: whose letter was
    passed on, `about_kind` and `about_id` what that letter was about."""

    __tablename__ = "join_request"
    # Once is enough: a no stands.
    __table_args__ = (sa.UniqueConstraint("employer_id", "person_id"),)
    transitions: ClassVar[Transitions] = JOIN

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[JoinState] = mapped_column(choice(JoinState), default=JoinState.ASKED, index=True)
    way: Mapped[JoinWay] = mapped_column(choice(JoinWay))
    asked_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    about_kind: Mapped[str] = mapped_column(sa.String(60), default="")
    about_id: Mapped[int | None]
    waits_since: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    asked_of: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_of_id])


class TeamInvitation(Stateful, Addressed, Model):
    """A colleague who was invited into a company's team: name and address as its admin typed them, and no more. Whether that
    address has an account is read only once its reader says yes, so the team learns nothing of it."""

    __tablename__ = "team_invitation"
    transitions: ClassVar[Transitions] = TEAM_INVITATION

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    first_name: Mapped[str] = mapped_column(Encrypted)
    last_name: Mapped[str] = mapped_column(Encrypted)
    email: Mapped[str] = mapped_column(Encrypted)
    language: Mapped[str] = mapped_column(sa.String(2))
    role: Mapped[Role] = mapped_column(choice(Role))
    state: Mapped[TeamInvitationState] = mapped_column(choice(TeamInvitationState), default=TeamInvitationState.SENT)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    letters: Mapped[int] = mapped_column(default=1)

    invited_by: Mapped[Person] = relationship(lazy="raise")

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class CompanyTrace(Model):
    """Something by which a company can be found again: the beginning of a word of its name within a province, or the domain
    of its people's addresses. A copy of what stands elsewhere, for looking by an index."""

    __tablename__ = "company_trace"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "kind", "value"),
        # Who shares a trace, without reading all companies.
        sa.Index(None, "kind", "value"),
    )

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(8))
    value: Mapped[str] = mapped_column(sa.String(254))
