"""A sit-day that comes back: laid out for the weeks ahead, through holidays, clock changes, exceptions and changes of mind."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.agenda import service, sit_day_layout, sit_day_rules, sit_days
from portal.agenda.models import HoldCell, SitDay, SitDayRule
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import worker_left
from portal.tasks.models import Task
from tests.candidates.factories import a_booked_screening, a_candidate, a_place, a_rule, a_wish, a_worker

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock of these tests: a Monday, unless a test says another moment."""

    def be(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    be(datetime(2026, 11, 30, 7, tzinfo=UTC))
    return be


def days() -> list[date]:
    standing = db.session.query(SitDay).filter_by(off=False)
    return sorted({one.day for one in standing})


def test_a_weekly_rule_is_laid_out_for_eight_weeks_at_once() -> None:
    rule = a_rule(a_worker(), first_on=MONDAY + timedelta(days=1))
    assert days() == [date(2026, 12, 1) + timedelta(weeks=n) for n in range(8)]
    assert {one.rule_id for one in db.session.query(SitDay)} == {rule.id}


def test_fortnightly_counts_from_the_first_day_and_across_a_year_with_53_weeks() -> None:
    a_rule(a_worker(), first_on=date(2026, 12, 2), every_weeks=2)
    assert days() == [date(2026, 12, 2), date(2026, 12, 16), date(2026, 12, 30), date(2027, 1, 13)]


def test_public_holidays_fall_out_unless_the_rule_says_otherwise() -> None:
    friday = {"first_on": date(2026, 12, 4), "weekday": 4}
    a_rule(a_worker(), **friday)
    assert date(2026, 12, 25) not in days()
    assert date(2027, 1, 1) not in days()
    a_rule(a_worker("Jonas"), **friday, on_holidays=True)
    assert date(2026, 12, 25) in days()


def test_the_night_brings_one_more_day_and_never_the_same_one_twice(today: Any) -> None:
    a_rule(a_worker(), first_on=MONDAY)
    before = db.session.query(SitDay).count()
    sit_day_rules.each_night()
    assert db.session.query(SitDay).count() == before
    today(datetime(2026, 12, 7, 7, tzinfo=UTC))
    sit_day_rules.each_night()
    assert db.session.query(SitDay).count() == before + 1


def test_nine_oclock_stays_nine_oclock_through_both_clock_changes(today: Any) -> None:
    today(datetime(2027, 3, 1, 7, tzinfo=UTC))
    rule = a_rule(a_worker(), first_on=date(2027, 3, 21), slots=3, on_holidays=True)
    spring = [one for one in db.session.query(SitDay).order_by(SitDay.day) if one.rule_id == rule.id]
    # Sundays on purpose: on 28 March 2027 (Easter) the clock goes forward, at two in the night.
    assert spring[1].day == date(2027, 3, 28)
    starts = [sit_days.spans(one)[0].start for one in spring[:2]]
    assert [one.hour for one in starts] == [8, 7]
    assert [clock.local(one).time() for one in starts] == [time(9), time(9)]
    assert [span.duration for span in sit_days.spans(spring[1])] == [timedelta(hours=1)] * 3
    today(datetime(2027, 10, 4, 7, tzinfo=UTC))
    autumn = a_rule(a_worker("Jonas"), first_on=date(2027, 10, 24))
    later = [one for one in db.session.query(SitDay).order_by(SitDay.day) if one.rule_id == autumn.id]
    assert later[1].day == date(2027, 10, 31)
    assert [sit_days.spans(one)[0].start.hour for one in later[:2]] == [7, 8]


def test_each_worker_who_is_present_brings_slots_of_their_own_with_a_pause_between() -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=MONDAY + timedelta(days=1), slots=3, slot_minutes=45, pause_after=2, pause_minutes=30)
    first = [one for one in db.session.query(SitDay) if one.day == date(2026, 12, 1)]
    assert {one.worker_id for one in first} == {lien.id, jonas.id}
    hours = [clock.local(span.start).time() for span in sit_days.spans(first[0])]
    assert hours == [time(9), time(9, 45), time(11)]
    place = a_place()
    offered = sit_days.free(place.programme_id, place.site_id, limit=100)
    assert len([one for one in offered if one.sit_day.day == date(2026, 12, 1)]) == 6


def test_an_hour_that_is_no_quarter_is_refused_because_talks_would_take_each_others_time() -> None:
    place = a_place()
    with pytest.raises(sit_days.NotAQuarter):
        sit_day_rules.make(place.programme_id, place.site_id, a_wish(a_worker(), starts=time(9, 10)))


def test_a_date_that_is_called_off_gives_the_time_back_and_asks_somebody_to_book_again() -> None:
    lien = a_worker()
    rule = a_rule(lien, first_on=MONDAY + timedelta(days=1))
    screening = a_booked_screening(lien, a_candidate(lien))
    day = sit_days.together(db.session.get_one(SitDay, screening.sit_day_id))
    with pytest.raises(sit_day_layout.TalksArePlanned, match="1 "):
        sit_day_rules.skip(day)
    db.session.rollback()
    day = sit_days.together(db.session.get_one(SitDay, screening.sit_day_id))
    sit_day_rules.skip(day, sure=True)
    db.session.commit()
    assert db.session.query(HoldCell).count() == 0
    assert screening.hold_id is None
    task = db.session.query(Task).filter_by(closed_at=None, kind="candidates.book_again").one()
    assert (task.owner_id, task.words["name"][:5]) == (lien.id, "Karim")
    assert date(2026, 12, 1) not in days()
    sit_day_rules.each_night()
    assert date(2026, 12, 1) not in days()
    sit_day_rules.go_on_after_all(sit_day_rules.exceptions_of(rule)[0])
    assert date(2026, 12, 1) in days()


def test_a_date_that_moves_takes_its_hours_along_and_stays_moved() -> None:
    lien = a_worker()
    a_rule(lien, first_on=MONDAY + timedelta(days=1), slots=2)
    first = db.session.query(SitDay).filter_by(day=date(2026, 12, 1)).one()
    sit_day_rules.skip(
        sit_days.together(sit_days.of([first.programme_id], first.key) or first), moved_to=date(2026, 12, 3)
    )
    sit_day_rules.each_night()
    assert days()[:2] == [date(2026, 12, 3), date(2026, 12, 8)]
    moved = db.session.query(SitDay).filter_by(day=date(2026, 12, 3)).one()
    assert (moved.slots, moved.starts) == (2, time(9))
    sit_day_rules.skip(
        sit_days.together(sit_days.of([moved.programme_id], moved.key) or moved), moved_to=date(2026, 12, 4)
    )
    assert days()[:2] == [date(2026, 12, 4), date(2026, 12, 8)]


def test_a_rule_that_changes_leaves_free_days_at_once_and_asks_about_booked_ones() -> None:
    lien = a_worker()
    rule = a_rule(lien, first_on=MONDAY + timedelta(days=1))
    screening = a_booked_screening(lien, a_candidate(lien))
    later = a_wish(lien, first_on=MONDAY + timedelta(days=1), starts=time(13))
    with pytest.raises(sit_day_layout.TalksArePlanned):
        sit_day_rules.change(rule, later)
    db.session.rollback()
    rule = db.session.query(SitDayRule).one()
    more = a_wish(lien, first_on=MONDAY + timedelta(days=1), slots=6)
    sit_day_rules.change(rule, more)
    assert screening.hold_id is not None
    sit_day_rules.change(rule, later, sure=True)
    assert screening.hold_id is None
    assert {one.starts for one in db.session.query(SitDay)} == {time(13)}


def test_a_rule_that_ends_takes_its_later_days_away_and_keeps_the_past_and_today(today: Any) -> None:
    lien = a_worker()
    rule = a_rule(lien, first_on=MONDAY)
    today(datetime(2026, 12, 7, 7, tzinfo=UTC))
    sit_day_rules.change(rule, a_wish(lien, first_on=MONDAY, last_on=date(2026, 12, 6)))
    assert days() == [MONDAY, date(2026, 12, 7)]


def test_slots_of_a_worker_who_is_away_are_not_offered_and_planned_talks_become_tasks() -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=MONDAY + timedelta(days=1), slots=2)
    screening = a_booked_screening(lien, a_candidate(lien))
    assert screening.worker_id == lien.id
    whole_day = {"starts_at": clock.midnight(date(2026, 12, 1)), "ends_at": clock.midnight(date(2026, 12, 2))}
    absence = service.be_away(lien.id, **whole_day)
    place = a_place()
    on_tuesday = [one for one in sit_days.free(place.programme_id, place.site_id) if one.sit_day.day.day == 1]
    assert {one.sit_day.worker_id for one in on_tuesday} == {jonas.id}
    waiting = db.session.query(Task).filter_by(closed_at=None, kind="candidates.book_again")
    assert waiting.one().owner_id == lien.id
    service.come_back(absence)
    assert waiting.count() == 0
    service.be_away(lien.id, **whole_day, sudden=True)
    assert (waiting.one().owner_id, waiting.one().role) == (None, "coordinator")


def test_the_days_of_somebody_who_leaves_go_and_the_colleagues_stay() -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=MONDAY + timedelta(days=1))
    screening = a_booked_screening(lien, a_candidate(lien))
    lien.deactivated_at = clock.now()
    worker_left.send(lien)
    left = {one.worker_id for one in db.session.query(SitDay).filter_by(off=False) if one.day > MONDAY}
    assert left == {jonas.id}
    assert screening.hold_id is None
