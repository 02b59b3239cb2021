"""What the figures are computed from: a few narrow queries per programme, the same number at any size."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, CheckInState
from portal.candidates import handles
from portal.dashboard.figures import Counted, Job, Moments, Period
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import InterviewState, Presence
from portal.placements.models import Placement, PlacementState
from portal.programmes.models import Programme
from portal.showcase.models import Profile
from portal.trajectories.models import Trajectory

DAY = timedelta(days=1)
_NAMED = (
    sa.select(Programme)
    .where(Programme.id.in_(sa.bindparam("programmes", expanding=True)))
    .order_by(Programme.name)
)  # fmt: skip
NOT_STARTED = (PlacementState.PREPARING, PlacementState.FELL_THROUGH)


def programmes_of(viewer: Viewer) -> Sequence[Programme]:
    """The programmes that the viewer coordinates, by name. Raises NotFound when there is none."""
    return programmes_in(viewer, Role.COORDINATOR)


def programmes_in(viewer: Viewer, role: Role) -> Sequence[Programme]:
    """The programmes in which the viewer has a role, by name. Raises NotFound when there is none."""
    found = db.session.scalars(_NAMED, {"programmes": viewer.programmes(role)}).all()
    if not found:
        raise NotFound()
    return found


def period_of(programme: Programme) -> Period:
    return Period(programme.period_start, programme.period_end)


Who = Collection[int] | None
# A page asks these at each change of a figure, so each statement is built once; its values are named here.
_PROGRAMME: sa.BindParameter[Any] = sa.bindparam("programme")
_TODAY: sa.BindParameter[Any] = sa.bindparam("today")
_END: sa.BindParameter[Any] = sa.bindparam("end")
_SINCE: sa.BindParameter[Any] = sa.bindparam("since")
_LAST: sa.BindParameter[Any] = sa.bindparam("last")


def _asked(
    statement: sa.Select[*tuple[Any, ...]],
    programme: Programme,
    today: date,
    who: Who = None,
    period: Period | None = None,
) -> sa.CursorResult[*tuple[Any, ...]]:
    """The rows of a programme as they stood on a day; of a period; of some of its people."""
    values: dict[str, Any] = {"programme": programme.id, "today": today, "end": end_of(today)}
    if period is not None:
        last = min(period.end, today)
        values |= {"since": period.start, "last": last, "begins": clock.midnight(period.start), "ends": end_of(last)}
    if who is not None:
        values["who"] = list(who)
    return db.session.connection().execute(statement, values)


def _of(column: Any, some: bool) -> tuple[sa.ColumnElement[bool], ...]:
    return (column.in_(sa.bindparam("who", expanding=True)),) if some else ()


def counted(programme: Programme, today: date, who: Who = None) -> list[Counted]:
    """Every trajectory of a programme (or of some of its people) that counts, with the first dates after it, as they stood on
    a day; one query."""
    return [
        Counted(person, on, received, day_of(profile), day_of(talked), start, paid)
        for person, on, received, profile, talked, start, paid in _asked(
            _counted(who is not None), programme, today, who
        )
        if on is not None
    ]


@cache
def _counted(some: bool) -> sa.Select[*tuple[Any, ...]]:
    since = Trajectory.counted_on
    talk = (
        sa.select(sa.func.min(Interview.starts_at))
        .where(Interview.candidate_id == Trajectory.candidate_id, Interview.state == InterviewState.HELD)
        .where(sa.func.date(Interview.starts_at) >= since, Interview.starts_at < _END)
        .scalar_subquery()
    )
    started = (
        sa.select(sa.func.min(Placement.starts_on))
        .where(Placement.candidate_id == Trajectory.candidate_id, Placement.state.not_in(NOT_STARTED))
        .where(Placement.starts_on >= since, Placement.starts_on <= _TODAY)
    )
    return (
        sa.select(
            Trajectory.candidate_id, since, handles.referred_on(Trajectory.candidate_id, Trajectory.accepted_on),
            sa.case((Profile.approved_on_paper_at < _END, Profile.approved_on_paper_at)), talk,
            started.scalar_subquery(), started.where(Placement.paid).scalar_subquery(),
        )
        .outerjoin(Profile, Profile.candidate_id == Trajectory.candidate_id)
        .where(Trajectory.programme_id == _PROGRAMME, since.is_not(None), since <= _TODAY, *_of(Trajectory.candidate_id, some))
    )  # fmt: skip


def known(programme: Programme) -> set[int]:
    """The numbers of a programme's people of whom the portal still knows who they are."""
    return set(db.session.scalars(handles.known(programme.id)))


def jobs(programme: Programme, today: date, who: Who = None) -> list[Job]:
    """Every placement of a programme that really started, with the last day that somebody was heard; one query.

    As it stood on a day: an end or an answer that came later is not looked at."""
    return [
        Job(person, start, ended if ended is None or ended <= today else None, day_of(last))
        for person, start, ended, last in _asked(_jobs(who is not None), programme, today, who)
    ]


@cache
def _jobs(some: bool) -> sa.Select[*tuple[Any, ...]]:
    answered = sa.and_(CheckIn.state == CheckInState.DONE, CheckIn.done_at < _END)
    # Only the placement is asked for in WHERE, so that its own index is taken and never that of all check-ins done.
    heard = (
        sa.select(sa.func.max(sa.case((answered, CheckIn.done_at))))
        .where(CheckIn.placement_id == Placement.id)
        .scalar_subquery()
    )
    return (
        sa.select(Placement.candidate_id, Placement.starts_on, Placement.ended_on, heard)
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .where(
            Trajectory.programme_id == _PROGRAMME, Placement.state.not_in(NOT_STARTED), Placement.starts_on <= _TODAY,
            *_of(Placement.candidate_id, some),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Talk:
    """An interview that was held, or whose leave was decided: who was there, and how long the permission took."""

    candidate_id: int
    on: date | None
    held: bool
    accompanied: bool
    asked: date | None
    decided: date | None
    row: int = 0


def talks(programme: Programme, period: Period, today: date, who: Who = None) -> list[Talk]:
    """The interviews of a programme's people in a period, until a day; one query."""
    rows = _asked(_talks(who is not None), programme, today, who, period)
    return [
        Talk(
            person, day_of(at), state is InterviewState.HELD, presence is Presence.PRESENT, asked,
            decided if decided is None or decided <= today else None, row,
        )
        for person, at, state, presence, asked, decided, row in rows
    ]  # fmt: skip


@cache
def _talks(some: bool) -> sa.Select[*tuple[Any, ...]]:
    own = sa.select(Trajectory.candidate_id).where(Trajectory.programme_id == _PROGRAMME)
    companion = sa.literal("person:") + sa.cast(Interview.companion_id, sa.String)
    return (
        sa.select(
            Interview.candidate_id, Interview.starts_at, Interview.state, Participant.presence,
            Permission.requested_on, Permission.decided_on, Interview.id,
        )
        .outerjoin(Participant, sa.and_(Participant.interview_id == Interview.id, Participant.party == companion))
        .outerjoin(Permission, Permission.interview_id == Interview.id)
        .where(Interview.candidate_id.in_(own), *_of(Interview.candidate_id, some))
        .where(sa.or_(Interview.state == InterviewState.HELD, Permission.decided_on.is_not(None)))
        .where(Interview.starts_at >= sa.bindparam("begins"), Interview.starts_at < sa.bindparam("ends"))
        .order_by(Interview.starts_at, Interview.id)
    )  # fmt: skip


def moments(programme: Programme, period: Period, today: date) -> list[Moments]:
    """The check-ins whose date has come, counted by voice, date and day of being done; one query.

    The day of being done is that of the clock in UTC: an answer in the first two hours of a Belgian day counts for the
    day before, which is at most one day in its favour.
    """
    rows = _asked(_moments(), programme, today, period=period)
    return [Moments(voice.value, due, _as_date(day), number) for voice, due, day, number in rows]


@cache
def _moments() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CheckIn.voice, CheckIn.due, _DONE_ON, sa.func.count())
        .where(*_due_in())
        .group_by(CheckIn.voice, CheckIn.due, _DONE_ON)
    )


def moments_of(programme: Programme, period: Period, today: date, who: Who) -> Iterator[tuple[int, Moments]]:
    """The same check-ins by person, counted as above; one query, read as it comes."""
    for person, voice, due, day, number in _asked(_moments_of(who is not None), programme, today, who, period):
        yield person, Moments(voice.value, due, _as_date(day), number)


@cache
def _moments_of(some: bool) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CheckIn.candidate_id, CheckIn.voice, CheckIn.due, _DONE_ON, sa.func.count())
        .where(*_due_in(), *_of(CheckIn.candidate_id, some))
        .group_by(CheckIn.candidate_id, CheckIn.voice, CheckIn.due, _DONE_ON)
        .execution_options(yield_per=1000)
    )


_DONE_ON = sa.func.date(sa.case((CheckIn.done_at < _END, CheckIn.done_at)))


@dataclass(frozen=True)
class Moment:
    candidate_id: int
    voice: str
    due: date
    done: date | None
    row: int = 0


def single_moments(programme: Programme, period: Period, today: date) -> list[Moment]:
    """The same check-ins one by one, for the list of cases."""
    return [
        Moment(person, voice.value, due, day if (day := day_of(done)) is None or day <= today else None, row)
        for person, voice, due, done, row in _asked(_single_moments(), programme, today, period=period)
    ]


@cache
def _single_moments() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(CheckIn.candidate_id, CheckIn.voice, CheckIn.due, CheckIn.done_at, CheckIn.id)
        .where(*_due_in())
        .order_by(CheckIn.due.desc(), CheckIn.id)
    )


def _due_in() -> tuple[sa.ColumnElement[bool], ...]:
    own = (
        sa.select(Placement.id)
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .where(Trajectory.programme_id == _PROGRAMME)
    )
    return (
        CheckIn.placement_id.in_(own), CheckIn.state != CheckInState.SKIPPED, CheckIn.due >= _SINCE, CheckIn.due <= _LAST,
    )  # fmt: skip


def end_of(day: date) -> datetime:
    """The moment at which a Belgian day is over."""
    return clock.midnight(day + DAY)


def day_of(moment: datetime | None) -> date | None:
    return None if moment is None else clock.local(moment).date()


def _as_date(value: Any) -> date | None:
    """SQLite gives a date of an expression as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
