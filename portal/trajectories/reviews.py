"""Looking back together in week 12: started, extended until a day, referred back, or closed (product.md)."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import way_reviewed
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.tasks import service as tasks
from portal.trajectories import queries, service
from portal.trajectories.models import Outcome, Review, Trajectory, TrajectoryState

TASK = "trajectories.review"
SEARCHES = timedelta(weeks=4)
_AT_WORK = (TrajectoryState.STARTING, TrajectoryState.IN_AFTERCARE)


class NoStartYet(DomainError):
    sentence = lazy(
        "No start is prepared yet, so this way cannot be looked back on as started. Prepare the start first."
    )
    field = "outcome"


class UntilWhen(DomainError):
    sentence = lazy("Say until which day it goes on: a day that is still to come.")
    field = "until"


class WhyClosed(DomainError):
    sentence = lazy("Say why it ends.")
    field = "because"


@dataclass(frozen=True)
class ReviewAnswer:
    outcome: str
    until: date | None
    because: str
    words: str


def review(way: Trajectory, answer: ReviewAnswer) -> Review:
    """Write down how it was looked back on, and do what follows from it. Raises NoStartYet, UntilWhen or WhyClosed."""
    if way.state in queries.ENDED:
        raise WrongState()
    outcome = Outcome(answer.outcome)
    _check(way, outcome, answer)
    row = Review(
        trajectory_id=way.id, candidate_id=way.candidate_id, outcome=outcome, reviewed_on=clock.today(),
        extended_until=answer.until if outcome is Outcome.EXTENDED else None,
        because=answer.because if outcome is Outcome.CLOSED else "", words=answer.words or None, reviewed_by=acting.person_id(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    journal.note("trajectory.reviewed", row, outcome=outcome.value)
    tasks.close(TASK, way)
    _follow(way, row)
    way_reviewed.send(row)
    return row


def look_back_again(way: Trajectory) -> None:
    """It was looked back on as started, and the start did not hold: it is asked once more, after some weeks of searching."""
    last = db.session.scalar(
        sa.select(Review).where(Review.trajectory_id == way.id).order_by(Review.id.desc()).limit(1)
    )
    found = queries.milestone(way.id, "review")
    if found is None or found.done_on is None or last is None or last.outcome is not Outcome.STARTED:
        return
    found.done_on, found.agreed_until = None, max(found.due_until, clock.today() + SEARCHES)
    journal.note("trajectory.review_reopened", found, about=way.candidate_id)


def _check(way: Trajectory, outcome: Outcome, answer: ReviewAnswer) -> None:
    if outcome is Outcome.STARTED and way.state not in _AT_WORK:
        raise NoStartYet()
    if outcome is Outcome.EXTENDED and (answer.until is None or answer.until <= clock.today()):
        raise UntilWhen()
    if outcome is Outcome.CLOSED and not answer.because:
        raise WhyClosed()


def _follow(way: Trajectory, row: Review) -> None:
    """Extending moves the next look back; every other outcome is the last one."""
    if row.outcome is Outcome.EXTENDED:
        found = queries.milestone(way.id, "review")
        if found is not None:
            found.done_on, found.agreed_until = None, row.extended_until
        return
    service.reach(way.candidate_id, "review")
    if row.outcome is Outcome.REFERRED_BACK:
        service.close(way, "referred_back")
    elif row.outcome is Outcome.CLOSED:
        service.close(way, row.because)
