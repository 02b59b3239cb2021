"""The ripple: the companies that came with an ambassador's invitations, those that came with theirs, and so on.

The first ring is the ambassador's own list and counts openly. Further rings are companies that this ambassador never asked, and
jobs are people's: both show only from five, and jobs only where all circles together hold five companies or more. A circle goes
on through companies that let their ambassador see how far they are: else it would tell of one that does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.ambassadors.funnel import FEW, FEWEST
from portal.ambassadors.models import Ambassador, Invitation, InvitationState
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.placements.models import Placement, PlacementState

WEEKS_26 = timedelta(days=182)
# Further than this nobody recruits in a programme's years; it also ends a circle in the rows.
FURTHEST = 6


@dataclass(frozen=True)
class Ring:
    """One circle of the ripple: how many companies, and how many of it may be drawn as dots."""

    label: Any
    value: int | str

    @property
    def dots(self) -> int:
        return self.value if isinstance(self.value, int) else 0


@dataclass(frozen=True)
class Ripple:
    rings: Sequence[Ring]
    jobs: int | str

    @property
    def nothing(self) -> bool:
        return self.rings[0].value == 0


def from_five(number: int) -> int | str:
    return number if number >= FEWEST else FEW


def of(ambassador: Ambassador, labels: Sequence[Any]) -> Ripple:
    """Three rings (peers, their peers, and all further ones) and the jobs that held for 26 weeks in them: one query."""
    depth: dict[int, int] = {}
    held: set[int] = set()
    for row in db.session.execute(_companies_and_jobs(ambassador)):
        depth[row.employer_id] = min(row.depth, depth.get(row.employer_id, FURTHEST))
        if row.placement_id is not None and _held(row.state, row.starts_on, row.ended_on):
            held.add(row.placement_id)
    depth.pop(ambassador.employer_id, None)
    at = list(depth.values())
    near, peers = at.count(1), at.count(2)
    further = len(at) - near - peers
    values: tuple[int | str, ...] = (near, _open(peers, near), _open(further, near))
    rings = [Ring(label, value) for label, value in zip(labels, values, strict=True)]
    # Five jobs in one company would tell of that company: there must be five companies as well.
    return Ripple(rings, _open(len(held) if len(depth) >= FEWEST else 0, near))


def _open(number: int, near: int) -> int | str:
    """From five; a zero only where there is no first ring, since a zero elsewhere would tell what its neighbour hides."""
    return 0 if near == 0 else from_five(number)


def _held(state: PlacementState, starts_on: date, ended_on: date | None) -> bool:
    """A job that reached 26 weeks, also where it ended later."""
    if state is PlacementState.ENDED:
        return ended_on is not None and ended_on >= starts_on + WEEKS_26
    return state is PlacementState.SUSTAINED_26


def _companies_and_jobs(ambassador: Ambassador) -> sa.Select[Any]:
    came = (Invitation.state == InvitationState.REGISTERED, Invitation.employer_id.is_not(None))
    tree = (
        sa.select(Invitation.employer_id.label("employer_id"), sa.literal(1).label("depth"))
        .where(Invitation.ambassador_id == ambassador.id, *came)
        .cte("ripple", recursive=True)
    )
    tree = tree.union(
        sa.select(Invitation.employer_id, tree.c.depth + 1)
        .join(Ambassador, Ambassador.id == Invitation.ambassador_id)
        .join(tree, tree.c.employer_id == Ambassador.employer_id)
        .join(Employer, Employer.id == tree.c.employer_id)
        .where(tree.c.depth < FURTHEST, Employer.shows_progress, *came)
    )
    lasted = (PlacementState.SUSTAINED_26, PlacementState.ENDED)
    return sa.select(
        tree.c.employer_id, tree.c.depth, Placement.id.label("placement_id"), Placement.state, Placement.starts_on,
        Placement.ended_on,
    ).outerjoin(Placement, sa.and_(Placement.employer_id == tree.c.employer_id, Placement.state.in_(lasted)))  # fmt: skip
