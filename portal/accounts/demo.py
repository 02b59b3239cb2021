"""The demo's people, a few for each role, for the page that lets a newcomer step into any of them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.roles import LABELS, Role
from portal.foundation import clock
from portal.foundation.database import db

EACH = 7


@dataclass(frozen=True)
class Guise:
    """Somebody to step into: a name, where, and the address that signs in."""

    name: str
    place: str
    email: str


def people() -> list[tuple[str, list[Guise]]]:
    """For each role its label and its first people (by number, so that the page is the same tomorrow)."""
    found: list[tuple[str, list[Guise]]] = []
    for role in Role:
        rows = db.session.scalars(
            sa.select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .options(
                joinedload(Membership.person), joinedload(Membership.organisation), joinedload(Membership.programme)
            )
            .where(Membership.role == role, Membership.since <= clock.today(), Membership.until.is_(None))
            .where(Person.confirmed_at.is_not(None), Person.deactivated_at.is_(None))
            .order_by(Membership.id)
            .limit(EACH)
        ).all()
        if rows:
            label = str(LABELS[role])
            found.append(
                (label[:1].upper() + label[1:], [Guise(m.person.name, _place(m), m.person.email) for m in rows])
            )
    return found


def _place(membership: Membership) -> str:
    if membership.organisation is not None:
        return membership.organisation.name
    return membership.programme.name if membership.programme is not None else ""
