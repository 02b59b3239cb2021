"""Starts by form of employment, for the files: the list of forms is the programme's own, so the table is as long as that."""

import sqlalchemy as sa

from portal.dashboard.eyes import HIDDEN, TEAM, Eyes
from portal.dashboard.figures import Period
from portal.dashboard.sheets import Sheet
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import label
from portal.foundation.words import _, _n
from portal.placements.models import Placement, PlacementState
from portal.programmes.models import Programme
from portal.trajectories.models import Trajectory

_NO_START = (PlacementState.PREPARING, PlacementState.FELL_THROUGH)


def counts(programme: Programme, period: Period) -> dict[str, int]:
    """How many starts of the period each form has, the most first; one query."""
    last = min(period.end, clock.today())
    rows = db.session.execute(
        sa.select(Placement.form, sa.func.count(Placement.id))
        .join(Trajectory, Trajectory.id == Placement.trajectory_id)
        .where(Trajectory.programme_id == programme.id, Placement.state.not_in(_NO_START))
        .where(Placement.starts_on >= period.start, Placement.starts_on <= last)
        .group_by(Placement.form)
    )
    return dict(sorted(((row[0], row[1]) for row in rows), key=lambda one: (-one[1], one[0])))


def sheet(programme: Programme, period: Period, eyes: Eyes = TEAM) -> Sheet:
    found = counts(programme, period)
    cells, totals = eyes.grid([[number] for number in found.values()], [sum(found.values())])
    names = [label("candidates", "employment_forms", code) for code in found]
    rows = [(name, *row) for name, row in zip(names, cells, strict=True)]
    total = totals[0]
    text = _n("%(num)s start in this period.", "%(num)s starts in this period.", sum(found.values()))
    hidden = _("Too few people to tell: numbers under five are hidden.")
    return Sheet(
        "forms", hidden if total is HIDDEN else text, (_("Form of employment"), _("Starts")),
        [*rows, (_("Together"), total)],
    )  # fmt: skip
