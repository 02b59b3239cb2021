"""The twelve weeks with life in them: a second version of a flow, milestones that wait or deviate, reviews, steps that come near."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.roles import Role
from portal.candidates import plan_steps
from portal.candidates.models import Candidate, Plan, PlanStep
from portal.cli.demo.world import DAY, World
from portal.foundation import acting
from portal.foundation.database import db
from portal.interviews.models import Permission
from portal.interviews.states import PermissionState
from portal.trajectories import duties, flows
from portal.trajectories.models import Milestone, Outcome, Review, Trajectory, TrajectoryState

_NEW_FLOW = 17
_AT_WORK = (TrajectoryState.STARTING, TrajectoryState.IN_AFTERCARE, TrajectoryState.COMPLETED)
_DEVIATIONS = {
    "employers_approached": ("training_first", "Volgt eerst de cursus heftruck, daarna zoeken we samen verder.", 5),
    "papers_in_order": ("papers", "De afspraak op de gemeente is pas volgende maand.", 3),
    "leave_planned": ("not_applicable", "Gaat overdag al naar buiten: een vergunning is niet nodig.", 0),
}


def write(world: World) -> None:
    ways = list(db.session.scalars(sa.select(Trajectory).order_by(Trajectory.id)))
    marks: dict[int, dict[str, Milestone]] = {way.id: {} for way in ways}
    for one in db.session.scalars(sa.select(Milestone)):
        marks[one.trajectory_id][one.code] = one
    _second_version(world, ways, marks)
    _waiting(ways, marks)
    _deviating(world, ways, marks)
    _looked_back(world, ways, marks)
    _steps(world)
    db.session.flush()
    duties.ask_for_reviews()


def _second_version(world: World, ways: list[Trajectory], marks: dict[int, dict[str, Milestone]]) -> None:
    """Leave takes a week more since some weeks: whoever was taken on since then has the new version."""
    programme = next(iter(world.programmes.values()))
    since = world.today - DAY * _NEW_FLOW
    body = flows.standing(programme.id)
    old = flows.wording(flows.step_of(body, "leave_planned"))
    new = flows.Wording(old.nl, old.fr, old.en, old.from_week, old.to_week + 1, old.waits, old.on)
    who = next(iter(accounts.holders(Role.COORDINATOR, programme_id=programme.id)))
    with acting.as_(who.id, Role.COORDINATOR):
        row = flows.keep(
            programme.id, flows.reword(body, "leave_planned", new), based_on=body["version"],
            because="In Oudenaarde en Gent duurt een vergunning plannen bijna altijd tot week 4.",
        )  # fmt: skip
    row.created_at = world.moment(since)
    for first in flows.versions(programme.id)[1:]:
        first.created_at = world.moment(world.ago(360))
    for way in ways:
        if way.programme_id == programme.id and way.accepted_on > since:
            way.flow_version = row.version
            marks[way.id]["leave_planned"].due_until += timedelta(weeks=1)


def _waiting(ways: list[Trajectory], marks: dict[int, dict[str, Milestone]]) -> None:
    """Whoever asked for leave and has no answer yet does not get late meanwhile."""
    latest = {way.candidate_id: way for way in ways}
    asked = sa.select(Permission).where(Permission.state == PermissionState.REQUESTED)
    for permission in db.session.scalars(asked):
        one = marks[latest[permission.candidate_id].id].get("interviews")
        if one is not None and one.open:
            one.waits = [*one.waits, f"interview:{permission.interview_id}"]
            one.paused_since = one.paused_since or permission.requested_on


def _deviating(world: World, ways: list[Trajectory], marks: dict[int, dict[str, Milestone]]) -> None:
    """Some who are late agreed on something else."""
    late = [
        (way, one)
        for way in ways
        for one in marks[way.id].values()
        if way.state in (TrajectoryState.SCREENED, TrajectoryState.SEARCHING) and one.done_on is None
        and one.code in _DEVIATIONS and one.due_until < world.today
    ]  # fmt: skip
    workers = {row[0]: row[1] for row in db.session.execute(sa.select(Candidate.id, Candidate.worker_id))}
    for nth, (way, one) in enumerate(late[::2]):
        because, words, weeks = _DEVIATIONS[one.code]
        one.deviation, one.deviation_words = because, words
        one.deviated_on, one.deviated_by = world.ago(nth % 9 + 1), workers[way.candidate_id]
        one.agreed_until = world.today + timedelta(weeks=weeks) if weeks else None


def _looked_back(world: World, ways: list[Trajectory], marks: dict[int, dict[str, Milestone]]) -> None:
    """Each review has its outcome; who still searches goes on until a day."""
    for way in ways:
        one = marks[way.id]["review"]
        if one.done_on is None:
            continue
        day, until = one.done_on, None
        if way.state in _AT_WORK:
            outcome = Outcome.STARTED
        elif way.state is TrajectoryState.CLOSED:
            outcome = Outcome.CLOSED
        else:
            outcome, until = Outcome.EXTENDED, max(day + timedelta(weeks=8), world.today + timedelta(weeks=2))
            one.done_on, one.agreed_until = None, until
        db.session.add(
            Review(
                trajectory_id=way.id, candidate_id=way.candidate_id, outcome=outcome, reviewed_on=day, extended_until=until,
                because=way.closed_because if outcome is Outcome.CLOSED else "", created_at=world.moment(day),
            )
        )  # fmt: skip


def _steps(world: World) -> None:
    """What is long past was done; of the rest the portal asks in time."""
    old = sa.select(PlanStep).where(PlanStep.done_on.is_(None), PlanStep.due < world.today - DAY * 6)
    for one in db.session.scalars(old):
        one.done_on = one.due
    near = (
        sa.select(PlanStep)
        .where(PlanStep.done_on.is_(None), PlanStep.due < world.today + DAY * 8)
        .order_by(PlanStep.id)
    )
    for nth, one in enumerate(db.session.scalars(near)):
        if nth % 8:
            one.done_on = min(one.due, world.ago(1))
    moved = (
        sa.select(PlanStep)
        .join(Plan)
        .where(PlanStep.done_on.is_(None), PlanStep.due > world.today)
        .order_by(PlanStep.id)
    )
    for one in list(db.session.scalars(moved))[::6]:
        one.first_due, one.moved_because = one.due - timedelta(days=7), "De dienst had pas een week later plaats."
    db.session.flush()
    plan_steps.ask(world.today)
