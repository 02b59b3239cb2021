"""What a date brings, first as numbers and then a portion at a time: memory and locks hold one portion, at any size."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.aftercare.queries import GOES_ON, MOMENT_WITH_PLACEMENT, OPEN
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.placements.models import Placement
from portal.placements.queries import NOT_RUNNING, WHOLE
from portal.placements.service import MILESTONES
from portal.trajectories.models import Trajectory

PORTION = 100
_FORM = ("form", "visit_form")
# Whatever is open, but for what is overdue and goes by no letter: its worker has been told, and no date changes that.
_STIRS = sa.and_(
    CheckIn.state.in_(OPEN),
    sa.or_(CheckIn.state != CheckInState.OVERDUE, sa.and_(CheckIn.voice != Voice.EMPLOYEE, CheckIn.channel.in_(_FORM))),
)


def portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), PORTION):
        yield numbers[first : first + PORTION]


def written_to(today: date) -> set[str]:
    """Who already had a letter about aftercare on this day: nobody gets two."""
    since, until = clock.midnight(today), clock.midnight(today + timedelta(days=1))
    return set(
        db.session.scalars(
            sa.select(Letter.recipient_ref).where(
                Letter.template.startswith("aftercare/"), Letter.created_at >= since, Letter.created_at < until
            )
        )
    )


def something_reached(today: date) -> bool:
    """Whether a moment's day has come that nobody has been told of: cheap, asked each minute."""
    statement = (
        sa.select(CheckIn.id)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .where(CheckIn.state == CheckInState.PLANNED, CheckIn.due <= today, GOES_ON)
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def reached(today: date) -> Sequence[int]:
    """The open moments whose day has come, by date."""
    statement = sa.select(CheckIn.id).join(Placement, Placement.id == CheckIn.placement_id)
    return db.session.scalars(statement.where(*_reached(today)).order_by(CheckIn.due, CheckIn.id)).all()


def moments(today: date, numbers: Sequence[int]) -> Sequence[sa.Row[CheckIn, int]]:
    """Those of these moments that are still open, with their programme, held for whoever works on them."""
    statement = (
        sa.select(CheckIn, Trajectory.programme_id)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .options(*MOMENT_WITH_PLACEMENT)
        .where(CheckIn.id.in_(numbers), *_reached(today))
        .order_by(CheckIn.due, CheckIn.id)
        .with_for_update(of=CheckIn)
    )
    return db.session.execute(statement).all()


def _reached(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return _STIRS, CheckIn.due <= today, GOES_ON


def growing(today: date) -> Sequence[int]:
    """Running placements whose days deserve another state."""
    old_enough = sa.or_(
        *(sa.and_(Placement.state == before, Placement.starts_on <= today - after) for before, _state, after in MILESTONES)
    )  # fmt: skip
    return db.session.scalars(sa.select(Placement.id).where(old_enough).order_by(Placement.id)).all()


def placements(numbers: Sequence[int]) -> Sequence[Placement]:
    return db.session.scalars(sa.select(Placement).where(Placement.id.in_(numbers)).order_by(Placement.id)).all()


def contracts_ending(today: date, within_days: int) -> Sequence[int]:
    """Running placements whose contract ends soon."""
    last = today + timedelta(days=within_days)
    soon = (Placement.state.not_in(NOT_RUNNING), Placement.contract_ends_on.between(today, last))
    return db.session.scalars(sa.select(Placement.id).where(*soon).order_by(Placement.id)).all()


def contracts(numbers: Sequence[int]) -> Sequence[sa.Row[Placement, int]]:
    """These placements with their programme."""
    return db.session.execute(
        sa.select(Placement, Trajectory.programme_id)
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .options(*WHOLE)
        .where(Placement.id.in_(numbers))
        .order_by(Placement.id)
    ).all()
