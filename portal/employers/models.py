from datetime import date, datetime, time
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.competences.models import Competence, Occupation
from portal.employers.client_models import AgencyClient
from portal.employers.join_models import CompanyTrace, JoinRequest
from portal.employers.states import EMPLOYER, RECRUITING, VACANCY, EmployerState, VacancyState
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.organisations.models import Organisation, Workplace


class Employer(Stateful, Addressed, Model):
    """A company (or agency) in the network. `invitation_id` is the peer's invitation it came with, without foreign key:
    the ambassadors room owns those."""

    __tablename__ = "employer"
    __table_args__ = (sa.CheckConstraint("monthly_profiles BETWEEN 1 AND 1000", name="monthly_profiles"),)
    transitions: ClassVar[Transitions] = EMPLOYER

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[EmployerState] = mapped_column(choice(EmployerState), default=EmployerState.LEAD, index=True)
    section: Mapped[str] = mapped_column(sa.String(1), default="")
    size: Mapped[str] = mapped_column(sa.String(40), default="")
    shifts: Mapped[list[str]] = mapped_column(default=list)
    forms_offered: Mapped[list[str]] = mapped_column(default=list)
    concerns: Mapped[list[str]] = mapped_column(default=list)
    invitation_id: Mapped[int | None] = mapped_column(index=True)
    shows_progress: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    # What it asked of us: new profiles a calendar month at most, how to reach it, and whom to ask for first.
    monthly_profiles: Mapped[int | None]
    contact_way: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    first_contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    # The day of the one letter of this silence; of the last question who still works here, its reminder, its answer.
    asked_still_here_on: Mapped[date | None]
    still_here_at: Mapped[datetime | None]
    team_asked_on: Mapped[date | None]
    team_reminded_on: Mapped[date | None]
    team_checked_on: Mapped[date | None]
    blocked_because: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    # Two sign-ups turned out to be one company: this row stands still, the other one goes on.
    same_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    worker: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[worker_id])

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def may_recruit(self) -> bool:
        """Verified employers see cards; the first vacancy makes them active."""
        return self.state in RECRUITING


class CallNote(Model):
    """What a worker heard when calling a company."""

    __tablename__ = "call_note"

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Encrypted)

    person: Mapped[Person] = relationship(lazy="raise")


class Lead(Model):
    """Whom to call at a company that has no account. It goes as soon as the company turns out to be another one."""

    __tablename__ = "lead"

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id", ondelete="CASCADE"), unique=True)
    contact_name: Mapped[str] = mapped_column(Encrypted)
    phone: Mapped[str] = mapped_column(Encrypted)
    postcode: Mapped[str] = mapped_column(sa.String(10))
    municipality: Mapped[str] = mapped_column(sa.String(80))


class Vacancy(Stateful, Addressed, Model):
    """A job that an employer offers. Hours are wall-clock; `notice_days` is what a change of schedule needs."""

    __tablename__ = "vacancy"
    __table_args__ = (
        sa.CheckConstraint("number BETWEEN 1 AND 100", name="number"),
        sa.CheckConstraint("extract_required = false OR extract_basis <> ''", name="extract_has_basis"),
    )
    transitions: ClassVar[Transitions] = VACANCY

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplace.id"))
    occupation_id: Mapped[int] = mapped_column(sa.ForeignKey("occupation.id"), index=True)
    state: Mapped[VacancyState] = mapped_column(choice(VacancyState), default=VacancyState.DRAFT, index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    tasks: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int] = mapped_column(default=1)
    hours_week: Mapped[int] = mapped_column(default=38)
    hours_from: Mapped[time]
    hours_until: Mapped[time]
    shift: Mapped[str] = mapped_column(sa.String(40), default="day")
    starts_on: Mapped[date | None]
    forms: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)
    licence: Mapped[str] = mapped_column(sa.String(20), default="none")
    physical_load: Mapped[str] = mapped_column(sa.String(20), default="normal")
    flexible: Mapped[bool] = mapped_column(default=False)
    interview_inside: Mapped[bool] = mapped_column(default=False)
    interview_video: Mapped[bool] = mapped_column(default=False)
    notice_days: Mapped[int] = mapped_column(default=5)
    extract_required: Mapped[bool] = mapped_column(default=False)
    extract_basis: Mapped[str] = mapped_column(sa.String(200), default="")
    opened_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    closed_because: Mapped[str] = mapped_column(sa.String(200), default="")
    closed_words: Mapped[str | None] = mapped_column(Encrypted)
    # The language in which the company wrote it.
    language: Mapped[str] = mapped_column(sa.String(2), default="nl", server_default="nl")
    # Whether everybody may read it: "" no, "named" with the company's name, "unnamed" without.
    public: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    # How many people it reaches, in steps, as counted on one day (vacancy_reach).
    reach: Mapped[Any] = mapped_column(sa.JSON, nullable=True)
    # When what is matched last changed while it was open, and the last day that its letter about ending spoke of.
    rematched_at: Mapped[datetime | None]
    expiry_told: Mapped[date | None]

    employer: Mapped[Employer] = relationship(lazy="raise")
    contact: Mapped[Person] = relationship(lazy="raise")
    workplace: Mapped[Workplace] = relationship(lazy="raise")
    occupation: Mapped[Occupation] = relationship(lazy="raise")
    competences: Mapped[list["VacancyCompetence"]] = relationship(lazy="raise", back_populates="vacancy")


class VacancyCompetence(Model):
    """What a vacancy asks: a must, or something that can be learnt on the job."""

    __tablename__ = "vacancy_competence"
    __table_args__ = (sa.UniqueConstraint("vacancy_id", "competence_id"),)

    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id", ondelete="CASCADE"))
    competence_id: Mapped[int] = mapped_column(sa.ForeignKey("competence.id"), index=True)
    must: Mapped[bool] = mapped_column(default=True)

    vacancy: Mapped[Vacancy] = relationship(lazy="raise", back_populates="competences")
    competence: Mapped[Competence] = relationship(lazy="raise")


class ReachLook(Model):
    """How many people one way of asking reaches, as it was counted for a company on a day: asked again, it says the same;
    and a company asks so many ways a day, so that nobody is found out by asking."""

    __tablename__ = "reach_look"
    __table_args__ = (sa.UniqueConstraint("employer_id", "day", "mark"),)

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id", ondelete="CASCADE"))
    day: Mapped[date]
    mark: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[Any] = mapped_column(sa.JSON)


__all__ = [
    "AgencyClient",
    "CallNote",
    "CompanyTrace",
    "Employer",
    "JoinRequest",
    "Lead",
    "Vacancy",
    "VacancyCompetence",
]
