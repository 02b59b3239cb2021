"""A company that was written down by hand signs up: what was heard there before is its history."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.approaches import duties
from portal.approaches.models import Approach, ApproachCall
from portal.candidates.handles import handle
from portal.employers import leads
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.organisations.models import Organisation
from portal.showcase.models import KeptFrom
from portal.tasks import service as tasks


def candidates(employer: Employer, same: Sequence[Employer]) -> list[Employer]:
    """Which of the companies with the same name may be put together with this one: a lead goes into one that is more."""
    return [] if employer.state is EmployerState.LEAD else [one for one in same if one.state is EmployerState.LEAD]


def registered(employer: Employer) -> None:
    """Somebody looks whether a company that signed up is one that was called before."""
    name = db.session.get_one(Organisation, employer.organisation_id).name
    if candidates(employer, leads.named_like(employer.programme_id, name, other_than=employer.id)):
        duties.looks_like(employer, name, employer.worker_id)


def put_together(lead: Employer, into: Employer) -> None:
    """By somebody's press. Raises NotTheSame for a company that signed up itself, or of another programme."""
    leads.must_be_lead(lead)
    if into.id == lead.id or into.state is EmployerState.LEAD or into.programme_id != lead.programme_id:
        raise leads.NotTheSame()
    moved = {"synchronize_session": False}
    there = {one.candidate_id: one for one in _approaches(into)}
    for one in _approaches(lead):
        duties.over(one, "put together")
        if one.candidate_id in there:
            _join(one, there[one.candidate_id])
        else:
            _move(one, into)
    db.session.flush()
    calls = sa.update(ApproachCall).where(ApproachCall.employer_id == lead.id).values(employer_id=into.id)
    db.session.execute(calls, execution_options=moved)
    _keep_from(lead, into)
    tasks.close("approaches.same_company", into)
    leads.leave(lead, into)


def _approaches(employer: Employer) -> Sequence[Approach]:
    return db.session.scalars(sa.select(Approach).where(Approach.employer_id == employer.id)).all()


def _move(one: Approach, into: Employer) -> None:
    """What was agreed stands; its task leads to the company as it is known now."""
    one.employer_id, one.employer = into.id, into
    duties.called(one, handle(one.candidate_id))


def _join(old: Approach, into: Approach) -> None:
    """Two approaches of one company for one person: the calls of both, and where the known company stands."""
    calls = sa.update(ApproachCall).where(ApproachCall.approach_id == old.id).values(approach_id=into.id)
    db.session.execute(calls, execution_options={"synchronize_session": False})
    days = [day for day in (old.called_on, into.called_on) if day is not None]
    into.called_on = min(days) if days else None
    db.session.delete(old)


def _keep_from(lead: Employer, into: Employer) -> None:
    """Whoever must not be seen by the one must not be seen by the other."""
    known = sa.select(KeptFrom.candidate_id).where(KeptFrom.employer_id == into.id)
    mine = KeptFrom.employer_id == lead.id
    moved = {"synchronize_session": False}
    db.session.execute(sa.delete(KeptFrom).where(mine, KeptFrom.candidate_id.in_(known)), execution_options=moved)
    db.session.execute(sa.update(KeptFrom).where(mine).values(employer_id=into.id), execution_options=moved)
