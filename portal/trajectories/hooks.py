"""What moves a way along in rooms above this one, and how the dossier learns where somebody stands."""

from typing import Any

from portal.candidates import standings
from portal.foundation.signals import interview_held, plan_agreed, referral_accepted, screening_done
from portal.trajectories import service, standing

standings.told_by(words=standing.words, way=standing.way)


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
