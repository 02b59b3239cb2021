"""The 26 weeks as they pass: letters, reminders, silence, and what becomes somebody's task."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.aftercare import nightly, service
from portal.aftercare.models import ALERT, CHECK_IN, Alert, AlertState, CheckIn, CheckInState, Voice
from portal.aftercare.queries import MOMENT_WITH_PLACEMENT
from portal.candidates import consents
from portal.candidates.states import Channel, Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.journal.models import Entry
from portal.outbox.models import Letter
from portal.placements import service as placements
from portal.placements.answers import EndAnswer
from portal.placements.models import Placement
from portal.tasks.models import Task
from portal.trajectories.models import TrajectoryState
from portal.trajectories.service import push
from tests.factories import a_person
from tests.placements.factories import a_cast, a_start

pytestmark = pytest.mark.usefixtures("app")
# A Monday; week 2 falls on Monday 12 October.
START = "2026-09-28 07:00:00+00:00"
WEEK_2 = "2026-10-12 00:30:00+00:00"


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def night(at: Any, day: str) -> None:
    """The job as it runs at a quarter past two in Belgium."""
    at.move_to(f"{day} 00:15:00+00:00")
    nightly.daily()
    db.session.commit()


def check_in(placement: Placement, voice: Voice, moment: str) -> CheckIn:
    return db.session.scalars(
        sa.select(CheckIn).where(CheckIn.placement_id == placement.id, CheckIn.voice == voice, CheckIn.moment == moment)
    ).one()


def open_tasks(kind: str) -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None))))


def everything() -> list[list[Any]]:
    """All that the nightly job may write, so that two runs can be compared."""
    tables: list[Any] = [CheckIn, Alert, Task, Letter, Placement, Entry]
    return [
        [tuple(row) for row in db.session.execute(sa.select(table.__table__).order_by(table.id))] for table in tables
    ]


def test_a_recorded_start_lays_out_its_voices(at: Any) -> None:
    assistant = a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT)
    two, three = a_start(a_cast()), a_start(a_cast(), justice_assistant=assistant)

    def voices(placement: Placement) -> dict[str, int]:
        rows = db.session.scalars(sa.select(CheckIn.voice).where(CheckIn.placement_id == placement.id)).all()
        return {voice: rows.count(voice) for voice in set(rows)}

    assert voices(two) == {"employee": 13, "employer": 8}
    assert voices(three) == {"employee": 13, "employer": 8, "justice_assistant": 5}
    gone = check_in(two, Voice.EMPLOYER, "before_start")
    assert (gone.state, gone.due) == ("skipped", date(2026, 9, 25))
    assert check_in(two, Voice.EMPLOYER, "week2").due == date(2026, 10, 12)


@pytest.mark.engine
def test_week_two_writes_to_the_employer_once(at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-11")
    assert post.to(cast.contact.email) == []
    night(at, "2026-10-12")
    letter = post.last(cast.contact.email, "aftercare/form")
    assert letter.subject == "Een kort formulier: Week 2"
    assert letter.path("/form/")
    assert "Karim" not in letter.html and "Benali" not in letter.html
    assert check_in(placement, Voice.EMPLOYER, "week2").state == CheckInState.DUE
    waiting = db.session.scalars(sa.select(Letter)).one()
    assert waiting.next_try_at == clock.at(date(2026, 10, 12), nightly.POST_LEAVES), "no letter leaves in the night"
    assert [task.due for task in open_tasks("aftercare.call")] == [date(2026, 9, 30), date(2026, 10, 13)]


@pytest.mark.engine
def test_the_same_night_again_changes_nothing(at: Any, post: Any) -> None:
    a_start(a_cast(), justice_assistant=a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT))
    for day in ("2026-10-12", "2026-10-15", "2026-10-19", "2026-12-28", "2027-03-30"):
        night(at, day)
        before = everything()
        night(at, day)
        nightly.catch_up()
        db.session.commit()
        assert everything() == before, day


def test_reminders_are_bounded_and_then_somebody_calls(at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    day = date(2026, 10, 12)
    while day <= date(2026, 10, 23):
        night(at, day.isoformat())
        day += timedelta(days=1)
    reminders = post.to(cast.contact.email, "aftercare/reminder")
    # Three and five working days after Monday 12 October: Thursday 15 and Monday 19.
    assert len(post.to(cast.contact.email, "aftercare/form")) == 1
    assert len(reminders) == 2
    sent = db.session.scalars(sa.select(Letter.created_at).where(Letter.template == "aftercare/reminder")).all()
    assert [clock.local(one).date() for one in sent] == [date(2026, 10, 15), date(2026, 10, 19)]
    assert reminders[0].path("/form/") == post.last(cast.contact.email, "aftercare/form").path("/form/")
    silent = check_in(placement, Voice.EMPLOYER, "week2")
    assert (silent.state, silent.reminders) == ("overdue", 2)
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.rule, alert.owner_id, alert.due) == ("no_answer", cast.worker.id, date(2026, 10, 21))
    assert len(open_tasks("aftercare.alert")) == 1


def test_an_answer_after_all_closes_what_chased_it(at: Any, post: Any) -> None:
    placement = a_start(a_cast())
    night(at, "2026-10-12")
    night(at, "2026-10-19")
    silent = check_in(placement, Voice.EMPLOYER, "week2")
    silent = db.session.scalars(sa.select(CheckIn).options(*MOMENT_WITH_PLACEMENT).where(CheckIn.id == silent.id)).one()
    service.answer(silent, [], by="worker")
    db.session.commit()
    assert db.session.scalars(sa.select(Alert.state)).all() == [AlertState.RESOLVED]
    assert open_tasks("aftercare.alert") == []
    assert post.all() == [], "letters that waited are taken back"


def test_a_contact_with_two_people_gets_one_letter_a_day(at: Any, post: Any) -> None:
    cast = a_cast()
    first, second = a_start(cast), a_start(cast)
    assert check_in(first, Voice.EMPLOYER, "week2").due == date(2026, 10, 12)
    assert check_in(second, Voice.EMPLOYER, "week2").due == date(2026, 10, 13)
    night(at, "2026-10-19")  # the worker was off for a week: both are late, and still one letter a day
    assert len(post.to(cast.contact.email)) == 1
    night(at, "2026-10-20")
    assert len(post.to(cast.contact.email)) == 2
    assert db.session.scalars(sa.select(Alert)).all() == [], "silence is counted from the letter, not from our delay"


def test_no_letter_leaves_on_a_weekend(at: Any, post: Any) -> None:
    cast = a_cast()
    a_start(cast)
    night(at, "2026-10-17")
    assert post.to(cast.contact.email) == []
    night(at, "2026-10-19")
    assert len(post.to(cast.contact.email)) == 1


def test_the_justice_assistant_gets_a_letter_without_a_name_or_a_score(at: Any, post: Any) -> None:
    assistant = a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT, first_name="Mia")
    a_start(a_cast(), justice_assistant=assistant)
    night(at, "2026-10-12")
    letter = post.last("assistent@example.org", "aftercare/form")
    assert "Karim" not in letter.html and "Soetaert" not in letter.html


def test_a_contract_that_ends_within_thirty_days_is_told_once(at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast, contract_ends_on=date(2026, 11, 30))
    night(at, "2026-10-30")
    assert db.session.scalars(sa.select(Alert).where(Alert.rule == "contract_ends")).all() == []
    night(at, "2026-11-02")
    night(at, "2026-11-03")
    alert = db.session.scalars(sa.select(Alert).where(Alert.rule == "contract_ends")).one()
    assert alert.value == 28
    placement.contract_ends_on = date(2027, 1, 31)
    night(at, "2027-01-04")
    assert len(db.session.scalars(sa.select(Alert).where(Alert.rule == "contract_ends")).all()) == 2


def test_an_ended_job_stops_the_employers_voice_and_goes_on_with_the_employee(at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-12")
    placements.end(placement, EndAnswer(date(2026, 10, 9), "other_job", "employee"))
    db.session.commit()
    still = db.session.scalars(sa.select(CheckIn).where(CheckIn.state.in_(("planned", "due", "overdue")))).all()
    assert {(one.voice, one.channel) for one in still} == {(Voice.EMPLOYEE, "call")}, "no form, no visit, no employer"
    assert post.all() == []
    for day in ("2026-10-19", "2026-11-23", "2027-03-30"):
        night(at, day)
    assert post.all() == [], "the company hears nothing more"
    assert check_in(placement, Voice.EMPLOYEE, "week26").state == CheckInState.DUE
    assert len(open_tasks("aftercare.call")) == len(still)


def test_a_new_job_takes_over_from_the_one_that_ended(at: Any, post: Any) -> None:
    cast = a_cast()
    first = a_start(cast)
    placements.end(first, EndAnswer(date(2026, 9, 28), "other_job", "employee"))
    second = Placement(**{
        name: getattr(first, name) for name in (
            "candidate_id", "trajectory_id", "employer_id", "vacancy_id", "contact_id", "worker_id", "workplace_id",
            "starts_on", "form", "hours_week",
        )
    })  # fmt: skip
    db.session.add(second)
    db.session.flush()
    for state in (TrajectoryState.INTERVIEWING, TrajectoryState.STARTING):
        push(first.candidate_id, state)
    placements.record_start(second)
    db.session.commit()
    still = db.session.scalars(sa.select(CheckIn.placement_id).where(CheckIn.state == CheckInState.PLANNED)).all()
    assert set(still) == {second.id}


def test_withdrawn_consent_silences_the_employee_not_the_company(at: Any) -> None:
    placement = a_start(a_cast())
    consent = consents.give(placement.candidate_id, Purpose.AFTERCARE, channel=Channel.PAPER)
    db.session.flush()
    consents.withdraw(consent)
    db.session.commit()
    still = db.session.scalars(sa.select(CheckIn.voice).where(CheckIn.state == CheckInState.PLANNED)).all()
    assert set(still) == {Voice.EMPLOYER}


def test_a_start_recorded_late_catches_up_within_the_minute(at: Any, post: Any) -> None:
    at.move_to("2026-10-12 07:00:00+00:00")
    cast = a_cast()
    a_start(cast, date(2026, 9, 28))
    nightly.catch_up()
    db.session.commit()
    assert len(post.to(cast.contact.email)) == 1


@pytest.mark.engine
def test_26_weeks_end_by_themselves(at: Any, post: Any) -> None:
    placement = a_start(a_cast())
    for day, state in (("2026-12-27", "ongoing"), ("2026-12-28", "sustained_13"), ("2027-03-29", "sustained_26")):
        night(at, day)
        db.session.refresh(placement)
        assert placement.state == state, day


@pytest.mark.parametrize("old", list(CheckInState))
@pytest.mark.parametrize("new", list(CheckInState))
def test_only_the_table_moves_a_check_in(old: CheckInState, new: CheckInState) -> None:
    moment = CheckIn(state=old)
    assert moment.may_move_to(new) is (new in CHECK_IN.table[old])
    if not moment.may_move_to(new):
        with pytest.raises(WrongState):
            moment.move_to(new)
    assert CHECK_IN.reachable_from(CheckInState.PLANNED) == set(CheckInState)


def test_an_alert_is_closed_once() -> None:
    assert ALERT.table == {AlertState.OPEN: {AlertState.RESOLVED}, AlertState.RESOLVED: frozenset()}
    with pytest.raises(WrongState):
        Alert(state=AlertState.RESOLVED).move_to(AlertState.RESOLVED)
