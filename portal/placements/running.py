"""What may change once somebody works: the first day was recorded wrongly, a paper is renewed, a contract is made longer."""

from datetime import date, timedelta

from portal.agenda.windows import workdays_after
from portal.candidates.handles import right_to_work_until
from portal.foundation import clock
from portal.foundation.errors import DomainError
from portal.foundation.signals import start_corrected
from portal.foundation.words import date_medium, lazy, speaking
from portal.journal import service as journal
from portal.placements import queries, service
from portal.placements.answers import PapersAnswer
from portal.placements.models import Placement, PlacementState
from portal.tasks import service as tasks

RENEW_AHEAD = timedelta(days=60)
RENEW_WITHIN = 2


class NotCorrectable(DomainError):
    sentence = lazy(
        "Before a start is recorded its first day stands on the start form; one that fell through has none."
    )
    status = 409


class NotAfterTheEnd(DomainError):
    sentence = lazy("The job ended before that day. Give a first day on or before the last one.")
    field = "starts_on"


class Completed(DomainError):
    sentence = lazy(
        "With that first day the 26 weeks would not be over, and they were completed. Ask your coordinator."
    )
    field = "starts_on"


class TheSameDay(DomainError):
    sentence = lazy("This is the day that is recorded already.")
    field = "starts_on"


def may_correct(placement: Placement) -> bool:
    return placement.running or placement.state == PlacementState.ENDED


def correct_start(placement: Placement, day: date, reason: str) -> None:
    """Another first day than the one recorded, with a reason; the plan moves along, and so do the figures.

    Raises NotCorrectable, TheSameDay, TooEarly, NotAfterTheEnd or Completed.
    """
    if not may_correct(placement):
        raise NotCorrectable()
    if day == placement.starts_on:
        raise TheSameDay()
    if day > clock.today() + service.AHEAD:
        raise service.TooEarly()
    if placement.ended_on is not None and day > placement.ended_on:
        raise NotAfterTheEnd()
    if placement.state == PlacementState.SUSTAINED_26 and clock.today() < day + service.WEEKS_26:
        raise Completed()
    if placement.contract_ends_on is not None and placement.contract_ends_on <= day:
        raise service.EndsBeforeStart(field="starts_on")
    old, placement.starts_on = placement.starts_on, day
    journal.note("placement.start_corrected", placement, old=old.isoformat(), new=day.isoformat(), reason=reason)
    _take_back_what_the_days_do_not_earn(placement, reason)
    start_corrected.send(placement, old=old)


def _take_back_what_the_days_do_not_earn(placement: Placement, reason: str) -> None:
    """A later first day takes a step back that was reached too early; the nightly run takes the steps forward."""
    back = (
        (PlacementState.SUSTAINED_13, PlacementState.ONGOING, 91),
        (PlacementState.ONGOING, PlacementState.STARTED, 7),
    )
    for state, before, days in back:
        if placement.state == state and clock.today() < placement.starts_on + timedelta(days=days):
            placement.move_to(before, reason)


def renew(placement: Placement, answer: PapersAnswer) -> None:
    """Papers as they stand now. Raises EndsBeforeStart."""
    if answer.contract_ends_on is not None and answer.contract_ends_on <= placement.starts_on:
        raise service.EndsBeforeStart()
    placement.right_to_work_until = answer.right_to_work_until
    placement.contract_ends_on = answer.contract_ends_on
    placement.schedule_approved_on = answer.schedule_approved_on
    journal.note("placement.papers", placement)
    if not _ends_soon(placement, clock.today()):
        tasks.close("placements.right_to_work", placement, outcome="renewed")


def _ends_soon(placement: Placement, today: date) -> bool:
    return placement.right_to_work_until is not None and placement.right_to_work_until <= today + RENEW_AHEAD


def watch_papers(today: date | None = None) -> None:
    """A right to work that ends while somebody works: taken over from the case where it was renewed there, else a task."""
    day = today or clock.today()
    for placement in queries.papers_ending(day + RENEW_AHEAD):
        noted = right_to_work_until(placement.candidate_id)
        if noted is not None and noted > (placement.right_to_work_until or noted):
            placement.right_to_work_until = noted
            journal.note("placement.papers", placement, source="case")
        if not _ends_soon(placement, day):
            tasks.close("placements.right_to_work", placement, outcome="renewed")
            continue
        with speaking(placement.worker.language):
            until = date_medium(placement.right_to_work_until or day)
        tasks.open_task(
            "placements.right_to_work", placement, owner_id=placement.worker_id, about=placement.candidate_id,
            due=workdays_after(day, RENEW_WITHIN), at=("placements.papers", {"key": placement.key}),
            company=placement.employer.organisation.name, day=until,
        )  # fmt: skip
