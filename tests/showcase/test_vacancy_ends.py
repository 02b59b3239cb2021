"""A vacancy closes or its hours change: whoever was in the running is a task of their worker, never a silent no."""

from typing import Any

import pytest

from portal.employers import vacancy_changes
from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.showcase.models import Interest, Listing
from portal.showcase.states import InterestState
from portal.tasks.models import Task
from portal.trajectories.models import Trajectory, TrajectoryState
from tests.showcase.factories import a_candidate, a_company, a_vacancy, a_worker
from tests.showcase.test_bitsets import released

pytestmark = pytest.mark.usefixtures("app")


def running(state: InterestState) -> tuple[Any, Any, Vacancy, Interest]:
    lien = a_worker()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    person = a_candidate(lien, state=TrajectoryState.SEARCHING)
    interest = Interest(
        vacancy_id=vacancy.id,
        employer_id=employer.id,
        candidate_id=person.id,
        contact_id=els.id,
        code="KB-12",
        state=state,
    )
    if state is InterestState.PROPOSED:
        interest.proposed_by = lien.id
    db.session.add(interest)
    db.session.commit()
    return lien, els, vacancy, interest


@pytest.mark.parametrize("state", [InterestState.EXPRESSED, InterestState.ACCEPTED])
def test_who_hoped_for_it_hears_from_the_worker_and_the_company_gets_no_letter(
    state: InterestState, visitors: Any
) -> None:
    lien, els, vacancy, interest = running(state)
    page = visitors(els).open(f"/vacancies/{vacancy.key}/close")
    page.send("Sluit deze vacature af", reason="no_longer_needed", words="De order viel weg.").says("afgesloten")
    assert db.session.get_one(Interest, interest.id).state is InterestState.LAPSED
    assert db.session.query(Letter).count() == 0
    home = visitors(lien).open("/").says("Magazijnmedewerker bij Garage Verlinden is afgesloten")
    told = home.follow("Bekijk").says("De order viel weg.", "De plaats is niet meer nodig")
    told.send("De kandidaat weet het").says("Genoteerd")
    assert {one.closed_at is not None for one in db.session.query(Task).filter_by(kind="showcase.vacancy_ended")} == {
        True
    }


def test_a_talk_that_is_planned_goes_on_until_somebody_says_otherwise(visitors: Any) -> None:
    lien, els, vacancy, interest = running(InterestState.INTERVIEW)
    visitors(els).open(f"/vacancies/{vacancy.key}/close").send("Sluit deze vacature af", reason="filled_with_us")
    assert db.session.get_one(Interest, interest.id).state is InterestState.INTERVIEW
    assert db.session.get_one(Vacancy, vacancy.id).state is VacancyState.FILLED
    visitors(lien).open(f"/interests/{interest.key}/vacancy").says("Vraag het bedrijf of het doorgaat")


def test_who_found_this_job_is_not_told_that_it_closed(visitors: Any) -> None:
    _lien, els, vacancy, interest = running(InterestState.INTERVIEW)
    db.session.query(Trajectory).filter_by(candidate_id=interest.candidate_id).one().state = TrajectoryState.STARTING
    db.session.commit()
    visitors(els).open(f"/vacancies/{vacancy.key}/close").send("Sluit deze vacature af", reason="filled_with_us")
    assert db.session.query(Task).filter_by(kind="showcase.vacancy_ended").count() == 0


def test_another_company_or_worker_finds_no_news(visitors: Any) -> None:
    _lien, els, _vacancy, interest = running(InterestState.EXPRESSED)
    visitors(els).open(f"/interests/{interest.key}/vacancy", status=403)
    visitors(a_worker("Noor")).open(f"/interests/{interest.key}/vacancy", status=404)


def test_other_hours_are_matched_anew_and_who_said_yes_is_asked_again(visitors: Any) -> None:
    lien, els, vacancy, interest = running(InterestState.ACCEPTED)
    released(6)
    assert db.session.query(Listing).filter_by(vacancy_id=vacancy.id, shown=True).count() == 5
    page = visitors(els).open(f"/vacancies/{vacancy.key}/change")
    page.send("Bewaar de aanpassing", hours_from="22:00", hours_until="06:00", shift="night", notice_days="7").says(
        "aangepast"
    )
    db.session.expire_all()
    assert db.session.query(Listing).filter_by(vacancy_id=vacancy.id, shown=True).count() == 0, (
        "nobody of them works at night"
    )
    assert db.session.get_one(Interest, interest.id).state is InterestState.ACCEPTED
    visitors(lien).open("/").says("De uren van Magazijnmedewerker bij Garage Verlinden zijn veranderd")
    visitors(lien).open(f"/interests/{interest.key}/vacancy").says("van 22.00 tot 06.00")


def test_changing_words_matches_nothing_anew(visitors: Any) -> None:
    _lien, els, vacancy, _interest = running(InterestState.ACCEPTED)
    visitors(els).open(f"/vacancies/{vacancy.key}/change").send(
        "Bewaar de aanpassing", title="Magazijn aan de kade", notice_days="7"
    ).says("aangepast")
    db.session.expire_all()
    assert db.session.get_one(Vacancy, vacancy.id).rematched_at is None
    assert db.session.query(Task).filter_by(kind="showcase.vacancy_changed").count() == 0
    assert set(vacancy_changes.HOURS).isdisjoint(vacancy_changes.WORDS)
