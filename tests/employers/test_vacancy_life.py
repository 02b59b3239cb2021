"""A vacancy that stands: changed where that is harmless, gone on with in one press, ended with its reason."""

from datetime import timedelta
from typing import Any

import pytest

from portal.employers import vacancies, vacancy_changes, vacancy_expiry
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks import digest
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_vacancy, an_employer

pytestmark = pytest.mark.usefixtures("app")


def standing(days: int = 60) -> tuple[Any, Any, Vacancy]:
    """A company with an open vacancy that ends in so many days."""
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy = a_vacancy(employer, contact, state=VacancyState.OPEN)
    vacancy.expires_on = clock.today() + timedelta(days=days)
    db.session.commit()
    return employer, contact, vacancy


def fresh(vacancy: Vacancy) -> Vacancy:
    db.session.expire_all()
    return db.session.get_one(Vacancy, vacancy.id)


# --- Changing -----------------------------------------------------------------------------------------------------


def test_words_and_number_change_at_will_and_what_it_asks_stays(visitors: Any) -> None:
    _employer, contact, vacancy = standing()
    dirk = visitors(contact)
    asked = [(one.competence_id, one.must) for one in db.session.query(vacancies.VacancyCompetence)]
    for number in ("2", "3"):
        page = dirk.open(f"/vacancies/{vacancy.key}").follow("Pas deze vacature aan")
        page.send("Bewaar de aanpassing", title="Monteur, dagploeg", number=number).says("De vacature is aangepast")
    assert (fresh(vacancy).title, fresh(vacancy).number, fresh(vacancy).licence) == ("Monteur, dagploeg", 3, "none")
    assert [(one.competence_id, one.must) for one in db.session.query(vacancies.VacancyCompetence)] == asked
    assert len(page.queries) <= 8
    posted = [(k, v) for k, v in page.form("Bewaar de aanpassing").form_values() if k != "once"]
    dirk.post(page.path, [*posted, ("licence", "c"), ("must", "knead_dough"), ("language_fr", "writes")])
    assert (fresh(vacancy).licence, fresh(vacancy).languages["fr"]) == ("none", "not_needed")


def test_hours_are_matched_anew_once_a_week(visitors: Any) -> None:
    _employer, contact, vacancy = standing()
    dirk = visitors(contact)
    page = dirk.open(f"/vacancies/{vacancy.key}/change")
    page.send("Bewaar de aanpassing", hours_from="09:00").says("De vacature is aangepast")
    again = dirk.open(f"/vacancies/{vacancy.key}/change")
    refused = again.send("Bewaar de aanpassing", hours_from="10:00", title="Anders")
    assert refused.status == 429
    refused.says("minder dan een week geleden veranderd")
    assert (fresh(vacancy).hours_from.hour, fresh(vacancy).title) == (9, "Bandenmonteur")
    dirk.open(f"/vacancies/{vacancy.key}/change").send("Bewaar de aanpassing", title="Anders").says("aangepast")
    fresh(vacancy).rematched_at = clock.now() - timedelta(days=8)
    db.session.commit()
    dirk.open(f"/vacancies/{vacancy.key}/change").send("Bewaar de aanpassing", hours_from="10:00").says("aangepast")


def test_a_requirement_is_dropped_in_one_press_and_never_added(visitors: Any) -> None:
    _employer, contact, vacancy = standing()
    vacancy.licence = "c"
    db.session.commit()
    dirk = visitors(contact)
    page = dirk.open(f"/vacancies/{vacancy.key}")
    token = [("csrf_token", page.tree.xpath("//input[@name='csrf_token']")[0].get("value"))]
    dirk.post(f"{page.path}/drop", [*token, ("what", "licence")]).says("De vacature vraagt nu iets minder")
    assert fresh(vacancy).licence == "none"
    dirk.post(f"{page.path}/drop", [*token, ("what", "licence")]).lacks("vraagt nu iets minder")
    fresh(vacancy).rematched_at = None
    db.session.commit()
    for nonsense in ("", "competence:999", "language:xx", "hours", "x" * 400):
        dirk.post(f"{page.path}/drop", [*token, ("what", nonsense)]).lacks("vraagt nu iets minder")
    must = next(one for one in db.session.query(vacancies.VacancyCompetence) if one.must)
    code = db.session.get_one(vacancies.VacancyCompetence, must.id).competence_id
    from portal.competences.models import Competence

    named = db.session.get_one(Competence, code).code
    dirk.post(f"{page.path}/drop", [*token, ("what", f"competence:{named}")]).says("vraagt nu iets minder")
    assert not db.session.get_one(vacancies.VacancyCompetence, must.id).must


def test_a_date_that_has_passed_stands_in_no_way_of_a_new_title(visitors: Any) -> None:
    _employer, contact, vacancy = standing()
    vacancy.starts_on = clock.today() - timedelta(days=4)
    db.session.commit()
    page = visitors(contact).open(f"/vacancies/{vacancy.key}/change")
    page.send("Bewaar de aanpassing", title="Nieuwe titel").says("aangepast", "zodra we iemand vinden")


# --- Going on -----------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_letter_asks_in_time_once_for_each_end(post: Any) -> None:
    _employer, contact, vacancy = standing(days=7)
    standing_far = standing(days=8)
    assert vacancy_expiry.ask_in_time() == 1
    db.session.commit()
    assert vacancy_expiry.ask_in_time() == 0, "a second night, a second worker"
    letter = post.last(contact.email, "employers/vacancy_ends")
    assert letter.subject == "Loopt je vacature door? Bandenmonteur"
    assert post.to(standing_far[1].email) == []
    fresh(vacancy).expires_on = clock.today() + timedelta(days=5)
    db.session.commit()
    assert post.to(contact.email) == [], "no letter leaves that names another day"
    assert vacancy_expiry.ask_in_time() == 1, "another end is another question"


@pytest.mark.engine
def test_the_link_shows_and_one_press_renews(visitor: Any, post: Any) -> None:
    _employer, contact, vacancy = standing(days=3)
    vacancy_expiry.ask_in_time()
    path = post.last(contact.email).path("/vacancy/")
    for _ in range(2):
        page = visitor.open(path).says("Bandenmonteur", "Ja, ze loopt door").lacks(contact.email)
    assert fresh(vacancy).expires_on == clock.today() + timedelta(days=3)
    assert len(page.queries) <= 8
    page.send("Ja, ze loopt door").says("Gedaan. Dank je wel.")
    assert fresh(vacancy).expires_on == clock.today() + timedelta(days=90)
    visitor.open(path).send("Zet ze op pauze").says("Gedaan", "op pauze")
    visitor.open(path).send("Nee, we vonden iemand").says("Deze vacature is afgesloten")
    assert (fresh(vacancy).state, fresh(vacancy).closed_because) == (VacancyState.CLOSED, "filled_elsewhere")
    visitor.open(path).lacks("Ja, ze loopt door")


def test_what_expired_is_matched_no_more_and_opens_in_one_press(visitors: Any, visitor: Any, post: Any) -> None:
    _employer, contact, vacancy = standing(days=2)
    vacancy_expiry.ask_in_time()
    path = post.last(contact.email).path("/vacancy/")
    vacancy.expires_on = clock.today() - timedelta(days=1)
    assert vacancies.expire_old() == 1
    db.session.commit()
    visitors(contact).open(f"/vacancies/{vacancy.key}").says("we stellen niemand nieuw voor")
    visitor.open(path).send("Open ze opnieuw").says("Gedaan")
    assert (fresh(vacancy).state, fresh(vacancy).expires_on) == (VacancyState.OPEN, clock.today() + timedelta(days=90))


def test_renewing_on_the_page_itself(visitors: Any) -> None:
    _employer, contact, vacancy = standing(days=3)
    page = visitors(contact).open(f"/vacancies/{vacancy.key}").says("Zoek je nog iemand?")
    page.send("Ja, ze loopt door").says("De vacature loopt door tot")
    assert fresh(vacancy).expires_on == clock.today() + timedelta(days=90)


def test_who_wants_no_such_letter_gets_none_and_an_unknown_link_is_gone(visitor: Any, post: Any) -> None:
    _employer, contact, _vacancy = standing(days=3)
    digest.choose(contact.id, "vacancies", digest.NEVER)
    db.session.commit()
    assert vacancy_expiry.ask_in_time() == 0
    visitor.open("/vacancy/12-abcdef", status=410)


def test_where_the_contact_left_another_admin_is_asked(post: Any) -> None:
    employer, contact, _vacancy = standing(days=3)
    other = a_contact(employer)
    contact.deactivated_at = clock.now()
    db.session.commit()
    vacancy_expiry.ask_in_time()
    assert post.last(other.email).template == "employers/vacancy_ends"


def test_the_link_of_a_blocked_company_opens_nothing(visitor: Any, post: Any) -> None:
    employer, contact, _vacancy = standing(days=3)
    vacancy_expiry.ask_in_time()
    path = post.last(contact.email).path("/vacancy/")
    db.session.get_one(Employer, employer.id).state = EmployerState.BLOCKED
    db.session.commit()
    visitor.open(path, status=410)


# --- Ending -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("filled_with_us", VacancyState.FILLED), ("filled_elsewhere", VacancyState.CLOSED),
        ("no_longer_needed", VacancyState.CLOSED), ("other", VacancyState.CLOSED),
    ],
)  # fmt: skip
def test_closed_with_a_coded_reason_and_words(reason: str, state: VacancyState, visitors: Any) -> None:
    _employer, contact, vacancy = standing()
    page = visitors(contact).open(f"/vacancies/{vacancy.key}/close").says("hoort het van ons, persoonlijk")
    page.send("Sluit deze vacature af", reason=reason, words="Dank voor de hulp.").says("De vacature is afgesloten")
    assert (fresh(vacancy).state, fresh(vacancy).closed_because, fresh(vacancy).closed_words) == (
        state, reason, "Dank voor de hulp.",
    )  # fmt: skip
    visitors(contact).open(f"/vacancies/{vacancy.key}").says("Dank voor de hulp.", "Maak er een nieuwe van")


def test_a_contact_without_the_admins_role_presses_none_of_it(visitors: Any) -> None:
    from portal.accounts.roles import Role

    employer, _contact, vacancy = standing(days=3)
    reader = visitors(a_contact(employer, role=Role.EMPLOYER_CONTACT))
    page = reader.open(f"/vacancies/{vacancy.key}").lacks("Ja, ze loopt door", "Pas deze vacature aan")
    for path in ("change", "close"):
        reader.open(f"{page.path}/{path}", status=403)
    assert vacancy_changes.may_change_openly(fresh(vacancy))
    assert db.session.query(Task).count() == 0
