"""Which tasks an approach opens and closes. Their words name the company and the code that it hears, never a person."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after
from portal.approaches.models import Approach
from portal.approaches.states import ApproachState
from portal.candidates.handles import Handle, handles
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import label
from portal.foundation.words import lazy
from portal.tasks import service as tasks

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "call_company": (
        lazy("Call %(company)s"),
        lazy("For somebody of yours, %(profile)s. The page tells what you may say."),
        lazy("Call and note the answer"),
    ),
    "next_step": (
        lazy("%(company)s: %(step)s"),
        lazy("Agreed in a call for somebody of yours, %(profile)s."),
        lazy("Look what was said"),
    ),
    "propose_now": (
        lazy("%(company)s opened a vacancy"),
        lazy("It was interested in somebody of yours, %(profile)s. Propose the person now."),
        lazy("Look and propose"),
    ),
    "same_company": (
        lazy("Is %(company)s the company that was called?"),
        lazy("It signed up, and a company with the same name was written down before."),
        lazy("Look and put them together"),
    ),
}  # fmt: skip
_WAITING = ("call_company", "next_step", "propose_now")


def planned(approach: Approach, case: Handle) -> None:
    over(approach)
    _open("call_company", approach, case, approach.next_on or clock.today())


def called(approach: Approach, case: Handle) -> None:
    over(approach)
    if approach.next_on is not None:
        step = label("approaches", "steps", approach.next_step)
        _open("next_step", approach, case, approach.next_on, step=step[:1].lower() + step[1:])


def over(approach: Approach, outcome: str = "done") -> None:
    for kind in _WAITING:
        tasks.close(f"approaches.{kind}", approach, outcome)


def _open(kind: str, approach: Approach, case: Handle, due: date, **words: Any) -> None:
    tasks.open_task(
        f"approaches.{kind}", approach, due=due, at=("approaches.approach", {"key": case.key, "company": approach.employer.key}),
        owner_id=case.worker_id, role=None if case.worker_id else Role.COORDINATOR, programme_id=case.programme_id,
        about=case.id, company=approach.employer.organisation.name, profile=approach.code, **words,
    )  # fmt: skip


def vacancy_opened(employer_id: int) -> None:
    """Whoever was interested and had nothing open: now the person can be proposed."""
    warm = _of(
        Approach.employer_id == employer_id, Approach.state == ApproachState.INTERESTED, Approach.interest_id.is_(None)
    )
    cases = handles([one.candidate_id for one in warm])
    for approach in warm:
        over(approach)
        _open("propose_now", approach, cases[approach.candidate_id], workdays_after(clock.today(), 1))


def stop(*where: sa.ColumnElement[bool], outcome: str) -> None:
    """What was planned with a company stops: it must not see the person, or it is blocked."""
    for approach in _of(*where):
        approach.next_step, approach.next_on = "", None
        over(approach, outcome)


def _of(*where: sa.ColumnElement[bool]) -> list[Approach]:
    company = joinedload(Approach.employer).joinedload(Employer.organisation)
    return list(db.session.scalars(sa.select(Approach).options(company).where(*where)))


def looks_like(employer: Employer, name: str, worker_id: int | None) -> None:
    """A company signed up under the name of a lead: somebody says whether they are one."""
    tasks.open_task(
        "approaches.same_company", employer, due=workdays_after(clock.today(), 2),
        at=("approaches.company_calls", {"key": employer.key}), owner_id=worker_id,
        role=None if worker_id else Role.PROJECT_WORKER, programme_id=employer.programme_id, company=name,
    )  # fmt: skip
