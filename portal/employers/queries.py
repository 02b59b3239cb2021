"""Reading companies and vacancies, scoped to the viewer: an employer finds its own, staff those of their programmes."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.employers.models import CallNote, Employer, Vacancy, VacancyCompetence
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.lists import Page, page
from portal.foundation.words import lazy
from portal.organisations.models import Organisation, Workplace


class CompanyBlocked(DomainError):
    """Every page of a blocked company says so, and whom to call; nothing else of it is shown."""

    sentence = lazy("Your company's account is on hold. Call the programme: we tell you why and what can be done.")
    status = 403


def employer_of(viewer: Viewer) -> Employer:
    """The viewer's own company. Raises NotFound without one, CompanyBlocked for a blocked one."""
    companies = viewer.organisations(*EMPLOYERS)
    statement = (
        sa.select(Employer)
        .options(joinedload(Employer.organisation), joinedload(Employer.worker))
        .where(Employer.organisation_id.in_(companies))
    )
    # The seat that somebody has had longest, or chose: another company that calls this person a colleague moves nobody.
    # One that is on hold comes last: who speaks for another one as well is not kept from it.
    found = min(
        db.session.scalars(statement),
        key=lambda one: (one.state is EmployerState.BLOCKED, companies.index(one.organisation_id)), default=None,
    )  # fmt: skip
    if found is None:
        raise NotFound()
    if found.state is EmployerState.BLOCKED:
        raise CompanyBlocked()
    return found


def others_of(viewer: Viewer, employer: Employer) -> Sequence[Employer]:
    """The other companies for which somebody speaks; hardly anybody has one, and then nothing is asked."""
    companies = {*viewer.organisations(*EMPLOYERS)} - {employer.organisation_id}
    if not companies:
        return ()
    statement = sa.select(Employer).join(Employer.organisation).options(contains_eager(Employer.organisation))
    statement = statement.where(Employer.organisation_id.in_(companies), Employer.state != EmployerState.BLOCKED)
    return db.session.scalars(statement.order_by(Organisation.name, Employer.id)).all()


def written_by(viewer: Viewer) -> Employer:
    """The viewer's own company, for a change by its admin. Raises NotFound for its contact, whatever it is elsewhere."""
    employer = employer_of(viewer)
    if employer.organisation_id not in viewer.organisations(Role.EMPLOYER_ADMIN):
        raise NotFound()
    return employer


def of_staff(viewer: Viewer, key: str) -> Employer:
    """A company of the viewer's programmes. Two of the team who decide about it at once queue here. Raises NotFound."""
    if not is_reading():
        db.session.execute(sa.select(Employer.id).where(Employer.key == key).with_for_update())
    statement = (
        sa.select(Employer)
        .options(joinedload(Employer.organisation), joinedload(Employer.worker))
        .where(Employer.key == key, Employer.programme_id.in_(viewer.programmes(*STAFF)))
        .execution_options(populate_existing=not is_reading())
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def companies(viewer: Viewer, *, name: str = "", state: str = "") -> Page[Employer]:
    """The companies of the viewer's programmes by name, a page at a time."""
    statement = (
        sa.select(Employer)
        .join(Employer.organisation)
        .options(contains_eager(Employer.organisation), joinedload(Employer.worker))
        .where(Employer.programme_id.in_(viewer.programmes(*STAFF)))
    )
    if name:
        statement = statement.where(Organisation.name.icontains(name, autoescape=True))
    if state in {one.value for one in EmployerState}:
        statement = statement.where(Employer.state == EmployerState(state))
    return page(statement, Organisation.name, Employer.id)


def open_vacancies(employers: Sequence[Employer]) -> dict[int, int]:
    """How many open vacancies each of these companies has."""
    statement = (
        sa.select(Vacancy.employer_id, sa.func.count())
        .where(Vacancy.employer_id.in_([one.id for one in employers]), Vacancy.state == VacancyState.OPEN)
        .group_by(Vacancy.employer_id)
    )
    return {employer_id: count for employer_id, count in db.session.execute(statement)}


def lock(employer: Employer) -> None:
    """Whoever changes something of this company that only one may change at a time queues here."""
    db.session.execute(sa.select(Employer.id).where(Employer.id == employer.id).with_for_update())


def team(employer: Employer) -> Sequence[Membership]:
    """Who speaks for a company today, each with the person."""
    statement = (
        sa.select(Membership)
        .join(Membership.person)
        .options(contains_eager(Membership.person))
        .where(Membership.organisation_id == employer.organisation_id, Membership.role.in_(EMPLOYERS))
        .where(*seated_today())
        .where(Person.deactivated_at.is_(None))
        .order_by(Membership.id)
    )
    return db.session.scalars(statement).all()


def of_organisation(organisation: Organisation) -> Employer | None:
    statement = (
        sa.select(Employer)
        .options(joinedload(Employer.organisation))
        .where(Employer.organisation_id == organisation.id)
    )
    return db.session.scalar(statement)


def waiting_of(person: Person) -> Sequence[Employer]:
    """The companies of a person that signed up and wait for a worker's call."""
    statement = (
        sa.select(Employer)
        .options(joinedload(Employer.organisation))
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .where(Membership.person_id == person.id, Membership.role.in_(EMPLOYERS), Membership.until.is_(None))
        .where(Employer.state == EmployerState.REGISTERED)
    )
    return db.session.scalars(statement).unique().all()


def contact_is_there() -> sa.ColumnElement[Any]:
    """Whether a vacancy's contact speaks for its company today: who left without a hand-over hears nothing of it."""
    mine = (Membership.person_id == Vacancy.contact_id, Membership.organisation_id == Employer.organisation_id)
    return sa.exists().where(*mine, Membership.role.in_(EMPLOYERS), *seated_today()).correlate(Vacancy, Employer)


def workplaces(employer: Employer) -> Sequence[Workplace]:
    return db.session.scalars(
        sa.select(Workplace)
        .where(Workplace.organisation_id == employer.organisation_id, Workplace.retired_at.is_(None))
        .order_by(Workplace.id)
    ).all()


def call_notes(employer: Employer) -> Sequence[CallNote]:
    """What workers heard, the latest first."""
    return db.session.scalars(
        sa.select(CallNote)
        .options(joinedload(CallNote.person))
        .where(CallNote.employer_id == employer.id)
        .order_by(CallNote.id.desc())
        .limit(20)
    ).all()


def vacancies(employer: Employer) -> Page[Vacancy]:
    """A company's vacancies, the newest first, a page at a time."""
    statement = (
        sa.select(Vacancy)
        .options(joinedload(Vacancy.workplace), joinedload(Vacancy.occupation))
        .where(Vacancy.employer_id == employer.id)
    )
    return page(statement, Vacancy.id, newest_first=True)


def vacancy_of(viewer: Viewer, key: str) -> Vacancy:
    """A vacancy of the viewer's company or programme, whole; who changes it at once queues here.

    Raises NotFound, and CompanyBlocked for its own company.
    """
    if not is_reading():
        db.session.execute(sa.select(Vacancy.id).where(Vacancy.key == key).with_for_update())
    statement = (
        sa.select(Vacancy)
        .join(Vacancy.employer)
        .options(
            contains_eager(Vacancy.employer).options(joinedload(Employer.organisation), joinedload(Employer.worker)),
            joinedload(Vacancy.workplace),
            joinedload(Vacancy.occupation),
            joinedload(Vacancy.contact),
            selectinload(Vacancy.competences).joinedload(VacancyCompetence.competence),
        )
        .where(Vacancy.key == key, _theirs(viewer))
        .execution_options(populate_existing=not is_reading())
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    if found.employer.state is EmployerState.BLOCKED and not viewer.has(*STAFF):
        raise CompanyBlocked()
    return found


def _theirs(viewer: Viewer) -> sa.ColumnElement[Any]:
    return sa.or_(
        Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)),
        Employer.programme_id.in_(viewer.programmes(*STAFF)),
    )
