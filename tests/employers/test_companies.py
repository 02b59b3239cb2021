"""What staff see and do with companies, and what a blocked company reads."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers.models import CallNote, Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")


def test_the_list_is_of_the_own_programme_and_is_searched(visitors: Any) -> None:
    an_employer("Bakkerij Soetaert", state=EmployerState.ACTIVE)
    an_employer("Garage Verlinden")
    an_employer("Ver weg", programme=a_programme("Doorstart Hasselt"))
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    lien.open("/companies").says("Bakkerij Soetaert", "Garage Verlinden").lacks("Ver weg")
    lien.open("/companies?q=soet").says("Bakkerij Soetaert").lacks("Garage Verlinden")
    lien.open("/companies?state=active").says("Bakkerij Soetaert").lacks("Garage Verlinden")
    lien.open("/companies?q=%25&state=zzz").says("Geen bedrijf gevonden")


@pytest.mark.engine
def test_the_list_costs_the_same_at_1_and_at_30_and_turns_its_pages(visitors: Any) -> None:
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    an_employer("Bedrijf 00")
    one = lien.open("/companies")
    for n in range(1, 30):
        an_employer(f"Bedrijf {n:02d}")
    many = lien.open("/companies")
    assert len(one.queries) == len(many.queries) <= 8
    second = many.says("Bedrijf 24").lacks("Bedrijf 25").follow("Volgende").says("Bedrijf 25", "Bedrijf 29")
    second.follow("Vorige").says("Bedrijf 00", "Bedrijf 24")


def test_an_empty_list_teaches(visitors: Any) -> None:
    visitors(a_person(role=Role.COORDINATOR)).open("/companies").says("Nog geen bedrijven")


def test_a_call_is_noted_and_sealed(visitors: Any) -> None:
    employer = an_employer()
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    page = lien.open(f"/companies/{employer.key}")
    assert len(page.queries) <= 8
    page.send("Bewaar de nota", note="Belt terug na de feestdagen.").says("Belt terug na de feestdagen", "Lien Claes")
    assert lien.open(f"/companies/{employer.key}").send("Bewaar de nota", note="").status == 422
    raw = db.session.execute(db.text("SELECT text FROM call_note")).scalar_one()
    assert "feestdagen" not in raw and db.session.query(CallNote).count() == 1


def test_a_company_of_another_programme_does_not_exist(visitors: Any) -> None:
    employer = an_employer(programme=a_programme("Doorstart Hasselt"))
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    for tail in ("", "/verify", "/block"):
        lien.open(f"/companies/{employer.key}{tail}", status=404)
    visitors(a_contact(employer)).open(f"/companies/{employer.key}", status=403)


def test_verifying_twice_is_not_possible(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.VERIFIED)
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    assert lien.open(f"/companies/{employer.key}/verify").path == f"/companies/{employer.key}"


def test_a_blocked_company_reads_whom_to_call_and_nothing_else(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy = a_vacancy(employer, contact, state=VacancyState.OPEN)
    coordinator = visitors(a_person(role=Role.COORDINATOR))
    page = coordinator.open(f"/companies/{employer.key}").follow("Blokkeer dit bedrijf")
    assert page.send("Blokkeer dit bedrijf", reason="").status == 422
    page.send("Blokkeer dit bedrijf", because="asked_the_past", reason="Vroeg naar het verleden.").says(
        "is geblokkeerd"
    )
    assert db.session.get_one(Employer, employer.id).state is EmployerState.BLOCKED
    assert db.session.get_one(Vacancy, vacancy.id).state is VacancyState.ON_HOLD
    dirk = visitors(contact)
    for path in ("/vacancies", f"/vacancies/{vacancy.key}", "/company", "/vacancies/new"):
        dirk.open(path, status=403).says("De account van je bedrijf staat stil", "09 000 00 00").lacks("Vroeg naar")
    dirk.open("/").says("De account van je bedrijf staat stil")


def test_a_companys_own_page_shows_its_facts_sites_and_team(visitors: Any) -> None:
    employer = an_employer()
    dirk = visitors(a_contact(employer))
    page = dirk.open("/company").says("Garage Verlinden", "Dok Noord 4, 9000 Gent", "Dirk Verlinden")
    assert len(page.queries) <= 8
    visitors(a_contact(employer, role=Role.EMPLOYER_CONTACT)).open("/company").lacks("Nodig een collega uit")
