"""What happens to a vacancy: written, opened, put on hold, closed, expired."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.competences import queries as catalogue
from portal.competences.models import Occupation
from portal.employers import public_vacancies
from portal.employers.answers import CloseAnswer, VacancyAnswer
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.employers.rules import rule
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import options
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations.models import Workplace

OPEN_FOR = timedelta(days=rule("vacancies", "open_for_days"))
# Nobody reads a vacancy that asks more than this; it also bounds what a form may send.
MOST_ASKED = 40


class NotVerifiedYet(DomainError):
    sentence = lazy("We call you before your first vacancy opens. Your draft is kept until then.")


class NotADraft(DomainError):
    """What an open vacancy asks is fixed: candidates were compared with it. What can change then: vacancy_changes."""

    sentence = lazy(
        "This vacancy is open, so what it asks is fixed. Close it and write a new one if the job has changed."
    )
    status = 409


class NoSuchWorkplace(DomainError):
    sentence = lazy("Choose one of your sites.")
    field = "workplace"


class NothingAsked(DomainError):
    sentence = lazy("Choose what somebody must be able to do, or can learn with you. Otherwise nobody can be compared.")
    field = "must"


@dataclass(frozen=True)
class Writing:
    """Whose vacancy is written: the company, the person who answers for it, and the kind of job."""

    employer: Employer
    contact_id: int
    occupation: Occupation
    language: str = "nl"


def write_vacancy(writing: Writing, answer: VacancyAnswer, vacancy: Vacancy | None = None) -> Vacancy:
    """A new draft, or a draft written again. Raises NotADraft, NoSuchWorkplace and NothingAsked."""
    if vacancy is None:
        vacancy = Vacancy(employer=writing.employer, contact_id=writing.contact_id, occupation_id=writing.occupation.id)
        vacancy.state, vacancy.competences = VacancyState.DRAFT, []
        db.session.add(vacancy)
    elif vacancy.state is not VacancyState.DRAFT:
        raise NotADraft()
    with db.session.no_autoflush:
        vacancy.workplace = _workplace(writing.employer, answer.workplace)
        _write_facts(vacancy, answer)
        _write_competences(vacancy, answer)
    vacancy.language = writing.language
    db.session.flush()
    journal.note("vacancy.written", vacancy)
    return vacancy


def _workplace(employer: Employer, key: str) -> Workplace:
    statement = sa.select(Workplace).where(Workplace.key == key, Workplace.organisation_id == employer.organisation_id)
    found = db.session.scalar(statement)
    if found is None:
        raise NoSuchWorkplace()
    return found


def _write_facts(vacancy: Vacancy, answer: VacancyAnswer) -> None:
    for name in (
        "title", "tasks", "number", "hours_week", "hours_from", "hours_until", "shift", "starts_on", "licence",
        "physical_load", "flexible", "interview_inside", "interview_video",
    ):  # fmt: skip
        setattr(vacancy, name, getattr(answer, name))
    vacancy.forms, vacancy.notice_days = list(answer.forms), int(answer.notice_days)
    vacancy.languages = {"nl": answer.language_nl, "fr": answer.language_fr, "en": answer.language_en}
    vacancy.extract_required = answer.extract == "yes"
    vacancy.extract_basis = answer.extract_basis if vacancy.extract_required else ""
    public_vacancies.publish(vacancy, answer.public)


def _write_competences(vacancy: Vacancy, answer: VacancyAnswer) -> None:
    """Whatever stands in the catalogue; what it gave up counts only where the vacancy asked it already."""
    codes = [*answer.must, *answer.learnable][:MOST_ASKED]
    kept = {one.competence_id: one for one in vacancy.competences}
    known = {one.code: one.id for one in catalogue.competences_called(codes) if not one.retired or one.id in kept}
    wanted = {known[code]: True for code in answer.must if code in known}
    wanted |= {known[code]: False for code in answer.learnable if code in known and known[code] not in wanted}
    if not wanted:
        raise NothingAsked()
    vacancy.competences = [
        _asked(kept.get(competence_id) or VacancyCompetence(competence_id=competence_id), must)
        for competence_id, must in wanted.items()
    ]
    for competence_id, gone in kept.items():
        if competence_id not in wanted:
            db.session.delete(gone)


def _asked(row: VacancyCompetence, must: bool) -> VacancyCompetence:
    row.must = must
    return row


def open_vacancy(vacancy: Vacancy) -> None:
    """From now on profiles are compared with it. A company's first open vacancy makes it active.

    Raises NotVerifiedYet before the worker's call, WrongState when the vacancy is neither draft, on hold nor expired.
    """
    employer = vacancy.employer
    if not employer.may_recruit:
        raise NotVerifiedYet()
    vacancy.move_to(VacancyState.OPEN)
    vacancy.opened_at = vacancy.opened_at or clock.now()
    vacancy.expires_on = clock.today() + OPEN_FOR
    if employer.may_move_to(EmployerState.ACTIVE):
        employer.move_to(EmployerState.ACTIVE, "vacancy opened")


def hold_vacancy(vacancy: Vacancy) -> None:
    vacancy.move_to(VacancyState.ON_HOLD)


def close_vacancy(vacancy: Vacancy, answer: CloseAnswer) -> None:
    """It ends with its reason: filled where somebody was found with us, else closed. Whoever was in the running is a task
    of their worker (the showcase listens)."""
    vacancy.closed_because, vacancy.closed_words = answer.reason, answer.words or None
    vacancy.public = ""
    vacancy.move_to(_ends_as(answer.reason), answer.reason)


def _ends_as(reason: str) -> VacancyState:
    known = options("employers", "close_reasons").get(reason)
    return VacancyState(known.data.get("state", VacancyState.CLOSED)) if known is not None else VacancyState.CLOSED


def expire_old() -> int:
    """Close what nobody renewed (nightly); returns how many."""
    statement = sa.select(Vacancy).where(
        Vacancy.state.in_([VacancyState.OPEN, VacancyState.ON_HOLD]), Vacancy.expires_on < clock.today()
    )
    old = db.session.scalars(statement).all()
    for vacancy in old:
        vacancy.move_to(VacancyState.EXPIRED, "not renewed")
    return len(old)
