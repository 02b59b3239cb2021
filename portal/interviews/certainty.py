"""What must hold before an interview is certain, asked anew each time: somebody goes along, everybody's time, the permission."""

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.agenda import holds
from portal.agenda.models import Absence, Hold
from portal.foundation.database import db
from portal.interviews import clients
from portal.interviews.models import Interview, Permission
from portal.interviews.rules import NobodyToAccompany, NoContact, PermissionMissing, TimeNotHeld, TooLate
from portal.interviews.states import PermissionState

_P = PermissionState


def ready_to_confirm(interview: Interview) -> None:
    """Every condition of a confirmed interview, asked anew."""
    if interview.begun:
        raise TooLate()
    if (
        interview.companion is None
        or interview.companion_hold is None
        or not _goes_along(interview, interview.companion)
    ):
        raise NobodyToAccompany()
    if interview.contact.deactivated_at is not None:
        raise NoContact()
    clients.must_be_agreed(interview)
    if _away(interview.contact_id, interview):
        raise TimeNotHeld()
    held = {hold.party: hold for hold in holds.of(interview)}
    wanted = {
        holds.person(interview.companion.id), holds.person(interview.contact_id),
        holds.candidate(interview.candidate_id),
    }  # fmt: skip
    if not wanted <= set(held) or any(held[party].starts_at != interview.starts_at for party in wanted):
        raise TimeNotHeld()
    if not covered(interview.permission, held[holds.candidate(interview.candidate_id)]):
        raise PermissionMissing()


def covered(permission: Permission, hold: Hold) -> bool:
    """Whether somebody may be away for the way there, the interview and the way back."""
    if permission.state is _P.NOT_NEEDED:
        return True
    if permission.state is not _P.GRANTED or permission.covers_from is None or permission.covers_until is None:
        return False
    return permission.covers_from <= hold.blocked_from and hold.blocked_until <= permission.covers_until


def _goes_along(interview: Interview, person: Person) -> bool:
    """A worker of this programme, who is not away then."""
    works = interview.vacancy.employer.programme_id in accounts.works_in(person.id)
    return works and person.deactivated_at is None and not _away(person.id, interview)


def _away(person_id: int, interview: Interview) -> bool:
    """Whether somebody's absence, which may be entered after the time was held, touches it."""
    touches = sa.and_(Absence.starts_at < interview.ends_at, Absence.ends_at > interview.starts_at)
    return db.session.scalar(sa.select(Absence.id).where(Absence.person_id == person_id, touches).limit(1)) is not None


def stays(person_id: int) -> None:
    """Until the commit nobody closes the account of who goes along: a worker who leaves then finds this interview.

    Raises NobodyToAccompany when the account is closed already.
    """
    here = sa.select(Person.id).where(Person.id == person_id, Person.deactivated_at.is_(None))
    if db.session.scalar(here.with_for_update(read=True)) is None:
        raise NobodyToAccompany()
