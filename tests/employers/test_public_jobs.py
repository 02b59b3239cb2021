"""A job on the public page: only where the company wants it, nobody's name, nothing that marks whoever gets it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from portal.employers import public_vacancies
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from tests.employers.factories import a_contact, a_vacancy, an_employer

pytestmark = pytest.mark.usefixtures("app")


def shown(public: str = "named", *, title: str = "Bandenmonteur", name: str = "Garage Verlinden") -> Vacancy:
    employer = an_employer(name, state=EmployerState.ACTIVE)
    vacancy = a_vacancy(employer, a_contact(employer), title=title, state=VacancyState.OPEN)
    vacancy.public, vacancy.extract_required, vacancy.extract_basis = public, True, "Wet van 1 mei, artikel 4"
    db.session.commit()
    return vacancy


def test_nothing_is_public_until_the_company_says_so(visitors: Any, visitor: Any) -> None:
    vacancy = shown("")
    visitor.open("/jobs").says("Er staat nu geen job").lacks("Bandenmonteur")
    visitor.open(f"/jobs/{vacancy.key}", status=404)
    contact = db.session.get_one(Vacancy, vacancy.id).contact_id
    from portal.accounts.models import Person

    dirk = visitors(db.session.get_one(Person, contact))
    dirk.open(f"/vacancies/{vacancy.key}/change").send("Bewaar de aanpassing", public="named").says(
        "Bekijk ze op de openbare pagina"
    )
    visitor.open("/jobs").says("Bandenmonteur", "Garage Verlinden", "Gent").follow("Bandenmonteur").says("Bel ons")


def test_the_page_names_no_person_and_no_law(visitor: Any) -> None:
    vacancy = shown()
    page = visitor.open(f"/jobs/{vacancy.key}").says("Garage Verlinden", "9000 Gent", "Doorstart Gent", "09 000 00 00")
    page.lacks("Dirk", "person1", "@example.org", "Dok Noord", "Wet van 1 mei", "artikel 4")
    assert len(page.queries) <= 8


def test_without_its_name_neither_name_nor_street_stands_in_any_byte(visitor: Any) -> None:
    vacancy = shown("unnamed")
    visitor.open("/jobs").says("Bandenmonteur", "Gent").lacks("Verlinden")
    visitor.open(f"/jobs/{vacancy.key}").lacks("Verlinden", "Dok Noord")


def test_search_engines_read_the_same_job(visitor: Any) -> None:
    vacancy = shown(title="Monteur </script><b>")
    vacancy.expires_on = clock.today() + timedelta(days=30)
    db.session.commit()
    page = visitor.open(f"/jobs/{vacancy.key}")
    (data,) = page.tree.xpath("//script[@type='application/ld+json']/text()")
    job = json.loads(data)
    assert (job["@type"], job["title"], job["hiringOrganization"]["name"]) == (
        "JobPosting", "Monteur </script><b>", "Garage Verlinden",
    )  # fmt: skip
    assert job["jobLocation"]["address"] == {
        "@type": "PostalAddress", "addressLocality": "Gent", "postalCode": "9000", "addressCountry": "BE",
    }  # fmt: skip
    assert job["employmentType"] == ["FULL_TIME"] and job["validThrough"].startswith(str(vacancy.expires_on))
    assert "<b>" not in page.html.split("ld+json")[1].split("</script>")[0]
    assert "noindex" not in page.html


@pytest.mark.parametrize("ended", ["closed", "expired", "blocked", "on_hold"])
def test_what_no_longer_stands_is_gone_at_once(ended: str, visitor: Any) -> None:
    vacancy = shown()
    if ended == "blocked":
        db.session.get_one(Employer, vacancy.employer_id).state = EmployerState.BLOCKED
    elif ended == "expired":
        vacancy.expires_on = clock.today() - timedelta(days=1)
    else:
        vacancy.state = VacancyState(ended)
    db.session.commit()
    gone = visitor.open(f"/jobs/{vacancy.key}", status=404)
    assert gone.text == visitor.open("/jobs/unknown12345", status=404).text
    visitor.open("/jobs").lacks("Bandenmonteur")


@pytest.mark.parametrize(
    "text",
    [
        "Monteur voor ex-gedetineerden", "Ook met een strafblad welkom", "Détenus bienvenus", "Pour réfugiés", "For ex-offenders",
        "Werk voor asielzoekers", "Demandeurs d'asile", "No criminal record needed",
    ],
)  # fmt: skip
def test_words_that_mark_people_stay_off_the_public_page(text: str, visitors: Any) -> None:
    vacancy = shown("")
    from portal.accounts.models import Person

    dirk = visitors(db.session.get_one(Person, vacancy.contact_id))
    page = dirk.open(f"/vacancies/{vacancy.key}/change")
    refused = page.send("Bewaar de aanpassing", title=text, public="named")
    assert refused.status == 422
    refused.says("Een openbare vacature is voor iedereen")
    assert db.session.get_one(Vacancy, vacancy.id).public == ""


@pytest.mark.parametrize(
    "text",
    [
        "Bandenmonteur",
        "Cellen van batterijen vervangen",
        "Tenir la caisse",
        "Prisma's slijpen",
        "Conviviale ploeg",
        "Convoyeur",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    assert not public_vacancies.tells_too_much(text)


def test_in_three_languages_and_the_same_questions_at_1_and_at_30(visitor: Any) -> None:
    shown()
    one = visitor.open("/jobs")
    for number in range(29):
        shown(title=f"Werk nummer {number}", name=f"Bedrijf {number}")
    many = visitor.open("/jobs")
    assert len(one.queries) == len(many.queries) <= 8
    many.follow("Volgende").says("Bandenmonteur")
    visitor.open("/jobs?language=fr").says("Emplois")
    visitor.open("/jobs?language=en").says("Companies that look for people")
