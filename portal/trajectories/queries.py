"""Reading trajectories, many at once where a list needs it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import handles
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.options import load
from portal.programmes.models import Template, TemplateKind
from portal.trajectories.models import Milestone, Review, Trajectory, TrajectoryState

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


def with_flow(where: sa.ColumnElement[bool]) -> tuple[Trajectory, dict[str, Any]] | None:
    """The latest of these ways with the version of the flow on which it runs, in one query."""
    same = (Template.programme_id == Trajectory.programme_id, Template.version == Trajectory.flow_version)
    row = db.session.execute(
        sa.select(Trajectory, Template.body)
        .outerjoin(Template, sa.and_(*same, Template.kind == TemplateKind.FLOW))
        .where(where)
        .order_by(Trajectory.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1] or load("trajectories", "flow")) if row is not None else None


@dataclass(frozen=True)
class Written:
    """The milestones of a way in the order of their dates, each look back with the latest first, and who wrote, by number."""

    milestones: Sequence[Milestone]
    reviews: Sequence[Review]
    people: Mapping[int, str]


def written_of(trajectory_id: int) -> Written:
    """All that a way's page shows of it, in one query: a look back stands beside the milestone that asks for it."""
    looked_back = sa.and_(Review.trajectory_id == Milestone.trajectory_id, Milestone.code == "review")
    who = sa.or_(Person.id == Milestone.deviated_by, Person.id == Review.reviewed_by)
    rows = db.session.execute(
        sa.select(Milestone, Review, Person.id, Person.first_name, Person.last_name)
        .outerjoin(Review, looked_back)
        .outerjoin(Person, who)
        .where(Milestone.trajectory_id == trajectory_id)
        .order_by(Milestone.due_until, Milestone.due_from, Milestone.id, Review.id.desc())
    ).all()
    reviews = {row[1].id: row[1] for row in rows if row[1] is not None}
    return Written(
        list({row[0].id: row[0] for row in rows}.values()),
        list(reviews.values()),
        {row[2]: f"{row[3]} {row[4]}".strip() for row in rows if row[2] is not None},
    )


def people(numbers: Collection[int | None]) -> dict[int, str]:
    """The names of people of the team, by number."""
    known = [one for one in numbers if one is not None]
    rows = db.session.execute(sa.select(Person.id, Person.first_name, Person.last_name).where(Person.id.in_(known)))
    return {row[0]: f"{row[1]} {row[2]}".strip() for row in rows}


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
