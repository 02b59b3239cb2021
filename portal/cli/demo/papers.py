"""Dates that come near: a paper that ends, a light that nobody sees to, and days that not every week has."""

from itertools import groupby

import sqlalchemy as sa

from portal.candidates import preconditions, standings
from portal.candidates.models import Candidate, Precondition, WorkConstraints
from portal.candidates.states import Light
from portal.cli.demo.world import World
from portal.foundation.database import db

# For each worker, the first cases that are on the way get one of these.
_ENDS_SOON = (("right_to_work", 24), ("identity_papers", 6))


def write(world: World) -> None:
    on_the_way = (
        sa.select(Candidate)
        .join(WorkConstraints, WorkConstraints.candidate_id == Candidate.id)
        .where(Candidate.worker_id.is_not(None), sa.not_(standings.ended(Candidate.id)))
        .order_by(Candidate.worker_id, Candidate.id)
    )
    for _worker, cases in groupby(db.session.scalars(on_the_way).all(), lambda one: one.worker_id):
        own = list(cases)
        for candidate, (kind, days) in zip(own, _ENDS_SOON, strict=False):
            _row(candidate, kind).valid_until = world.ahead(days)
        for candidate in own[2:3]:
            row = _row(candidate, "transport")
            row.light, row.owner, row.due = Light.RED, "", None
        for candidate in own[::3]:
            noted = db.session.scalars(
                sa.select(WorkConstraints).where(WorkConstraints.candidate_id == candidate.id)
            ).one()
            if noted.permission_needed:
                noted.answers = {**noted.answers, "days": ["tue", "thu"], "outside_hours": "office"}
    db.session.flush()
    preconditions.nightly(world.today)


def _row(candidate: Candidate, kind: str) -> Precondition:
    return db.session.scalars(
        sa.select(Precondition).where(Precondition.candidate_id == candidate.id, Precondition.kind == kind)
    ).one()
