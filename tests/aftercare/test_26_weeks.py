"""One placement followed over 26 weeks, with the clock moved day by day: every letter, task, alert and state at its date.

The start is Monday 28 September 2026, so that both clock changes (25 October 2026 and 28 March 2027) and the holidays of
All Saints, 11 November, Christmas, New Year and Easter Monday fall inside. The table is worked out by hand.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.aftercare import alerts, nightly, service
from portal.aftercare.models import Alert, AlertState, CheckIn, CheckInState, Voice
from portal.aftercare.queries import MOMENT_WITH_PLACEMENT
from portal.aftercare.rules import Given
from portal.agenda.windows import is_workday
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.placements.models import Placement
from portal.tasks.models import Task
from portal.trajectories.service import of
from tests.factories import a_person
from tests.placements.factories import a_cast, a_start

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]
FIRST, LAST = date(2026, 9, 28), date(2027, 4, 15)
E, R, J = "employee", "employer", "justice_assistant"

# When each moment becomes due, and how. Day, moment, voice, channel. All Saints is a Sunday in 2026; 28 December and 8 February
# are Mondays like any other; Easter Monday (29 March 2027) moves what closes the 26 weeks to Tuesday 30 March.
DUE = [
    ("2026-09-29", "day2", E, "call"),
    ("2026-10-05", "week1", E, "visit"), ("2026-10-05", "week1", R, "visit"),
    ("2026-10-12", "week2", E, "call"), ("2026-10-12", "week2", R, "form"), ("2026-10-12", "week2", J, "form"),
    ("2026-10-19", "week3", E, "call"),
    ("2026-10-26", "week4", E, "visit"), ("2026-10-26", "week4", R, "visit_form"),
    ("2026-11-09", "week6", E, "call"),
    ("2026-11-23", "week8", E, "form"), ("2026-11-23", "week8", R, "form"), ("2026-11-23", "week8", J, "form"),
    ("2026-12-07", "week10", E, "call"),
    ("2026-12-28", "week13", E, "visit_form"), ("2026-12-28", "week13", R, "visit_form"), ("2026-12-28", "week13", J, "form"),
    ("2027-01-25", "week17", E, "call"),
    ("2027-02-08", "week19", R, "form"),
    ("2027-02-22", "week21", E, "call"),
    ("2027-03-30", "week26", E, "visit"), ("2027-03-30", "week26", R, "form"), ("2027-03-30", "week26", J, "form"),
]  # fmt: skip

# Letters: the day, whom, which. The employer answers week 2 at once, is silent in week 8 (reminders after 3 and 5 working days),
# answers the rest; the justice assistant answers after the first reminder in week 13 and at once otherwise.
LETTERS = [
    ("2026-10-12", R, "form"), ("2026-10-12", J, "form"),
    ("2026-10-26", R, "form"),
    ("2026-11-23", R, "form"), ("2026-11-23", J, "form"), ("2026-11-26", R, "reminder"), ("2026-11-30", R, "reminder"),
    # Thursday 31 December is the third working day after Monday 28; New Year's day does not count.
    ("2026-12-28", R, "form"), ("2026-12-28", J, "form"), ("2026-12-31", J, "reminder"),
    ("2027-02-08", R, "form"),
    ("2027-03-30", R, "form"), ("2027-03-30", J, "form"),
]  # fmt: skip

STATES = [
    ("2026-09-28", "started", "in_aftercare"),
    ("2026-10-05", "ongoing", "in_aftercare"),
    ("2026-12-28", "sustained_13", "in_aftercare"),
    ("2027-03-29", "sustained_26", "completed"),
]

# What the worker does by hand on a day, after the night: answers that came in, and alerts that are closed.
GOOD = {
    R: [Given("attendance", 5), Given("quality", 4), Given("pace", 4), Given("safety", 5), Given("teamwork", 4)],
    E: [Given("welcome", 5), Given("tasks_clear", 4)],
    J: [Given("schedule_compatible", choice="yes")],
}
ANSWERS = {
    "2026-10-12": [("week2", R), ("week2", J)],
    "2026-10-26": [("week4", R)],
    "2026-11-23": [("week8", J), ("week8", E)],
    "2026-12-02": [("week8", R)],
    "2026-12-28": [("week13", R), ("week13", E)],
    "2026-12-31": [("week13", J)],
    "2027-02-08": [("week19", R)],
    "2027-03-30": [("week26", R), ("week26", J)],
}
# Opened on, rule, question, to be answered by (2 working days). Silence of week 8 on Monday 30 November; in week 8 the answer says 2
# for attendance; in week 13 the employee has trouble with transport.
ALERTS = [
    ("2026-11-30", "no_answer", "", "2026-12-02"),
    ("2026-12-02", "low_score", "attendance", "2026-12-04"),
    ("2026-12-28", "red_on_transport_or_pay", "hours_and_transport", "2026-12-30"),
    # The employer says 5 about being there, the employee said 2 about hours and transport: they see it differently, twice.
    ("2027-02-08", "gap", "attendance", "2027-02-10"),
    ("2027-03-30", "gap", "attendance", "2027-04-01"),
]
SPECIAL = {
    ("week8", R): [Given("attendance", 2), Given("quality", 4)],
    ("week13", E): [Given("hours_and_transport", 2), Given("pay_right", 4)],
    ("week13", R): [Given("attendance", 5), Given("quality", 4)],
}


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as traveller:
        yield traveller


class Diary:
    """What the days brought: each fact once, at the day on which it was first seen."""

    def __init__(self) -> None:
        self.due: list[tuple[str, str, str, str]] = []
        self.letters: list[tuple[str, str, str]] = []
        self.alerts: list[tuple[str, str, str, str]] = []
        self.states: list[tuple[str, str, str]] = []
        self.seen: set[tuple[str, int]] = set()

    def new(self, kind: str, rows: Any) -> list[Any]:
        fresh = [row for row in rows if (kind, row.id) not in self.seen]
        self.seen |= {(kind, row.id) for row in fresh}
        return fresh

    def write(self, day: date, placement: Placement, readers: dict[str, str]) -> None:
        on = day.isoformat()
        db.session.expire_all()
        came = sa.select(CheckIn).where(CheckIn.state.in_(("due", "done", "overdue"))).order_by(CheckIn.due, CheckIn.id)
        self.due += [(on, one.moment, str(one.voice), one.channel) for one in self.new("due", db.session.scalars(came))]
        for one in self.new("letter", db.session.scalars(sa.select(Letter).order_by(Letter.id))):
            assert clock.local(one.created_at).date() == day
            assert clock.local(one.next_try_at).hour >= 8, (
                "nobody is asked in the night, on the day of a clock change neither"
            )
            self.letters.append((on, readers[one.recipient_ref], one.template.removeprefix("aftercare/")))
        for one in self.new("alert", db.session.scalars(sa.select(Alert).order_by(Alert.id))):
            assert one.owner_id == placement.worker_id
            self.alerts.append((on, one.rule, one.question, one.due.isoformat()))
        stands = (str(placement.state), str(of(placement.candidate_id).state))
        if not self.states or self.states[-1][1:] != stands:
            self.states.append((on, *stands))


def the(placement: Placement, moment: str, voice: str) -> CheckIn:
    wanted = (CheckIn.placement_id == placement.id, CheckIn.moment == moment, CheckIn.voice == Voice(voice))
    return db.session.scalars(sa.select(CheckIn).options(*MOMENT_WITH_PLACEMENT).where(*wanted)).one()


def talks(placement: Placement, day: date) -> None:
    """The worker calls and visits on the very day; each leaves its own task behind, closed."""
    rows = sa.select(CheckIn.moment, CheckIn.voice).where(
        CheckIn.placement_id == placement.id, CheckIn.due == day, CheckIn.channel.in_(("call", "visit", "visit_form"))
    )
    for moment, voice in db.session.execute(rows).all():
        one = the(placement, moment, voice)
        if one.open and one.note is None:
            kind = "aftercare.call" if one.channel == "call" else "aftercare.visit"
            assert task_on(one, kind) is not None, f"{moment} of {voice} has no task on {day}"
            service.record_talk(one, "Het gaat goed.")
            assert task_on(one, kind) is None


def task_on(row: Any, kind: str) -> Task | None:
    return db.session.scalar(
        sa.select(Task).where(
            Task.kind == kind,
            Task.subject_kind == row.__tablename__,
            Task.subject_id == row.id,
            Task.closed_at.is_(None),
        )
    )


def answers(placement: Placement, on: str) -> None:
    for moment, voice in ANSWERS.get(on, []):
        one = the(placement, moment, voice)
        if voice == E:
            assert task_on(one, "aftercare.form") is not None
        elif one.state != CheckInState.PLANNED and voice == R:
            assert task_on(one, "aftercare.answer") is not None, "it waits on the contact's own page too"
        service.answer(one, SPECIAL.get((moment, voice), GOOD[voice]), by="link" if voice != E else "phone")


def close_alerts(day: date) -> None:
    """Each alert is a task of the worker until it is closed, on its last day."""
    for alert in db.session.scalars(sa.select(Alert).where(Alert.state == AlertState.OPEN)).all():
        task = task_on(alert, "aftercare.alert")
        assert task is not None and (task.owner_id, task.due) == (alert.owner_id, alert.due)
        if alert.due == day:
            alerts.resolve(alert, "Gebeld, we spraken af.")


def live(at: Any, day: date, placement: Placement, diary: Diary, readers: dict[str, str]) -> None:
    """A night at a quarter past two, and a day of work at ten, in Belgian time."""
    on = day.isoformat()
    at.move_to(f"{on} 00:20:00+00:00")
    nightly.daily()
    db.session.commit()
    diary.write(day, placement, readers)
    at.move_to(f"{on} 09:00:00+00:00")
    nightly.catch_up()
    talks(placement, day)
    answers(placement, on)
    db.session.commit()
    diary.write(day, placement, readers)
    close_alerts(day)
    db.session.commit()


def test_one_placement_over_26_weeks_day_by_day(at: Any, post: Any) -> None:
    assistant = a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT, first_name="Mia")
    cast = a_cast()
    placement = a_start(cast, FIRST, justice_assistant=assistant)
    readers = {f"person:{cast.contact.id}": R, f"person:{assistant.id}": J}
    diary = Diary()
    day = FIRST
    while day <= LAST:
        live(at, day, placement, diary, readers)
        day += timedelta(days=1)
    assert diary.due == DUE
    assert sorted(diary.letters) == sorted(LETTERS)
    assert diary.alerts == ALERTS
    assert diary.states == STATES
    left = db.session.scalars(sa.select(CheckIn).where(CheckIn.state.not_in(("done", "skipped")))).all()
    assert left == [], "nothing waits after the 26 weeks"
    skipped = db.session.scalars(sa.select(CheckIn.moment).where(CheckIn.state == CheckInState.SKIPPED)).all()
    assert set(skipped) == {"before_start"}, "the start was recorded on its own day: three days before it is gone"
    waits = db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None))).all()
    assert waits == ["ambassadors.become"], "only what week 13 asks the company itself, which it may leave"
    assert db.session.scalars(sa.select(Alert.state).distinct()).all() == [AlertState.RESOLVED]


# Starts that are hostile to a calendar: before a weekend of three days, on the last day of the year, on the night of a clock change,
# on leap-year neighbours, before Easter.
HOSTILE = [
    date(2026, 10, 23), date(2026, 12, 24), date(2026, 12, 31), date(2027, 3, 26), date(2028, 2, 29),
]  # fmt: skip


@pytest.mark.parametrize("start", HOSTILE)
def test_hostile_days_ask_nobody_twice_and_nobody_on_a_day_off(at: Any, post: Any, start: date) -> None:
    """Nobody answers and nobody calls: all that the nights bring stays bounded, on working days, one letter a reader a day."""
    at.move_to(f"{start.isoformat()} 07:00:00+00:00")
    cast = a_cast()
    placement = a_start(cast, start)
    for one in range(200):
        day = start + timedelta(days=one)
        at.move_to(f"{day.isoformat()} 00:20:00+00:00")
        nightly.daily()
        db.session.commit()
    rows = db.session.scalars(sa.select(CheckIn)).all()
    assert all(is_workday(row.due) for row in rows)
    forms = [(row.voice, row.due) for row in rows if row.has_form]
    assert len(forms) == len(set(forms)), "two forms on one day for one person"
    letters = db.session.scalars(sa.select(Letter)).all()
    days = [clock.local(letter.created_at).date() for letter in letters]
    assert all(is_workday(day) for day in days) and len(days) == len(set(days))
    asked = [row for row in rows if row.voice == Voice.EMPLOYER and row.has_form]
    assert len(letters) == 3 * len(asked), "one form and two reminders each, and then somebody calls"
    silent = [row for row in rows if row.has_form]
    assert {row.state for row in silent} <= {CheckInState.OVERDUE, CheckInState.DUE}
    late = [row for row in silent if row.state == CheckInState.OVERDUE]
    missing = db.session.scalars(sa.select(Alert).where(Alert.rule == "no_answer")).all()
    assert sorted(one.check_in_id for one in missing) == sorted(row.id for row in late)
    assert all(task_on(one, "aftercare.alert") is not None for one in missing)
    db.session.refresh(placement)
    assert placement.state == "sustained_26"
