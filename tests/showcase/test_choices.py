"""No score rejects anybody: a worker adds and removes with a reason, and some companies never see somebody."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.candidates.handles import handle
from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.showcase import batches, cards, choices
from portal.showcase.models import Interest, KeptFrom, ListChoice, Profile
from portal.showcase.states import Fit, InterestState
from tests.showcase.factories import a_company, a_vacancy, an_approved_profile, the_programme
from tests.showcase.test_staying_blind import a_team, listings, open_listing, people_out
from tests.showcase.test_the_way_of_a_profile import _csrf

pytestmark = pytest.mark.usefixtures("app")
WEAK = {"work_safely": 3, "be_on_time": 3, "lift_safely": 1}


def next_batch(lien: Any, sam: Any) -> None:
    people_out(5, lien, sam)


def on_the_list(vacancy: Any) -> set[int]:
    return {one.profile_id for one in listings(vacancy)}


def who_lacks_one(lien: Any, sam: Any) -> Profile:
    return an_approved_profile(lien, sam, skills=WEAK)


def test_a_worker_adds_somebody_who_misses_a_must_and_the_next_batch_shows_it(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien))
    weak = who_lacks_one(lien, sam)
    people_out(5, lien, sam)
    assert len(on_the_list(vacancy)) == 5 and weak.id not in on_the_list(vacancy)
    page = visitors(lien).open(f"/vacancies/{vacancy.key}/people").follow("Voeg toe aan de lijst")
    page.says("Ontbreekt:").send("Voeg toe aan de lijst", reason="Leert snel, oefende al in de werkplaats.")
    assert weak.id not in on_the_list(vacancy)
    next_batch(lien, sam)
    row = next(one for one in listings(vacancy) if one.profile_id == weak.id)
    assert row.fit == Fit.PARTIAL
    same = [one for one in listings(vacancy) if one.card == row.card]
    assert len(same) >= 5
    note = db.session.scalars(sa.select(Entry).where(Entry.action == "list.added")).one()
    assert (note.actor_id, note.reason) == (lien.id, "Leert snel, oefende al in de werkplaats.")


def test_a_worker_takes_somebody_off_and_that_waits_for_the_batch_too(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(6, lien, sam)[0]
    keep_on_list(vacancy, profile, els)
    before = on_the_list(vacancy)
    assert profile.id in before
    reader = visitors(lien)
    reader.open(f"/vacancies/{vacancy.key}/people/{profile.key}").send("Haal van de lijst", reason="Heeft net werk.")
    assert on_the_list(vacancy) == before
    next_batch(lien, sam)
    assert profile.id not in on_the_list(vacancy)
    reader.open(f"/vacancies/{vacancy.key}/people/{profile.key}").send("Laat de vereisten beslissen")
    reopen(vacancy)
    assert profile.id not in on_the_list(vacancy)
    reader.open(f"/vacancies/{vacancy.key}/people").lacks("van de lijst gehaald door het team")
    next_batch(lien, sam)
    assert choices.decided(cards.open_vacancies(Vacancy.id == vacancy.id)[0]).removed == frozenset()


def reopen(vacancy: Any) -> None:
    vacancy.move_to(VacancyState.ON_HOLD)
    vacancy.move_to(VacancyState.OPEN)
    db.session.commit()


def keep_on_list(vacancy: Any, profile: Profile, reader: Any) -> None:
    """Whoever was opened stays on a list before others do; draw until this one stands on it."""
    from portal.showcase.models import Opening

    for row in listings(vacancy, shown=True):
        if row.profile_id == profile.id:
            db.session.add(Opening(listing_id=row.id, vacancy_id=vacancy.id, person_id=reader.id))
            db.session.commit()
            return
    other = next(iter(on_the_list(vacancy)))
    row = next(one for one in listings(vacancy) if one.profile_id == other)
    row.profile_id = profile.id
    db.session.commit()


def test_a_vacancy_that_opens_again_tells_nothing_of_a_fresh_decision(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien))
    weak = who_lacks_one(lien, sam)
    people_out(5, lien, sam)
    visitors(lien).open(f"/vacancies/{vacancy.key}/people/{weak.key}").send(
        "Voeg toe aan de lijst", reason="Leert snel."
    )
    reopen(vacancy)
    assert weak.id not in on_the_list(vacancy)
    next_batch(lien, sam)
    assert weak.id in on_the_list(vacancy)


def test_whoever_is_added_never_makes_up_the_number_of_five(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien))
    weak = [who_lacks_one(lien, sam) for _ in range(6)]
    people_out(4, lien, sam)
    reader = visitors(lien)
    for one in weak[:3]:
        reader.open(f"/vacancies/{vacancy.key}/people/{one.key}").send("Voeg toe aan de lijst", reason="Leert snel.")
    for _ in range(5):
        an_approved_profile(lien, sam, skills=WEAK)
    batches.release(the_programme())
    db.session.commit()
    assert on_the_list(vacancy) == set()


def test_a_second_decision_replaces_the_first_and_another_programme_decides_nothing(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien))
    weak = who_lacks_one(lien, sam)
    people_out(5, lien, sam)
    reader, path = visitors(lien), f"/vacancies/{vacancy.key}/people/{weak.key}"
    reader.open(path).send("Voeg toe aan de lijst", reason="Leert snel.")
    reader.open(path).send("Voeg toe aan de lijst", reason="Oefent elke week.")
    assert db.session.scalars(sa.select(ListChoice.reason)).all() == ["Oefent elke week."]
    assert reader.open(path).send("Voeg toe aan de lijst", reason="").status == 422
    reader.open(f"/vacancies/{vacancy.key}/people/zzzzzzzz", status=404)


# --- Companies that never see somebody ----------------------------------------------------------------------------


def test_a_past_employer_never_sees_the_person(visitors: Any) -> None:
    lien, sam = a_team()
    employer, _els = a_company(lien, "Garage Verlinden")
    other, _jan = a_company(lien, "Bakkerij Maes")
    vacancies = [a_vacancy(one, contact) for one, contact in ((employer, _els), (other, _jan))]
    profile = an_approved_profile(lien, sam)
    key = handle(profile.candidate_id).key
    page = visitors(lien).open(f"/people/{key}").follow("Niet getoond aan")
    page.send("Zet op de lijst", company=employer.key, reason="past_employer").says(
        "Garage Verlinden", "Heeft daar gewerkt"
    )
    people_out(9, lien, sam)
    for _ in range(3):
        next_batch(lien, sam)
        assert profile.id not in on_the_list(vacancies[0])
    assert len(on_the_list(vacancies[0])) >= 5


def test_an_existing_card_an_opened_profile_and_its_interest_are_gone_at_the_next_request(
    visitors: Any, post: Any
) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(10, lien, sam)
    company, row = visitors(els), listings(vacancy)[0]
    open_listing(company, row)
    company.open(f"/profiles/{row.key}/interest").send(reasons=["hours"])
    key = handle(_candidate(row)).key
    visitors(lien).open(f"/people/{key}/companies").send("Zet op de lijst", company=employer.key, reason="own_wish")
    company.open(f"/vacancies/{vacancy.key}/profiles").lacks(row.code)
    for path in ("", "/interest", "/not-fitting", "/ask"):
        company.open(f"/profiles/{row.key}{path}", status=404)
    assert db.session.scalars(sa.select(Interest.state)).one() == InterestState.LAPSED
    assert post.last(els.email, "showcase/cannot_go_on").text
    visitors(lien).open(f"/people/{key}/companies").send("Mag weer zien")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KeptFrom)) == 0
    company.open(f"/vacancies/{vacancy.key}/profiles").lacks(row.code)


def _candidate(row: Any) -> int:
    return int(db.session.get_one(Profile, row.profile_id).candidate_id)


def test_a_planned_interview_is_settled_first(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    db.session.add(
        Interest(vacancy_id=vacancy.id, employer_id=employer.id, candidate_id=profile.candidate_id, contact_id=els.id,
                 code="K7M-42", state=InterestState.INTERVIEW)
    )  # fmt: skip
    db.session.commit()
    page = visitors(lien).open(f"/people/{handle(profile.candidate_id).key}/companies")
    page.send("Zet op de lijst", company=employer.key, reason="own_wish").says(
        "Er is een gesprek met dit bedrijf gepland"
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KeptFrom)) == 0


def test_only_the_own_worker_writes_the_list(visitors: Any) -> None:
    from portal.accounts.roles import Role
    from tests.factories import a_person

    lien, sam = a_team()
    employer, _els = a_company(lien)
    profile = people_out(5, lien, sam)[0]
    path = f"/people/{handle(profile.candidate_id).key}/companies"
    chief = visitors(a_person(role=Role.COORDINATOR))
    page = chief.open(path)
    assert not page.tree.xpath("//main//form")
    sent = chief.post(path, [("csrf_token", _csrf(page)), ("company", employer.key), ("reason", "own_wish")])
    assert sent.status == 404


@pytest.mark.engine
def test_one_decision_per_person_and_vacancy_is_held_by_the_database() -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    for model, values in (
        (ListChoice, {"vacancy_id": vacancy.id, "profile_id": profile.id, "added": True, "reason": "x", "by_id": lien.id}),
        (KeptFrom, {"candidate_id": profile.candidate_id, "employer_id": employer.id, "reason": "own_wish", "by_id": lien.id}),
    ):  # fmt: skip
        db.session.add(model(**values))
        db.session.commit()
        db.session.add(model(**values))
        with pytest.raises(sa.exc.IntegrityError):
            db.session.commit()
        db.session.rollback()
