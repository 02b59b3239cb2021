"""What approaching companies listens to, and how its tasks read."""

from typing import Any

from portal.approaches import duties, leads
from portal.approaches.models import Approach
from portal.candidates import doors
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.signals import company_registered, kept_from_company, proposal_answered, state_changed
from portal.foundation.words import lazy
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks
from portal.trajectories.models import Trajectory, TrajectoryState

_ENDED = {InterestState.DECLINED, InterestState.LAPSED}
_NO_LONGER_SEEKS = {TrajectoryState.IN_AFTERCARE, TrajectoryState.COMPLETED, TrajectoryState.CLOSED}

for _code, (_title, _why, _action) in duties.KINDS.items():
    tasks.kind(f"approaches.{_code}", title=_title, why=_why, action=_action)
doors.leads_to("approaches.approaching", lazy("Calling"), for_sitters=False)


@company_registered.connect
def _called_before(employer: Employer, **_more: Any) -> None:
    leads.registered(employer)


@kept_from_company.connect
def _no_more_calls(row: Any) -> None:
    theirs = (Approach.candidate_id == row.candidate_id, Approach.employer_id == row.employer_id)
    duties.stop(*theirs, outcome="kept from")


@proposal_answered.connect
def _no_more_asking(interest: Interest) -> None:
    duties.stop(Approach.interest_id == interest.id, outcome="answered")


@state_changed.connect
def _calls_follow(subject: Any, *, new: Any, **_more: Any) -> None:
    """A vacancy that opens makes a warm company ready; a blocked one, and one for somebody who works, is called no more."""
    if isinstance(subject, Vacancy) and new == VacancyState.OPEN:
        duties.vacancy_opened(subject.employer_id)
    elif isinstance(subject, Employer) and new == EmployerState.BLOCKED:
        duties.stop(Approach.employer_id == subject.id, outcome="blocked")
    elif isinstance(subject, Interest) and new in _ENDED:
        duties.stop(Approach.interest_id == subject.id, outcome=str(new))
    elif isinstance(subject, Trajectory) and new in _NO_LONGER_SEEKS:
        duties.stop(Approach.candidate_id == subject.candidate_id, outcome=str(new))
