"""The board by week: who is where in the twelve weeks, a worker's own people or a coordinator's whole programmes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_expression

from portal.accounts.models import Membership, Person
from portal.accounts.roles import STAFF, Role
from portal.candidates import handles
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.lists import Page, page
from portal.trajectories import flows, line
from portal.trajectories.line import Mark
from portal.trajectories.models import Milestone, Trajectory
from portal.trajectories.queries import ENDED

LAST = 12
BEYOND = LAST + 1


@dataclass(frozen=True)
class Row:
    """One person's weeks: where it is now, and its milestones by the week in which each is expected."""

    way: Trajectory
    week: int
    marks: Sequence[Mark]

    @property
    def column(self) -> int:
        return min(self.week, BEYOND)

    @property
    def cells(self) -> Mapping[int, Sequence[Mark]]:
        found: dict[int, list[Mark]] = {}
        for one in self.marks:
            found.setdefault(min(one.week, BEYOND), []).append(one)
        return found

    @property
    def next(self) -> Mark | None:
        return line.next_of(self.marks)

    @property
    def urgent(self) -> Sequence[Mark]:
        """What stands in a list: late, waiting, due now; and else the first that comes."""
        found = [one for one in self.marks if one.state in {"late", "paused", "now"}]
        return found or ([self.next] if self.next is not None else [])


def rows(viewer: Viewer, *, leads: bool, worker: str = "", what: str = "") -> tuple[Page[Any], list[Row]]:
    """A page of the board, the latest taken on first; three queries, whoever stands in it."""
    found = page(
        sa.select(Trajectory)
        .options(with_expression(Trajectory.worker_id, handles.worker_of(Trajectory.candidate_id)))
        .where(*_scope(viewer, leads, worker), *_what(what)),
        Trajectory.accepted_on, Trajectory.id, newest_first=True,
    )  # fmt: skip
    ways = found.items
    words = flows.words_of(ways)
    mine: dict[int, list[Milestone]] = {way.id: [] for way in ways}
    for one in _milestones(list(mine)):
        mine[one.trajectory_id].append(one)
    return found, [
        Row(way, line.this_week(way), line.marks(way, mine[way.id], words[way.programme_id, way.flow_version]))
        for way in ways
    ]


def _milestones(ways: list[int]) -> Sequence[Milestone]:
    statement = sa.select(Milestone).where(Milestone.trajectory_id.in_(ways))
    return db.session.scalars(statement.order_by(Milestone.due_until, Milestone.due_from, Milestone.id)).all()


def _scope(viewer: Viewer, leads: bool, worker: str) -> list[sa.ColumnElement[bool]]:
    """Ways that run and were not looked back on for the last time."""
    reviewed = (
        sa.select(Milestone.id)
        .where(Milestone.trajectory_id == Trajectory.id, Milestone.code == "review", Milestone.done_on.is_not(None))
        .exists()
    )
    runs = [Trajectory.state.not_in(ENDED), sa.not_(reviewed)]
    if not leads:
        return [
            Trajectory.candidate_id.in_(handles.cases_of_worker(viewer.me)),
            Trajectory.programme_id.in_(viewer.programmes(*STAFF)),
            *runs,
        ]
    team = [Trajectory.programme_id.in_(viewer.programmes(Role.COORDINATOR)), *runs]
    if worker:
        person = sa.select(Person.id).where(Person.key == worker).scalar_subquery()
        team.append(handles.worker_of(Trajectory.candidate_id) == person)
    return team


def _what(what: str) -> list[sa.ColumnElement[bool]]:
    """Who has something late, waits for a permission, or deviates."""
    today = clock.today()
    ahead = [Milestone.trajectory_id == Trajectory.id, Milestone.done_on.is_(None)]
    passed = sa.case(
        (Milestone.agreed_until.is_not(None), Milestone.agreed_until < today),
        else_=sa.and_(Milestone.deviation == "", Milestone.due_until < today),
    )
    kinds = {
        "late": sa.and_(Milestone.paused_since.is_(None), Trajectory.paused_at.is_(None), passed),
        "paused": Milestone.paused_since.is_not(None),
        "deviated": Milestone.deviation != "",
    }
    if what not in kinds:
        return []
    return [sa.select(Milestone.id).where(*ahead, kinds[what]).exists()]


def workers(viewer: Viewer) -> Sequence[Person]:
    """The workers of a coordinator's programmes, to choose from and to name; one query."""
    there = sa.select(Membership.person_id).where(
        Membership.role == Role.PROJECT_WORKER, Membership.programme_id.in_(viewer.programmes(Role.COORDINATOR))
    )
    statement = sa.select(Person).where(Person.id.in_(there)).order_by(Person.first_name, Person.last_name, Person.id)
    return db.session.scalars(statement).all()
