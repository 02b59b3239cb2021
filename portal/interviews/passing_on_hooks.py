"""The question when a company would like to meet is the colleague's once its letter was passed on."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.employers import passing_on
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.foundation.signals import letter_passed_on
from portal.interviews.models import Proposal
from portal.interviews.states import ProposalState
from portal.journal import service as journal
from portal.showcase.models import Interest
from portal.tasks import service as tasks

passing_on.belongs(
    Proposal.__tablename__,
    lambda number: (
        sa.select(Interest.employer_id).join(Proposal, Proposal.interest_id == Interest.id).where(Proposal.id == number)
    ),
)


@letter_passed_on.connect
def _colleague_answers(employer: Employer, *, old: Person, new: Person, about: tuple[str, int], **_more: Any) -> None:
    """Only what still waits for this very company. Before a moment is held, the colleague is who will meet the person."""
    kind, number = about
    row = db.session.get(Proposal, number) if kind == Proposal.__tablename__ else None
    if row is None or row.state is not ProposalState.ASKED or row.contact_id != old.id:
        return
    interest = db.session.get_one(Interest, row.interest_id)
    if interest.employer_id != employer.id:
        return
    row.contact_id = new.id
    if row.interview_id is None:
        interest.contact_id = new.id
    tasks.give(row, old_owner=old.id, new_owner=new.id)
    journal.note("proposal.passed_on", row, about=row.candidate_id, contact=new.id)
