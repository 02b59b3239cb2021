"""Who said no, kept so that nobody can ask again and nobody can read who it was.

A mailbox is known by a keyed hash of its plainest spelling (accounts.mailboxes).
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts.mailboxes import plainest
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.ambassadors.models import DoNotAsk
from portal.employers import duplicates
from portal.foundation import clock, crypto
from portal.foundation.database import db


def mark_of(address: str) -> str:
    return crypto.mark("peer", plainest(address))


def said_no(address: str) -> bool:
    return marked(mark_of(address))


def marked(mark: str) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(DoNotAsk.address_mark == mark))))


def who_said_no(people: Collection[int]) -> set[int]:
    """Which of these people once said no to a peer's letter: a letter of the week asks them nothing of that kind either."""
    rows = db.session.execute(sa.select(Person.id, Person.email).where(Person.id.in_(list(people)))).all()
    marks = {mark_of(email): number for number, email in rows}
    kept = db.session.scalars(sa.select(DoNotAsk.address_mark).where(DoNotAsk.address_mark.in_(list(marks))))
    return {marks[mark] for mark in kept}


def keep(mark: str) -> None:
    """Once and for all."""
    if not marked(mark):
        db.session.add(DoNotAsk(address_mark=mark))


def may_be_welcomed(person: Person) -> bool:
    """Whether a letter may bring an account to this mailbox: not to one that said no, unless a colleague asks.

    Else any company could ask somebody again by calling it a colleague. Who wants to come in after all signs up, or asks
    for a new password: both are its own doing.
    """
    if person.confirmed_at is not None or not said_no(person.email) or _works_here(person):
        return True
    own = sa.select(Membership.organisation_id).where(
        Membership.person_id == person.id, Membership.role.in_(EMPLOYERS), Membership.organisation_id.is_not(None)
    )
    return _colleague_at(person.email, own)


def may_join(address: str, organisation_id: int) -> bool:
    """The same for a mailbox that a company invites into its team, whether it has an account or not."""
    person = people.by_email(address)
    if person is not None and person.confirmed_at is not None:
        return True
    return not said_no(address) or _colleague_at(address, [organisation_id])


def _works_here(person: Person) -> bool:
    """Somebody who comes to work with the programme is not asked into the network."""
    other = sa.exists().where(
        Membership.person_id == person.id, Membership.role.not_in([*EMPLOYERS, Role.AMBASSADOR]),
        sa.or_(Membership.until.is_(None), Membership.until >= clock.today()),
    )  # fmt: skip
    return bool(db.session.scalar(sa.select(other)))


def _colleague_at(address: str, organisations: Any) -> bool:
    """Whether somebody else with a confirmed address at the same house speaks for one of these companies."""
    house = duplicates.domain(plainest(address))
    if not house:
        return False
    rows = db.session.scalars(
        sa.select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id.in_(organisations), Membership.role.in_(EMPLOYERS), Person.email != address)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= clock.today()), Person.confirmed_at.is_not(None))
    )
    return any(plainest(one).partition("@")[2] == house for one in rows)
