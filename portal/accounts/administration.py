"""What an administrator does with accounts: invite staff and partners, end a seat, close an account. Never a dossier."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import queries, service
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import contact_left, seat_ended, worker_left
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme


class HasThisSeat(DomainError):
    sentence = lazy("This person has that role there already.")
    field = "role"


class NobodyLeft(DomainError):
    """Without an administrator nobody could ever invite one."""

    sentence = lazy("You are the last administrator. Invite another one first.")
    status = 409


def invite(
    *, email: str, first_name: str, last_name: str, language: str, role: Role, programme: Programme | None
) -> Person:
    """Invite somebody by letter. Raises HasThisSeat."""
    known = queries.by_email(email)
    place = programme.id if programme is not None else None
    if known is not None and any(
        seat.role is role and seat.programme_id == place for seat in queries.current_memberships(known.id)
    ):
        raise HasThisSeat()
    return service.invite(
        email=email, first_name=first_name, last_name=last_name, language=language, role=role, programme_id=place
    )


def end_seat(membership: Membership) -> None:
    """A seat ends from the next request on; one that began today never was. Raises NobodyLeft."""
    person = db.session.get_one(Person, membership.person_id)
    _keep_an_administrator(person, membership)
    yesterday = clock.today() - timedelta(days=1)
    if membership.since > yesterday:
        db.session.delete(membership)
    else:
        membership.until = yesterday
    journal.note("membership.ended", person, role=membership.role.value)
    db.session.flush()
    left = queries.current_memberships(person.id)
    if membership.role in STAFF and not any(one.role in STAFF for one in left):
        worker_left.send(person)
    elif membership.role in STAFF:
        seat_ended.send(person)


def take_seat_away(membership: Membership) -> None:
    """An administrator ends a seat. What a company's contact held is asked about: nobody was chosen. Raises NobodyLeft."""
    person, organisation_id = db.session.get_one(Person, membership.person_id), membership.organisation_id
    end_seat(membership)
    if membership.role in EMPLOYERS and organisation_id is not None:
        contact_left.send(person, organisation_id=organisation_id)


def close(person: Person) -> None:
    """Close an account from the next request on. Raises NobodyLeft."""
    for membership in queries.current_memberships(person.id):
        _keep_an_administrator(person, membership)
    service.deactivate(person)


def _keep_an_administrator(person: Person, membership: Membership) -> None:
    if membership.role is not Role.ADMINISTRATOR:
        return
    others = [one for one in queries.holders(Role.ADMINISTRATOR) if one.id != person.id and one.may_sign_in]
    if not others:
        raise NobodyLeft()


def seat_of(person: Person, number: int) -> Membership | None:
    """One of a person's seats by its number."""
    return db.session.scalar(sa.select(Membership).where(Membership.id == number, Membership.person_id == person.id))
