"""A company of which nobody did anything for months is asked once, kindly, whether it is still here; then it rests.

It rests without cards and letters, its vacancies on hold, until one press says that it is still there. A company with an
interview, a placement or somebody who is asked for it is never called silent.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import queries
from portal.employers.models import CallNote, Employer, Vacancy
from portal.employers.rules import rule
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.journal import service as journal
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.tasks import service as tasks

PURPOSE = "still_here"
LETTER = "employers/still_here"
TASK = "employers.quiet"
LINK_LIVES = timedelta(days=365)

_busy: list[Callable[[], sa.Select[Any]]] = []


def busy(employer_ids: Callable[[], sa.Select[Any]]) -> None:
    """Said by later rooms: the numbers of the companies with which something of theirs goes on."""
    _busy.append(employer_ids)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def silent(since: datetime) -> sa.ColumnElement[bool]:
    """Whether nobody of a company did anything since then: came in, wrote, answered, or spoke with a worker."""
    team = sa.select(Membership.person_id).where(
        Membership.organisation_id == Employer.organisation_id, Membership.role.in_(EMPLOYERS)
    )
    team = team.correlate(Employer)
    began = sa.func.coalesce(Employer.still_here_at, Employer.verified_at, Employer.registered_at, Employer.created_at)
    return sa.and_(
        began < since,
        ~sa.exists().where(SignIn.person_id.in_(team), SignIn.last_seen_at >= since),
        ~sa.exists().where(Entry.actor_id.in_(team), Entry.created_at >= since),
        ~sa.exists().where(CallNote.employer_id == Employer.id, CallNote.created_at >= since),
    )


def _active() -> sa.Select[Employer]:
    statement = sa.select(Employer).options(joinedload(Employer.organisation), joinedload(Employer.worker))
    statement = statement.where(Employer.state == EmployerState.ACTIVE)
    for one in _busy:
        statement = statement.where(Employer.id.not_in(one()))
    return statement.order_by(Employer.id)


def look() -> None:
    """Each night: whoever came back is no longer asked, the silent ones get their one letter, the unanswered rest."""
    today = clock.today()
    since = clock.at(months_before(today, int(rule("dormancy", "silent_months"))), time(0))
    asked = Employer.asked_still_here_on.is_not(None)
    back = sa.select(Employer).where(asked, Employer.state == EmployerState.ACTIVE, ~silent(since))
    for employer in db.session.scalars(back).all():
        employer.asked_still_here_on = None
    db.session.flush()
    over = today - timedelta(days=int(rule("dormancy", "answer_days")))
    for employer in db.session.scalars(_active().where(silent(since))).all():
        if employer.asked_still_here_on is None:
            _ask(employer)
        elif employer.asked_still_here_on <= over:
            rest(employer)


def _ask(employer: Employer) -> None:
    """The one letter of this silence. A company that nobody can write to is called before it rests, as late as any other."""
    employer.asked_still_here_on = clock.today()
    person = _whom(employer)
    if person is None:
        return
    link = links.make(PURPOSE, employer, reader=f"person:{person.id}", expires=clock.now() + LINK_LIVES)
    outbox.leave(
        LETTER, to=accounts.recipient(person), about=employer,
        values={
            "first_name": person.first_name, "company": employer.name, "link": links.in_letter(link),
            "days": int(rule("dormancy", "answer_days")), "worker": employer.worker.name if employer.worker else "",
        },
    )  # fmt: skip
    journal.note("employer.asked_still_here", employer, person=person.id)


def _whom(employer: Employer) -> Person | None:
    """Whom the company said to ask for first, or else who looks after its account."""
    team: Sequence[Membership] = [one for one in queries.team(employer) if one.person.confirmed_at is not None]
    chosen = [one for one in team if one.person_id == employer.first_contact_id]
    admins = [one for one in team if one.role is Role.EMPLOYER_ADMIN]
    found = next(iter([*chosen, *admins, *team]), None)
    return found.person if found is not None else None


def letter_stands(letter: Letter) -> bool:
    """Asked again at sending: whoever came back meanwhile gets no letter."""
    employer = db.session.get(Employer, letter.about_id) if letter.about_id is not None else None
    return employer is not None and employer.state is EmployerState.ACTIVE and employer.asked_still_here_on is not None


def rest(employer: Employer) -> None:
    """No cards, no letters, vacancies on hold; the worker hears it."""
    employer.move_to(EmployerState.DORMANT, "silence")
    opened = sa.select(Vacancy).where(Vacancy.employer_id == employer.id, Vacancy.state == VacancyState.OPEN)
    for vacancy in db.session.scalars(opened).all():
        vacancy.move_to(VacancyState.ON_HOLD, "company dormant")
    tasks.open_task(
        TASK, employer, due=clock.today() + timedelta(days=14), at=("employers.show", {"key": employer.key}),
        owner_id=employer.worker_id, role=None if employer.worker_id else Role.PROJECT_WORKER,
        programme_id=employer.programme_id, company=employer.name,
    )  # fmt: skip


def wake(employer: Employer) -> None:
    """The company is still here, said before or while it rests. Its vacancies wait for a press of their own."""
    if employer.state not in (EmployerState.ACTIVE, EmployerState.DORMANT):
        raise WrongState()
    if employer.state is EmployerState.DORMANT:
        employer.move_to(EmployerState.ACTIVE, "still here")
    employer.asked_still_here_on, employer.still_here_at = None, clock.now()
    links.withdraw(PURPOSE, employer)
    tasks.close(TASK, employer, "still here")
    journal.note("employer.still_here", employer)


def of_link(employer_id: int) -> Employer | None:
    """The company behind a link, while it may still say that it is here."""
    statement = sa.select(Employer).join(Organisation, Organisation.id == Employer.organisation_id)
    return db.session.scalar(
        statement.options(joinedload(Employer.organisation)).where(
            Employer.id == employer_id, Employer.state.in_((EmployerState.ACTIVE, EmployerState.DORMANT))
        )
    )
