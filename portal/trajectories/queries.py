"""Reading trajectories, many at once where a list needs it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from portal.foundation.database import db
from portal.trajectories.models import Milestone, Trajectory


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
