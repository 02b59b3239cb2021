"""Whose figures may have changed: written down wherever a row that figures are counted from is written, in the same transaction,
so that no room needs to think of it and no way of writing can forget it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from portal.aftercare.models import CheckIn, CheckInState
from portal.dashboard.models import FigureChange
from portal.dashboard.queries import NOT_STARTED
from portal.foundation import jobs
from portal.foundation.database import db
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import InterviewState
from portal.placements.models import Placement
from portal.showcase.models import Profile
from portal.trajectories.models import Trajectory

Reading = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


def _columns(*names: str, **read_as: Reading) -> dict[str, Reading]:
    return {**dict.fromkeys(names, _as_it_is), **read_as}


# What the figures are counted from (queries.py), by table. Of a state only what counts: a check-in that falls due changes no
# figure.
WATCHED: Mapping[str, Mapping[str, Reading]] = {
    Trajectory.__tablename__: _columns("candidate_id", "programme_id", "counted_on", "accepted_on"),
    "referral": _columns("candidate_id", "received_on"),
    Profile.__tablename__: _columns("candidate_id", "approved_on_paper_at"),
    Interview.__tablename__: _columns("candidate_id", "starts_at", "companion_id", state=lambda state: state == InterviewState.HELD),
    Participant.__tablename__: _columns("interview_id", "party", "presence"),
    Permission.__tablename__: _columns("interview_id", "requested_on", "decided_on"),
    Placement.__tablename__: _columns(
        "candidate_id", "trajectory_id", "starts_on", "ended_on", "paid", state=lambda state: state in NOT_STARTED
    ),
    CheckIn.__tablename__: _columns(
        "placement_id", "candidate_id", "voice", "due", "done_at",
        state=lambda state: state if state in (CheckInState.DONE, CheckInState.SKIPPED) else None,
    ),
}  # fmt: skip


# Said of a session whose transaction has changed figures.
_CHANGED = "figures_changed"


@event.listens_for(db.session, "after_commit")
def _wake(session: Session) -> None:
    """Ask the worker to take it over now. It looks each minute anyway, and no page waits for it."""
    if not session.in_nested_transaction() and session.info.pop(_CHANGED, None):
        jobs.wake("dashboard.kept")


@event.listens_for(db.session, "after_soft_rollback")
def _undone(session: Session, _previous: Any) -> None:
    """Letters that are only read beforehand, or a refusal: nothing changed, so nobody is woken."""
    session.info.pop(_CHANGED, None)


@event.listens_for(db.session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    changed = [one for one in (*session.new, *session.dirty, *session.deleted) if _counts(session, one)]
    if changed:
        session.info[_CHANGED] = True
        who = {number for one in changed for number in _whose(session, one)}
        session.connection().execute(sa.insert(FigureChange), [{"candidate_id": one} for one in sorted(who)])


def _counts(session: Session, row: Any) -> bool:
    columns = WATCHED.get(row.__tablename__)
    if columns is None:
        return False
    if row in session.new or row in session.deleted:
        return True
    return any(_differs(row, name, read_as) for name, read_as in columns.items())


def _differs(row: Any, name: str, read_as: Reading) -> bool:
    """What it was is not always known: then it counts as another one."""
    now, _same, before = sa.inspect(row).attrs[name].history
    return bool(now) and [read_as(one) for one in now] != [read_as(one) for one in before or ()]


def _whose(session: Session, row: Any) -> Iterator[int]:
    """The people a row is about: now, and before."""
    if not isinstance(row, Participant):
        now, same, before = sa.inspect(row).attrs["candidate_id"].history
        yield from {*(now or ()), *(same or ()), *(before or ())} or {row.candidate_id}
        return
    here = sa.select(Interview.candidate_id).where(Interview.id == row.interview_id)
    yield from session.connection().scalars(here)


@event.listens_for(db.session, "do_orm_execute")
def _in_bulk(state: ORMExecuteState) -> None:
    """Rows that are written by a statement of their own: those that it is about to meet, or everybody."""
    if state.is_select or not (state.is_update or state.is_delete or state.is_insert):
        return
    statement: Any = state.statement
    if statement.table.name not in WATCHED:
        return
    state.session.info[_CHANGED] = True
    where = None if state.is_insert else statement.whereclause
    if where is None:
        everybody(state.session.connection())
        return
    met = sa.select(_candidate_of(statement.table)).where(where)
    state.session.connection().execute(sa.insert(FigureChange).from_select(["candidate_id"], met), state.parameters)


def everybody(connection: sa.Connection) -> None:
    """Anybody's figures may be others: the kept sums are made anew."""
    connection.execute(sa.insert(FigureChange).values(candidate_id=None))


def _candidate_of(table: sa.Table) -> Any:
    if table.name != Participant.__tablename__:
        return table.c.candidate_id
    return sa.select(Interview.candidate_id).where(Interview.id == table.c.interview_id).scalar_subquery()
