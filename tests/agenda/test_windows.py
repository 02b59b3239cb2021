"""Windows: hours stay on the wall clock, durations are true, no time is lost or counted twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.agenda.windows import (
    Community,
    Holidays,
    NoSuchTime,
    Span,
    WeeklyWindow,
    expand,
    intersect,
    is_workday,
    merge,
    moment,
    next_workday,
    subtract,
    workdays_after,
    workdays_before,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def span(first: float, last: float) -> Span:
    return Span(NINE + timedelta(hours=first), NINE + timedelta(hours=last))


def walls(spans: list[Span]) -> list[str]:
    return [f"{s.start.astimezone(BRUSSELS):%d %H:%M}-{s.end.astimezone(BRUSSELS):%H:%M}" for s in spans]


class TestSpan:
    def test_it_needs_a_zone_and_an_end_after_its_start(self) -> None:
        with pytest.raises(ValueError, match="no zone"):
            Span(datetime(2027, 3, 1, 9), datetime(2027, 3, 1, 10))
        with pytest.raises(ValueError, match="ends after it starts"):
            span(1, 1)

    def test_it_is_kept_in_utc(self) -> None:
        local = Span(NINE.astimezone(BRUSSELS), (NINE + DAY).astimezone(BRUSSELS))
        assert local == Span(NINE, NINE + DAY)
        assert local.start.tzinfo is UTC

    def test_touching_is_not_overlapping(self) -> None:
        assert not span(0, 1).overlaps(span(1, 2))
        assert span(0, 1.25).overlaps(span(1, 2))

    def test_windows_that_overlap_or_touch_become_one(self) -> None:
        assert merge([span(2, 3), span(0, 1), span(0.5, 2), span(4, 5), span(4, 4.5)]) == [span(0, 3), span(4, 5)]

    def test_the_common_time_of_two_lists(self) -> None:
        assert intersect([span(0, 2), span(3, 5)], [span(1, 4)]) == [span(1, 2), span(3, 4)]

    def test_an_absence_cuts_a_window_in_two(self) -> None:
        assert subtract([span(0, 8)], [span(2, 3), span(7, 9)]) == [span(0, 2), span(3, 7)]


lists = st.lists(st.builds(lambda a, n: span(a / 4, (a + n) / 4), st.integers(0, 60), st.integers(1, 12)), max_size=6)


def minutes(spans: list[Span]) -> set[int]:
    return {m for s in spans for m in range(int(s.start.timestamp()) // 60, int(s.end.timestamp()) // 60)}


@given(lists, lists)
def test_arithmetic_of_spans_is_that_of_sets_of_minutes(first: list[Span], second: list[Span]) -> None:
    one, two = merge(first), merge(second)
    assert minutes(one) == minutes(first)
    assert minutes(intersect(one, two)) == minutes(first) & minutes(second)
    assert minutes(subtract(one, two)) == minutes(first) - minutes(second)
    for result in (one, intersect(one, two), subtract(one, two)):
        assert all(a.end <= b.start for a, b in pairwise(result)), "sorted, no minute twice"


class TestTheClock:
    def test_nine_o_clock_stays_nine_o_clock_across_both_changes(self) -> None:
        weekly = [WeeklyWindow(0, time(9), time(12))]
        spans = expand(weekly, date(2027, 1, 1), date(2027, 12, 31), BRUSSELS)
        assert len(spans) == 52
        assert {s.start.astimezone(BRUSSELS).time() for s in spans} == {time(9)}
        assert {s.start.time() for s in spans} == {time(8), time(7)}
        assert {s.duration for s in spans} == {timedelta(hours=3)}

    def test_half_past_two_never_comes_on_the_last_sunday_of_march(self) -> None:
        with pytest.raises(NoSuchTime) as refused:
            moment(SPRING, time(2, 30), BRUSSELS)
        assert refused.value.wall.date() == SPRING
        assert str(refused.value)
        assert moment(SPRING, time(3), BRUSSELS) == datetime(2027, 3, 28, 1, tzinfo=UTC)

    def test_half_past_two_comes_twice_on_the_last_sunday_of_october(self) -> None:
        first = moment(AUTUMN, time(2, 30), BRUSSELS)
        second = moment(AUTUMN, time(2, 30, fold=1), BRUSSELS)
        assert (first.hour, second.hour) == (0, 1)

    def test_a_window_too_can_mean_the_second_reading(self) -> None:
        first = WeeklyWindow(6, time(2, 30), time(4))
        second = WeeklyWindow(6, time(2, 30, fold=1), time(4))
        assert [s.duration for s in expand([first], AUTUMN, AUTUMN, BRUSSELS)] == [timedelta(hours=2.5)]
        assert [s.duration for s in expand([second], AUTUMN, AUTUMN, BRUSSELS)] == [timedelta(hours=1.5)]

    def test_durations_are_counted_in_utc(self) -> None:
        night = [WeeklyWindow(6, time(0), time(6))]
        assert [s.duration.seconds // 3600 for s in expand(night, SPRING, SPRING, BRUSSELS)] == [5]
        assert [s.duration.seconds // 3600 for s in expand(night, AUTUMN, AUTUMN, BRUSSELS)] == [7]

    def test_a_weekly_window_from_a_skipped_hour_begins_when_the_clock_has_jumped(self) -> None:
        weekly = [WeeklyWindow(6, time(2, 30), time(5))]
        spans = expand(weekly, SPRING - 7 * DAY, SPRING, BRUSSELS)
        assert walls(spans) == ["21 02:30-05:00", "28 03:00-05:00"]
        assert expand([WeeklyWindow(6, time(2, 15), time(2, 45))], SPRING, SPRING, BRUSSELS) == []

    def test_a_window_may_end_at_midnight(self) -> None:
        assert walls(expand([WeeklyWindow(0, time(22), time(0))], date(2027, 3, 1), date(2027, 3, 1), BRUSSELS)) == [
            "01 22:00-00:00"
        ]


class TestSeries:
    MONDAYS = WeeklyWindow(0, time(9), time(12))

    def test_an_exception_removes_that_date_only(self) -> None:
        series = WeeklyWindow(0, time(9), time(12), exceptions=frozenset({date(2027, 3, 8)}))
        days = [s.start.day for s in expand([series], date(2027, 3, 1), date(2027, 3, 31), BRUSSELS)]
        assert days == [1, 15, 22, 29]

    def test_an_exception_leaves_another_series_of_that_day_alone(self) -> None:
        series = WeeklyWindow(0, time(9), time(12), exceptions=frozenset({date(2027, 3, 8)}))
        afternoon = WeeklyWindow(0, time(13), time(17))
        day = date(2027, 3, 8)
        assert walls(expand([series, afternoon], day, day, BRUSSELS)) == ["08 13:00-17:00"]

    def test_a_series_is_valid_from_its_first_day_to_its_last_both_included(self) -> None:
        series = WeeklyWindow(0, time(9), time(12), date(2027, 3, 8), date(2027, 3, 22))
        days = [s.start.day for s in expand([series], date(2027, 3, 1), date(2027, 3, 31), BRUSSELS)]
        assert days == [8, 15, 22]

    def test_changing_a_series_never_touches_the_past(self) -> None:
        kept = self.MONDAYS.changed_from(date(2027, 3, 15), WeeklyWindow(0, time(14), time(16)))
        found = expand(kept, date(2027, 3, 1), date(2027, 3, 28), BRUSSELS)
        assert walls(found) == ["01 09:00-12:00", "08 09:00-12:00", "15 14:00-16:00", "22 14:00-16:00"]

    def test_ending_a_series_keeps_what_was(self) -> None:
        (kept,) = self.MONDAYS.changed_from(date(2027, 3, 15), None)
        assert kept.valid_until == date(2027, 3, 14)
        with pytest.raises(ValueError, match="is over"):
            kept.changed_from(date(2027, 6, 1), None)

    def test_a_series_that_has_not_begun_is_simply_replaced(self) -> None:
        coming = WeeklyWindow(0, time(9), time(12), valid_from=date(2027, 4, 1))
        assert coming.changed_from(date(2027, 3, 1), None) == ()

    def test_overlapping_windows_are_one_window(self) -> None:
        windows = [self.MONDAYS, WeeklyWindow(0, time(11), time(13)), WeeklyWindow(0, time(13), time(14)), self.MONDAYS]
        assert walls(expand(windows, date(2027, 3, 1), date(2027, 3, 7), BRUSSELS)) == ["01 09:00-14:00"]

    def test_absences_and_closed_days_are_taken_out(self) -> None:
        ill = Span(moment(date(2027, 3, 1), time(10), BRUSSELS), moment(date(2027, 3, 1), time(11), BRUSSELS))
        closed = {date(2027, 3, 8)}
        found = expand([self.MONDAYS], date(2027, 3, 1), date(2027, 3, 14), BRUSSELS, closed=closed, absences=[ill])
        assert walls(found) == ["01 09:00-10:00", "01 11:00-12:00"]

    def test_impossible_windows_are_refused(self) -> None:
        for wrong in ((7, time(9), time(12)), (0, time(12), time(9)), (0, time(9), time(9))):
            with pytest.raises(ValueError, match=r"weekday|ends after it starts"):
                WeeklyWindow(*wrong)


class TestHolidays:
    def test_the_ten_legal_holidays_of_2027(self) -> None:
        days = {(1, 1), (3, 29), (5, 1), (5, 6), (5, 17), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}
        assert all(date(2027, month, day) in Holidays() for month, day in days)

    @pytest.mark.parametrize("year", [2027, 2044, 2099])
    def test_they_are_computed_for_any_year(self, year: int) -> None:
        assert date(year, 7, 21) in Holidays()
        assert len(Holidays().between(date(year, 1, 1), date(year, 12, 31))) == 12

    def test_each_community_keeps_its_own_day_only(self) -> None:
        own = {Community.FLEMISH: (7, 11), Community.FRENCH: (9, 27), Community.GERMAN: (11, 15)}
        for community in Community:
            kept = {c for c, (month, day) in own.items() if date(2027, month, day) in Holidays(community)}
            assert kept == {community}
        assert not any(date(2027, month, day) in Holidays() for month, day in own.values())

    def test_a_moment_on_a_holiday_counts_as_that_day(self) -> None:
        assert datetime(2027, 7, 21, 9) in Holidays()


class TestWorkdays:
    def test_weekends_and_holidays_do_not_count(self) -> None:
        assert workdays_after(date(2027, 3, 25), 2) == date(2027, 3, 30), "over Easter"
        assert workdays_before(date(2027, 3, 30), 2) == date(2027, 3, 25)

    def test_a_deadline_on_a_day_off_moves_to_the_next_workday(self) -> None:
        assert next_workday(date(2027, 3, 27)) == date(2027, 3, 30)
        assert next_workday(date(2027, 3, 30)) == date(2027, 3, 30)

    def test_the_communitys_day_counts_when_it_is_asked_for(self) -> None:
        assert next_workday(date(2028, 7, 11)) == date(2028, 7, 11)
        assert next_workday(date(2028, 7, 11), Holidays(Community.FLEMISH)) == date(2028, 7, 12)

    def test_no_workdays_away_is_the_day_itself_and_less_is_refused(self) -> None:
        assert workdays_after(date(2027, 3, 27), 0) == date(2027, 3, 27)
        with pytest.raises(ValueError, match="from 0 up"):
            workdays_before(date(2027, 3, 27), -1)


@given(st.dates(date(2026, 1, 1), date(2035, 1, 1)).filter(is_workday), st.integers(1, 40))
def test_counting_there_and_back_returns_to_the_same_workday(day: date, n: int) -> None:
    assert workdays_before(workdays_after(day, n), n) == day
