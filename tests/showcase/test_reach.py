"""How many people a vacancy reaches: steps of five, few under five, and no difference that stands for one to four people."""

import random
from typing import Any

import pytest

from portal.employers import vacancy_changes, vacancy_reach
from portal.employers.models import ReachLook, Vacancy
from portal.employers.needs import Needs
from portal.employers.rules import rule
from portal.foundation import clock
from portal.foundation.database import db
from portal.showcase import reach
from portal.showcase.bitsets import numbers
from portal.showcase.matching import meets
from tests.showcase.factories import a_company, a_vacancy, a_worker, the_programme
from tests.showcase.test_bitsets import a_need, as_sets, released, somebody

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [5, 11])
def test_five_hundred_random_pools_show_steps_and_no_small_difference(seed: int, k: int) -> None:
    dice = random.Random(seed)
    for _ in range(80):
        people = {number: somebody(dice) for number in dice.sample(range(1, 400), dice.randint(0, 60))}
        sets, needs = as_sets(people), a_need(dice)
        away = reach.sitting_out(sets)
        counted = reach.steps(sets, needs, k, away)
        here = {one: work for one, work in people.items() if not away >> one & 1}
        everybody = sum(meets(needs, one) for one in here.values())
        fewer = dict(reach.without_each(needs))
        for number in (counted["all"], *(number for _what, number in counted["without"])):
            assert number == 0 or (number % 5 == 0 and number >= 5)
        assert counted["all"] <= everybody and (counted["all"] == 0) == (everybody < k)
        for what, number in counted["without"]:
            more = sum(meets(fewer[what], one) for one in here.values())
            assert number <= more and more - everybody >= k, "a difference that is shown stands for k people at least"
        assert len(counted["without"]) <= rule("vacancies", "hints_shown")


def test_one_person_more_or_less_shows_to_nobody_for_sure() -> None:
    """Whoever sits out today changes no answer; and who sits out is drawn anew each day, for all companies alike."""
    dice = random.Random(7)
    people = {number: somebody(dice) for number in range(1, 200)}
    sets = as_sets(people)
    away = set(numbers(reach.sitting_out(sets)))
    assert 10 <= len(away) <= 45 and away <= set(people)
    for one in sorted(away)[:5]:
        without = as_sets({number: work for number, work in people.items() if number != one})
        for _ in range(20):
            needs = a_need(dice)
            first = reach.steps(sets, needs, 5, reach.sitting_out(sets))
            assert first == reach.steps(without, needs, 5, reach.sitting_out(without))


def test_a_requirement_that_keeps_many_away_is_a_hint_and_one_press(visitors: Any) -> None:
    released(16)
    employer, els = a_company(a_worker("Ans"))
    vacancy = a_vacancy(employer, els, licence="c", state=vacancy_changes.VacancyState.OPEN)
    vacancy_reach.count_anew()
    db.session.commit()
    page = visitors(els).open(f"/vacancies/{vacancy.key}")
    page.says("passen vandaag weinig mensen", "Zonder het rijbewijs: minstens 10 mensen in plaats van weinig.")
    assert len(page.queries) <= 8
    page.send("Vraag dit niet meer").says("vraagt nu iets minder", "passen vandaag minstens 10 mensen")
    assert db.session.get_one(Vacancy, vacancy.id).licence == "none"


def test_under_five_nothing_is_said_of_anybody(visitors: Any) -> None:
    released(5)
    employer, els = a_company(a_worker("Ans"))
    vacancy = a_vacancy(employer, els, licence="c")
    db.session.query(reach.Programme).update({"k": 11})
    vacancy_reach.count_anew()
    db.session.commit()
    page = visitors(els).open(f"/vacancies/{vacancy.key}").says("passen vandaag weinig mensen")
    page.lacks("Zonder het rijbewijs")


def test_while_writing_and_the_same_question_has_the_same_answer_all_day(visitors: Any) -> None:
    released(16)
    _employer, els = a_company(a_worker("Ans"))
    me = visitors(els)
    page = me.open("/vacancies/new?occupation=warehouse_work")
    place = page.form("Tel nu").xpath(".//select[@name='workplace']/option")[0].get("value")
    filled = {
        "must": ["work_safely"], "learnable": [], "licence": "c", "workplace": place, "forms": ["permanent"],
        "title": "Magazijn bij de haven", "language_nl": "few_words",
    }  # fmt: skip
    counted = page.send("Tel nu", **filled).says("Zonder het rijbewijs: minstens 10 mensen")
    assert counted.status == 200 and db.session.query(Vacancy).count() == 0
    assert 'value="Magazijn bij de haven"' in counted.html, "nothing typed is lost"
    looks = db.session.query(ReachLook).count()
    for profile in db.session.query(reach.pool.PoolPerson):
        profile.out = False
    db.session.commit()
    counted.send("Tel nu").says("Zonder het rijbewijs: minstens 10 mensen")
    assert db.session.query(ReachLook).count() == looks == 1
    page.send("Tel nu", **{**filled, "title": ""}).says("Vul dit in")


@pytest.mark.engine
def test_a_company_cannot_ask_again_and_again(visitors: Any) -> None:
    released(6)
    employer, els = a_company(a_worker("Ans"))
    db.session.add_all(
        ReachLook(employer_id=employer.id, day=clock.today(), mark=f"way {number}", answer={"all": 0, "without": []})
        for number in range(rule("vacancies", "looks_a_day"))
    )
    db.session.commit()
    page = visitors(els).open("/vacancies/new?occupation=warehouse_work")
    refused = page.send("Tel nu", forms=["permanent"], title="Magazijn")
    assert refused.status == 429
    refused.says("Morgen kan het weer").lacks("minstens")
    kept = refused.send("Bewaar als ontwerp").says("Het ontwerp is bewaard").lacks("minstens", "weinig mensen")
    assert db.session.query(Vacancy).one().reach is None and kept.status == 200
    vacancy_reach.count_anew()
    assert db.session.query(ReachLook).count() == rule("vacancies", "looks_a_day"), "today's stay until tomorrow"


def test_a_company_that_was_not_called_yet_counts_nobody(visitors: Any) -> None:
    from portal.employers.states import EmployerState

    released(6)
    employer, els = a_company(a_worker("Ans"))
    employer.state = EmployerState.REGISTERED
    db.session.commit()
    page = visitors(els).open("/vacancies/new?occupation=warehouse_work").lacks("Tel nu")
    place = page.form("Bewaar als ontwerp")
    sent = [
        *place.form_values(),
        ("then", "reach"),
        ("must", "work_safely"),
        ("forms", "permanent"),
        ("title", "Magazijn"),
    ]
    visitors(els).post("/vacancies/new?occupation=warehouse_work", sent).lacks("minstens")
    assert db.session.query(ReachLook).count() == 0


def test_counting_costs_the_same_questions_for_any_pool(app: Any, visitors: Any) -> None:
    employer, els = a_company(a_worker("Ans"))
    vacancy = a_vacancy(employer, els, licence="c")
    visitor = visitors(els)
    released(6)
    few = len(counting(visitor, vacancy))
    released(60)
    assert len(counting(visitor, vacancy)) == few


def counting(visitor: Any, vacancy: Vacancy) -> list[str]:
    answer = type(
        "Answer", (), {"status_code": 200, "request": visitor, "mimetype": "", "get_data": lambda *a, **k: ""}
    )()
    visitor.path = ""

    def count() -> Any:
        with visitor.app.app_context():
            vacancy_reach.count_anew()
            db.session.rollback()
        return answer

    visitor._ask(count)
    return list(visitor._ask(count).queries)


def test_the_letters_and_pages_of_another_programme_are_not_counted() -> None:
    assert reach.counted(the_programme().id + 1, Needs(
        must=frozenset(), learnable=frozenset(), hours_from=None, hours_until=None, shift="day", hours_week=38,  # type: ignore[arg-type]
        forms=frozenset(), licence="none", languages={},
    )) is None  # fmt: skip
