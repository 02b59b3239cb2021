"""A proposal whose letter was passed on is the colleague's from then on."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.employers import passing_on
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.foundation.signals import letter_passed_on
from portal.journal import service as journal
from portal.showcase.models import Interest
from portal.tasks import service as tasks

passing_on.belongs(Interest.__tablename__, lambda number: sa.select(Interest.employer_id).where(Interest.id == number))


@letter_passed_on.connect
def _colleague_answers(employer: Employer, *, old: Person, new: Person, about: tuple[str, int], **_more: Any) -> None:
    """Only what still waits for this very company, and for whom the letter went to."""
    kind, number = about
    interest = db.session.get(Interest, number) if kind == Interest.__tablename__ else None
    if interest is None or (interest.employer_id, interest.contact_id) != (employer.id, old.id):
        return
    if interest.asks_employer:
        interest.contact_id = new.id
        tasks.give(interest, old_owner=old.id, new_owner=new.id)
        journal.note("interest.passed_on", interest, about=interest.candidate_id, contact=new.id)
