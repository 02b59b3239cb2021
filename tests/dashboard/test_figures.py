"""The figures of product.md, worked by hand. The year is 2026; today is Saturday 21 November."""

from datetime import date

from portal.dashboard import figures
from portal.dashboard.figures import (
    LOST,
    SUSTAINED,
    UNKNOWN,
    WEEKS_13,
    WEEKS_26,
    Activation,
    Adherence,
    Counted,
    Job,
    Leg,
    Moments,
    Period,
    Spell,
    Sustained,
)

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 21)


def test_the_target_to_date() -> None:
    """324 days have passed: 80 × 324 / 365 = 71.01. On the last evening 80, before the first day none."""
    assert figures.expected(80, YEAR, TODAY) == 71
    assert figures.expected(80, YEAR, date(2026, 1, 1)) == 0
    assert figures.expected(80, YEAR, date(2025, 6, 1)) == 0
    assert figures.expected(80, YEAR, date(2027, 3, 1)) == 80
    assert figures.expected(80, Period(date(2026, 7, 1), date(2027, 6, 30)), TODAY) == 31


def test_a_trajectory_counts_a_person_once_in_twelve_months() -> None:
    rows = [
        Counted(1, date(2026, 2, 1)),
        Counted(1, date(2026, 10, 1)),  # again within 12 months: not new
        Counted(2, date(2025, 12, 1)),  # last year
        Counted(2, date(2026, 5, 1)),  # within 12 months of last year's: not new
        Counted(2, date(2026, 12, 1)),  # twelve months later to the day: new
        Counted(3, date(2025, 12, 31)),  # before the period
        Counted(4, date(2026, 12, 31)),
        Counted(5, date(2027, 1, 1)),  # after the period
    ]
    assert [(one.candidate_id, one.on) for one in figures.cohort(rows, YEAR)] == [
        (1, date(2026, 2, 1)),
        (2, date(2026, 12, 1)),
        (4, date(2026, 12, 31)),
    ]


def test_a_leap_day_counts_again_on_the_first_of_march() -> None:
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    again = [Counted(1, date(2024, 2, 29)), Counted(1, date(2025, 2, 28))]
    assert figures.cohort(again, year) == []
    assert len(figures.cohort([*again[:1], Counted(1, date(2025, 3, 1))], year)) == 1


def test_activation_strict_and_broad() -> None:
    """Six persons: one paid, one internship that became paid, one internship only; three not yet."""
    on, start = date(2026, 3, 1), date(2026, 5, 1)
    people = [
        Counted(1, on, start=start, paid_start=start),
        Counted(2, on, start=start, paid_start=date(2026, 7, 1)),
        Counted(3, on, start=start),
        Counted(4, on),
        Counted(5, on),
        Counted(6, on),
    ]
    found = figures.activation(people)
    assert found == Activation(persons=6, broad=3, strict=2)
    assert (found.broad_percent, found.strict_percent) == (50, 33)
    assert figures.activation([]).strict_percent is None


def test_jobs_join_into_spells_with_gaps_of_fourteen_days() -> None:
    jobs = [
        Job(1, date(2026, 1, 10), date(2026, 2, 10)),
        Job(1, date(2026, 2, 24), date(2026, 4, 1)),  # 14 days later: the same spell
        Job(1, date(2026, 4, 16)),  # 15 days later: a new start
        Job(2, date(2026, 3, 1), None, heard=date(2026, 6, 1)),
        Job(2, date(2026, 5, 1), date(2026, 5, 31)),  # beside the other job
    ]
    assert figures.spells(jobs) == [
        Spell(1, date(2026, 1, 10), date(2026, 4, 1), date(2026, 2, 24), None),
        Spell(1, date(2026, 4, 16), None, date(2026, 4, 16), None),
        Spell(2, date(2026, 3, 1), None, date(2026, 5, 1), date(2026, 6, 1)),
    ]


def test_sustained_work_and_what_nobody_knows() -> None:
    """From 1 March, 91 days later is 31 May and 182 days later 30 August."""
    start = date(2026, 3, 1)

    def after(end: date | None, heard: date | None = None) -> str:
        return figures.outcome(Spell(1, start, end, start, heard), WEEKS_13)

    assert after(date(2026, 5, 31)) == SUSTAINED
    assert after(date(2026, 5, 30)) == LOST
    assert after(None, date(2026, 5, 17)) == SUSTAINED  # heard 14 days before
    assert after(None, date(2026, 5, 16)) == UNKNOWN
    assert after(None) == UNKNOWN
    assert figures.outcome(Spell(1, start, None, date(2026, 6, 2), None), WEEKS_13) == SUSTAINED
    found = [
        Spell(1, start, None, start, date(2026, 9, 1)),
        Spell(2, start, date(2026, 4, 1), start, None),
        Spell(3, start, None, start, date(2026, 6, 1)),
        Spell(4, date(2026, 8, 23), None, date(2026, 8, 23), date(2026, 11, 20)),  # 90 days old: not old enough
        Spell(5, date(2025, 12, 1), None, date(2025, 12, 1), date(2026, 11, 1)),  # last year's start
    ]
    assert figures.sustained(found, WEEKS_13, YEAR, TODAY) == Sustained(starts=3, sustained=2, unknown=0)
    assert figures.sustained(found, WEEKS_26, YEAR, TODAY) == Sustained(starts=3, sustained=1, unknown=1)
    assert figures.sustained(found, WEEKS_26, YEAR, TODAY).percent == 33


def test_aftercare_within_three_working_days() -> None:
    """A date on Thursday 5 November runs until Tuesday the 10th; one on Monday 9 November until Friday the 13th, because
    Wednesday the 11th is a holiday; one on Wednesday 18 November still has Monday the 23rd."""
    thursday, monday, wednesday = date(2026, 11, 5), date(2026, 11, 9), date(2026, 11, 18)
    moments = [
        Moments("employee", thursday, date(2026, 11, 10), 2),
        Moments("employee", thursday, date(2026, 11, 11), 1),
        Moments("employee", monday, date(2026, 11, 13), 3),
        Moments("employee", monday, None, 1),
        Moments("employee", wednesday, None, 4),  # still has its days
        Moments("employer", wednesday, date(2026, 11, 17), 1),  # a day early is on time
    ]
    assert figures.adherence(moments, ("employee", "employer", "justice_assistant"), TODAY) == [
        Adherence("employee", due=7, on_time=5),
        Adherence("employer", due=1, on_time=1),
        Adherence("justice_assistant", due=0, on_time=0),
    ]
    assert Adherence("employee", 7, 5).percent == 71


def test_speed_is_the_median_of_each_step() -> None:
    people = [
        Counted(1, date(2026, 2, 1), date(2026, 1, 22), date(2026, 2, 8), date(2026, 3, 1), date(2026, 3, 15)),
        Counted(2, date(2026, 2, 1), date(2026, 1, 25), date(2026, 2, 11)),
        Counted(3, date(2026, 2, 1), date(2026, 1, 12)),
        Counted(4, date(2026, 2, 1), None, date(2026, 1, 1)),  # a profile of before: no step
    ]
    assert figures.speed(people) == [
        Leg("screening", 10.0, 3),
        Leg("profile", 8.5, 2),
        Leg("interview", 21.0, 1),
        Leg("start", 14.0, 1),
    ]
    assert figures.leg("permission", []) == Leg("permission", None, 0)
