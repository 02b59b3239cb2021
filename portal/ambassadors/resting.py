"""Pausing until a day, coming back, and leaving with grace: who goes says what becomes of the letters that still wait."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import administration
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.ambassadors import fairs, invitations
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, InvitationState, Level
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks

# What rests along: nobody is asked for anything until the pause is over.
RESTING = ("ambassadors.first_peer", "ambassadors.confirm_peer")


SPEAKS = (AmbassadorState.APPROVED, AmbassadorState.ACTIVE, AmbassadorState.PAUSED)


def pause(ambassador: Ambassador, until: date) -> None:
    """No invitations, no reminders and no questions until a day; the letters that were sent may still be answered."""
    ambassador.move_to(AmbassadorState.PAUSED, f"until {until.isoformat()}")
    ambassador.paused_until = until
    for kind in RESTING:
        tasks.close(kind, ambassador, outcome="paused")


def come_back(ambassador: Ambassador) -> None:
    ambassador.move_to(AmbassadorState.ACTIVE, "back from a pause")
    ambassador.paused_until = None


def leave(ambassador: Ambassador, *, withdraw_sent: bool, because: str = "") -> None:
    """The company is an ambassador no longer. Its peers stay; what is public goes at once; its links close.

    Letters that wait for an answer are withdrawn, or may still be answered: as the company chose.
    """
    ambassador.move_to(AmbassadorState.ENDED, because)
    ambassador.named_publicly, ambassador.quote, ambassador.paused_until = False, "", None
    ambassador.level, ambassador.confirmed_on, ambassador.confirmed_by = Level.ENGAGED, None, None
    _drop_drafts(ambassador)
    for invitation in _waiting(ambassador) if withdraw_sent else ():
        invitations.withdraw(invitation, "the ambassador left")
    fairs.close_all(ambassador)
    tasks.close(None, ambassador, outcome="left")
    for seat in _seats(ambassador):
        administration.end_seat(seat)
    person = ambassador.person
    values = {"first_name": person.first_name, "company": ambassador.employer.organisation.name}
    values["link"] = outbox.address_of("ambassadors.index")
    outbox.leave("ambassadors/left", to=accounts.recipient(person), values=values, about=ambassador)


def hand_over(employer: Employer, person: Person, successor: Person) -> None:
    """Somebody left the company's team: the role ends with it, and who takes over speaks for the company from now on.

    Names that may stand in public are a person's own choice, so the successor chooses anew; so are the codes for fairs.
    """
    found = db.session.scalar(
        sa.select(Ambassador)
        .options(joinedload(Ambassador.employer))
        .where(Ambassador.employer_id == employer.id, Ambassador.person_id == person.id)
    )
    if found is None:
        return
    had = [seat for seat in _seats(found) if seat.person_id == person.id]
    for seat in had:
        administration.end_seat(seat)
    found.person_id, found.named_publicly = successor.id, False
    fairs.close_all(found)
    if found.state in SPEAKS:
        accounts.seat(successor, Role.AMBASSADOR, organisation_id=employer.organisation_id)
    tasks.give(found, old_owner=person.id, new_owner=successor.id)
    journal.note("ambassador.handed_over", found, before=person.id, now=successor.id)


def spoken_by(employer_id: int) -> sa.Select[int]:
    """Who speaks for a company as its ambassador, or asked to."""
    standing = Ambassador.state.not_in((AmbassadorState.ENDED, AmbassadorState.REJECTED))
    return sa.select(Ambassador.person_id).where(Ambassador.employer_id == employer_id, standing)


def out_of_sight(person: Person, organisation_id: int) -> None:
    """An administrator took the seat of who speaks for a company: until somebody takes over, no name in public and no code
    for a fair greets in that name."""
    found = db.session.scalar(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .where(Employer.organisation_id == organisation_id, Ambassador.person_id == person.id)
    )
    if found is not None:
        found.named_publicly = False
        fairs.close_all(found)


def _drop_drafts(ambassador: Ambassador) -> None:
    db.session.execute(
        sa.delete(Invitation).where(
            Invitation.ambassador_id == ambassador.id, Invitation.state == InvitationState.DRAFT
        )
    )


def _waiting(ambassador: Ambassador) -> Sequence[Invitation]:
    return db.session.scalars(
        sa.select(Invitation).where(Invitation.ambassador_id == ambassador.id, Invitation.state == InvitationState.SENT)
    ).all()


def waiting(ambassador: Ambassador) -> int:
    """How many letters still wait for an answer."""
    return len(_waiting(ambassador))


def _seats(ambassador: Ambassador) -> Sequence[Membership]:
    return db.session.scalars(
        sa.select(Membership)
        .options(joinedload(Membership.person))
        .where(Membership.organisation_id == ambassador.employer.organisation_id, Membership.role == Role.AMBASSADOR)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= clock.today()))
    ).all()


def end_pauses(today: date | None = None) -> None:
    """Nightly: a pause that is over ends by itself, and the ambassador reads so."""
    day = today or clock.today()
    over = db.session.scalars(
        sa.select(Ambassador)
        .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
        .where(Ambassador.state == AmbassadorState.PAUSED, Ambassador.paused_until <= day)
    ).all()
    for ambassador in over:
        come_back(ambassador)
        journal.note("ambassador.pause_over", ambassador)
        values = {"first_name": ambassador.person.first_name, "company": ambassador.employer.organisation.name}
        values["link"] = outbox.address_of("ambassadors.index")
        outbox.leave("ambassadors/back", to=accounts.recipient(ambassador.person), values=values, about=ambassador)
