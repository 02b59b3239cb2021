"""Nobody writes a vacancy from nothing: an earlier one, what such a job usually says, and the whole catalogue a word away."""

from datetime import time, timedelta
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers import vacancy_starts
from portal.employers.models import Vacancy, VacancyCompetence
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Template
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person
from tests.visitor import Page

pytestmark = pytest.mark.usefixtures("app")


def value(page: Page, name: str, button: str = "Bewaar als ontwerp") -> str:
    return str(dict(page.form(button).form_values()).get(name, ""))


@pytest.mark.parametrize("state", [VacancyState.DRAFT, VacancyState.CLOSED, VacancyState.EXPIRED, VacancyState.FILLED])
def test_an_earlier_one_is_copied_without_what_belongs_to_it_alone(state: VacancyState, visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    earlier = a_vacancy(employer, contact, title="Monteur aan de brug", state=state)
    earlier.starts_on, earlier.extract_required, earlier.extract_basis = clock.today(), True, "Wet van 1 mei, artikel 4"
    earlier.public, earlier.hours_from = "named", time(5, 45)
    db.session.commit()
    dirk = visitors(contact)
    page = dirk.open("/vacancies/new").follow("Monteur aan de brug").says("zonder de datums")
    assert (value(page, "title"), value(page, "hours_from")) == ("Monteur aan de brug", "05:45")
    assert (value(page, "starts_on"), value(page, "extract"), value(page, "extract_basis"), value(page, "public")) == (
        "", "no", "", "no",
    )  # fmt: skip
    assert len(page.queries) <= 8
    page.send("Bewaar als ontwerp").says("Het ontwerp is bewaard")
    new = db.session.query(Vacancy).order_by(Vacancy.id.desc()).first()
    assert new is not None and new.id != earlier.id
    assert (new.state, new.opened_at, new.expires_on, new.public) == (VacancyState.DRAFT, None, None, "")
    asked = {(one.competence_id, one.must) for one in db.session.query(VacancyCompetence).filter_by(vacancy_id=new.id)}
    assert asked == {
        (one.competence_id, one.must) for one in db.session.query(VacancyCompetence).filter_by(vacancy_id=earlier.id)
    }


def test_an_agency_chooses_the_client_anew(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy = a_vacancy(employer, contact, state=VacancyState.CLOSED)
    db.session.query(Organisation).filter_by(id=employer.organisation_id).update({"kind": Kind.AGENCY})
    db.session.commit()
    from portal.employers import queries
    from portal.foundation.access import Seat, Viewer

    seat = Seat(Role.EMPLOYER_ADMIN, organisation_id=employer.organisation_id)
    whole = queries.vacancy_of(Viewer(contact.id, seats=(seat,)), vacancy.key)
    assert "workplace" not in vacancy_starts.copied(whole)


def test_a_stranger_copies_nothing(visitors: Any) -> None:
    employer = an_employer()
    vacancy = a_vacancy(employer, a_contact(employer))
    visitors(a_contact(an_employer("Bakkerij Soetaert"))).open(f"/vacancies/new?from={vacancy.key}", status=404)


def test_a_role_starts_from_what_it_usually_says_in_the_readers_language(visitors: Any) -> None:
    employer = an_employer()
    contact = a_contact(employer)
    page = (
        visitors(contact).open("/vacancies/new?occupation=bakery_helper").says("We vulden in wat zo'n job meestal zegt")
    )
    assert (value(page, "title"), value(page, "hours_from")) == ("Hulp in de bakkerij", "04:00")
    assert len(page.queries) <= 8
    empty = page.follow("Begin met een lege pagina").lacks("We vulden in")
    assert value(empty, "hours_from") == ""
    contact.language = "fr"
    db.session.commit()
    visitors(contact).open("/vacancies/new?occupation=bakery_helper").says("Peser, pétrir et façonner la pâte")


def test_a_coordinator_writes_what_a_role_says_and_vacancies_that_stand_stay(visitors: Any) -> None:
    employer = an_employer()
    contact = a_contact(employer)
    standing = a_vacancy(employer, contact)
    mieke = visitors(a_person(role=Role.COORDINATOR, first_name="Mieke"))
    page = mieke.open("/companies").follow("Wat een vacature meestal zegt").follow("Bandenmonteur")
    assert len(page.queries) <= 8
    beside = mieke.open(page.path)
    assert page.send("Bewaar", because="").status == 422
    page.send("Bewaar", tasks_nl="Banden wisselen in het seizoen.", because="Zo doen de garages het").says("Bewaard")
    assert db.session.query(Template).one().version == 2
    stale = beside.send("Bewaar", because="Nog eens")
    assert stale.status == 409
    stale.says("Iemand schreef intussen een nieuwere versie")
    visitors(contact).open("/vacancies/new?occupation=tyre_fitting").says("Banden wisselen in het seizoen.")
    assert db.session.get_one(Vacancy, standing.id).tasks == "Banden vervangen."
    visitors(contact).open("/vacancy-templates", status=403)
    mieke.open("/vacancy-templates/nonsense", status=404)


def test_every_skill_of_the_catalogue_is_a_word_away_and_nothing_typed_is_lost(visitors: Any) -> None:
    dirk = visitors(a_contact(an_employer()))
    page = dirk.open("/vacancies/new?occupation=tyre_fitting").lacks('value="knead_dough"')
    found = page.send("Zoek", title="Monteur die bakt", more="deeg")
    assert found.status == 200
    assert value(found, "title") == "Monteur die bakt" and 'value="knead_dough"' in found.html
    can = [box.get("value") for box in found.form("Bewaar als ontwerp").xpath(".//input[@name='must']")]
    assert can[0] == "knead_dough", "what is found stands at the top"
    kept = found.send("Bewaar als ontwerp", must=["knead_dough"], forms=["permanent"], public="no")
    kept.says("Het ontwerp is bewaard", "Deeg")
    again = dirk.open(f"{kept.path}/edit")
    assert 'value="knead_dough"' in again.html
    assert len(again.queries) <= 8
    again.send("Zoek", more="zzz").lacks("Er ging iets mis")


def test_shipped_templates_name_what_exists_in_three_languages() -> None:
    from portal.competences import queries as catalogue

    for role in load("employers", "vacancy_templates")["roles"]:
        assert catalogue.occupation(role["occupation"]) is not None
        codes = [*role["asks"]["must"], *role["asks"]["learnable"]]
        assert {one.code for one in catalogue.competences_called(codes)} == set(codes)
        assert not set(role["asks"]["must"]) & set(role["asks"]["learnable"]) and len(role["asks"]["must"]) <= 2
        assert all(role[part][one] for part in ("title", "tasks") for one in ("nl", "fr", "en"))


def test_the_choice_of_a_start_costs_the_same_at_1_and_at_30(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    a_vacancy(employer, contact, state=VacancyState.CLOSED)
    dirk = visitors(contact)
    one = len(dirk.open("/vacancies/new").queries)
    for number in range(29):
        a_vacancy(employer, contact, title=f"Werk {number}").expires_on = clock.today() + timedelta(days=3)
    db.session.commit()
    assert len(dirk.open("/vacancies/new").queries) == one <= 8
