"""When an answer becomes an alert: rules as data, judged without a database."""

import pytest

from portal.aftercare import questions, rules
from portal.aftercare.rules import Given
from portal.foundation.options import load

RULES = load("aftercare", "alert_rules")["rules"]
GOOD = {code: Given(code, score=5) for code in ("attendance", "quality", "pace", "safety", "teamwork", "asks_for_help")}


def found(
    voice: str, *given: Given, before: tuple[Given, ...] = (), other: tuple[Given, ...] = ()
) -> list[tuple[str, str]]:
    def by(answers: tuple[Given, ...]) -> dict[str, Given]:
        return {one.question: one for one in answers}

    return [(one.rule, one.question) for one in rules.find(RULES, voice, by(given), before=by(before), other=by(other))]


def test_a_form_without_worries_is_silent() -> None:
    assert rules.find(RULES, "employer", {**GOOD, "keep": Given("keep", choice="yes")}) == []


@pytest.mark.parametrize(("score", "alert"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_score_of_two_or_less(score: int, alert: bool) -> None:
    assert bool(found("employer", Given("pace", score=score))) is alert


def test_low_stress_is_good_and_high_stress_is_not() -> None:
    assert found("employee", Given("stress", score=1)) == []
    assert found("employee", Given("stress", score=4)) == [("low_score", "stress")]


def test_a_drop_of_two_counts_in_the_direction_of_good() -> None:
    assert found("employer", Given("quality", score=3), before=(Given("quality", score=5),)) == [("drop", "quality")]
    assert found("employer", Given("quality", score=4), before=(Given("quality", score=5),)) == []
    assert found("employee", Given("stress", score=3), before=(Given("stress", score=1),)) == [("drop", "stress")]
    assert found("employee", Given("stress", score=1), before=(Given("stress", score=5),)) == []


def test_absence_doubt_and_what_is_red() -> None:
    assert found("employer", Given("unexplained_absences", score=1)) == [
        ("unexplained_absence", "unexplained_absences")
    ]
    assert found("employer", Given("unexplained_absences", score=0)) == []
    assert found("employer", Given("keep", choice="doubt")) == [("keep_in_doubt", "keep")]
    assert found("employee", Given("still_want", choice="no")) == [("wants_to_leave", "still_want")]
    assert found("employee", Given("pay_right", score=2)) == [("red_on_transport_or_pay", "pay_right")]
    assert found("employee", Given("worry_housing", choice="big")) == [("red_on_housing_or_money", "worry_housing")]


def test_a_doubt_is_red_even_when_it_is_also_a_drop() -> None:
    doubt = found("employer", Given("keep", choice="doubt"), before=(Given("keep", choice="yes"),))
    assert doubt == [("keep_in_doubt", "keep")]


def test_two_voices_far_apart_on_a_pair() -> None:
    assert found("employer", Given("enough_support", score=5), other=(Given("someone_to_ask", score=3),)) == [
        ("gap", "enough_support")
    ]
    assert found("employer", Given("enough_support", score=4), other=(Given("someone_to_ask", score=3),)) == []
    assert found("employee", Given("still_want", choice="yes"), other=(Given("keep", choice="doubt"),)) == [
        ("gap", "still_want")
    ]
    assert found("employer", Given("quality", score=5), other=(Given("welcome", score=3),)) == []


def test_one_answer_makes_one_alert() -> None:
    worst = found("employer", Given("attendance", score=1), before=(Given("attendance", score=5),), other=(Given("hours_and_transport", score=5),))  # fmt: skip
    assert worst == [("low_score", "attendance")]


def test_the_schedule_speaks_in_changes_not_in_scores() -> None:
    assert found("justice_assistant", Given("schedule_compatible", choice="change_needed")) == [
        ("schedule_change", "schedule_compatible")
    ]
    planned = Given("planned_changes", score=1, words="[]")
    assert found("justice_assistant", planned) == [("schedule_change_planned", "planned_changes")]
    assert found("justice_assistant", Given("schedule_compatible", choice="yes")) == []
    assert {one.kind for one in questions.all_of("justice_assistant").values()} <= {"choice", "dates"}


def test_questions_belong_to_their_moments() -> None:
    assert "contract_plan" not in [one.code for one in questions.asked("employer", "week8")]
    assert "contract_plan" in [one.code for one in questions.asked("employer", "week13")]
    assert {"hire_again", "testimonial"} <= {one.code for one in questions.asked("employer", "week26")}
