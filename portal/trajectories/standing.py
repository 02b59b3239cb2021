"""How a way reads: the word for its state, the drawn line, and its milestones with their dates."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import url_for

from portal.candidates.standings import Step, Way
from portal.foundation.options import label
from portal.foundation.words import _, lazy
from portal.trajectories import flows, line, queries
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
    found = queries.with_flow(Trajectory.candidate_id == candidate_id)
    if found is None:
        return None
    trajectory, flow = found
    milestones = queries.milestones_of(trajectory.id)
    review = next((one.expected_by for one in milestones if one.code == "review"), None)
    return Way(
        word=word(trajectory), path=path(trajectory), milestones=_steps(trajectory, milestones, flow), review_on=review,
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


# A step of the dossier's list has four states; the word beside it says the rest.
_STATES = {"late": "stopped", "paused": "now", "now": "now", "done": "done"}


def _steps(trajectory: Trajectory, rows: Sequence[Milestone], flow: Mapping[str, Any]) -> list[Step]:
    found = line.marks(trajectory, rows, flows.options(flow))
    return [
        Step(one.label, _STATES.get(one.state, "next"), f"{one.detail} ({one.why})" if one.why else one.detail)
        for one in found
    ]
