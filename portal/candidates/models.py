"""The person's row, and apart from it the identity, sealed. Every other table of the room hangs on the row."""

from datetime import date, datetime, time
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from portal.accounts.models import Person
from portal.candidates.case_models import BreakGlass, ConsentRequest, Contact, Development, Handover
from portal.candidates.states import REFERRAL, Channel, Purpose, ReferralState
from portal.competences.models import Occupation
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.programmes.models import Programme, Site


class Candidate(Addressed, Model):
    """Somebody in a programme. Holds no identity. `worker_id` is whose case it is; `site_id` where the person is met."""

    __tablename__ = "candidate"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")

    programme: Mapped[Programme] = relationship(lazy="raise")
    worker: Mapped[Person | None] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")

    # Brought along by the caseload only, for the name; every other reading asks `identities.py`.
    identity: Mapped["Identity"] = relationship(lazy="raise", viewonly=True, uselist=False)

    # The earliest date that something of this case waits for, as text; filled in by the caseload only.
    next_due: Mapped[str | None] = query_expression()


class Identity(Model):
    """Who somebody is: every value sealed, read only through `identities.py`, which journals it. No national number."""

    __tablename__ = "identity"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), unique=True)
    first_name: Mapped[str] = mapped_column(Encrypted)
    last_name: Mapped[str] = mapped_column(Encrypted)
    nicknames: Mapped[str | None] = mapped_column(Encrypted)
    pronoun: Mapped[str | None] = mapped_column(Encrypted)
    birth_date: Mapped[str | None] = mapped_column(Encrypted)
    birth_place: Mapped[str | None] = mapped_column(Encrypted)
    street: Mapped[str | None] = mapped_column(Encrypted)
    house_number: Mapped[str | None] = mapped_column(Encrypted)
    postcode: Mapped[str | None] = mapped_column(Encrypted)
    municipality: Mapped[str | None] = mapped_column(Encrypted)
    phone: Mapped[str | None] = mapped_column(Encrypted)
    email: Mapped[str | None] = mapped_column(Encrypted)
    relatives: Mapped[str | None] = mapped_column(Encrypted)
    employers: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    schools: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)


class NameMark(Model):
    """A truncated keyed hash of how a name begins, or of a birth date: finds candidates without telling who they are."""

    __tablename__ = "name_mark"
    __table_args__ = (
        sa.Index(None, "mark", "candidate_id"),
        # To take a person's marks away. A hash on PostgreSQL: a tree would tempt its planner to read people in order and
        # look for a common mark among them, at a cost that nobody bounds.
        sa.Index("ix_name_mark_of_candidate", "candidate_id", postgresql_using="hash"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(sa.String(16))


class Referral(Stateful, Addressed, Model):
    """A partner asks the programme to work with somebody."""

    __tablename__ = "referral"
    transitions: ClassVar[Transitions] = REFERRAL

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    referrer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    state: Mapped[ReferralState] = mapped_column(choice(ReferralState), default=ReferralState.RECEIVED, index=True)
    motive: Mapped[str] = mapped_column(Encrypted)
    reach: Mapped[str | None] = mapped_column(Encrypted)
    question: Mapped[str | None] = mapped_column(Encrypted)
    outcome: Mapped[str] = mapped_column(sa.String(60), default="")
    consent_given: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date]
    # What the partner calls this person's file, found again through a keyed hash; and the day on which our work ended.
    reference: Mapped[str | None] = mapped_column(Encrypted)
    reference_mark: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    ended_on: Mapped[date | None]

    candidate: Mapped[Candidate] = relationship(lazy="raise")
    referrer: Mapped[Person] = relationship(lazy="raise")
    site: Mapped[Site] = relationship(lazy="raise")


class Screening(Addressed, Model):
    """The first long talk. `draft` keeps what is filled in, sealed, until it is done."""

    __tablename__ = "screening"
    __table_args__ = (sa.CheckConstraint("done_on IS NULL OR missed = false", name="done_or_missed"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referral.id"), index=True)
    sit_day_id: Mapped[int] = mapped_column(sa.ForeignKey("sit_day.id"), index=True)
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    hold_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hold.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime]
    draft: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    talents: Mapped[str | None] = mapped_column(Encrypted)
    wishes: Mapped[str | None] = mapped_column(Encrypted)
    missed: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]


class JobWish(Model):
    """The coded job part of a person: what is sought and possible. No free text, so nothing here can name anybody."""

    __tablename__ = "job_wish"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), unique=True)
    occupation_id: Mapped[int] = mapped_column(sa.ForeignKey("occupation.id"), index=True)
    region: Mapped[str] = mapped_column(sa.String(40))
    province: Mapped[str] = mapped_column(sa.String(40), default="")
    experience_band: Mapped[str] = mapped_column(sa.String(40))
    availability_band: Mapped[str] = mapped_column(sa.String(40))
    hours_band: Mapped[str] = mapped_column(sa.String(40), default="full_day")
    hours_week: Mapped[int] = mapped_column(default=38)
    forms: Mapped[list[str]] = mapped_column(default=list)
    mobility: Mapped[list[str]] = mapped_column(default=list)
    licence: Mapped[str] = mapped_column(sa.String(20), default="none")
    languages: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)
    certificates: Mapped[list[str]] = mapped_column(default=list)
    support: Mapped[list[str]] = mapped_column(default=list)

    occupation: Mapped[Occupation] = relationship(lazy="raise")


class Skill(Model):
    """A competence with its level 0 to 4 and the evidence for it, as the worker noted it (the profile has its own text)."""

    __tablename__ = "skill"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "competence_id"),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name="level"),
    )

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"))
    competence_id: Mapped[int] = mapped_column(sa.ForeignKey("competence.id"), index=True)
    level: Mapped[int]
    evidence: Mapped[str | None] = mapped_column(Encrypted)


class Precondition(Model):
    """One thing that must be in order before work, with its light, its owner and its date."""

    __tablename__ = "precondition"
    __table_args__ = (sa.UniqueConstraint("candidate_id", "kind"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    light: Mapped[str] = mapped_column(sa.String(10), default="unknown")
    owner: Mapped[str] = mapped_column(sa.String(60), default="")
    due: Mapped[date | None]
    valid_until: Mapped[date | None]


class WorkConstraints(Model):
    """What detention or reception means for work: closed lists, sealed, staff only. Never an offence, never a date of release."""

    __tablename__ = "work_constraints"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), unique=True)
    answers: Mapped[Any] = mapped_column(EncryptedJson)
    permission_needed: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[int] = mapped_column(default=0)
    # What a partner told about this person: it goes before the regime's rule.
    lead_told: Mapped[int | None]
    # Between which hours the regime's leave lies, where its rule says so.
    hours_from: Mapped[time | None]
    hours_until: Mapped[time | None]


class Plan(Addressed, Model):
    """What worker and person agreed after the screening. A trajectory counts once it is agreed."""

    __tablename__ = "plan"

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    goal: Mapped[str] = mapped_column(Encrypted)
    agreed_on: Mapped[date | None]
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    review_on: Mapped[date | None]


class PlanStep(Model):
    """One step of a plan, with who does it and by when."""

    __tablename__ = "plan_step"

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Encrypted)
    owner: Mapped[str] = mapped_column(sa.String(60))
    due: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None]
    # The day that was agreed at first, and why it is another one now.
    first_due: Mapped[date | None]
    moved_because: Mapped[str | None] = mapped_column(Encrypted)


class Consent(Model):
    """What somebody agreed to, with the text's version, hash and language. Withdrawing acts at the next request."""

    __tablename__ = "consent"
    __table_args__ = (sa.Index(None, "candidate_id", "purpose"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"))
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"))
    # Of an agency: the one client that the name may go to as well. Without one, none.
    client_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency_client.id"))
    fields: Mapped[list[str]] = mapped_column(default=list)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    language: Mapped[str] = mapped_column(sa.String(2))
    text_version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    given_on: Mapped[date]
    recorded_by: Mapped[int | None]
    # The signed sheet, by its name in the store of uploads; empty when there is none.
    scan: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    withdrawn_at: Mapped[datetime | None]


__all__ = [
    "BreakGlass", "Candidate", "Consent", "ConsentRequest", "Contact", "Development", "Handover", "Identity", "JobWish", "NameMark",
    "Plan", "PlanStep", "Precondition", "Referral", "Screening", "Skill", "WorkConstraints",
]  # fmt: skip
