from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.employers.models import Employer, Vacancy
from portal.foundation import crypto
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.showcase.states import (
    INTEREST,
    PROFILE,
    QUESTION,
    Fit,
    InterestState,
    ProfileState,
    QuestionState,
    SentenceKind,
)


class Profile(Stateful, Addressed, Model):
    """The blind profile of a person. Its coded part stands in `job_wish` and `skill`, its sentences in `sentence`.

    `published` is what employers see: written when a batch is released, so that later changes wait for the next one too.
    `candidate_remark`: what the candidate wants to change, said by the own link.
    """

    __tablename__ = "profile"
    transitions: ClassVar[Transitions] = PROFILE

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    state: Mapped[ProfileState] = mapped_column(choice(ProfileState), default=ProfileState.DRAFT, index=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_on_paper_at: Mapped[datetime | None]
    approval_channel: Mapped[str] = mapped_column(sa.String(20), default="")
    approval_scan: Mapped[str] = mapped_column(sa.String(16), default="")
    candidate_remark: Mapped[str | None] = mapped_column(Encrypted)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    published: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)


class Sentence(Model):
    """A short text of a profile. It reaches an employer only once a second person has approved it.

    `findings`: what the redaction check found in it; `kept_findings`: those that a person looked at and kept;
    `remark`: why the second reader sent it back.
    """

    __tablename__ = "sentence"
    __table_args__ = (sa.CheckConstraint("approved_by IS NULL OR approved_by <> written_by", name="second_person"),)

    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("profile.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SentenceKind] = mapped_column(choice(SentenceKind))
    competence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competence.id"))
    text: Mapped[str] = mapped_column(Encrypted)
    written_by: Mapped[int | None]
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    findings: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    kept_findings: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    remark: Mapped[str | None] = mapped_column(Encrypted)
    position: Mapped[int] = mapped_column(default=0)


class Batch(Model):
    """A release of cards. They appear together and carry no date, so that nobody can tell whose referral came last.

    `pool`: who looks for work then, in bands (showcase.bands).
    """

    __tablename__ = "batch"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    released_by: Mapped[int | None]
    changes: Mapped[int]
    pool: Mapped[Any] = mapped_column(sa.JSON, default=list, server_default="[]")


class Listing(Addressed, Model):
    """A card, written for one vacancy: its key and code are random per (vacancy, profile); `card` holds only coded words."""

    __tablename__ = "listing"
    __table_args__ = (
        sa.UniqueConstraint("vacancy_id", "profile_id"),
        sa.UniqueConstraint("vacancy_id", "code"),
        sa.Index(None, "vacancy_id", "shown", "position"),
    )

    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("profile.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    code: Mapped[str] = mapped_column(sa.String(8))
    position: Mapped[int]
    fit: Mapped[Fit] = mapped_column(choice(Fit))
    card: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    shown: Mapped[bool] = mapped_column(default=True)

    vacancy: Mapped[Vacancy] = relationship(lazy="raise")
    profile: Mapped[Profile] = relationship(lazy="raise")


class Opening(Model):
    """An employer contact opened a blind profile for a vacancy: counted per vacancy and week, and journalled.

    `not_fitting`: the coded, job-based reasons with which this contact put the profile aside.
    """

    __tablename__ = "opening"
    __table_args__ = (sa.UniqueConstraint("listing_id", "person_id"), sa.Index(None, "vacancy_id", "created_at"))

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    not_fitting: Mapped[list[str]] = mapped_column(default=list)


class Interest(Stateful, Addressed, Model):
    """An employer would like to meet a person: the candidate decides. Or a worker proposes it (`proposed_by`): then it needs
    the company's yes (`employer_answered_at`) and the candidate's (`answered_at`), in any order."""

    __tablename__ = "interest"
    __table_args__ = (sa.UniqueConstraint("vacancy_id", "candidate_id"),)
    transitions: ClassVar[Transitions] = INTEREST

    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"))
    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[InterestState] = mapped_column(choice(InterestState), default=InterestState.EXPRESSED)
    code: Mapped[str] = mapped_column(sa.String(8))
    reasons: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str | None] = mapped_column(Encrypted)
    candidate_reasons: Mapped[list[str]] = mapped_column(default=list)
    answered_at: Mapped[datetime | None]
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    employer_answered_at: Mapped[datetime | None]
    employer_reasons: Mapped[list[str]] = mapped_column(default=list, server_default="[]")

    vacancy: Mapped[Vacancy] = relationship(lazy="raise")

    @property
    def asks_candidate(self) -> bool:
        """Whether the candidate has not answered yet; a worker's proposal waits for the company too."""
        return self.answered_at is None and self.state in {InterestState.EXPRESSED, InterestState.PROPOSED}

    @property
    def asks_employer(self) -> bool:
        return self.state is InterestState.PROPOSED and self.employer_answered_at is None


class ListChoice(Model):
    """A worker puts somebody on a vacancy's list who misses a must, or takes somebody off it: no score has the last word.

    Acts at the next batch, so that its moment tells nothing, and so does its end. `reason` stays with the team.
    """

    __tablename__ = "list_choice"
    # One decision per person and vacancy: a second one replaces it.
    __table_args__ = (sa.UniqueConstraint("vacancy_id", "profile_id"),)

    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id", ondelete="CASCADE"))
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("profile.id", ondelete="CASCADE"), index=True)
    added: Mapped[bool]
    reason: Mapped[str] = mapped_column(Encrypted)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class KeptFrom(Model):
    """A company that must not see somebody: a past employer could know the person by the work. `reason` is a code."""

    __tablename__ = "kept_from"
    # Asked from both sides: whom this person is kept from, and whom this company may not see.
    __table_args__ = (sa.UniqueConstraint("candidate_id", "employer_id"),)

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"))
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(40))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))

    employer: Mapped[Employer] = relationship(lazy="raise")


class Question(Stateful, Addressed, Model):
    """An employer contact asks something about an opened profile; the person's worker answers, or says that it is not shared.

    `shown`: whether the asker's colleagues may read the question's own words; `declined_because`: the code of a ready
    text; `findings`: what the check found in the question; `kept_findings`: what of it, and of the answer, was kept.
    """

    __tablename__ = "question"
    transitions: ClassVar[Transitions] = QUESTION
    # Counted per vacancy and week.
    __table_args__ = (sa.Index(None, "vacancy_id", "created_at"),)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState), default=QuestionState.ASKED)
    text: Mapped[str] = mapped_column(Encrypted)
    answer: Mapped[str | None] = mapped_column(Encrypted)
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    shown: Mapped[bool] = mapped_column(default=False)
    declined_because: Mapped[str] = mapped_column(sa.String(40), default="")
    findings: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    kept_findings: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    listing: Mapped[Listing] = relationship(lazy="raise")
    vacancy: Mapped[Vacancy] = relationship(lazy="raise")


class PoolVersion(Model):
    """How often the pool of a programme has changed: raised in the transaction of the change, so that every process sees it.

    `epoch` is random, written once: in another database the same number means something else.
    """

    __tablename__ = "pool_version"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), unique=True)
    epoch: Mapped[str] = mapped_column(sa.String(16), default=crypto.address_key)
    version: Mapped[int] = mapped_column(default=0)


class PoolPerson(Model):
    """What the last batch released of a profile as plain codes, for searching: a copy of `published` without a sentence.

    `version`: the pool's version at which this row changed. A profile that left keeps its row, emptied, with `out` false,
    so that who reads only what changed hears of it. Lists of codes stand as " one two ".
    """

    __tablename__ = "pool_person"
    __table_args__ = (
        # A page of the pool; what changed since a version.
        sa.Index(None, "programme_id", "out", "profile_id"),
        sa.Index(None, "programme_id", "version"),
    )

    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("profile.id", ondelete="CASCADE"), unique=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    version: Mapped[int]
    out: Mapped[bool]
    occupation: Mapped[str] = mapped_column(sa.String(60), default="")
    sector: Mapped[str] = mapped_column(sa.String(60), default="")
    region: Mapped[str] = mapped_column(sa.String(40), default="")
    experience: Mapped[str] = mapped_column(sa.String(40), default="")
    availability: Mapped[str] = mapped_column(sa.String(40), default="")
    hours_band: Mapped[str] = mapped_column(sa.String(40), default="")
    hours_week: Mapped[int] = mapped_column(default=0)
    licence: Mapped[str] = mapped_column(sa.String(20), default="")
    forms: Mapped[str] = mapped_column(sa.Text, default="")
    languages: Mapped[str] = mapped_column(sa.Text, default="")


class PoolSkill(Model):
    """A competence of somebody in the pool, with its level from 1 to 4."""

    __tablename__ = "pool_skill"
    __table_args__ = (
        sa.UniqueConstraint("profile_id", "competence_id"),
        # Everybody with a competence, found without reading the table (the SQL way to the same matches).
        sa.Index(None, "competence_id", "profile_id", "level"),
    )

    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("profile.id", ondelete="CASCADE"))
    competence_id: Mapped[int] = mapped_column(sa.ForeignKey("competence.id"))
    level: Mapped[int]
