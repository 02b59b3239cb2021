"""Reading trajectories, many at once where a list needs it."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import handles
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState

_T = TrajectoryState
ENDED = (TrajectoryState.COMPLETED, TrajectoryState.CLOSED)


def latest(candidate_id: int) -> Trajectory | None:
    return db.session.scalar(
        sa.select(Trajectory).where(Trajectory.candidate_id == candidate_id).order_by(Trajectory.id.desc()).limit(1)
    )


def latest_of(candidate_ids: Collection[int]) -> dict[int, Trajectory]:
    """The latest trajectory of each of these people, in one query."""
    newest = (
        sa.select(sa.func.max(Trajectory.id))
        .where(Trajectory.candidate_id.in_(list(candidate_ids)))
        .group_by(Trajectory.candidate_id)
    )
    found = db.session.scalars(sa.select(Trajectory).where(Trajectory.id.in_(newest)))
    return {row.candidate_id: row for row in found}


def anybody_met_at(site_id: int, programme_id: int) -> bool:
    """Whether somebody who is met at this place is on the way to work still; a start or aftercare needs no place."""
    waits = (_T.INTAKE, _T.SCREENED, _T.PROFILE_READY, _T.SEARCHING, _T.INTERVIEWING)
    here = Trajectory.candidate_id.in_(handles.met_at(site_id, programme_id))
    return db.session.scalar(sa.select(Trajectory.id).where(here, Trajectory.state.in_(waits)).limit(1)) is not None


def ended(candidate_id: Any) -> sa.ColumnElement[bool]:
    """Whether the latest way of a candidate (a column of another room's query) has ended, as a condition."""
    other = sa.orm.aliased(Trajectory)
    later = sa.select(other.id).where(other.candidate_id == Trajectory.candidate_id, other.id > Trajectory.id).exists()
    return (
        sa.select(Trajectory.id)
        .where(Trajectory.candidate_id == candidate_id, Trajectory.state.in_(ENDED), sa.not_(later))
        .exists()
    )


def under_way(viewer: Viewer) -> dict[TrajectoryState, int]:
    """How many people stand where: a worker's own, a coordinator's whole programmes; the ended and the paused left out."""
    scope = sa.or_(
        Trajectory.candidate_id.in_(handles.cases_of_worker(viewer.me)),
        Trajectory.programme_id.in_(viewer.programmes(Role.COORDINATOR)),
    )
    statement = (
        sa.select(Trajectory.state, sa.func.count())
        .where(scope, Trajectory.state.not_in(ENDED), Trajectory.paused_at.is_(None))
        .group_by(Trajectory.state)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def milestones_of(trajectory_id: int) -> Sequence[Milestone]:
    """The milestones of a way, in the order of their dates."""
    return db.session.scalars(
        sa.select(Milestone)
        .where(Milestone.trajectory_id == trajectory_id)
        .order_by(Milestone.due_until, Milestone.due_from, Milestone.id)
    ).all()


def milestone(trajectory_id: int, code: str) -> Milestone | None:
    return db.session.scalar(
        sa.select(Milestone).where(Milestone.trajectory_id == trajectory_id, Milestone.code == code)
    )


def by_key(key: str) -> Trajectory | None:
    return db.session.scalar(sa.select(Trajectory).where(Trajectory.key == key))
