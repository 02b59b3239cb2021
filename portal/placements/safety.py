"""The safety net: where a start fails, somebody calls the company within two working days, and asks whether to go on."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.agenda.windows import workdays_after
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.placements.answers import CallAnswer
from portal.placements.models import Placement
from portal.tasks import service as tasks

CALL_WITHIN = 2
CALL_LATER = 10
OFFER_WITHIN = 2


def ask_to_call(placement: Placement, within: int = CALL_WITHIN) -> None:
    """A task for the placement's worker; it names the company and the job, never the person."""
    company, job = _words(placement)
    tasks.open_task(
        "placements.call_employer", placement, owner_id=placement.worker_id, about=placement.candidate_id,
        due=workdays_after(clock.today(), within), at=("placements.call", {"key": placement.key}), company=company, job=job,
    )  # fmt: skip


def called(placement: Placement, answer: CallAnswer) -> None:
    """The company was called. Wants it somebody else, then finding that person is the next task."""
    placement.employer_called_on = clock.today()
    placement.wants_another, placement.call_note = answer.wants, answer.note
    journal.note("placement.employer_called", placement, wants=answer.wants)
    tasks.close("placements.call_employer", placement, outcome=answer.wants)
    if answer.wants == "later":
        ask_to_call(placement, CALL_LATER)
    if answer.wants == "yes":
        _offer_another(placement)


def _offer_another(placement: Placement) -> None:
    company, job = _words(placement)
    vacancy = db.session.get_one(Vacancy, placement.vacancy_id)
    matching = vacancy.state == VacancyState.OPEN
    tasks.open_task(
        "placements.another", vacancy, owner_id=placement.worker_id, due=workdays_after(clock.today(), OFFER_WITHIN),
        at=("showcase.people_for" if matching else "employers.vacancy", {"key": vacancy.key}), company=company, job=job,
    )  # fmt: skip


def _words(placement: Placement) -> tuple[str, str]:
    employer = db.session.scalar(
        sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.id == placement.employer_id)
    )
    return employer.organisation.name if employer else "", db.session.get_one(Vacancy, placement.vacancy_id).title
