"""A company's admin keeps its facts, its sites and how it wants to hear from us right, without calling anybody."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers.models import Employer
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.organisations.models import Workplace
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")


def a_second_site(employer: Employer, name: str = "Winkel") -> Workplace:
    place = Workplace(
        organisation_id=employer.organisation_id, name=name, street="Grote Markt 1", postcode="2800",
        municipality="Mechelen",
    )  # fmt: skip
    db.session.add(place)
    db.session.commit()
    return place


def test_the_admin_changes_what_the_company_is_and_the_team_reads_it(visitors: Any) -> None:
    employer = an_employer()
    page = visitors(a_contact(employer)).open("/company/facts")
    assert len(page.queries) <= 8
    page.send(
        "Bewaar de wijzigingen", name="Garage Verlinden en Dochters", size="small", shifts=["early", "late"],
        forms_offered=["permanent", "ibo"], concerns=["colleagues"],
    ).says("Bewaard", "Garage Verlinden en Dochters", "10 tot 49 mensen", "Vroege ploeg, Late ploeg")  # fmt: skip
    visitors(a_person(role=Role.PROJECT_WORKER)).open(f"/companies/{employer.key}").says("Garage Verlinden en Dochters")
    renamed = db.session.query(Entry).filter_by(action="employer.renamed").one()
    assert "Garage Verlinden →" in str(renamed.reason) and renamed.details is None


def test_bad_facts_get_a_sentence_beside_the_field(visitors: Any) -> None:
    els = visitors(a_contact(an_employer()))
    assert els.open("/company/facts").send("Bewaar de wijzigingen", name="", shifts=[]).status == 422
    reach = els.open("/company/reach")
    assert reach.visitor.post("/company/reach", [*_filled(reach), ("monthly_profiles", "7")]).status == 422
    assert reach.visitor.post("/company/reach", [*_filled(reach), ("first_contact", "stranger")]).status == 422


def _filled(page: Any) -> list[tuple[str, str]]:
    return [(k, v) for k, v in page.form("Bewaar").form_values() if k not in ("monthly_profiles", "first_contact")]


def test_a_contact_reads_and_does_not_change(visitors: Any) -> None:
    employer = an_employer()
    dirk = visitors(a_contact(employer, role=Role.EMPLOYER_CONTACT))
    dirk.open("/company").says("Nieuwe profielen per maand").lacks("/company/facts", "/company/reach", "/company/sites")
    place = db.session.query(Workplace).filter_by(organisation_id=employer.organisation_id).one()
    for path in ("/company/facts", "/company/reach", f"/company/sites/{place.key}"):
        dirk.open(path, status=403)


def test_how_to_reach_a_company_stands_where_the_worker_calls(visitors: Any) -> None:
    employer = an_employer()
    chosen = a_contact(employer, role=Role.EMPLOYER_CONTACT)
    visitors(a_contact(employer)).open("/company/reach").send(
        "Bewaar de wijzigingen", monthly_profiles="10", contact_way="email", first_contact=chosen.key
    ).says("Hoogstens 10", "Mail me")
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    lien.open(f"/companies/{employer.key}").says("Hoogstens 10", "Mail me", "hier eerst naar vragen")
    again = db.session.get_one(Employer, employer.id)
    assert (again.monthly_profiles, again.contact_way, again.first_contact_id) == (10, "email", chosen.id)


def test_a_site_that_changes_takes_its_vacancies_along(visitors: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer)
    vacancy = a_vacancy(employer, admin, state=VacancyState.OPEN)
    els = visitors(admin)
    page = els.open("/company").follow("Wijzig: Werkplaats")
    assert page.send("Bewaar de wijzigingen", postcode="2800", municipality="Gent").status == 422
    page.send("Bewaar de wijzigingen", street="Grote Markt 1", postcode="2800", municipality="Mechelen")
    els.open(f"/vacancies/{vacancy.key}").says("Grote Markt 1, 2800 Mechelen")


def test_a_retired_site_is_chosen_no_more_and_its_vacancies_keep_it(visitors: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer)
    vacancy = a_vacancy(employer, admin, state=VacancyState.OPEN)
    a_second_site(employer)
    els = visitors(admin)
    els.open("/company").follow("Wijzig: Werkplaats").send("Deze werkplek sluiten")
    els.open("/company").says("Winkel").lacks("Dok Noord 4")
    els.open(f"/vacancies/{vacancy.key}").says("Dok Noord 4, 9000 Gent")
    els.open("/vacancies/new?occupation=tyre_fitting").lacks("Dok Noord 4").says("Grote Markt 1")


def test_the_last_site_stays(visitors: Any) -> None:
    employer = an_employer()
    els = visitors(a_contact(employer))
    place = db.session.query(Workplace).filter_by(organisation_id=employer.organisation_id).one()
    page = els.open(f"/company/sites/{place.key}").lacks("/retire")
    token = dict(page.form("Bewaar").form_values())["csrf_token"]
    els.post(f"/company/sites/{place.key}/retire", {"csrf_token": token, "once": "abcdefghijkl"}).says(
        "je enige werkplek"
    )
    assert db.session.get_one(Workplace, place.id).retired_at is None


def test_somebody_elses_site_does_not_exist(visitors: Any) -> None:
    mine, theirs = an_employer(), an_employer("Bakkerij Soetaert")
    place = db.session.query(Workplace).filter_by(organisation_id=theirs.organisation_id).one()
    els = visitors(a_contact(mine))
    els.open(f"/company/sites/{place.key}", status=404)
    els.post(f"/company/sites/{place.key}/retire", {})
    assert db.session.get_one(Workplace, place.id).retired_at is None


def test_a_blocked_company_changes_nothing(visitors: Any) -> None:
    els = visitors(a_contact(an_employer(state=EmployerState.BLOCKED)))
    for path in ("/company/facts", "/company/reach", "/company/team", "/company/team/check"):
        els.open(path, status=403).says("staat stil")
