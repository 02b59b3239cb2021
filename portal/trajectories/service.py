"""The way through a programme. Rooms below push its state; nobody else writes it."""

from datetime import date, timedelta
from typing import Any, Protocol

from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.states import WrongState
from portal.journal import service as journal
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind
from portal.tasks import service as tasks
from portal.trajectories import queries
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState

_T = TrajectoryState
# The order of the way; searching and interviewing come back, the rest only goes on.
WAY = (
    _T.INTAKE,
    _T.SCREENED,
    _T.PROFILE_READY,
    _T.SEARCHING,
    _T.INTERVIEWING,
    _T.STARTING,
    _T.IN_AFTERCARE,
    _T.COMPLETED,
)
# Reaching a state is reaching its milestone.
_MILESTONE_OF = {
    _T.SCREENED: "screening",
    _T.PROFILE_READY: "profile_approved",
    _T.STARTING: "decision",
    _T.IN_AFTERCARE: "start_prepared",
}
# Reached by what happens in other rooms; nobody ticks these off by hand.
BY_ITSELF = frozenset(
    {"accepted", "screening", "plan_agreed", "profile_approved", "interviews", "decision", "start_prepared", "review"}
)


class Case(Protocol):
    """What a way needs to know of whose it is: a Candidate, or a Handle."""

    @property
    def id(self) -> Any: ...

    @property
    def programme_id(self) -> Any: ...


def begin(candidate: Case) -> Trajectory:
    """Start somebody's way and lay out its milestones from today; one that still runs goes on instead."""
    running = queries.latest(candidate.id)
    if running is not None and running.state not in (_T.COMPLETED, _T.CLOSED):
        return running
    flow = programmes.template(candidate.programme_id, TemplateKind.FLOW)
    trajectory = Trajectory(
        candidate_id=candidate.id, programme_id=candidate.programme_id, state=_T.INTAKE, accepted_on=clock.today(),
        flow_version=flow["version"],
    )  # fmt: skip
    db.session.add(trajectory)
    db.session.flush()
    _lay_out(trajectory, flow)
    journal.note("trajectory.begun", trajectory)
    reach(candidate.id, "accepted")
    return trajectory


def _lay_out(trajectory: Trajectory, flow: dict[str, Any]) -> None:
    for step in flow["milestones"]:
        if step.get("off"):
            continue
        begins = trajectory.accepted_on + timedelta(weeks=step["from_week"])
        # A milestone of week 2 may be reached on any day of that week.
        ends = trajectory.accepted_on + timedelta(weeks=step["to_week"], days=6 if step["to_week"] else 0)
        db.session.add(Milestone(trajectory_id=trajectory.id, code=step["code"], due_from=begins, due_until=ends))
    db.session.flush()


def of(candidate_id: int) -> Trajectory:
    """Somebody's way that runs, or else the latest one. Raises NotFound before the person is accepted."""
    found = queries.latest(candidate_id)
    if found is None:
        raise NotFound()
    return found


def push(candidate_id: int, state: TrajectoryState, reason: str = "") -> Trajectory:
    """Move to a state. Nothing happens when it is there or further already; going back is only from interviewing,
    starting or aftercare to searching. Raises WrongState for a step that the table of transitions lacks."""
    trajectory = of(candidate_id)
    if trajectory.state == state:
        return trajectory
    if not trajectory.may_move_to(state):
        if trajectory.state in WAY and state in WAY and WAY.index(state) < WAY.index(trajectory.state) < len(WAY) - 1:
            return trajectory
        raise WrongState()
    trajectory.move_to(state, reason)
    if state in _MILESTONE_OF:
        reach(candidate_id, _MILESTONE_OF[state])
    return trajectory


def screened(candidate_id: int, on: date) -> Trajectory:
    """The screening was done on this day."""
    trajectory = push(candidate_id, _T.SCREENED)
    trajectory.screened_on = trajectory.screened_on or on
    return trajectory


def plan_agreed(candidate_id: int) -> Trajectory:
    """A plan is agreed: from now on the trajectory counts, dated at its screening (product.md, Figures)."""
    trajectory = of(candidate_id)
    if trajectory.screened_on is None:
        raise WrongState()
    trajectory.counted_on = trajectory.counted_on or trajectory.screened_on
    reach(candidate_id, "plan_agreed")
    return trajectory


def reach(candidate_id: int, milestone_code: str) -> None:
    """Mark a milestone done today; its first date stays. A milestone that this flow lacks is no mistake."""
    found = queries.milestone(of(candidate_id).id, milestone_code)
    if found is not None and found.done_on is None:
        found.done_on = clock.today()
        found.paused_since, found.waits = None, []
        journal.note("milestone.reached", found, about=candidate_id, code=milestone_code)


def pause(trajectory: Trajectory, reason: str = "") -> None:
    """Stop the clock without losing where it stood."""
    if trajectory.paused_at is not None or trajectory.state in (_T.COMPLETED, _T.CLOSED):
        raise WrongState()
    trajectory.paused_at = clock.now()
    journal.note("trajectory.paused", trajectory, reason=reason)


def resume(trajectory: Trajectory) -> None:
    """Go on: milestones still ahead move by the days of the pause."""
    if trajectory.paused_at is None:
        raise WrongState()
    # Days of the wall calendar: an hour that a clock change took or gave is no day.
    since = clock.local(trajectory.paused_at).date()
    days = (clock.today() - since).days
    for milestone in queries.milestones_of(trajectory.id):
        if milestone.done_on is None:
            _move(milestone, since, days)
    trajectory.paused_at = None
    # The look back moved along; the night asks for it again when its new day comes near.
    tasks.close("trajectories.review", trajectory, "moved")
    journal.note("trajectory.resumed", trajectory, days=days)


def _move(milestone: Milestone, since: date, days: int) -> None:
    milestone.due_from += timedelta(days=days)
    milestone.due_until += timedelta(days=days)
    if milestone.agreed_until is not None and milestone.agreed_until >= since:
        milestone.agreed_until += timedelta(days=days)
    if milestone.paused_since is not None:
        # What it waited meanwhile is given back here, and not once more when its permission comes.
        milestone.paused_since += timedelta(days=min(days, (clock.today() - milestone.paused_since).days))


def close(trajectory: Trajectory, because: str) -> None:
    """End a way before its end, for a reason of the list of closing reasons."""
    trajectory.closed_because = because
    trajectory.paused_at = None
    trajectory.move_to(_T.CLOSED, because)
