"""An accepted offer becomes a start to prepare, in the transaction of the answer itself."""

from typing import Any

import sqlalchemy as sa

from portal.employers import dormancy, successions
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import case_given, colleague_left, offer_accepted
from portal.foundation.words import lazy
from portal.placements import running, service
from portal.placements.models import Placement, PlacementState
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


_OVER = (PlacementState.FELL_THROUGH, PlacementState.ENDED, PlacementState.SUSTAINED_26)


def _still_there() -> sa.Select[Any]:
    """The companies where somebody is about to start, or works: nobody calls those silent."""
    return sa.select(Placement.employer_id).where(Placement.state.not_in(_OVER))


dormancy.busy(_still_there)


@colleague_left.connect
def _another_contact(employer: Any, *, person: Any, successor: Any) -> None:
    """Somebody left the company's team: a colleague is the contact of its placements from now on."""
    held = sa.update(Placement).where(Placement.employer_id == employer.id, Placement.contact_id == person.id)
    db.session.execute(held.values(contact_id=successor.id))


@successions.holds
def _contacts(employer_id: int) -> sa.Select[int]:
    over = (PlacementState.FELL_THROUGH, PlacementState.ENDED)
    return sa.select(Placement.contact_id).where(Placement.employer_id == employer_id, Placement.state.not_in(over))


@case_given.connect
def _follow(candidate: Any, *, new: int, **_more: Any) -> None:
    """The start and what follows it belong to whoever has the case."""
    db.session.execute(sa.update(Placement).where(Placement.candidate_id == candidate.id).values(worker_id=new))
