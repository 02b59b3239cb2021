"""One person's twelve weeks by the clock: over both changes of the hour, holidays, a permission that is awaited."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.candidates import plan_steps, plans
from portal.candidates import queries as cases
from portal.candidates.models import Candidate
from portal.candidates.plans import PlanAnswer, Step
from portal.candidates.states import Channel
from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.signals import state_changed
from portal.foundation.states import WrongState
from portal.tasks.models import Task
from portal.trajectories import duties, line, milestones, queries, reviews, service, waits
from portal.trajectories.models import Milestone, Outcome, Trajectory, TrajectoryState
from portal.trajectories.reviews import ReviewAnswer
from tests.candidates.factories import a_candidate, a_worker

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]
_T = TrajectoryState


@pytest.fixture
def at() -> Iterator[Any]:
    # Monday 5 October 2026, half an hour after midnight in Belgium (still Sunday in UTC).
    with time_machine.travel("2026-10-04 22:30:00+00:00", tick=False) as traveller:
        yield traveller


def marks(candidate: Candidate) -> dict[str, Milestone]:
    return {one.code: one for one in queries.milestones_of(service.of(candidate.id).id)}


def states(candidate: Candidate) -> dict[str, str]:
    way = service.of(candidate.id)
    return {code: line.state_of(one, way) for code, one in marks(candidate).items()}


class Leave:
    """A permission as the interviews room tells about it."""

    __tablename__ = "permission"

    def __init__(self, candidate: Candidate, interview_id: int) -> None:
        self.candidate_id, self.interview_id, self.id = candidate.id, interview_id, interview_id

    def becomes(self, new: str) -> None:
        state_changed.send(self, old="", new=new, reason="")


def test_the_weeks_are_those_of_a_wall_calendar_over_the_end_of_summer_time(at: Any, engine: str) -> None:
    candidate = a_candidate()
    way = service.of(candidate.id)
    assert way.accepted_on == date(2026, 10, 5)
    assert states(candidate)["screening"] == "next"
    found = []
    for day in range(7 * 12 + 7):
        # Half past midnight on each Belgian day; the clock goes back on 25 October.
        at.move_to(f"{date(2026, 10, 4) + timedelta(days=day)} 23:30:00+00:00")
        found.append(line.this_week(way))
    assert found == [day // 7 for day in range(91)]
    assert states(candidate)["review"] == "now"
    at.move_to("2027-01-04 00:30:00+00:00")
    assert states(candidate)["review"] == "late"


def test_a_pause_over_the_beginning_of_summer_time_gives_whole_days_back(engine: str) -> None:
    with time_machine.travel("2027-03-01 09:00:00+00:00", tick=False) as at:
        candidate = a_candidate()
        way = service.of(candidate.id)
        at.move_to("2027-03-27 22:50:00+00:00")
        service.pause(way, "health")
        assert line.this_week(way) == 3
        # The same hour of the next evening: one day on every calendar, and only 23 hours.
        at.move_to("2027-03-28 21:50:00+00:00")
        service.resume(way)
        assert marks(candidate)["review"].due_from == date(2027, 3, 1) + timedelta(weeks=12, days=1)


def test_waiting_for_a_permission_pauses_only_its_milestone_and_gives_its_days_back(at: Any, engine: str) -> None:
    candidate = a_candidate()
    at.move_to("2026-11-16 09:00:00+00:00")
    before = {code: one.due_until for code, one in marks(candidate).items()}
    first, second = Leave(candidate, 1), Leave(candidate, 2)
    first.becomes("requested")
    assert marks(candidate)["leave_planned"].done_on == date(2026, 11, 16)
    assert [code for code, state in states(candidate).items() if state == "paused"] == ["interviews"]
    at.move_to("2026-11-23 09:00:00+00:00")
    second.becomes("requested")
    at.move_to("2026-12-20 09:00:00+00:00")
    # Past its last day, and not late: it waits.
    assert before["interviews"] < date(2026, 12, 20)
    assert states(candidate)["interviews"] == "paused"
    assert states(candidate)["employers_approached"] == "late"
    first.becomes("granted")
    assert states(candidate)["interviews"] == "paused", "the second one is still awaited"
    at.move_to("2026-12-22 09:00:00+00:00")
    second.becomes("refused")
    after = {code: one.due_until for code, one in marks(candidate).items()}
    assert after["interviews"] == before["interviews"] + timedelta(days=36)
    assert {k: v for k, v in after.items() if k != "interviews"} == {
        k: v for k, v in before.items() if k != "interviews"
    }


def test_waiting_before_the_weeks_begin_costs_nothing(at: Any, engine: str) -> None:
    candidate = a_candidate()
    at.move_to("2026-10-20 09:00:00+00:00")
    waits.begin(candidate.id, "interview:1")
    service.reach(candidate.id, "leave_planned")
    waits.begin(candidate.id, "interview:2")
    at.move_to("2026-11-12 09:00:00+00:00")
    waits.end(candidate.id, "interview:2")
    # Its weeks began on 9 November: three days of waiting lie inside them.
    assert marks(candidate)["interviews"].due_until == date(2026, 12, 13) + timedelta(days=3)
    assert marks(candidate)["leave_planned"].done_on == date(2026, 10, 20)


def test_days_that_a_whole_pause_gives_back_are_not_given_twice(at: Any, engine: str) -> None:
    candidate = a_candidate()
    service.reach(candidate.id, "leave_planned")
    way = service.of(candidate.id)
    at.move_to("2026-11-16 09:00:00+00:00")
    waits.begin(candidate.id, "interview:1")
    at.move_to("2026-11-18 09:00:00+00:00")
    service.pause(way, "health")
    at.move_to("2026-11-25 09:00:00+00:00")
    service.resume(way)
    at.move_to("2026-11-28 09:00:00+00:00")
    waits.end(candidate.id, "interview:1")
    assert marks(candidate)["interviews"].due_until == date(2026, 12, 13) + timedelta(days=12)


def test_while_a_whole_trajectory_pauses_nothing_of_it_is_late(at: Any, visitors: Any, engine: str) -> None:
    """Its days come back on going on, so none of them is missed meanwhile: on its line, in its file and on the board."""
    worker = a_worker()
    candidate = a_candidate(worker)
    way = service.of(candidate.id)
    at.move_to("2026-10-06 09:00:00+00:00")
    service.pause(way, "health")
    db.session.commit()
    at.move_to("2026-11-25 09:00:00+00:00")
    found = states(candidate)
    assert "late" not in found.values() and found["screening"] == "paused" and found["accepted"] == "done"
    lien = visitors(worker)
    lien.open(f"/trajectories/{way.key}").says("paused since 6 October 2026, with the whole trajectory").lacks(
        "late since"
    )
    lien.open("/board?what=late").lacks(f"/trajectories/{way.key}")
    service.resume(way)
    assert "late" not in states(candidate).values()


def test_a_permission_of_a_cancelled_interview_no_longer_holds_anything_up(at: Any, engine: str) -> None:
    candidate = a_candidate()
    at.move_to("2026-11-16 09:00:00+00:00")
    Leave(candidate, 7).becomes("requested")
    cancelled = Leave(candidate, 7)
    cancelled.__tablename__ = "interview"  # type: ignore[misc]
    cancelled.becomes("cancelled")
    assert "paused" not in states(candidate).values()


def test_deviating_has_a_reason_and_a_way_back(at: Any, visitors: Any, engine: str) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    key = service.of(candidate.id).key
    at.move_to("2026-10-26 09:00:00+00:00")
    lien = visitors(worker)
    page = lien.open(f"/trajectories/{key}").says("late since 25 October 2026", "Now in week 3.")
    page = lien.open(f"/trajectories/{key}/milestones/papers_in_order/deviate")
    page = page.send("Keep the deviation", because="papers", words="The embassy is closed.", until="2026-11-20")
    page.says(
        "later, as agreed",
        "due in week 6, by 20 November 2026",
        "Papers not in order yet",
        "The embassy is closed.",
        "Lien Claes",
    )
    at.move_to("2026-11-21 09:00:00+00:00")
    assert states(candidate)["papers_in_order"] == "late"
    lien = visitors(worker)
    page = lien.open(f"/trajectories/{key}/milestones/papers_in_order/deviate").send(
        "Keep the deviation", because="not_applicable", until=""
    )
    page.says("left out", "left out since 21 November 2026")
    page.send("Back to the flow").says("late since 25 October 2026").lacks("The embassy is closed.")
    page = lien.open(f"/trajectories/{key}/milestones/papers_in_order/done").send("It is done", on="2026-11-20")
    page.says("done on 20 November 2026")
    stranger = visitors(a_worker("Jonas"))
    stranger.open(f"/trajectories/{key}/milestones/screening/deviate", status=404)
    assert lien.open(f"/trajectories/{key}/milestones/screening/done").send(on="2026-11-20").status == 409


def test_what_other_rooms_reach_nobody_ticks_off_and_no_day_lies_ahead(at: Any, engine: str) -> None:
    way = service.of(a_candidate().id)
    for code, day, refusal in (
        ("screening", date(2026, 10, 5), WrongState),
        ("papers_in_order", date(2026, 10, 6), milestones.NotYetDone),
        ("papers_in_order", date(2026, 10, 4), milestones.NotYetDone),
    ):
        one = queries.milestone(way.id, code)
        assert one is not None
        with pytest.raises(refusal):
            milestones.finish(way, one, on=day)


def waiting(kind: str) -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None))))


def test_the_review_is_asked_for_in_the_week_before_it_and_extended_until_its_new_day(at: Any, engine: str) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    way = service.of(candidate.id)
    at.move_to("2026-12-26 02:15:00+00:00")
    assert duties.ask_for_reviews() == 0
    at.move_to("2026-12-27 02:15:00+00:00")
    assert duties.ask_for_reviews() == 1
    assert duties.ask_for_reviews() == 0
    # Its last day is Sunday 3 January, and Friday is New Year's Day: the last working day before them is Thursday.
    task = waiting("trajectories.review")[0]
    assert (task.due, task.owner_id, task.about) == (date(2026, 12, 31), worker.id, candidate.id)
    with pytest.raises(reviews.UntilWhen):
        reviews.review(way, ReviewAnswer("extended", None, "", ""))
    with pytest.raises(reviews.NoStartYet):
        reviews.review(way, ReviewAnswer("started", None, "", ""))
    with pytest.raises(reviews.WhyClosed):
        reviews.review(way, ReviewAnswer("closed", None, "", ""))
    reviews.review(way, ReviewAnswer("extended", date(2027, 4, 2), "", "Nearly there."))
    assert not waiting("trajectories.review")
    assert marks(candidate)["review"].expected_by == date(2027, 4, 2)
    at.move_to("2027-03-27 02:15:00+00:00")
    assert duties.ask_for_reviews() == 1
    assert waiting("trajectories.review")[0].due == date(2027, 4, 2)
    reviews.review(way, ReviewAnswer("referred_back", None, "", ""))
    assert (way.state, way.closed_because) == (_T.CLOSED, "referred_back")
    assert [one.outcome for one in queries.written_of(way.id).reviews] == [Outcome.REFERRED_BACK, Outcome.EXTENDED]
    assert not waiting("trajectories.review")
    with pytest.raises(WrongState):
        reviews.review(way, ReviewAnswer("closed", None, "training", ""))


def test_started_is_said_of_who_has_a_start(at: Any, post: Any, engine: str) -> None:
    candidate = a_candidate()
    for state in (_T.SCREENED, _T.PROFILE_READY, _T.SEARCHING, _T.INTERVIEWING, _T.STARTING):
        service.push(candidate.id, state)
    way = service.of(candidate.id)
    reviews.review(way, ReviewAnswer("started", None, "", ""))
    assert (way.state, marks(candidate)["review"].done_on) == (_T.STARTING, date(2026, 10, 5))


def a_plan(candidate: Candidate, worker: Any) -> None:
    with acting.as_(worker.id, "project_worker"):
        service.screened(candidate.id, date(2026, 10, 5))
        steps = (
            Step("Ask for the certificate", "worker", date(2026, 11, 3)),
            Step("Visit VDAB", "person", date(2026, 12, 1)),
        )
        plan = plans.write(candidate, PlanAnswer("A fixed job", steps, date(2026, 12, 28)))
        plans.agree(plan, candidate, channel=Channel.PAPER, on=date(2026, 10, 5))
    db.session.commit()


def test_a_step_of_the_plan_is_asked_for_three_working_days_before_ticked_off_and_moved(
    at: Any, visitors: Any, engine: str
) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    a_plan(candidate, worker)
    # Tuesday 3 November: over the weekend and All Saints (a Sunday this year) three working days before is Thursday.
    at.move_to("2026-10-28 02:15:00+00:00")
    assert plan_steps.ask() == 0
    at.move_to("2026-10-29 02:15:00+00:00")
    assert (plan_steps.ask(), plan_steps.ask()) == (1, 0)
    db.session.commit()
    lien = visitors(worker)
    page = lien.open(f"/people/{candidate.key}").says("a step of the plan is due on 3 November 2026")
    page = lien.open(f"/people/{candidate.key}/plan").follow("Move it")
    page = page.send("Agree on this day", due="2026-11-12", because="The teacher is ill.")
    page.says("was 3 November 2026: The teacher is ill.", "12 November 2026")
    assert not waiting("candidates.plan_step")
    # Wednesday 11 November is a holiday: three working days before the twelfth is Friday the sixth.
    at.move_to("2026-11-06 02:15:00+00:00")
    assert plan_steps.ask() == 1
    db.session.commit()
    lien = visitors(worker)
    page = lien.open(f"/people/{candidate.key}/plan").follow("Tick it off").send("It is done", on="2026-11-05")
    page.says("done on 5 November 2026")
    assert not waiting("candidates.plan_step")
    lien.open(f"/trajectories/{service.of(candidate.id).key}").says("The plan beside it", "Ask for the certificate")
    review = lien.open(f"/trajectories/{service.of(candidate.id).key}/review").says("1 of 2 steps done")
    page.send("Not done after all").says("The step is open again.")
    review.send("Keep the outcome", outcome="extended", until="2027-02-01", words="We go on.").says(
        "Extended until 1 February 2027"
    )
    lien.open(f"/people/{candidate.key}/plan").says("1 February 2027")
    visitors(a_worker("Jonas")).open(f"/people/{candidate.key}/plan/steps/1/done", status=404)


def test_a_newer_plan_leaves_nobody_waiting_for_the_old_steps(at: Any, engine: str) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    a_plan(candidate, worker)
    at.move_to("2026-10-30 02:15:00+00:00")
    assert plan_steps.ask() == 1
    with acting.as_(worker.id, "project_worker"):
        plan = plans.write(
            candidate, PlanAnswer("Another job", (Step("Call", "worker", date(2026, 12, 1)),), date(2026, 12, 28))
        )
        assert plan_steps.ask() == 0, "the agreed plan stands until the new one is agreed"
        plans.agree(plan, candidate, channel=Channel.PAPER, on=date(2026, 10, 30))
    assert not waiting("candidates.plan_step")
    assert cases.plan_of(candidate.id) is plan
    told = plan_steps.told(candidate.id)
    assert told is not None
    assert told.goal == "Another job"


def test_every_way_runs_on_a_flow_that_is_there(at: Any, engine: str) -> None:
    way = service.of(a_candidate().id)
    assert isinstance(way, Trajectory)
    found = queries.with_flow(Trajectory.id == way.id)
    assert found is not None
    assert found[1]["version"] == 1
