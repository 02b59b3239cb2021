"""Where a list is too short to be shown, a worker calls the company: the page says who, and by when."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.programmes.models import Programme
from portal.showcase import cards, employer_queries
from portal.showcase.models import Listing, Profile
from portal.tasks.models import Task


@dataclass(frozen=True)
class Call:
    """What a company may expect: `by` is None once the worker has called, or when the day has passed."""

    worker: str
    by: date | None


def call_about(vacancy: Vacancy) -> Call:
    """Who calls about a vacancy without cards. It reads the same whether nobody fits it or four people do."""
    due = db.session.scalar(
        sa.select(sa.func.min(Task.due)).where(
            Task.kind == "showcase.mediate", Task.subject_kind == "vacancy", Task.subject_id == vacancy.id,
            Task.closed_at.is_(None),
        )
    )  # fmt: skip
    worker = vacancy.employer.worker
    return Call(worker.name if worker is not None else "", due if due is not None and due >= clock.today() else None)


def after_leaving(candidate_id: int) -> None:
    """Somebody left the lists at once: where fewer than k remain, the list is hidden, and a worker calls."""
    db.session.flush()
    theirs = sa.select(Listing.vacancy_id).join(Profile).where(Profile.candidate_id == candidate_id)
    found = db.session.execute(
        sa.select(Vacancy, employer_queries.cards_in_sight(Vacancy.id, Vacancy.employer_id), Programme.k)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Programme, Programme.id == Employer.programme_id)
        .options(joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Vacancy.id.in_(theirs), Vacancy.state == VacancyState.OPEN)
    ).all()
    for vacancy, remaining, k in found:
        if remaining < k:
            cards.mediate(vacancy)
