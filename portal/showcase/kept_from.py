"""Companies that must not see somebody: a past employer could know the person by the work, or the person wants it so.

It acts at the next request, as a withdrawn consent does; letting a company see the person again waits for a batch.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.candidates.handles import Handle
from portal.employers.models import Employer, Vacancy
from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.signals import kept_from_company
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations.models import Organisation
from portal.showcase import interests, mediation, questions
from portal.showcase.models import Interest, KeptFrom, Listing, Profile
from portal.showcase.states import InterestState


class InterviewComes(DomainError):
    sentence = lazy("An interview with this company is planned. Cancel it first, or let it go on.")
    field = "company"
    status = 409


class AlreadyKept(DomainError):
    sentence = lazy("This company is on the list already.")
    field = "company"
    status = 409


def kept_from(candidate_id: int) -> Sequence[KeptFrom]:
    """The companies that must not see somebody."""
    return db.session.scalars(
        sa.select(KeptFrom)
        .options(joinedload(KeptFrom.employer).joinedload(Employer.organisation))
        .where(KeptFrom.candidate_id == candidate_id)
        .order_by(KeptFrom.id)
    ).all()


def companies(programme_id: int) -> list[tuple[str, str]]:
    """The companies of a programme by name, as a field's choices."""
    rows = db.session.execute(
        sa.select(Employer.key, Organisation.name)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Employer.programme_id == programme_id)
        .order_by(Organisation.name, Employer.id)
    )
    return [(key, name) for key, name in rows]


def keep_from(case: Handle, employer_key: str, reason: str) -> KeptFrom:
    """This company no longer sees this person: no card, no opened profile, from the next request on."""
    employer = db.session.scalar(
        sa.select(Employer).where(Employer.key == employer_key, Employer.programme_id == case.programme_id)
    )
    if employer is None:
        raise NotFound()
    if db.session.scalar(_pair(case.id, employer.id)) is not None:
        raise AlreadyKept()
    _leave(case, employer)
    row = KeptFrom(candidate_id=case.id, employer_id=employer.id, reason=reason, by_id=acting.person_id())
    db.session.add(row)
    journal.note("person.kept_from", row, about=case.id, employer=employer.id, why=reason)
    mediation.after_leaving(case.id)
    kept_from_company.send(row)
    return row


def _pair(candidate_id: int, employer_id: int) -> sa.Select[Any]:
    return sa.select(KeptFrom).where(KeptFrom.candidate_id == candidate_id, KeptFrom.employer_id == employer_id)


def _leave(case: Handle, employer: Employer) -> None:
    """Take the person out of this company's lists, and end what was asked and is not yet an interview."""
    going = sa.select(Interest.id).where(
        Interest.candidate_id == case.id, Interest.employer_id == employer.id, Interest.state == InterestState.INTERVIEW
    )
    if db.session.scalar(going) is not None:
        raise InterviewComes()
    theirs = sa.select(Vacancy.id).where(Vacancy.employer_id == employer.id)
    profile = sa.select(Profile.id).where(Profile.candidate_id == case.id)
    db.session.execute(
        sa.update(Listing)
        .where(Listing.vacancy_id.in_(theirs), Listing.profile_id.in_(profile))
        .values(shown=False)
        .execution_options(synchronize_session=False)
    )
    interests.lapse_open(case.id, employer_id=employer.id)
    questions.end_open(case.id, employer_id=employer.id, why="kept from")


def let_see(case: Handle, employer_key: str) -> None:
    """The company may see the person again, from the next batch on."""
    employer = sa.select(Employer.id).where(Employer.key == employer_key).scalar_subquery()
    row = db.session.scalar(
        sa.select(KeptFrom).where(KeptFrom.employer_id == employer, KeptFrom.candidate_id == case.id)
    )
    if row is None:
        raise NotFound()
    journal.note("person.no_longer_kept_from", row, about=case.id, employer=row.employer_id)
    db.session.delete(row)
