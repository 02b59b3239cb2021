"""What companies bring to the week's letter: vacancies that end, who rests, and the worker who is asked to call."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, Role
from portal.agenda.windows import workdays_after
from portal.employers import queries, vacancy_expiry
from portal.employers.models import Employer, Vacancy
from portal.employers.rules import rule
from portal.employers.states import RECRUITING, EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.addresses import path_of
from portal.foundation.database import db
from portal.foundation.words import _, date_long, lazy
from portal.tasks import service as tasks
from portal.tasks.digest import Line

CALL = "employers.call_asked"
tasks.kind(
    CALL,
    title=lazy("%(who)s of %(company)s asks you to call"),
    why=lazy("About: %(topic)s"),
    action=lazy("Look at the company"),
)
DEEDS = {
    "renew": lazy("Yes, it goes on"), "hold": lazy("Put it on hold"), "filled": lazy("We found somebody"),
    "no_longer_needed": lazy("It is no longer needed"),
}  # fmt: skip


def ending(people: Collection[int]) -> dict[int, list[Line]]:
    """Vacancies of these contacts that end soon, or ended just now: one press, and they go on."""
    today, around = clock.today(), timedelta(days=rule("vacancies", "offered_days"))
    statement = (
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(Vacancy.contact_id.in_(list(people)), Employer.state.in_(RECRUITING), queries.contact_is_there())
        .where(
            sa.or_(
                sa.and_(
                    Vacancy.state.in_([VacancyState.OPEN, VacancyState.ON_HOLD]), Vacancy.expires_on <= today + around
                ),
                sa.and_(Vacancy.state == VacancyState.EXPIRED, Vacancy.expires_on >= today - around),
            )
        )
        .order_by(Vacancy.expires_on, Vacancy.id)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for vacancy in db.session.scalars(statement):
        found[vacancy.contact_id].append(_line(vacancy))
    return found


def _line(vacancy: Vacancy) -> Line:
    day = date_long(vacancy.expires_on) if vacancy.expires_on else ""
    over = vacancy.state is VacancyState.EXPIRED
    text = _("It ended on %(day)s. One press opens it again.", day=day) if over else _("It ends on %(day)s.", day=day)
    answers = tuple((deed, DEEDS[deed]) for deed in vacancy_expiry.possible(vacancy))
    return Line(
        "vacancies", f"vacancy:{vacancy.id}", vacancy.title, text, path_of("employers.vacancy", key=vacancy.key),
        _("Look at the vacancy"), answers,
    )  # fmt: skip


def press(vacancy_id: int, person_id: int, deed: str) -> None:
    """A line's answer. Raises WrongState for what does not fit (any more)."""
    vacancy = db.session.scalars(
        sa.select(Vacancy)
        .options(joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Vacancy.id == vacancy_id)
    ).one()
    vacancy_expiry.do(vacancy, deed)


def resting(people: Collection[int]) -> sa.Select[int]:
    """Contacts of companies that are blocked or asleep, and of no other today: no letter of the week for them."""
    rests = Employer.state.in_([EmployerState.BLOCKED, EmployerState.DORMANT])
    return (
        sa.select(Membership.person_id)
        .join(Employer, Employer.organisation_id == Membership.organisation_id)
        .where(Membership.person_id.in_(list(people)), Membership.role.in_(EMPLOYERS), *seated_today())
        .group_by(Membership.person_id)
        .having(sa.func.count() == sa.func.count().filter(rests))
    )


def call(person_id: int, line: Line) -> None:
    """The company's worker calls: one task for a contact, with what it is about."""
    row = db.session.execute(
        sa.select(Employer, Person)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .options(joinedload(Employer.organisation))
        .where(Person.id == person_id, Membership.role.in_(EMPLOYERS), *seated_today())
        .order_by(Membership.id.desc())
    ).first()
    if row is None:
        return
    employer, person = row
    tasks.open_task(
        CALL, person, due=workdays_after(clock.today(), 1), at=("employers.show", {"key": employer.key}),
        owner_id=employer.worker_id, role=None if employer.worker_id else Role.PROJECT_WORKER,
        programme_id=employer.programme_id, who=person.name, company=employer.name, topic=line.title,
    )  # fmt: skip
