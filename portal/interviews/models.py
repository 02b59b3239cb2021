from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.agenda.models import Hold
from portal.employers.models import Vacancy
from portal.foundation import clock
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.interviews.day_models import InterviewNote, RunningLate
from portal.interviews.outcome_models import Framing
from portal.interviews.states import (
    DECISION,
    INTERVIEW,
    PERMISSION,
    PROPOSAL,
    DecisionState,
    InterviewState,
    Mode,
    PermissionState,
    Presence,
    ProposalState,
)
from portal.organisations.models import Workplace
from portal.showcase.models import Interest


class Interview(Stateful, Addressed, Model):
    """An accompanied interview. The database itself refuses one that is confirmed without the companion's held time.

    `uid` is the calendar's permanent name of it; `sequence` grows with each change that readers must see (RFC 5546), and
    is 0 until somebody is invited. `revision` grows with each change of moment or people: a press says which it was for.
    `reminded_hours` is the last reminder that left, in hours before the start.
    """

    __tablename__ = "interview"
    __table_args__ = (
        sa.CheckConstraint("state NOT IN ('confirmed', 'held') OR companion_hold_id IS NOT NULL", name="accompanied"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="order"),
        # One at a time; a second interview, or a new one after a cancellation, is an interview of its own.
        sa.Index(
            "uq_interview_open", "interest_id", unique=True,
            sqlite_where=sa.text("state NOT IN ('held', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('held', 'cancelled')"),
        ),
    )  # fmt: skip
    transitions: ClassVar[Transitions] = INTERVIEW

    interest_id: Mapped[int] = mapped_column(sa.ForeignKey("interest.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    companion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    companion_hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hold.id", ondelete="RESTRICT"))
    state: Mapped[InterviewState] = mapped_column(choice(InterviewState), default=InterviewState.REQUESTED, index=True)
    mode: Mapped[Mode] = mapped_column(choice(Mode), default=Mode.AT_COMPANY)
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplace.id"))
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    uid: Mapped[str] = mapped_column(sa.String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    framing: Mapped[str | None] = mapped_column(Encrypted)
    cancelled_because: Mapped[str] = mapped_column(sa.String(60), default="")
    reminded_hours: Mapped[int | None]

    interest: Mapped[Interest] = relationship(lazy="raise")
    vacancy: Mapped[Vacancy] = relationship(lazy="raise")
    contact: Mapped[Person] = relationship(lazy="raise", foreign_keys=[contact_id])
    worker: Mapped[Person] = relationship(lazy="raise", foreign_keys=[worker_id])
    companion: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[companion_id])
    companion_hold: Mapped[Hold | None] = relationship(lazy="raise")
    workplace: Mapped[Workplace] = relationship(lazy="raise")
    permission: Mapped["Permission"] = relationship(lazy="raise", back_populates="interview")
    decision: Mapped["Decision | None"] = relationship(lazy="raise", back_populates="interview")
    framed: Mapped[Framing | None] = relationship(lazy="raise")
    participants: Mapped[list["Participant"]] = relationship(lazy="raise", order_by="Participant.id")
    scorecards: Mapped[list["Scorecard"]] = relationship(lazy="raise", order_by="Scorecard.id")
    reveals: Mapped[list["Reveal"]] = relationship(lazy="raise")
    note: Mapped[InterviewNote | None] = relationship(lazy="raise")
    lates: Mapped[list[RunningLate]] = relationship(lazy="raise", order_by=RunningLate.id)

    @property
    def begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= clock.now()

    @property
    def open(self) -> bool:
        """Whether it may still move, change or be cancelled."""
        return self.state not in {InterviewState.HELD, InterviewState.CANCELLED}

    @property
    def lost_its_moment(self) -> bool:
        """Whether nobody's time is held for it any more: it needs another moment, not only somebody to go along."""
        no_leave = self.permission.state in {PermissionState.REFUSED, PermissionState.REVOKED}
        return self.open and self.companion_hold_id is None and (self.companion_id is not None or no_leave)

    @property
    def shows_identity(self) -> bool:
        """Only now may the one contact know who it is (and only with the candidate's consent)."""
        return self.state in {InterviewState.CONFIRMED, InterviewState.HELD}


class Permission(Stateful, Model):
    """The leave that somebody needs to come to an interview: asked when, granted for which hours."""

    __tablename__ = "permission"
    __table_args__ = (
        sa.CheckConstraint(
            "state <> 'granted' OR (covers_from IS NOT NULL AND covers_until IS NOT NULL)", name="granted_hours"
        ),
    )
    transitions: ClassVar[Transitions] = PERMISSION

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    state: Mapped[PermissionState] = mapped_column(choice(PermissionState), default=PermissionState.TO_REQUEST)
    file_by: Mapped[date | None]
    # The working days that `file_by` was reckoned with: a regime that changes later leaves them as they are.
    lead_days: Mapped[int | None]
    requested_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    covers_from: Mapped[datetime | None]
    covers_until: Mapped[datetime | None]

    interview: Mapped[Interview] = relationship(lazy="raise", back_populates="permission")

    @property
    def stands(self) -> bool:
        return self.state in {PermissionState.NOT_NEEDED, PermissionState.GRANTED}


class Participant(Model):
    """Who was expected, and whether they came ("person:12", "candidate:7")."""

    __tablename__ = "participant"
    __table_args__ = (sa.UniqueConstraint("interview_id", "party"),)

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id", ondelete="CASCADE"))
    party: Mapped[str] = mapped_column(sa.String(40))
    presence: Mapped[Presence] = mapped_column(choice(Presence), default=Presence.EXPECTED)
    invited_sequence: Mapped[int] = mapped_column(default=0)

    @property
    def person_id(self) -> int | None:
        kind, _, number = self.party.partition(":")
        return int(number) if kind == "person" else None


class Scorecard(Model):
    """One person's scores after the interview: 1 to 5 per criterion, with a line of evidence each.

    By somebody with an account, or by somebody who was asked by letter (`scorer_id`, outcome_models.Scorer).
    `criteria_version`: which set of criteria was asked; 0 is the standard one.
    """

    __tablename__ = "scorecard"
    __table_args__ = (
        # One card per person at the table, also when two browsers send at once.
        sa.UniqueConstraint("interview_id", "person_id"),
        sa.CheckConstraint("(person_id IS NULL) <> (scorer_id IS NULL)", name="one_author"),
    )

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    scorer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scorer.id"), unique=True)
    criteria_version: Mapped[int] = mapped_column(default=0, server_default="0")
    scores: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    evidence: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    make_it_work: Mapped[str | None] = mapped_column(Encrypted)


class Decision(Stateful, Model):
    """What the employer decided, with coded, job-based reasons; and the candidate's answer. Every "no" gets an answer.

    Of an offer or a trial: form, hours, days, until when it stands. `wish…`: what a second talk or a trial is about, when
    and with whom. `asked_workdays`: the last question after silence, in working days since the answer was awaited
    (after a trial it is awaited anew).
    """

    __tablename__ = "decision"
    transitions: ClassVar[Transitions] = DECISION

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    state: Mapped[DecisionState] = mapped_column(choice(DecisionState), default=DecisionState.PENDING)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str | None] = mapped_column(Encrypted)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    candidate_reasons: Mapped[list[str]] = mapped_column(default=list)
    form: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    hours_week: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    stands_until: Mapped[date | None]
    wish: Mapped[str | None] = mapped_column(Encrypted)
    wish_when: Mapped[str | None] = mapped_column(Encrypted)
    wish_who: Mapped[str | None] = mapped_column(Encrypted)
    tried: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    thinks_until: Mapped[date | None]
    asked_workdays: Mapped[int | None]
    asked_before_trial: Mapped[int | None]

    interview: Mapped[Interview] = relationship(lazy="raise", back_populates="decision")

    @property
    def is_no(self) -> bool:
        return self.state in {DecisionState.REJECTED, DecisionState.DECLINED}


class Reveal(Model):
    """An identity shown to one employer contact: what, from when, until when. Each showing is in the journal too."""

    __tablename__ = "reveal"
    __table_args__ = (sa.UniqueConstraint("interview_id", "person_id"),)

    interview_id: Mapped[int] = mapped_column(sa.ForeignKey("interview.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("consent.id"))
    ends_at: Mapped[datetime | None]


class Proposal(Stateful, Addressed, Model):
    """When a company would like to meet: what it was asked, and its answer, up to three windows of a day.

    Asked about an interest that waits for a moment, or, with `interview_id`, about the moment that was held at that
    `revision` of the interview: an answer to an older one changes nothing. `windows`: ["2026-12-01", "09:00", "12:00"].
    """

    __tablename__ = "proposal"
    __table_args__ = (
        # One at a time: a new question, or a new answer, replaces the one before it, also when two come at once.
        sa.Index(
            "uq_proposal_standing", "interest_id", unique=True,
            sqlite_where=sa.text("state IN ('asked', 'preferred', 'suits')"),
            postgresql_where=sa.text("state IN ('asked', 'preferred', 'suits')"),
        ),
    )  # fmt: skip
    transitions: ClassVar[Transitions] = PROPOSAL

    interest_id: Mapped[int] = mapped_column(sa.ForeignKey("interest.id"), index=True)
    interview_id: Mapped[int | None] = mapped_column(sa.ForeignKey("interview.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.ASKED)
    revision: Mapped[int] = mapped_column(default=0)
    windows: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    interest: Mapped[Interest] = relationship(lazy="raise")
    interview: Mapped[Interview | None] = relationship(lazy="raise")
    contact: Mapped[Person] = relationship(lazy="raise", foreign_keys=[contact_id])
