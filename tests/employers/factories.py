"""Companies and vacancies for tests: each takes only what the test is about."""

from datetime import time
from itertools import count

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.competences.models import Occupation
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation, Workplace
from portal.programmes.models import Programme
from tests.factories import a_person, a_programme

_numbers = count(1)


def a_number(n: int | None = None) -> str:
    """A company number with right check digits, below the range that is in use."""
    base = 1_000_000 + (n if n is not None else next(_numbers))
    return f"0{base:07d}{97 - base % 97:02d}"


def an_employer(
    name: str = "Garage Verlinden", *, state: EmployerState = EmployerState.VERIFIED, programme: Programme | None = None
) -> Employer:
    """A company with one site; nobody speaks for it yet."""
    organisation = Organisation(kind=Kind.COMPANY, name=name, number=a_number())
    db.session.add(organisation)
    db.session.flush()
    db.session.add(
        Workplace(
            organisation_id=organisation.id,
            name="Werkplaats",
            street="Dok Noord 4",
            postcode="9000",
            municipality="Gent",
        )
    )
    employer = Employer(
        organisation_id=organisation.id, organisation=organisation, programme_id=(programme or a_programme()).id,
        state=state, section="G", size="micro", shifts=["day"], forms_offered=["permanent"], registered_at=clock.now(),
    )  # fmt: skip
    db.session.add(employer)
    db.session.commit()
    return employer


def a_contact(employer: Employer, *, role: Role = Role.EMPLOYER_ADMIN, email: str | None = None) -> Person:
    organisation = db.session.get_one(Organisation, employer.organisation_id)
    return a_person(email, role=role, first_name="Dirk", last_name="Verlinden", organisation=organisation)


def number_of(employer: Employer) -> str:
    return db.session.get_one(Organisation, employer.organisation_id).number or ""


def a_vacancy(
    employer: Employer, contact: Person, *, title: str = "Bandenmonteur", state: VacancyState = VacancyState.DRAFT
) -> Vacancy:
    occupation = db.session.query(Occupation).filter_by(code="tyre_fitting").one()
    place = db.session.query(Workplace).filter_by(organisation_id=employer.organisation_id).first()
    assert place is not None
    vacancy = Vacancy(
        employer_id=employer.id, contact_id=contact.id, workplace_id=place.id, occupation_id=occupation.id, state=state,
        title=title, tasks="Banden vervangen.", hours_from=time(8), hours_until=time(16), forms=["permanent"],
        languages={"nl": "simple_instructions", "fr": "not_needed", "en": "not_needed"}, physical_load="medium",
        notice_days=7,
    )  # fmt: skip
    if state is not VacancyState.DRAFT:
        vacancy.opened_at, vacancy.expires_on = clock.now(), clock.days_from_now(60).date()
    from portal.competences import queries as catalogue

    vacancy.competences = [
        VacancyCompetence(competence_id=one.id, must=n == 0)
        for n, one in enumerate(catalogue.competences_for(occupation.id)[:3])
    ]
    db.session.add(vacancy)
    db.session.commit()
    return vacancy
