"""Months that are closed, what was corrected afterwards, and a form of employment that the programme added."""

from datetime import date

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.roles import Role
from portal.cli.demo.world import DAY, World
from portal.dashboard import months
from portal.dashboard.models import ClosedMonth
from portal.foundation import acting
from portal.foundation.database import db
from portal.placements.models import Placement, PlacementState
from portal.programmes import employment
from portal.programmes.employment import Asks, Names
from portal.programmes.models import Programme, Template, TemplateKind
from portal.trajectories.models import Trajectory

_CLOSED = 2
_BIS = Names(
    "Beroepsinlevingsstage (BIS)", "Convention d'immersion professionnelle", "Work-experience internship (BIS)"
)


def write(world: World) -> None:
    programme = next(iter(world.programmes.values()))
    who = next(iter(accounts.holders(Role.COORDINATOR, programme_id=programme.id)))
    with acting.as_(who.id, Role.COORDINATOR):
        code = _added(world, programme)
        last = months.first_of(world.today) - DAY
        for one in sorted(_before(last, _CLOSED)):
            row = months.close(programme, one)
            row.created_at = world.moment(months.last_of(one) + 4 * DAY)
    _corrected(programme, code, last)


def _added(world: World, programme: Programme) -> str:
    asks = Asks(strict=False, insurance=True, dated=True, trial=True)
    row = employment.add(
        programme.id, _BIS, asks, because="Drie bedrijven vroegen ernaar; het sociaal fonds kent deze vorm.", based_on=1
    )
    row.created_at = world.moment(world.ago(90))
    shipped = sa.select(Template).where(Template.kind == TemplateKind.EMPLOYMENT, Template.version == 1)
    for first in db.session.scalars(shipped):
        first.created_at = world.moment(world.ago(360))
    code: str = row.body[employment.LIST][-1]["code"]
    return code


def _before(last: date, number: int) -> list[date]:
    found = [months.first_of(last)]
    while len(found) < number:
        found.append(months.first_of(found[-1] - DAY))
    return found


def _corrected(programme: Programme, code: str, last: date) -> None:
    """After the closing it came out that one start was no paid contract: the month shows it as a difference."""
    closed = sa.select(sa.func.count(ClosedMonth.id)).where(ClosedMonth.programme_id == programme.id).scalar_subquery()
    start = db.session.scalar(
        sa.select(Placement)
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .where(Trajectory.programme_id == programme.id, Placement.form == "fixed_term", Placement.paid, closed > 0)
        .where(Placement.state == PlacementState.SUSTAINED_13, Placement.starts_on <= last)
        .order_by(Placement.id)
        .limit(1)
    )
    if start is not None:
        start.form, start.paid, start.insured = code, False, True
