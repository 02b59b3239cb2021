"""The earliest day of an interview, against cases that were worked out by hand on a calendar."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from portal.agenda.windows import BELGIAN, WeeklyWindow, workdays_after, workdays_before
from portal.candidates import handles, possible
from portal.candidates.earliest import Conditions, Earliest, Rules, Unknown, earliest
from portal.candidates.models import WorkConstraints
from portal.foundation import clock
from portal.foundation.database import db
from tests.candidates.factories import a_candidate, a_coordinator, a_screened_candidate, a_worker

NONE = Conditions(permission=False)
OFFICES = Rules(office_closes=time(17))
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def at(text: str) -> datetime:
    """A moment on the wall clock in Brussels."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.BRUSSELS)


def needs(lead: int, *days: int, hours: tuple[time, time] = (time(8), time(18))) -> Conditions:
    return Conditions(permission=True, lead_workdays=lead, days=frozenset(days), hours=hours)


def asked(conditions: Conditions, now: str, rules: Rules = OFFICES) -> Earliest:
    return earliest(conditions, at(now), rules)


ALL = (MON, TUE, WED, THU, FRI)
CASES = [
    # (what it is about, conditions, asked on, first day, counts from, file by)
    ("an ordinary Tuesday", needs(5, *ALL), "2026-11-10 10:00", "2026-11-18", "2026-11-10", "2026-11-10"),
    (
        "Armistice Day falls out of the count",
        needs(2, *ALL),
        "2026-11-10 10:00",
        "2026-11-13",
        "2026-11-10",
        "2026-11-10",
    ),
    (
        "one minute before the office closes",
        needs(1, *ALL),
        "2026-11-16 16:59",
        "2026-11-17",
        "2026-11-16",
        "2026-11-16",
    ),
    (
        "the minute it closes counts from tomorrow",
        needs(1, *ALL),
        "2026-11-16 17:00",
        "2026-11-18",
        "2026-11-17",
        "2026-11-17",
    ),
    ("Friday evening counts from Monday", needs(1, *ALL), "2026-11-20 18:30", "2026-11-24", "2026-11-23", "2026-11-23"),
    ("Saturday counts from Monday", needs(3, *ALL), "2026-11-21 09:00", "2026-11-26", "2026-11-23", "2026-11-23"),
    ("the evening before a holiday", needs(1, *ALL), "2026-11-10 17:30", "2026-11-13", "2026-11-12", "2026-11-12"),
    (
        "only on Thursdays: may be asked later",
        needs(5, THU),
        "2026-11-12 09:00",
        "2026-11-19",
        "2026-11-12",
        "2026-11-12",
    ),
    ("only on Mondays", needs(5, MON), "2026-11-12 09:00", "2026-11-23", "2026-11-12", "2026-11-16"),
    (
        "fifteen days over Christmas and New Year",
        needs(15, *ALL),
        "2026-12-14 10:00",
        "2027-01-06",
        "2026-12-14",
        "2026-12-14",
    ),
    (
        "only on Fridays, and Christmas is one",
        needs(2, FRI),
        "2026-12-21 10:00",
        "2027-01-08",
        "2026-12-21",
        "2027-01-06",
    ),
    ("Easter Monday is none", needs(2, *ALL), "2027-03-25 10:00", "2027-03-30", "2027-03-25", "2027-03-25"),
    ("over the change to summer time", needs(1, *ALL), "2027-03-26 10:00", "2027-03-30", "2027-03-26", "2027-03-26"),
    (
        "no lead time still needs the notice",
        needs(0, *ALL),
        "2026-11-16 10:00",
        "2026-11-17",
        "2026-11-16",
        "2026-11-17",
    ),
    (
        "Saturdays are days too where they are noted",
        needs(1, SAT),
        "2026-11-18 10:00",
        "2026-11-21",
        "2026-11-18",
        "2026-11-20",
    ),
]


@pytest.mark.parametrize(
    ("conditions", "now", "day", "counts", "file_by"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_the_first_day_and_when_to_ask(conditions: Conditions, now: str, day: str, counts: str, file_by: str) -> None:
    found = asked(conditions, now)
    assert found.first is not None
    assert (found.first.day, found.filed_on, found.first.file_by) == tuple(
        map(date.fromisoformat, (day, counts, file_by))
    )
    assert not found.unknown


@pytest.mark.parametrize(
    ("now", "day", "hour"),
    [
        ("2026-11-16 10:00", "2026-11-17", "10:00"), ("2026-11-16 10:01", "2026-11-17", "10:15"),
        ("2026-11-16 17:00", "2026-11-17", "17:00"), ("2026-11-16 17:01", "2026-11-18", "08:00"),
        ("2026-11-20 18:30", "2026-11-23", "08:00"), ("2026-11-10 10:00", "2026-11-12", "08:00"),
        # 24 hours are 24 hours: the clock goes forward on 28 March and back on 25 October, both on a Sunday.
        ("2027-03-27 12:00", "2027-03-30", "08:00"), ("2026-10-25 12:00", "2026-10-26", "12:00"),
        ("2026-10-24 23:30", "2026-10-26", "08:00"),
    ],
)  # fmt: skip
def test_without_a_permission_only_the_notice_counts(now: str, day: str, hour: str) -> None:
    found = asked(NONE, now)
    assert found.first is not None
    assert found.first.day == date.fromisoformat(day)
    assert f"{clock.local(found.first.start):%H:%M}" == hour
    assert found.filed_on is None
    assert found.first.file_by is None


def test_the_hours_decide_whether_the_day_after_tomorrow_is_too_soon() -> None:
    mornings = Conditions(permission=False, hours=(time(8), time(12)))
    assert _first(asked(mornings, "2026-11-16 11:00")) == date(2026, 11, 17)
    assert _first(asked(mornings, "2026-11-16 11:15")) == date(2026, 11, 18), "an hour from 11.15 ends too late"


def test_without_a_regime_there_is_no_guess() -> None:
    found = asked(Conditions(permission=None), "2026-11-16 10:00")
    assert found.possible == ()
    assert found.unknown == {Unknown.REGIME}


def test_without_days_the_answer_is_a_lower_bound_and_says_what_to_ask() -> None:
    found = asked(needs(5), "2026-11-12 09:00")
    assert _first(found) == date(2026, 11, 19)
    assert found.unknown == {Unknown.DAYS}
    assert asked(NONE, "2026-11-12 09:00").unknown == frozenset()


def test_a_lead_time_beyond_the_horizon_leaves_no_day() -> None:
    assert asked(needs(200, *ALL), "2026-11-12 09:00").possible == ()


def test_a_window_too_short_for_a_talk_leaves_no_day() -> None:
    assert asked(needs(1, *ALL, hours=(time(8), time(8, 45))), "2026-11-12 09:00").possible == ()


def test_every_day_that_is_shown_can_still_be_asked_in_time() -> None:
    """Over a year, hour by hour in leaps: the day to ask by is never before the day from which asking now counts."""
    now = at("2026-01-01 00:00")
    for _n in range(400):
        now += timedelta(hours=23)
        found = earliest(needs(7, TUE, FRI), now, OFFICES)
        assert len(found.possible) == 5
        for one in found.possible:
            assert found.filed_on is not None
            assert one.file_by is not None
            assert found.filed_on <= one.file_by
            assert one.file_by == workdays_before(one.day, 7)
            assert one.day not in BELGIAN
            assert one.start >= now + timedelta(hours=24)
        assert found.possible[0].day >= workdays_after(found.filed_on or now.date(), 7)


def _first(found: Earliest) -> date | None:
    return found.first.day if found.first is not None else None


# --- On the pages ---------------------------------------------------------------------------------------------------

pages = pytest.mark.usefixtures("app")


@pages
def test_the_own_worker_reads_it_in_the_case_and_nobody_else_does(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    row = db.session.query(WorkConstraints).one()
    row.answers = {**row.answers, "days": ["thu"], "contact": "psd"}
    db.session.commit()
    answer = possible.of(row, site=None)
    assert answer.found.first is not None
    for address in ("", "/constraints"):
        page = visitors(worker).open(f"/people/{candidate.key}{address}")
        page.says("The earliest day is", "File the request by")
        assert len(page.queries) <= 8, page.queries
    visitors(a_coordinator()).open(f"/people/{candidate.key}").lacks("The earliest day is", "File the request by")


@pages
def test_what_nobody_knows_yet_is_asked_of_the_service_that_does(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    page = visitors(worker).open(f"/people/{candidate.key}")
    page.says("On which days this person can come is not noted yet. Ask: Psychosocial service.")
    row = db.session.query(WorkConstraints).one()
    row.answers = {**row.answers, "regime": "", "contact": "house_of_justice"}
    db.session.commit()
    page = visitors(worker).open(f"/people/{candidate.key}")
    page.says("The regime is not noted yet. Ask: House of justice.").lacks("The earliest day is")


@pages
def test_a_person_without_a_permission_to_ask_gets_a_day_at_once(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    visitors(worker).open(f"/people/{candidate.key}/constraints").send("Keep", regime="none")
    visitors(worker).open(f"/people/{candidate.key}").says("No permission is needed.", "The earliest day is").lacks(
        "File the request"
    )


@pages
def test_before_anything_is_noted_a_case_in_a_prison_asks_for_the_regime(visitors: Any) -> None:
    """A case that was taken over from an earlier list has no screening of its own here."""
    worker = a_worker()
    candidate = a_candidate(worker)
    page = visitors(worker).open(f"/people/{candidate.key}/constraints")
    page.says("The regime is not noted yet. Ask: Psychosocial service.")
    page.send("Keep", regime="exit_permit", days=["tue"], outside_hours="morning")
    row = db.session.query(WorkConstraints).one()
    assert (row.permission_needed, row.lead_days) == (True, 15)
    found = possible.of(row, site=None).found.first
    assert found is not None
    assert found.day.weekday() == TUE
    assert clock.local(found.start).time() == time(8)


@pages
def test_the_planning_of_an_interview_knows_the_same_days_and_hours(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    assert handles.outside_hours(candidate.id) == tuple(WeeklyWindow(day, time(8), time(18)) for day in range(5))
    visitors(worker).open(f"/people/{candidate.key}/constraints").send(
        "Keep", days=["tue", "sat"], outside_hours="afternoon"
    )
    assert handles.outside_hours(candidate.id) == tuple(WeeklyWindow(day, time(12), time(18)) for day in (TUE, SAT))
    assert handles.outside_hours(a_candidate(worker).id) == ()
