"""The way through a programme: its states, its weeks, its pauses."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.states import WrongState
from portal.trajectories import queries, service
from portal.trajectories.models import TRAJECTORY, Milestone, TrajectoryState
from tests.candidates.factories import a_candidate, a_coordinator, a_worker

pytestmark = pytest.mark.usefixtures("app")
_T = TrajectoryState


def test_every_state_is_reached() -> None:
    assert TRAJECTORY.reachable_from(_T.INTAKE) == frozenset(_T)


def test_a_way_begins_with_its_milestones_laid_out() -> None:
    with time_machine.travel("2026-11-16 10:00:00+00:00", tick=False):
        candidate = a_candidate()
    way = service.of(candidate.id)
    assert (way.state, way.accepted_on) == (_T.INTAKE, date(2026, 11, 16))
    marks = {one.code: one for one in queries.milestones_of(way.id)}
    assert len(marks) == 11
    assert marks["accepted"].done_on == date(2026, 11, 16)
    assert (marks["interviews"].due_from, marks["interviews"].due_until) == (date(2026, 12, 21), date(2027, 1, 24))
    assert marks["review"].due_from == date(2027, 2, 8)


def test_beginning_twice_goes_on_with_the_way_that_runs() -> None:
    candidate = a_candidate()
    first = service.of(candidate.id)
    assert service.begin(candidate).id == first.id
    service.close(first, "own_request")
    assert service.begin(candidate).id != first.id


def test_pushing_goes_on_and_forgives_what_is_behind() -> None:
    candidate = a_candidate()
    with pytest.raises(WrongState):
        service.push(candidate.id, _T.SEARCHING)
    for state in (_T.SCREENED, _T.PROFILE_READY, _T.SEARCHING, _T.INTERVIEWING):
        assert service.push(candidate.id, state).state == state
    assert service.push(candidate.id, _T.PROFILE_READY).state == _T.INTERVIEWING
    assert service.push(candidate.id, _T.SEARCHING).state == _T.SEARCHING
    for state in (_T.INTERVIEWING, _T.STARTING, _T.IN_AFTERCARE):
        service.push(candidate.id, state)
    assert service.push(candidate.id, _T.STARTING).state == _T.IN_AFTERCARE
    assert service.push(candidate.id, _T.SEARCHING).state == _T.SEARCHING
    service.close(service.of(candidate.id), "moved_away")
    with pytest.raises(WrongState):
        service.push(candidate.id, _T.SEARCHING)


def test_a_trajectory_counts_from_its_screening_once_the_plan_is_agreed() -> None:
    candidate = a_candidate()
    with pytest.raises(WrongState):
        service.plan_agreed(candidate.id)
    service.screened(candidate.id, date(2026, 11, 3))
    assert service.of(candidate.id).counted_on is None
    assert service.plan_agreed(candidate.id).counted_on == date(2026, 11, 3)


def test_nobody_is_pushed_before_being_taken_on() -> None:
    with pytest.raises(NotFound):
        service.of(99)


def test_a_milestone_keeps_its_first_date() -> None:
    candidate = a_candidate()
    with time_machine.travel("2027-01-05 10:00:00+00:00", tick=False):
        service.reach(candidate.id, "interviews")
    service.reach(candidate.id, "interviews")
    service.reach(candidate.id, "no_such_milestone")
    assert db.session.query(Milestone).filter_by(code="interviews").one().done_on == date(2027, 1, 5)


def test_a_pause_moves_what_is_still_ahead() -> None:
    with time_machine.travel("2026-11-16 10:00:00+00:00", tick=False) as at:
        candidate = a_candidate()
        way = service.of(candidate.id)
        service.pause(way)
        with pytest.raises(WrongState):
            service.pause(way)
        at.shift(timedelta(days=10))
        service.resume(way)
    marks = {one.code: one for one in queries.milestones_of(way.id)}
    assert marks["review"].due_from == date(2027, 2, 18)
    assert marks["accepted"].due_from == date(2026, 11, 16)


def test_the_weeks_stand_in_the_dossier_and_can_be_paused_and_closed(visitors: Any, post: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    lien = visitors(worker)
    page = (
        lien.open(f"/people/{candidate.key}").says("intake", "Accompanied interviews").follow("Pause, go on or close")
    )
    page = page.follow("Pause").send("Pause the trajectory", because="papers").says("Paused since")
    page = page.send("Go on").follow("Close the trajectory").send("Close it", because="training")
    page.says("closed", "In training")
    visitors(a_worker("Jonas")).open(page.path, status=404)
    visitors(a_coordinator()).open(page.path).says("closed")
