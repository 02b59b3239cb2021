"""Reading trajectories, many at once where a list needs it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import handles
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState

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
