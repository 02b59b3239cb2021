"""Whose second step somebody may look after."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seats_of
from portal.accounts.roles import Role
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.programmes.models import Programme


def people(who: Viewer, name: str = "") -> Page[Person]:
    statement = _within(who)
    if name:
        full = Person.first_name + " " + Person.last_name
        statement = statement.where(
            sa.or_(full.icontains(name, autoescape=True), Person.email.icontains(name, autoescape=True))
        )
    return page(statement, Person.last_name, Person.id)


def person_of(who: Viewer, key: str) -> Person:
    """Raises NotFound."""
    found = db.session.scalar(_within(who).where(Person.key == key))
    if found is None:
        raise NotFound()
    return found


def programmes() -> Sequence[Programme]:
    return db.session.scalars(sa.select(Programme).order_by(Programme.name)).all()


def _within(who: Viewer) -> sa.Select[Person]:
    """An administrator looks after everybody; a coordinator after who holds a seat in the own programme today, and no
    administrator."""
    statement = sa.select(Person).where(Person.deactivated_at.is_(None))
    if who.has(Role.ADMINISTRATOR):
        return statement
    today = clock.today()
    held = (
        sa.select(Membership.id)
        .where(Membership.person_id == Person.id, Membership.since <= today)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
    )
    return statement.where(
        held.where(Membership.programme_id.in_(who.programmes(Role.COORDINATOR))).exists(),
        ~held.where(Membership.role == Role.ADMINISTRATOR).exists(),
    )


__all__ = ["people", "person_of", "programmes", "seats_of"]
