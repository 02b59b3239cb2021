"""Writing a vacancy, opening it, stopping it; and who finds whose."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers import vacancies
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EMPLOYER, VACANCY, EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person, a_programme
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")


def written(visitor: Visitor, button: str = "Bewaar als ontwerp", **other: Any) -> Page:
    page = visitor.open("/vacancies/new?occupation=tyre_fitting")
    place = page.form(button).xpath(".//select[@name='workplace']/option")[0].get("value")
    can = [box.get("value") for box in page.form(button).xpath(".//input[@name='must']")]
    values: dict[str, Any] = {
        "title": "Bandenmonteur", "tasks": "Banden vervangen en balanceren.", "must": can[:2], "learnable": can[2:4],
        "number": "2", "workplace": place, "hours_week": "38", "hours_from": "08:00", "hours_until": "16:30", "shift": "day",
        "forms": ["permanent"], "physical_load": "medium", "notice_days": "7", "interview_video": True,
    }  # fmt: skip
    return page.send(button, **{**values, **other})


def test_the_kind_of_job_comes_first_and_works_without_a_script(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer()))
    page = dirk.open("/vacancies").follow("Schrijf een vacature")
    page.says("Welk soort werk is het?")
    assert page.tree is not None
    options = page.tree.xpath("//select[@name='occupation']/optgroup/option")
    assert len(options) == 60
    dirk.open("/vacancies/new?occupation=tyre_fitting").says("Van bij de start", "Stap 2 van 2")
    dirk.open("/vacancies/new?occupation=nonsense").says("Welk soort werk is het?")


def test_the_first_open_vacancy_makes_a_company_active(visitors: Any) -> None:
    employer = an_employer()
    dirk = visitors(a_contact(employer))
    page = written(dirk).says("Het ontwerp is bewaard", "Bandenmonteur", "38 uur per week, van 08.00 tot 16.30")
    assert db.session.get_one(Employer, employer.id).state is EmployerState.VERIFIED
    page.send("Open de vacature").says("De vacature staat open", "Zet op pauze")
    assert db.session.get_one(Employer, employer.id).state is EmployerState.ACTIVE
    vacancy = db.session.query(Vacancy).one()
    assert vacancy.state is VacancyState.OPEN and vacancy.expires_on == clock.today() + timedelta(days=90)


def test_written_and_opened_in_one_go(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer()))
    written(dirk, "Open de vacature").says("De vacature staat open")


def test_a_company_that_waits_for_our_call_writes_a_draft_and_reads_what_comes(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer(state=EmployerState.REGISTERED)))
    dirk.open("/vacancies").says("We bellen je binnen twee werkdagen")
    page = written(dirk).says("Je ontwerp is hier bewaard")
    page.lacks("Open de vacature")
    pressed = dirk.post(f"{page.path}/open", _token(page))
    pressed.says("We bellen je voor je eerste vacature opengaat")
    assert db.session.query(Vacancy).one().state is VacancyState.DRAFT


def _token(page: Page) -> list[tuple[str, str]]:
    assert page.tree is not None
    return [("csrf_token", page.tree.xpath("//input[@name='csrf_token']")[0].get("value"))]


def test_a_draft_is_changed_and_what_an_open_vacancy_asks_is_fixed(visitors: Any) -> None:
    employer = an_employer()
    contact = a_contact(employer)
    dirk = visitors(contact)
    draft = a_vacancy(employer, contact)
    page = dirk.open(f"/vacancies/{draft.key}/edit")
    can = [box.get("value") for box in page.form("Bewaar als ontwerp").xpath(".//input[@name='must']")]
    page.send("Bewaar als ontwerp", title="Monteur banden", must=can[3:5], learnable=[can[0]]).says("Monteur banden")
    assert db.session.query(vacancies.VacancyCompetence).count() == 3
    opened = a_vacancy(employer, contact, state=VacancyState.OPEN)
    page = dirk.open(f"/vacancies/{opened.key}/edit")
    assert page.path == f"/vacancies/{opened.key}/change"
    page.lacks('name="must"', 'name="licence"', 'name="language_nl"')


def test_mistakes_stand_beside_their_fields(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer()))
    page = dirk.open("/vacancies/new?occupation=tyre_fitting")
    one = page.form("Bewaar als ontwerp").xpath(".//input[@name='must']")[0].get("value")
    both = written(dirk, must=[one], learnable=[one])
    assert both.status == 422
    both.says("Kies een van de twee voor:")
    written(dirk, extract="yes").says("Zeg welke wet dat vraagt")
    written(dirk, number="0").says("Geef een getal van 1 tot 100")
    written(dirk, starts_on="0202-01-01").says("Geef een datum vanaf vandaag")
    written(dirk, must=[], learnable=[]).says("Kies wat iemand moet kunnen")
    assert db.session.query(Vacancy).count() == 0


def test_hold_open_again_and_close_with_a_reason(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    dirk = visitors(contact)
    key = a_vacancy(employer, contact, state=VacancyState.OPEN).key
    dirk.open(f"/vacancies/{key}").send("Zet op pauze").says("De vacature staat op pauze").send("Open de vacature")
    page = dirk.open(f"/vacancies/{key}").follow("Sluit deze vacature af")
    assert page.send("Sluit deze vacature af").status == 422
    page.send("Sluit deze vacature af", reason="filled_elsewhere").says("De vacature is afgesloten")
    found = db.session.query(Vacancy).one()
    assert (found.state, found.closed_because) == (VacancyState.CLOSED, "filled_elsewhere")
    assert dirk.open(f"/vacancies/{key}/close").path == f"/vacancies/{key}"


def test_a_stranger_finds_nothing_and_a_contact_only_reads(visitors: Any) -> None:
    employer, other = an_employer(), an_employer("Bakkerij Soetaert")
    admin = a_contact(employer)
    key = a_vacancy(employer, admin).key
    stranger = visitors(a_contact(other))
    for path in (f"/vacancies/{key}", f"/vacancies/{key}/edit", f"/vacancies/{key}/close"):
        unknown = path.replace(key, "unknown12345")
        assert stranger.open(path, status=404).text == stranger.open(unknown, status=404).text
    reader = visitors(a_contact(employer, role=Role.EMPLOYER_CONTACT))
    reader.open(f"/vacancies/{key}").says("Bandenmonteur").lacks("Verander het ontwerp")
    reader.open(f"/vacancies/{key}/edit", status=403)
    worker = visitors(a_person(role=Role.PROJECT_WORKER))
    worker.open(f"/vacancies/{key}").says("Bandenmonteur", "Garage Verlinden")
    elsewhere = visitors(a_person(role=Role.PROJECT_WORKER, programme=a_programme("Doorstart Hasselt")))
    elsewhere.open(f"/vacancies/{key}", status=404)


def test_a_site_of_another_company_is_no_choice(visitors: Any) -> None:
    employer, other = an_employer(), an_employer("Bakkerij Soetaert")
    dirk = visitors(a_contact(employer))
    from portal.organisations.models import Workplace

    place = db.session.query(Workplace).filter_by(organisation_id=other.organisation_id).one()
    assert written(dirk, workplace=place.key).status == 422


def test_a_second_site_can_be_chosen(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer()))
    values = {"site_name": "Winkel", "street": "Markt 1", "postcode": "9700", "municipality": "oudenaarde"}
    dirk.open("/company/sites/new").send("Voeg de werkplek toe", **values).says("Winkel", "9700 Oudenaarde")
    dirk.open("/vacancies/new?occupation=tyre_fitting").says("Winkel, Markt 1, 9700 Oudenaarde")


@pytest.mark.engine
def test_what_nobody_renews_expires_and_can_be_opened_again(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy = a_vacancy(employer, contact, state=VacancyState.OPEN)
    vacancy.expires_on = clock.today() - timedelta(days=1)
    assert vacancies.expire_old() == 1
    db.session.commit()
    visitors(contact).open(f"/vacancies/{vacancy.key}").says("verlopen").send("Open de vacature").says("open")


def test_the_list_costs_the_same_at_1_and_at_30(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    dirk = visitors(contact)
    a_vacancy(employer, contact, state=VacancyState.OPEN)
    one = dirk.open("/vacancies")
    for n in range(29):
        a_vacancy(employer, contact, title=f"Werk {n}", state=VacancyState.OPEN)
    many = dirk.open("/vacancies")
    assert len(one.queries) == len(many.queries) <= 8
    second = many.follow("Volgende")
    assert second.html.count("/vacancies/") and "Bandenmonteur" in second.text
    key = db.session.query(Vacancy.key).first()
    assert key is not None
    assert len(dirk.open(f"/vacancies/{key[0]}").queries) <= 8
    assert len(dirk.open("/vacancies/new?occupation=tyre_fitting").queries) <= 8


def test_every_state_can_be_reached() -> None:
    assert EMPLOYER.reachable_from(EmployerState.LEAD) == set(EmployerState)
    assert VACANCY.reachable_from(VacancyState.DRAFT) == set(VacancyState)
