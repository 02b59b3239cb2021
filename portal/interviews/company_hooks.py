"""What interviews do when something changes at the company: another place or client, a block, somebody who leaves."""

from typing import Any

from portal.employers import dormancy, successions
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.signals import colleague_left, state_changed, vacancy_moved, workplace_moves
from portal.interviews import company_duties
from portal.tasks import service as tasks

for _code, (_title, _why, _action) in company_duties.KINDS.items():
    tasks.kind(f"interviews.{_code}", title=_title, why=_why, action=_action)
dormancy.busy(company_duties.still_going)
successions.holds(company_duties.expected)


@vacancy_moved.connect
def _for_another_client(vacancy: Any) -> None:
    company_duties.moved(vacancy)


@workplace_moves.connect
def _nobody_expected_there(place: Any) -> None:
    company_duties.nobody_expected(place)


@colleague_left.connect
def _takes_over(employer: Any, *, person: Any, successor: Any) -> None:
    company_duties.handed_over(employer, person, successor)


@state_changed.connect
def _company_blocked(row: Any, *, old: Any, new: Any, **_more: Any) -> None:
    if isinstance(row, Employer) and new is EmployerState.BLOCKED:
        company_duties.blocked(row)
    elif isinstance(row, Employer) and old is EmployerState.BLOCKED:
        company_duties.unblocked(row)
