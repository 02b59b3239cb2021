"""The 26 weeks as dates, worked out by hand from wall calendars."""

from datetime import date, timedelta

import pytest

from portal.aftercare import plan
from portal.foundation.options import load

VOICES = ("employee", "employer", "justice_assistant")


def days(starts_on: date, voice: str) -> dict[str, date]:
    template = load("aftercare", "plan")
    return {one.code: one.day for one in plan.lay_out(template, starts_on, VOICES) if one.voice == voice}


def test_a_start_on_28_september_2026_meets_three_holidays_and_a_clock_change() -> None:
    # Monday 28 September. The clock goes back on Sunday 25 October, and forward on Sunday 28 March 2027: dates do not care.
    employee = days(date(2026, 9, 28), "employee")
    assert employee == {
        "before_start": date(2026, 9, 25),  # Friday
        "day2": date(2026, 9, 29),
        "week1": date(2026, 10, 5),
        "week2": date(2026, 10, 12),
        "week3": date(2026, 10, 19),
        "week4": date(2026, 10, 26),  # after the clock change
        "week6": date(2026, 11, 9),
        "week8": date(2026, 11, 23),
        "week10": date(2026, 12, 7),
        "week13": date(2026, 12, 28),
        "week17": date(2027, 1, 25),
        "week21": date(2027, 2, 22),
        "week26": date(2027, 3, 30),  # the 29th is Easter Monday
    }
    employer = days(date(2026, 9, 28), "employer")
    assert employer["week19"] == date(2027, 2, 8)
    assert employer["week26"] == date(2027, 3, 30)
    assert set(employer) == {"before_start", "week1", "week2", "week4", "week8", "week13", "week19", "week26"}
    assert days(date(2026, 9, 28), "justice_assistant") == {
        "before_start": date(2026, 9, 25),
        "week2": date(2026, 10, 12),
        "week8": date(2026, 11, 23),
        "week13": date(2026, 12, 28),
        "week26": date(2027, 3, 30),
    }


@pytest.mark.parametrize(
    ("starts_on", "code", "wanted"),
    [
        (date(2026, 10, 18), "week2", date(2026, 11, 2)),  # Sunday 1 November is All Saints: Monday 2 November works
        (date(2026, 10, 28), "week2", date(2026, 11, 12)),  # Wednesday 11 November, the armistice
        (date(2026, 12, 11), "week2", date(2026, 12, 28)),  # Friday 25 December, then a weekend
        (date(2026, 12, 4), "week4", date(2027, 1, 4)),  # Friday 1 January, then a weekend
        (date(2027, 3, 15), "week2", date(2027, 3, 30)),  # Easter Monday
        (date(2027, 4, 22), "week2", date(2027, 5, 7)),  # Thursday 6 May is Ascension
        (date(2027, 5, 3), "week2", date(2027, 5, 18)),  # Whit Monday, 17 May
        (date(2027, 7, 7), "week2", date(2027, 7, 22)),  # Wednesday 21 July
        (date(2027, 7, 31), "week2", date(2027, 8, 16)),  # Saturday 14 August, then Sunday 15 August
    ],
)
def test_weekends_and_belgian_holidays_move_forward(starts_on: date, code: str, wanted: date) -> None:
    assert days(starts_on, "employer")[code] == wanted


def test_the_call_before_the_start_never_falls_on_the_first_day_or_later() -> None:
    # Monday 28 December 2026: three days before is Christmas, and forward would be the first day itself.
    assert days(date(2026, 12, 28), "employee")["before_start"] == date(2026, 12, 24)
    for number in range(400):
        starts_on = date(2026, 1, 1) + timedelta(days=number)
        assert days(starts_on, "employee")["before_start"] < starts_on


def test_nobody_gets_two_forms_on_one_day() -> None:
    template = load("aftercare", "plan")
    taken = {"employer": {date(2026, 10, 12), date(2026, 10, 13)}}
    laid = {(one.voice, one.code): one.day for one in plan.lay_out(template, date(2026, 9, 28), VOICES, taken)}
    assert laid["employer", "week2"] == date(2026, 10, 14)
    assert laid["justice_assistant", "week2"] == date(2026, 10, 12)


def test_each_voice_of_a_moment_stands_at_one_place_of_the_line() -> None:
    template = load("aftercare", "plan")
    assert plan.place_of(template, "week8") == 8.0
    assert plan.place_of(template, "before_start") == -0.43
    assert plan.place_of(template, "unknown") is None
