"""An agency lists the companies that it works for; no other company has such a list."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers.models import AgencyClient, Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from tests.employers.factories import a_contact, a_number, a_vacancy, an_employer, number_of
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")
PLACE = {"street": "Kanaalweg 8", "postcode": "9000", "municipality": "Gent"}


def an_agency() -> Employer:
    employer = an_employer("Uitzend Actief")
    db.session.get_one(Organisation, employer.organisation_id).kind = Kind.AGENCY
    db.session.commit()
    return employer


def add(visitor: Any, **more: Any) -> Any:
    values = {"name": "Brouwerij Maes", "number": a_number(900_000), **PLACE, **more}
    return visitor.open("/company/clients/new").send("Voeg de klant toe", **values)


def test_a_client_is_a_place_that_a_vacancy_chooses(visitors: Any) -> None:
    agency = an_agency()
    els = visitors(a_contact(agency))
    add(els).says("De klant staat erbij", "Brouwerij Maes", "Kanaalweg 8, 9000 Gent")
    els.open("/vacancies/new?occupation=tyre_fitting").says("Brouwerij Maes, Kanaalweg 8, 9000 Gent")
    assert len(els.open("/company").queries) <= 8


@pytest.mark.parametrize(
    "wrong", [{"number": "0403.170.702"}, {"postcode": "9999"}, {"municipality": "Mechelen"}, {"name": ""}]
)
def test_what_is_wrong_gets_a_sentence_beside_its_field(visitors: Any, wrong: dict[str, str]) -> None:
    assert add(visitors(a_contact(an_agency())), **wrong).status == 422
    assert db.session.query(AgencyClient).count() == 0


def test_the_same_place_twice_and_the_agencys_own_number_are_refused(visitors: Any) -> None:
    agency = an_agency()
    els = visitors(a_contact(agency))
    add(els)
    assert add(els).status == 409
    assert add(els, number=number_of(agency)).status == 409
    assert add(els, street="Markt 1", postcode="2800", municipality="Mechelen").status == 200
    assert db.session.query(AgencyClient).count() == 2


def test_a_client_goes_once_no_vacancy_is_for_it_and_may_come_back(visitors: Any) -> None:
    agency = an_agency()
    admin = a_contact(agency)
    els = visitors(admin)
    add(els)
    client = db.session.query(AgencyClient).one()
    vacancy = a_vacancy(agency, admin, state=VacancyState.OPEN)
    vacancy.workplace_id = client.workplace_id
    db.session.commit()
    els.open("/company").send("We werken er niet meer voor").says("Er staan nog vacatures voor deze klant")
    db.session.get_one(Vacancy, vacancy.id).state = VacancyState.CLOSED
    db.session.commit()
    els.open("/company").send("We werken er niet meer voor").says("Je werkt niet meer voor deze klant")
    els.open("/company").says("Nog geen klant")
    assert add(els).status == 200


def test_only_an_agencys_admin_has_a_list(visitors: Any) -> None:
    visitors(a_contact(an_employer())).open("/company/clients/new", status=404)
    visitors(a_contact(an_agency(), role=Role.EMPLOYER_CONTACT)).open("/company/clients/new", status=403)


def test_a_clients_place_is_not_edited_into_somebody_else(visitors: Any) -> None:
    els = visitors(a_contact(an_agency()))
    add(els)
    from portal.organisations.models import Workplace

    place = db.session.get_one(Workplace, db.session.query(AgencyClient).one().workplace_id)
    els.open(f"/company/sites/{place.key}", status=404)


def test_the_team_sees_which_clients_take_part_themselves_and_the_agency_does_not(visitors: Any) -> None:
    agency, other = an_agency(), an_employer("Brouwerij Maes nv")
    els = visitors(a_contact(agency))
    add(els, number=number_of(other))
    els.open("/company").lacks("doet hier ook zelf mee", "Brouwerij Maes nv")
    page = visitors(a_person(role=Role.PROJECT_WORKER)).open(f"/companies/{agency.key}")
    page.says("Klanten", "Brouwerij Maes", "doet hier ook zelf mee")
    assert len(page.queries) <= 8


def test_a_vacancy_of_another_company_is_not_moved_nor_to_a_strangers_place(visitors: Any) -> None:
    mine, theirs = an_agency(), an_employer("Bakkerij Soetaert")
    admin, els = a_contact(mine), None
    vacancy = a_vacancy(theirs, a_contact(theirs), state=VacancyState.OPEN)
    els = visitors(admin)
    els.open(f"/vacancies/{vacancy.key}/place", status=404)
    own = a_vacancy(mine, admin, state=VacancyState.OPEN)
    page = els.open(f"/vacancies/{own.key}/place")
    data = [(k, v) for k, v in page.form("Bewaar deze plaats").form_values() if k != "workplace"]
    from portal.organisations.models import Workplace

    stranger = db.session.query(Workplace).filter_by(organisation_id=theirs.organisation_id).one()
    assert els.post(f"/vacancies/{own.key}/place", [*data, ("workplace", stranger.key)]).status == 422


def test_an_agency_that_signed_up_by_itself_is_one_once_a_worker_heard_so(visitors: Any, post: Any) -> None:
    """Nobody says at the sign-up that it sends people to others; else its clients would hide behind its own name."""
    employer = an_employer("Uitzend Actief", state=EmployerState.REGISTERED)
    els, worker = visitors(a_contact(employer)), visitors(a_person(role=Role.PROJECT_WORKER))
    els.open("/company/clients/new", status=404)
    page = worker.open(f"/companies/{employer.key}/verify")
    page.send("Bevestig dit bedrijf", note="Stuurt mensen naar brouwerijen.", agency=True)
    add(els).says("De klant staat erbij", "Brouwerij Maes")


def test_a_call_afterwards_tells_it_too_and_takes_it_back_while_there_is_no_client(visitors: Any) -> None:
    employer = an_employer("Uitzend Actief")
    els, worker = visitors(a_contact(employer)), visitors(a_person(role=Role.PROJECT_WORKER))
    path = f"/companies/{employer.key}"
    worker.open(path).send("Bewaar de nota", note="Het is een uitzendkantoor.", agency=True)
    # A note of another day says nothing else.
    worker.open(path).send("Bewaar de nota", note="Alles loopt.").says("De nota is bewaard")
    add(els)
    page = worker.open(path).send("Bewaar de nota", note="Toch geen kantoor.", agency=False)
    assert page.status == 409
    page.says("nog klanten in de lijst", "Toch geen kantoor.")
    client = db.session.query(AgencyClient).one()
    _retire(els, client)
    worker.open(path).send("Bewaar de nota", note="Toch geen kantoor.", agency=False)
    els.open("/company/clients/new", status=404)


def _retire(browser: Any, client: AgencyClient) -> None:
    page = browser.open("/company")
    found = [one for one in page.tree.xpath("//main//form") if client.key in (one.get("action") or "")]
    browser.post(found[0].get("action"), list(found[0].form_values()))
