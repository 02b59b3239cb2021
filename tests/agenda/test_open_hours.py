"""Hours that count for one programme, one province, one site: the search with them answers as a naive one does."""

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agenda.diaries import Party
from portal.agenda.open_hours import OpenHours, Talk, at_site, counting
from portal.agenda.service import OFFICE
from portal.agenda.slots import Companion, Question, find_slots
from portal.agenda.windows import WeeklyWindow, expand
from portal.foundation.clock import BRUSSELS, at
from tests.agenda.naive import hours_that_count, naive_slots
from tests.agenda.test_slots_against_naive import BRUGES, GHENT, MONDAY, office, seconds

EAST, WEST, LIEGE = "40000", "30000", "60000"
TUESDAY = WeeklyWindow(1, time(9), time(12))
THURSDAY = WeeklyWindow(3, time(13), time(17))
LAST = MONDAY + timedelta(days=11)


def test_hours_count_for_what_they_are_kept() -> None:
    kept = OpenHours(TUESDAY, frozenset({1}), frozenset({EAST}))
    assert kept.count_for(Talk(1, EAST))
    assert not kept.count_for(Talk(2, EAST))
    assert not kept.count_for(Talk(1, WEST))
    assert kept.count_for(Talk(1, None)), "by video every province is as near"
    assert OpenHours(TUESDAY).count_for(Talk(2, LIEGE, 9)), "nothing named is everything"


def test_hours_for_something_else_do_not_bring_the_usual_ones_back() -> None:
    elsewhere = [OpenHours(TUESDAY, regions=frozenset({WEST}))]
    assert counting(elsewhere, Talk(1, EAST), MONDAY, OFFICE) == ()
    assert counting([], Talk(1, EAST), MONDAY, OFFICE) == OFFICE


def test_a_single_day_comes_on_top_of_the_week_whatever_the_week_is() -> None:
    saturday = WeeklyWindow(5, time(10), time(12), MONDAY + timedelta(days=5), MONDAY + timedelta(days=5))
    once = OpenHours(saturday)
    assert once.once
    assert counting([once], Talk(), MONDAY, OFFICE) == (*OFFICE, saturday)
    assert counting([OpenHours(TUESDAY), once], Talk(), MONDAY, OFFICE) == (TUESDAY, saturday)
    assert counting([once], Talk(), MONDAY + timedelta(days=6), OFFICE) == OFFICE, "it is over"


def test_hours_that_ended_are_no_hours() -> None:
    ended = OpenHours(replace(TUESDAY, valid_from=date(2026, 1, 1), valid_until=MONDAY - timedelta(days=1)))
    assert counting([ended], Talk(), MONDAY, OFFICE) == OFFICE


def test_what_a_contact_said_of_one_site_says_nothing_of_another() -> None:
    depot, anywhere = OpenHours(TUESDAY, sites=frozenset({1})), OpenHours(THURSDAY)
    assert at_site([depot], 2) == []
    assert counting(at_site([depot], 2), Talk(site=2), MONDAY, OFFICE) == OFFICE
    assert counting(at_site([depot, anywhere], 2), Talk(site=2), MONDAY, OFFICE) == (THURSDAY,)
    assert counting(at_site([depot, anywhere], 1), Talk(site=1), MONDAY, OFFICE) == (TUESDAY, THURSDAY)


days = st.one_of(st.none(), st.integers(-9, 12).map(lambda n: MONDAY + timedelta(days=n)))
some = st.frozensets(st.sampled_from([EAST, WEST, LIEGE]), max_size=2)
numbers = st.frozensets(st.integers(1, 2), max_size=1)


@st.composite
def kept_hours(draw: st.DrawFn) -> OpenHours:
    starts = draw(st.integers(7, 15))
    window = WeeklyWindow(
        draw(st.integers(0, 6)), time(starts), time(starts + draw(st.integers(1, 6))), draw(days), draw(days),
        draw(st.frozensets(st.integers(0, 11).map(lambda n: MONDAY + timedelta(days=n)), max_size=2)),
    )  # fmt: skip
    return OpenHours(window, draw(numbers), draw(some), draw(numbers))


talks = st.builds(
    Talk,
    st.one_of(st.none(), st.integers(1, 2)),
    st.one_of(st.none(), st.sampled_from([EAST, WEST, LIEGE])),
    st.integers(1, 2),
)
workers = st.lists(st.lists(kept_hours(), max_size=4), min_size=1, max_size=4)


def _question(team: list[Companion]) -> Question:
    open_all_week = expand([WeeklyWindow(n, time(6), time(22)) for n in range(7)], MONDAY, LAST, BRUSSELS)
    return Question(
        now=at(MONDAY - timedelta(days=3), time(12)), first_day=MONDAY, last_day=LAST, minutes=60,
        employer=Party(open_all_week), candidate=Party(open_all_week, base=BRUGES), companions=team, venue=GHENT, limit=30,
    )  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(workers, talks)
def test_any_allowed_companion_is_found_as_a_naive_search_finds_one(team: list[list[OpenHours]], talk: Talk) -> None:
    quick = [
        Companion(expand(counting(one, talk, MONDAY, OFFICE), MONDAY, LAST, BRUSSELS), (), BRUGES, id=n)
        for n, one in enumerate(team)
    ]
    slow = [
        Companion(expand(hours_that_count(one, talk, MONDAY, OFFICE), MONDAY, LAST, BRUSSELS), (), BRUGES, id=n)
        for n, one in enumerate(team)
    ]
    assert find_slots(_question(quick)) == naive_slots(_question(slow))


def test_fifty_workers_with_provinces_take_at_most_ten_milliseconds() -> None:
    """Choosing whose hours count is part of the computing, for 50 workers with ten windows each and 8 weeks."""
    asked = office(workers=50, weeks=8)
    week = [WeeklyWindow(n % 5, time(9 + n % 2 * 4), time(12 + n % 2 * 4)) for n in range(10)]
    kept = [
        [
            OpenHours(one, frozenset({1 + n % 2}), frozenset({(EAST, WEST, LIEGE)[(n + i) % 3]}))
            for i, one in enumerate(week)
        ]
        for n in range(50)
    ]

    def search(_asked: Question) -> None:
        for hours in kept:
            counting(hours, Talk(1, EAST), MONDAY, OFFICE)
        find_slots(_asked)

    assert seconds(search, asked, times=60, enough=0.010) < 0.010
