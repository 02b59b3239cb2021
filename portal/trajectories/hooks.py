"""What moves a way along in rooms above this one, and how the dossier learns where somebody stands."""

from typing import Any

from portal.candidates import standings
from portal.foundation.errors import Conflict
from portal.foundation.signals import interview_held, place_left, plan_agreed, referral_accepted, screening_done
from portal.foundation.words import lazy
from portal.trajectories import queries, service, standing

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


class CasesAreThere(Conflict):
    sentence = lazy(
        "People of your programme are still guided here. Let their way end first, or write down where they are met now."
    )


@place_left.connect
def _nobody_is_guided_there(place: Any) -> None:
    """A programme stops at a place only when nobody who is met there is on the way."""
    if queries.anybody_met_at(place.site_id, place.programme_id):
        raise CasesAreThere()
