"""A company that is stopped, for a reason with a code, and one that may go on."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.employers import queries, service
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks


@dataclass(frozen=True)
class BlockingAnswer:
    because: str
    reason: str


@dataclass(frozen=True)
class UnblockAnswer:
    reason: str


def block(employer: Employer, answer: BlockingAnswer) -> None:
    """Stop a company at the next request: its people are signed out and read whom to call, its vacancies wait, its letters
    that have not left stay here. Interviews that stand become their workers' tasks. The words stay inside the team."""
    employer.move_to(EmployerState.BLOCKED, answer.reason)
    employer.blocked_because, employer.asked_still_here_on = answer.because, None
    journal.note("employer.blocked_because", employer, because=answer.because)
    opened = sa.select(Vacancy).where(Vacancy.employer_id == employer.id, Vacancy.state == VacancyState.OPEN)
    for vacancy in db.session.scalars(opened).all():
        vacancy.move_to(VacancyState.ON_HOLD, "company blocked")
    for membership in queries.team(employer):
        accounts.end_all_sign_ins(membership.person)
    outbox.cancel_waiting(employer)
    tasks.close(None, employer, outcome="blocked")


def unblock(employer: Employer, answer: UnblockAnswer) -> None:
    """It is what it was before. Its vacancies stay on hold until it opens them itself."""
    if employer.state is not EmployerState.BLOCKED:
        raise WrongState()
    before = before_the_block(employer)
    employer.move_to(before, answer.reason)
    employer.blocked_because = ""
    if before is EmployerState.REGISTERED and any(one.person.confirmed_at for one in queries.team(employer)):
        service.ask_for_a_call(employer)


def before_the_block(employer: Employer) -> EmployerState:
    """What a company had reached, from its own dates: active once a vacancy of it was ever open."""
    if employer.registered_at is None:
        return EmployerState.LEAD
    if employer.verified_at is None:
        return EmployerState.REGISTERED
    opened = sa.select(Vacancy.id).where(Vacancy.employer_id == employer.id, Vacancy.opened_at.is_not(None))
    return EmployerState.ACTIVE if db.session.scalar(opened.limit(1)) is not None else EmployerState.VERIFIED
