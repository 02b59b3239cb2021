"""What moves a way along in rooms above this one, and how the dossier learns where somebody stands."""

from typing import Any

from portal.candidates import standings
from portal.foundation.errors import Conflict
from portal.foundation.signals import (
    interview_held,
    place_left,
    plan_agreed,
    referral_accepted,
    screening_done,
    state_changed,
)
from portal.foundation.words import lazy
from portal.tasks import service as tasks
from portal.trajectories import duties, queries, reviews, service, standing, waits
from portal.trajectories.models import Trajectory, TrajectoryState

__all__ = ["duties"]

standings.told_by(words=standing.words, way=standing.way, ended=queries.ended)


@referral_accepted.connect
def _begin(candidate: Any) -> None:
    service.begin(candidate)


@screening_done.connect
def _screened(screening: Any) -> None:
    service.screened(screening.candidate_id, screening.done_on)


@plan_agreed.connect
def _counts(plan: Any) -> None:
    service.plan_agreed(plan.candidate_id)


@interview_held.connect
def _interviewed(interview: Any) -> None:
    service.reach(interview.candidate_id, "interviews")


@state_changed.connect
def _waits_for_a_permission(subject: Any, *, new: str, **_more: Any) -> None:
    """A permission that was asked pauses the milestone that needs it, until it is answered or no longer needed."""
    if subject.__tablename__ == "permission":
        what = f"interview:{subject.interview_id}"
        if new == "requested":
            if queries.latest(subject.candidate_id) is not None:
                service.reach(subject.candidate_id, "leave_planned")
            waits.begin(subject.candidate_id, what)
        else:
            waits.end(subject.candidate_id, what)
    elif subject.__tablename__ == "interview" and new == "cancelled":
        waits.end(subject.candidate_id, f"interview:{subject.id}")


@state_changed.connect
def _nothing_to_look_back_on(subject: Any, *, new: str, **_more: Any) -> None:
    if isinstance(subject, Trajectory) and new in queries.ENDED:
        tasks.close(reviews.TASK, subject, "closed")


@state_changed.connect
def _searches_again(subject: Any, *, new: str, **_more: Any) -> None:
    """After a start that did not hold, the board and the look back have this person again."""
    if isinstance(subject, Trajectory) and new == TrajectoryState.SEARCHING:
        reviews.look_back_again(subject)


class CasesAreThere(Conflict):
    sentence = lazy(
        "People of your programme are still guided here. Let their way end first, or write down where they are met now."
    )


@place_left.connect
def _nobody_is_guided_there(place: Any) -> None:
    """A programme stops at a place only when nobody who is met there is on the way."""
    if queries.anybody_met_at(place.site_id, place.programme_id):
        raise CasesAreThere()
