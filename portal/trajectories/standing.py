"""How a way reads: the word for its state, the drawn line, and its milestones with their dates."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask import url_for

from portal.candidates.standings import Step, Way
from portal.foundation import clock
from portal.foundation.options import label
from portal.foundation.words import _, date_medium, date_short, lazy
from portal.trajectories import queries
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState
from portal.trajectories.service import WAY

_T = TrajectoryState

STATES: dict[TrajectoryState, Any] = {
    _T.INTAKE: lazy("intake"), _T.SCREENED: lazy("screened"), _T.PROFILE_READY: lazy("profile ready"),
    _T.SEARCHING: lazy("searching"), _T.INTERVIEWING: lazy("interviewing"), _T.STARTING: lazy("starting"),
    _T.IN_AFTERCARE: lazy("in aftercare"), _T.COMPLETED: lazy("completed"), _T.CLOSED: lazy("closed"),
}  # fmt: skip


def words(candidate_ids: Collection[int]) -> dict[int, str]:
    """The word for where each of these people stands, in one query."""
    return {number: word(found) for number, found in queries.latest_of(candidate_ids).items()}


def word(trajectory: Trajectory) -> str:
    return _("paused") if trajectory.paused_at is not None else str(STATES[trajectory.state])


def way(candidate_id: int) -> Way | None:
    """The whole way of one person, in two queries."""
    trajectory = queries.latest(candidate_id)
    if trajectory is None:
        return None
    milestones = queries.milestones_of(trajectory.id)
    review = next((one.due_until for one in milestones if one.code == "review"), None)
    return Way(
        word=word(trajectory), path=path(trajectory), milestones=[_milestone(one) for one in milestones], review_on=review,
        url=url_for("trajectories.show", key=trajectory.key), paused=trajectory.paused_at is not None,
    )  # fmt: skip


def path(trajectory: Trajectory) -> list[Step]:
    """The line from intake to the end; a way that was closed stops where it is."""
    if trajectory.state == _T.CLOSED:
        because = label("trajectories", "closing_reasons", trajectory.closed_because, "flow")
        return [Step(str(STATES[_T.INTAKE]), "done"), Step(str(STATES[_T.CLOSED]), "stopped", because)]
    here = WAY.index(trajectory.state)
    return [
        Step(
            str(STATES[state]),
            "done" if n < here or state == _T.COMPLETED == trajectory.state else "now" if n == here else "next",
        )
        for n, state in enumerate(WAY)
    ]


def milestones(trajectory: Trajectory) -> list[Step]:
    return [_milestone(one) for one in queries.milestones_of(trajectory.id)]


def _milestone(one: Milestone) -> Step:
    name = label("trajectories", "milestones", one.code, "flow")
    if one.done_on is not None:
        return Step(name, "done", _("done on %(day)s", day=date_medium(one.done_on)))
    if one.due_until < clock.today():
        return Step(name, "stopped", _("late since %(day)s", day=date_medium(one.due_until)))
    state = "now" if one.due_from <= clock.today() else "next"
    return Step(name, state, _between(one.due_from, one.due_until))


def _between(first: date, last: date) -> str:
    return (
        date_short(last)
        if first == last
        else _("%(first)s to %(last)s", first=date_short(first), last=date_short(last))
    )
