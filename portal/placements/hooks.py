"""An accepted offer becomes a start to prepare, in the transaction of the answer itself."""

from typing import Any

import sqlalchemy as sa

from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import case_given, offer_accepted
from portal.foundation.words import lazy
from portal.placements import running, service
from portal.placements.models import Placement
from portal.tasks import service as tasks

tasks.kind(
    "placements.prepare",
    title=lazy("Prepare the start at %(company)s"),
    why=lazy("The offer for %(job)s was accepted."),
    action=lazy("Prepare the start"),
)

tasks.kind(
    "placements.call_employer",
    title=lazy("Call %(company)s: the start did not hold"),
    why=lazy("%(job)s. Ask what happened, and whether they want to meet somebody else."),
    action=lazy("Call and note"),
)
tasks.kind(
    "placements.another",
    title=lazy("Somebody else for %(company)s"),
    why=lazy("The start for %(job)s failed, and the company wants to go on."),
    action=lazy("Look who fits"),
)
tasks.kind(
    "placements.right_to_work",
    title=lazy("At %(company)s: the right to work ends on %(day)s"),
    why=lazy("Ask for the renewal in time, and note the new date. Without it the work stops."),
    action=lazy("Note the new date"),
)


def _watch_papers() -> None:
    running.watch_papers()
    db.session.commit()


jobs.each_night["placements.papers"] = _watch_papers


@offer_accepted.connect
def _prepare(interview: Any) -> None:
    service.prepare(interview)


@case_given.connect
def _follow(candidate: Any, *, new: int, **_more: Any) -> None:
    """The start and what follows it belong to whoever has the case."""
    db.session.execute(sa.update(Placement).where(Placement.candidate_id == candidate.id).values(worker_id=new))
