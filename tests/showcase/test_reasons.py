"""What the team reads for a vacancy and for a person: why, in words, what is missing, and which small change helps."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.candidates.handles import handle
from portal.candidates.models import Identity
from portal.employers.needs import Needs
from portal.foundation.database import db
from portal.showcase import batches, matches
from portal.showcase.blind import Work
from portal.showcase.commuting import commute, road
from portal.showcase.matching import meets
from portal.showcase.models import Opening
from portal.showcase.reasons import Names, why
from portal.showcase.suggestions import admitted, changes, that_admit
from tests.factories import a_person
from tests.showcase.factories import CODED, a_company, a_vacancy, a_worker, an_approved_profile, the_programme
from tests.showcase.test_staying_blind import a_team, listings, people_out

pytestmark = pytest.mark.usefixtures("app")

NEEDS = Needs(
    must=frozenset({1, 2}), learnable=frozenset({3}), hours_from=time(8), hours_until=time(16), shift="day", hours_week=38,
    forms=frozenset({"permanent"}), licence="b", languages={"nl": "simple_instructions"},
)  # fmt: skip


def somebody(**more: Any) -> Work:
    values: dict[str, Any] = {
        "occupation": "warehouse_work", "sector": "logistics", "sector_group": "technical", "region": "ghent_area",
        "province": "east_flanders", "experience": "none", "availability": "now", "hours_band": "day", "hours_week": 38,
        "forms": ("permanent",), "mobility": ("bike",), "licence": "b", "languages": {"nl": "work_talk"},
        "certificates": ("vca_basic",), "support": (), "skills": {1: 2, 2: 3, 3: 1}, **more,
    }  # fmt: skip
    return Work(**values)


def words(work: Work, home: str = "9000", workplace: str = "9050") -> list[str]:
    names = Names({1: "Veilig werken", 2: "Tillen", 3: "Tellen"}, {"vca_basic": "VCA basis"})
    found = why(NEEDS, work, commute(work.mobility, work.region, home, workplace), names)
    return [one.text for one in found]


def test_each_requirement_is_told_in_words() -> None:
    assert words(somebody(), workplace="9300") == [
        "3 van 3 vaardigheden", "uren passen", f"{road('9000', '9300')} km", "Nederlands B1 is genoeg", "rijbewijs past",
        "Contract onbepaalde duur (vast)", "VCA basis",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"skills": {1: 2, 3: 1}}, "2 van 3 vaardigheden"),
        ({"hours_band": "late"}, "uren passen niet"),
        ({"hours_week": 20}, "uren passen, maar 20 per week"),
        ({"languages": {"nl": "few_words"}}, "Nederlands A1, gevraagd is A2"),
        ({"languages": {}}, "nog geen Nederlands, gevraagd is A2"),
        ({"licence": "none"}, "rijbewijs ontbreekt"),
        ({"forms": ("internship",)}, "vorm van tewerkstelling past niet"),
    ],
)
def test_what_stands_in_the_way_is_told_too(more: dict[str, Any], told: str) -> None:
    assert told in words(somebody(**more))


def test_travel_is_yes_or_no_by_the_means_somebody_has() -> None:
    assert commute(["bike"], "coast", "9000", "9050").fits is True
    assert commute(["bike"], "coast", "9000", "1000").fits is False
    assert commute(["car"], "coast", "9000", "9300").fits is True
    assert commute(["bike"], "ghent_area", "", "9000") == commute(["bike"], "ghent_area", "", "9000")
    assert commute(["bike"], "ghent_area", "", "9000").km is None and commute(["bike"], "ghent_area", "", "9000").fits
    assert commute([], "ghent_area", "9000", "9000").fits is None
    assert commute(["car"], "east_flanders", "", "9000").fits is None
    assert commute(["car"], "ghent_area", "0000", "9000").km is None


NAMES = {1: "Veilig werken", 2: "Tillen", 3: "Tellen"}


def test_a_small_change_never_asks_more_and_answers_one_thing() -> None:
    for one in changes(NEEDS, NAMES):
        assert meets(one.needs, somebody()), one.text
    about = {one.about for one in changes(NEEDS, NAMES)}
    assert about == {"competence:1", "competence:2", "licence", "language:nl", "hours", "forms"}


def test_each_small_change_says_how_many_more_it_admits() -> None:
    pool = [
        *[somebody(licence="none")] * 3, *[somebody(languages={"nl": "few_words"})] * 2, somebody(skills={2: 2}),
        somebody(licence="none", languages={}), somebody(forms=("internship",)), somebody(),
    ]  # fmt: skip
    found = {one.change.about: one.number for one in admitted(NEEDS, pool, NAMES)}
    assert found == {"licence": 3, "language:nl": 2, "competence:1": 1, "forms": 1}
    assert [one.number for one in that_admit(NEEDS, pool[0], pool, NAMES)] == [3]
    assert that_admit(NEEDS, somebody(licence="none", languages={}), pool, NAMES) == []


def test_half_an_hour_later_admits_whoever_starts_later() -> None:
    early = replace(NEEDS, hours_from=time(6, 30), hours_until=time(14, 30))
    assert [(one.change.text, one.number) for one in admitted(early, [somebody()], NAMES)] == [
        ("van 07.00 tot 15.00", 1)
    ]


def test_the_team_reads_who_fits_and_why_with_its_own_people_first(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien), licence="none")
    others = [an_approved_profile(sam, lien, first_name="Zoë", last_name="Claes") for _ in range(3)]
    mine = an_approved_profile(lien, sam)
    almost = an_approved_profile(lien, sam, skills={"work_safely": 3, "be_on_time": 3, "lift_safely": 1})
    batches.release(the_programme())
    db.session.commit()
    db.session.query(Identity).filter_by(candidate_id=mine.candidate_id).update({"postcode": "9300"})
    db.session.commit()
    page = visitors(lien).open(f"/vacancies/{vacancy.key}/people")
    page.says("3 van 3 vaardigheden", "uren passen", "Nederlands B1 is genoeg", "Werkuren: ja", "Verplaatsing", "VCA")
    page.says(f"{road('9300', '9000')} km", "Bijna: één vereiste ontbreekt", "Ontbreekt:")
    names = [one.text_content().strip() for one in page.tree.xpath("//h3[@class='result-name']")]
    assert names == ["Karim B.", *["iemand van Sam"] * 3, "Karim B."]
    page.lacks("Zoë")
    chief = visitors(a_person(role=Role.COORDINATOR)).open(f"/vacancies/{vacancy.key}/people")
    chief.says("Zoë C.")
    assert len(others) == 3 and almost.id


def test_the_page_says_which_small_change_admits_how_many(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien), licence="ce")
    people_out(6, lien, sam)
    visitors(lien).open(f"/vacancies/{vacancy.key}/people").says("geen rijbewijs nodig", "+6")


def test_for_a_person_the_vacancies_that_fit_and_what_the_others_lack(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    a_vacancy(employer, els, title="Orderpicker")
    a_vacancy(employer, els, title="Chauffeur", licence="ce")
    a_vacancy(employer, els, title="Vertaler", languages={"fr": "writes", "nl": "writes"})
    profile = people_out(5, lien, sam)[0]
    key = handle(profile.candidate_id).key
    page = visitors(lien).open(f"/people/{key}").follow("Vacatures")
    titles = [one.text_content().strip() for one in page.tree.xpath("//h3[@class='result-name']")]
    assert [one.split(" ")[0] for one in titles] == ["Orderpicker", "Chauffeur", "Vertaler"]
    page.says("Ontbreekt: een rijbewijs", "Er ontbreekt meer", "5 mensen meer")


def test_the_reasons_for_which_companies_put_a_profile_aside_are_counted(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    row = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    for person in (els, a_person(role=Role.EMPLOYER_CONTACT, organisation=None, first_name="Jo")):
        db.session.add(
            Opening(listing_id=row.id, vacancy_id=vacancy.id, person_id=person.id, not_fitting=["hours", "language"])
        )
    db.session.commit()
    page = visitors(lien).open(f"/people/{handle(profile.candidate_id).key}/vacancies")
    page.says("De uren passen niet 2", "De taal is nog niet genoeg 2")


def test_a_long_list_is_read_by_its_last_row(visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "SIZE", 4)
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien))
    people_out(10, lien, sam)
    reader = visitors(lien)
    seen: list[str] = []
    page = reader.open(f"/vacancies/{vacancy.key}/people")
    for _ in range(3):
        seen += [one.get("href") for one in page.tree.xpath("//article//h3/a")]
        further = page.tree.xpath("//a[@rel='next']")
        page = reader.open(further[0].get("href")) if further else page
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("number", [5, 30])
def test_the_teams_pages_cost_the_same_at_any_length(visitors: Any, number: int) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancies = [a_vacancy(employer, els, title=f"Job {one}") for one in range(1 if number == 5 else 12)]
    profile = people_out(number, lien, sam)[0]
    reader, key = visitors(lien), handle(profile.candidate_id).key
    costs = {
        path: len(reader.open(path).queries)
        for path in (
            f"/vacancies/{vacancies[0].key}/people",
            f"/vacancies/{vacancies[0].key}/people/{profile.key}",
            f"/people/{key}/vacancies",
            f"/people/{key}/companies",
        )
    }
    assert max(costs.values()) <= 8, costs


def test_another_programmes_vacancy_and_another_workers_person_are_not_found(visitors: Any) -> None:
    lien, sam = a_team()
    profile = people_out(5, lien, sam)[0]
    key = handle(profile.candidate_id).key
    visitors(sam).open(f"/people/{key}/vacancies", status=404)
    visitors(sam).open(f"/people/{key}/companies", status=404)
    visitors(lien).open("/vacancies/zzzzzzzzzzzz/people", status=404)
    assert CODED["region"] and a_worker
