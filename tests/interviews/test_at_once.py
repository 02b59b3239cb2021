"""Hard cases that happen at one moment: real processes on both engines, each with a portal of its own."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Person
from portal.agenda.models import Hold
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import planning, reminders
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.outbox.models import Letter
from portal.tasks.models import Task
from tests import forks
from tests.interviews.at_once import Act, a_viewer, play
from tests.interviews.factories import Case, a_confirmed, a_coordinator, a_requested, a_worker, an_interest, slots_of

PROCESSES = 4
pytestmark = pytest.mark.engine
_I = InterviewState


def _play(portal: Flask, rounds: list[list[Act]]) -> dict[str, Counter[tuple[str, str]]]:
    """Each round's acts at one moment, one in each process; who said what in each round."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    whole = [[*acts, *[Act(acts[0].round, "wait")] * (PROCESSES - len(acts))] for acts in rounds]
    ready, said = forks.own.Barrier(PROCESSES, timeout=120), forks.own.Queue()
    settings = portal.extensions["doorstart"]
    running = [forks.own.Process(target=play, args=(settings, acts, ready, said)) for acts in zip(*whole, strict=True)]
    for process in running:
        process.start()
    answers: dict[str, Counter[tuple[str, str]]] = {}
    for _ in range(PROCESSES * len(whole)):
        name, act, answer = said.get(timeout=180)
        answers.setdefault(name, Counter())[act, answer] += act != "wait"
    for process in running:
        process.join(60)
    return {name: +counted for name, counted in answers.items()}


def _viewer(case: Case) -> Any:
    return a_viewer(case.worker.id, case.programme.id)


def test_case_2_at_once_back_to_back_both_go_through_and_one_cell_of_overlap_does_not(portal: Flask) -> None:
    with portal.app_context():
        nine = clock.midnight(clock.today() + timedelta(days=30)) + timedelta(hours=9)
        hour, quarter = timedelta(hours=1), timedelta(minutes=15)

        def wish(name: str, number: int, start: Any) -> Act:
            return Act(name, "hold", (number, start.isoformat(), (start + hour).isoformat()))

        touching = [wish("touching", n, nine + n * hour) for n in range(PROCESSES)]
        sharing = [wish("sharing", 100 + n, nine + (10 + n) * hour - n * quarter) for n in range(2)]
        said = _play(portal, [touching, sharing])
        assert said["touching"] == {("hold", "done"): PROCESSES}
        assert said["sharing"] == {("hold", "done"): 1, ("hold", "AlreadyTaken"): 1}
        assert db.session.scalar(sa.select(sa.func.count(Hold.id))) == 2 * (PROCESSES + 1)


def test_case_4_one_form_that_is_sent_four_times_at_once_plans_one_interview(portal: Flask) -> None:
    with portal.app_context():
        case = an_interest(permission=False)
        found, slots = slots_of(case)
        slot = planning.value_of(slots[0], found.people[slots[0].companion])
        acts = [Act("form", "send the form", (case.worker.id, case.interest.key, slot))] * PROCESSES
        said = _play(portal, [acts])
        interview = db.session.scalars(sa.select(Interview)).one()
        assert said["form"] == {("send the form", f"200 /interviews/{interview.key}"): PROCESSES}
        assert list(db.session.scalars(sa.select(Letter.template))) == ["interviews/proposed"]


def _after(portal: Flask, acts: list[Act], key: str) -> tuple[Counter[tuple[str, str]], Interview]:
    said = _play(portal, [acts])
    return said[acts[0].round], db.session.scalars(sa.select(Interview).where(Interview.key == key)).one()


def _nobody_who_left_is_counted_on(interview: Interview) -> None:
    assert interview.companion_id is None
    assert interview.companion_hold_id is None
    assert reminders.audit() == 0
    db.session.rollback()
    tasks = sa.select(sa.func.count(Task.id)).where(Task.kind == "interviews.find_companion", Task.closed_at.is_(None))
    assert db.session.scalar(tasks) == 1


def test_case_6_a_worker_leaves_while_the_interview_is_confirmed(portal: Flask) -> None:
    with portal.app_context():
        a_coordinator()
        case = an_interest(permission=False)
        key = a_requested(case).key
        confirm = Act("6", "confirm, not yet committed", (_viewer(case), key))
        said, interview = _after(portal, [confirm, Act("6", "leave", (case.worker.id,))], key)
        assert said == {("confirm, not yet committed", "done"): 1, ("leave", "done"): 1}
        assert interview.state is _I.NEEDS_WORKER
        _nobody_who_left_is_counted_on(interview)


def test_case_6_the_interview_is_confirmed_while_its_worker_leaves(portal: Flask) -> None:
    with portal.app_context():
        a_coordinator()
        case = an_interest(permission=False)
        key = a_requested(case).key
        leave = Act("6", "leave, not yet committed", (case.worker.id,))
        said, interview = _after(portal, [leave, Act("6", "confirm", (_viewer(case), key))], key)
        assert said == {("leave, not yet committed", "done"): 1, ("confirm", "NobodyToAccompany"): 1}
        assert interview.state is _I.REQUESTED
        _nobody_who_left_is_counted_on(interview)


def test_case_6_somebody_leaves_who_is_just_chosen_to_go_along(portal: Flask) -> None:
    with portal.app_context():
        a_coordinator()
        case, karim = an_interest(permission=False), a_worker("Karim")
        key, chosen = a_confirmed(case).key, karim.id
        change = Act("6", "change, not yet committed", (_viewer(case), key, chosen))
        said, interview = _after(portal, [change, Act("6", "leave", (chosen,))], key)
        assert said == {("change, not yet committed", "done"): 1, ("leave", "done"): 1}
        assert interview.state is _I.NEEDS_WORKER
        assert db.session.get_one(Person, chosen).deactivated_at is not None
        _nobody_who_left_is_counted_on(interview)


def test_case_21_workers_at_once_send_each_reminder_once(portal: Flask) -> None:
    with portal.app_context():
        interview = a_confirmed(an_interest(permission=False))
        soon = clock.now() + timedelta(hours=1)
        times = {"starts_at": soon, "ends_at": soon + timedelta(hours=1), "reminded_hours": None}
        db.session.execute(sa.update(Interview).where(Interview.id == interview.id).values(**times))
        said = _play(portal, [[Act("21", "remind")] * PROCESSES])
        assert said["21"] == {("remind", "1"): 1, ("remind", "0"): PROCESSES - 1}
        assert Counter(db.session.scalars(sa.select(Letter.template)))["interviews/reminder"] == 2
