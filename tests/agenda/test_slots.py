"""Finding slots: what is offered fits everybody, what is not has a reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.agenda.cells import cells
from portal.agenda.diaries import Busy, Party
from portal.agenda.slots import Companion, Question, Reason, find_slots, slot_at
from portal.agenda.travel import Place, minutes_between
from portal.agenda.windows import Community, Holidays, Span, WeeklyWindow, expand
from portal.foundation.clock import BRUSSELS

MONDAY = date(2027, 3, 1)
GHENT, BRUGES, OSTEND = Place("44021"), Place("31005"), Place("35013")
PRISON = Place("31005", "behind the walls")


def local(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(0), BRUSSELS).replace(hour=int(hour), minute=round(hour % 1 * 60)).astimezone(UTC)


def between(first: float, last: float, day: date = MONDAY) -> Span:
    return Span(local(day, first), local(day, last))


def question(**changes: Any) -> Question:
    usual = Question(
        now=local(date(2027, 2, 24), 12),
        first_day=MONDAY,
        last_day=MONDAY,
        minutes=60,
        employer=Party([between(9, 17)]),
        candidate=Party([between(8, 18)]),
        companions=[Companion([between(8, 18)], id=1)],
    )
    return replace(usual, **changes)


def hours(asked: Question) -> list[str]:
    return [f"{slot.start.astimezone(BRUSSELS):%H:%M}" for slot in find_slots(asked).slots]


def reasons(asked: Question) -> list[Reason]:
    return list(find_slots(asked).reasons.values())


def test_a_slot_fits_the_employer_the_candidate_and_a_companion() -> None:
    asked = question(candidate=Party([between(10, 12)]), companions=[Companion([between(9.5, 11.5)], id=7)])
    assert hours(asked) == ["10:00", "10:15", "10:30"]
    assert {slot.companion for slot in find_slots(asked).slots} == {7}


def test_slots_start_on_the_quarter_hour_even_when_windows_do_not() -> None:
    assert hours(question(employer=Party([between(9.1, 11)]))) == ["09:15", "09:30", "09:45", "10:00"]


def test_the_first_twenty_slots_come_in_order_of_time() -> None:
    found = find_slots(question(last_day=MONDAY + timedelta(days=30))).slots
    assert len(found) == 20
    assert list(found) == sorted(found, key=lambda slot: slot.start)


def test_back_to_back_is_offered_and_one_minute_of_overlap_is_not() -> None:
    full = Companion([between(8, 18)], [Busy(between(9, 12)), Busy(between(13, 17))], id=1)
    assert hours(question(companions=[full])) == ["12:00"]
    late = replace(full, busy=[Busy(between(9, 12 + 1 / 60)), Busy(between(13, 17))])
    assert hours(question(companions=[late])) == []


def test_any_companion_will_do_and_the_first_of_the_list_is_preferred() -> None:
    morning, whole_day = Companion([between(9, 11)], id=1), Companion([between(9, 12)], id=2)
    by_hour = {s.start: s.companion for s in find_slots(question(companions=[morning, whole_day])).slots}
    assert list(by_hour.values()) == [1, 1, 1, 1, 1, 2, 2, 2, 2]


def test_a_companion_who_is_not_allowed_is_never_proposed() -> None:
    asked = question(companions=[Companion([between(8, 18)], id=1, allowed=False)])
    assert reasons(asked) == [Reason.NOBODY_TO_ACCOMPANY]


def test_overlapping_windows_make_neither_double_nor_lost_slots() -> None:
    once = question(employer=Party([between(9, 12)]))
    twice = question(employer=Party([between(9, 11), between(10, 12), between(9, 10), between(11, 12)]))
    assert find_slots(once) == find_slots(twice)


class TestTravel:
    def test_a_companion_needs_time_from_the_base_and_back(self) -> None:
        asked = question(venue=GHENT, companions=[Companion([between(9, 13)], base=BRUGES, id=1)])
        road = timedelta(minutes=minutes_between(BRUGES, GHENT))
        (slot, *_), last = find_slots(asked).slots, find_slots(asked).slots[-1]
        assert slot.companion_span == Span(slot.start - road, slot.end + road)
        assert slot.start == local(MONDAY, 9) + road
        assert last.end == local(MONDAY, 13) - road

    def test_from_one_site_to_the_next_on_one_day_he_goes_straight(self) -> None:
        worker = Companion([between(8, 18)], [Busy(between(9, 10), GHENT)], base=OSTEND, id=1)
        slot = next(
            s for s in find_slots(question(venue=GHENT, companions=[worker])).slots if s.start > between(9, 10).end
        )
        assert slot.start - slot.companion_span.start == timedelta(minutes=15), "within one town, a quarter"
        assert slot.companion_span.end - slot.end == timedelta(minutes=minutes_between(GHENT, OSTEND))

    def test_yesterdays_commitment_does_not_move_the_base(self) -> None:
        yesterday = Busy(between(9, 10, MONDAY - timedelta(days=1)), GHENT)
        worker = Companion([between(8, 18)], [yesterday], base=OSTEND, id=1)
        slot = find_slots(question(venue=GHENT, companions=[worker])).slots[0]
        assert slot.start - slot.companion_span.start == timedelta(minutes=minutes_between(OSTEND, GHENT))

    def test_a_hold_that_includes_the_way_home_starts_again_from_the_base(self) -> None:
        worker = Companion([between(8, 18)], [Busy(between(8, 11))], base=OSTEND, id=1)
        slot = find_slots(question(venue=GHENT, companions=[worker])).slots[0]
        assert slot.companion_span.start == local(MONDAY, 11)

    def test_the_candidates_window_covers_the_way_too(self) -> None:
        asked = question(venue=GHENT, candidate=Party([between(9, 13)], base=PRISON))
        slot = find_slots(asked).slots[0]
        assert slot.candidate_span == Span(local(MONDAY, 9), local(MONDAY, 12))

    def test_inside_the_prison_the_candidate_does_not_travel(self) -> None:
        slot = find_slots(question(venue=PRISON, candidate=Party([between(9, 13)], base=PRISON))).slots[0]
        assert slot.candidate_span == Span(slot.start, slot.end)

    def test_nobody_travels_to_a_talk_by_video(self) -> None:
        slot = find_slots(question(companions=[Companion([between(9, 13)], base=OSTEND, id=1)])).slots[0]
        assert slot.start == slot.companion_span.start == local(MONDAY, 9)


class TestRules:
    def test_before_the_minimum_notice_nothing_is_offered(self) -> None:
        asked = question(now=local(MONDAY, 9), notice=timedelta(hours=6))
        assert hours(asked) == ["15:00", "15:15", "15:30", "15:45", "16:00"]
        assert reasons(replace(asked, notice=timedelta(hours=20))) == [Reason.TOO_SOON]

    def test_a_permission_adds_its_lead_time_and_names_the_last_day_to_ask(self) -> None:
        week = [between(9, 12, MONDAY + timedelta(days=n)) for n in range(5)]
        asked = question(
            now=local(MONDAY, 8),
            last_day=MONDAY + timedelta(days=4),
            employer=Party(week),
            candidate=Party(week),
            companions=[Companion(week, id=1)],
            lead_workdays=3,
        )
        answer = find_slots(asked)
        assert answer.earliest_day == MONDAY + timedelta(days=3)
        assert answer.file_request_by == MONDAY
        assert set(answer.reasons.values()) == {Reason.PERMISSION_NOT_FEASIBLE}
        assert len(answer.reasons) == 3
        assert {slot.file_by for slot in answer.slots} == {MONDAY, MONDAY + timedelta(days=1)}

    @pytest.mark.parametrize("weekday", range(7))
    @pytest.mark.parametrize("lead", [0, 1, 5, 10])
    def test_the_earliest_day_can_always_still_be_asked_for(self, weekday: int, lead: int) -> None:
        today = date(2027, 5, 3) + timedelta(days=weekday)
        asked = question(now=local(today, 12), lead_workdays=lead)
        assert (asked.file_by(asked.earliest_day) or today) >= today

    def test_each_empty_day_says_why(self) -> None:
        assert reasons(question(employer=Party([]))) == [Reason.EMPLOYER_CLOSED]
        assert reasons(question(employer=Party([between(9, 17)], [Busy(between(9, 17))]))) == [Reason.EMPLOYER_CLOSED]
        assert reasons(question(candidate=Party([]))) == [Reason.CANDIDATE_NOT_AVAILABLE]
        assert reasons(question(candidate=Party([between(18, 20)]))) == [Reason.CANDIDATE_NOT_AVAILABLE]
        assert reasons(question(companions=[])) == [Reason.NOBODY_TO_ACCOMPANY]
        assert reasons(question(holidays={MONDAY})) == [Reason.HOLIDAY]

    def test_on_the_communitys_own_day_nobody_is_asked(self) -> None:
        day = date(2028, 7, 11)
        windows = [between(9, 12, day)]
        asked = question(
            first_day=day,
            last_day=day,
            employer=Party(windows),
            candidate=Party(windows),
            companions=[Companion(windows, id=1)],
        )
        assert len(hours(asked)) == 9
        assert reasons(replace(asked, holidays=Holidays(Community.FLEMISH))) == [Reason.HOLIDAY]

    def test_days_after_the_last_slot_are_not_searched_and_not_explained(self) -> None:
        answer = find_slots(question(last_day=MONDAY + timedelta(days=3), limit=2))
        assert (answer.looked_until, answer.reasons) == (MONDAY, {})

    def test_slots_can_be_spread_over_days(self) -> None:
        weekdays = [between(9, 17, MONDAY + timedelta(days=n)) for n in range(5)]
        asked = question(
            last_day=MONDAY + timedelta(days=4),
            employer=Party(weekdays),
            candidate=Party(weekdays),
            companions=[Companion(weekdays, id=1)],
            per_day=3,
        )
        assert [slot.start.day for slot in find_slots(asked).slots] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]

    def test_confirming_asks_again_for_one_start_with_one_companion(self) -> None:
        asked = question(companions=[Companion([between(9, 10)], id=1), Companion([between(8, 18)], id=2)])
        assert slot_at(asked, local(MONDAY, 9), 2) is not None
        assert slot_at(asked, local(MONDAY, 16), 2) is not None
        assert slot_at(asked, local(MONDAY, 11), 1) is None
        assert slot_at(asked, local(MONDAY, 9.1), 2) is None
        assert slot_at(replace(asked, holidays={MONDAY}), local(MONDAY, 9), 2) is None

    def test_half_quarters_and_naive_times_are_refused(self) -> None:
        for wrong in ({"minutes": 50}, {"minutes": 0}, {"now": datetime(2027, 3, 1)}, {"last_day": date(2027, 1, 1)}):
            with pytest.raises(ValueError, match=r"whole quarters|no zone|comes before"):
                question(**wrong)

    def test_on_the_day_of_a_clock_change_hours_stay_on_the_wall_clock(self) -> None:
        sunday = date(2027, 3, 28)
        windows = expand([WeeklyWindow(6, time(0), time(6))], sunday, sunday, BRUSSELS)
        asked = question(
            first_day=sunday,
            last_day=sunday,
            employer=Party(windows),
            candidate=Party(windows),
            companions=[Companion(windows, id=1)],
            holidays=(),
        )
        assert hours(asked)[4:10] == ["01:00", "01:15", "01:30", "01:45", "03:00", "03:15"]
        assert hours(asked)[-1] == "05:00"


def test_the_three_blocked_spans_never_share_a_cell_with_what_was_busy() -> None:
    worker = Companion([between(8, 18)], [Busy(between(10.2, 11), GHENT), Busy(between(14, 15), BRUGES)], OSTEND, id=1)
    taken = {cell for busy in worker.busy for cell in cells(busy.span)}
    for slot in find_slots(question(venue=GHENT, companions=[worker])).slots:
        assert not taken & set(cells(slot.companion_span))
