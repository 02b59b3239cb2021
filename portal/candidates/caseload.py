"""A worker's people by what is next and how long it has waited; for the coordinator the same per worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from portal.accounts.models import Membership, Person
from portal.accounts.roles import STAFF, Role
from portal.candidates import queries, standings
from portal.candidates.models import Candidate, Identity
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.lists import Page, page
from portal.programmes.models import Programme
from portal.tasks.models import Task

# Before every date: whoever has nothing planned comes first, so that nobody is forgotten.
NOTHING_PLANNED = "0000-00-00"


class Part(StrEnum):
    """Which of the people a viewer has before the eyes."""

    MINE = "mine"
    SITS = "sits"
    TEAM = "team"
    ENDED = "ended"


def parts(viewer: Viewer) -> list[Part]:
    """The parts that a viewer has, the usual one first."""
    works, leads = viewer.has(Role.PROJECT_WORKER), viewer.has(Role.COORDINATOR)
    return [*([Part.MINE, Part.SITS] if works else []), *([Part.TEAM] if leads else []), Part.ENDED]


def of_part(viewer: Viewer, part: Part, worker: str = "") -> sa.ColumnElement[bool]:
    """Whose cases stand in a part, as a condition; of a team those of one worker, by the worker's key."""
    taken_on = Candidate.worker_id.is_not(None)
    own = sa.and_(Candidate.worker_id == viewer.me, Candidate.programme_id.in_(viewer.programmes(*STAFF)))
    team = sa.and_(taken_on, Candidate.programme_id.in_(viewer.programmes(Role.COORDINATOR)))
    if part is Part.ENDED:
        return sa.and_(sa.or_(own, team), standings.ended(Candidate.id))
    runs = sa.not_(standings.ended(Candidate.id))
    if part is Part.SITS:
        return sa.and_(queries.sat_by(viewer), runs)
    if part is Part.MINE:
        return sa.and_(own, runs)
    if worker:
        team = sa.and_(team, Candidate.worker_id.in_(sa.select(Person.id).where(Person.key == worker)))
    return sa.and_(team, runs)


def people(scope: sa.ColumnElement[bool]) -> Page[Candidate]:
    """The cases in a scope with their names, by what is next in each: nothing planned, then the oldest date."""
    due = (
        sa.select(sa.func.coalesce(sa.cast(sa.func.min(Task.due), sa.String), NOTHING_PLANNED))
        .where(Task.about == Candidate.id, Task.closed_at.is_(None))
        .correlate(Candidate)
        .scalar_subquery()
        .label("next_due")
    )
    statement = (
        sa.select(Candidate)
        .options(
            *called(),
            joinedload(Candidate.site),
            joinedload(Candidate.worker),
            with_expression(Candidate.next_due, due),
        )
        .where(scope)
    )
    return page(statement, due, Candidate.id)


def called() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    """With a case, of its identity the name and nothing else (identities.listed journals it)."""
    name = joinedload(Candidate.identity).load_only(Identity.first_name, Identity.last_name, raiseload=True)
    return (name,)


def counts(viewer: Viewer) -> dict[Part, int]:
    """How many people stand in each of a worker's parts, in one query."""
    wanted = [part for part in parts(viewer) if part is not Part.TEAM]
    each = [
        sa.select(sa.func.count(Candidate.id)).where(of_part(viewer, part)).scalar_subquery().label(part.value)
        for part in wanted
    ]
    row = db.session.execute(sa.select(*each)).one()
    return dict(zip(wanted, row, strict=True))


# --- The team ---


@dataclass(frozen=True)
class Load:
    """A worker of a programme with the number of running cases, and how many one worker should have at most."""

    person_id: int
    key: str
    name: str
    programme_id: int
    programme: str
    cases: int
    most: int

    @property
    def over(self) -> bool:
        return self.cases > self.most


@dataclass(frozen=True)
class Team:
    loads: Sequence[Load]
    unallocated: int

    @property
    def cases(self) -> int:
        return self.unallocated + sum(one.cases for one in self.loads)


def _at_work(today: object) -> sa.ColumnElement[bool]:
    return sa.and_(
        Membership.role == Role.PROJECT_WORKER, Membership.since <= today, Person.deactivated_at.is_(None),
        sa.or_(Membership.until.is_(None), Membership.until >= today),
    )  # fmt: skip


def without_worker(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The running cases of a coordinator's programmes whose worker does not work there (any more)."""
    there = (
        sa.select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == Candidate.worker_id, Membership.programme_id == Candidate.programme_id)
        .where(_at_work(clock.today()))
        .correlate(Candidate)
        .exists()
    )
    return sa.and_(of_part(viewer, Part.TEAM), sa.not_(there))


def team(viewer: Viewer) -> Team:
    """Each worker of the coordinator's programmes with the running cases there, and the cases without a worker; one query."""
    runs = sa.not_(standings.ended(Candidate.id))
    cases = (
        sa.select(sa.func.count(Candidate.id))
        .where(Candidate.worker_id == Person.id, Candidate.programme_id == Programme.id, runs)
        .correlate(Person, Programme)
        .scalar_subquery()
    )
    nobodys = sa.select(sa.func.count(Candidate.id)).where(without_worker(viewer)).scalar_subquery()
    rows = db.session.execute(
        sa.select(Person.id, Person.key, Person.first_name, Person.last_name, Programme.id, Programme.name, Programme.caseload, cases, nobodys)
        .select_from(Programme)
        .outerjoin(Membership, Membership.programme_id == Programme.id)
        .outerjoin(Person, sa.and_(Person.id == Membership.person_id, _at_work(clock.today())))
        .where(Programme.id.in_(viewer.programmes(Role.COORDINATOR)))
        .distinct()
        .order_by(Programme.name, Person.first_name, Person.id)
    ).all()  # fmt: skip
    loads = [
        Load(row[0], row[1], f"{row[2]} {row[3]}".strip(), row[4], row[5], row[7], row[6])
        for row in rows
        if row[0] is not None
    ]
    return Team(loads, rows[0][8] if rows else 0)
