"""Waiting for a permission pauses the milestone that needs it, and only that one; its days come back afterwards."""

from datetime import date, timedelta

from portal.foundation import clock
from portal.journal import service as journal
from portal.trajectories import flows, queries
from portal.trajectories.models import Milestone, Trajectory


def begin(candidate_id: int, what: str) -> None:
    """A permission was asked (`what` names for which row): the first milestone ahead that needs one stands still."""
    way = queries.latest(candidate_id)
    if way is None or way.state in queries.ENDED:
        return
    found = _waiting(way, what) or _needs_permission(way)
    if found is None or what in found.waits:
        return
    found.waits = [*found.waits, what]
    if found.paused_since is None:
        found.paused_since = clock.today()
        journal.note("milestone.paused", found, about=candidate_id, code=found.code)


def end(candidate_id: int, what: str) -> None:
    """It was answered, or is no longer needed: the milestone goes on, later by the days that it lost."""
    way = queries.latest(candidate_id)
    found = _waiting(way, what) if way is not None else None
    if way is None or found is None:
        return
    found.waits = [one for one in found.waits if one != what]
    if not found.waits and found.paused_since is not None:
        days = _give_back(found, _until(way))
        journal.note("milestone.resumed", found, about=candidate_id, code=found.code, days=days)


def _until(way: Trajectory) -> date:
    """A way that stands still as a whole gives those days back itself."""
    paused = clock.local(way.paused_at).date() if way.paused_at is not None else clock.today()
    return min(clock.today(), paused)


def _give_back(one: Milestone, until: date) -> int:
    """The days that were lost inside the milestone's own weeks; waiting before they begin costs nothing."""
    since = max(one.paused_since or until, one.due_from)
    days = max(0, (until - since).days)
    one.due_until += timedelta(days=days)
    if one.agreed_until is not None:
        one.agreed_until += timedelta(days=days)
    one.paused_since = None
    return days


def _waiting(way: Trajectory, what: str) -> Milestone | None:
    return next((one for one in queries.milestones_of(way.id) if what in one.waits), None)


def _needs_permission(way: Trajectory) -> Milestone | None:
    needs = {code for code, step in flows.of_way(way).items() if step.data.get("waits_for_permission")}
    return next((one for one in queries.milestones_of(way.id) if one.code in needs and one.open), None)
