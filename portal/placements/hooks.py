"""An accepted offer becomes a start to prepare, in the transaction of the answer itself."""

from typing import Any

import sqlalchemy as sa

from portal.foundation.database import db
from portal.foundation.signals import case_given, offer_accepted
from portal.foundation.words import lazy
from portal.placements import service
from portal.placements.models import Placement
from portal.tasks import service as tasks

tasks.kind(
    "placements.prepare",
    title=lazy("Prepare the start at %(company)s"),
    why=lazy("The offer for %(job)s was accepted."),
    action=lazy("Prepare the start"),
)


@offer_accepted.connect
def _prepare(interview: Any) -> None:
    service.prepare(interview)


@case_given.connect
def _follow(candidate: Any, *, new: int, **_more: Any) -> None:
    """The start and what follows it belong to whoever has the case."""
    db.session.execute(sa.update(Placement).where(Placement.candidate_id == candidate.id).values(worker_id=new))
