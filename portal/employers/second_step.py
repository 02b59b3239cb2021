"""A programme can demand a second step of its companies' contacts: accounts ask here, since they know no companies."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts import second, ways
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import second_step_demanded
from portal.programmes.models import Programme


@ways.demands
def _of_a_company(seats: Sequence[Membership]) -> bool:
    companies = [seat.organisation_id for seat in seats if seat.role in EMPLOYERS and seat.organisation_id is not None]
    if not companies:
        return False
    statement = (
        sa.select(Employer.id)
        .join(Programme, Programme.id == Employer.programme_id)
        .where(Employer.organisation_id.in_(companies), Programme.employers_second_step)
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def asked_from_now(person: Person) -> None:
    """Somebody got a seat: where its programme demands a second step, what the password alone opened before is closed."""
    db.session.flush()
    if ways.demanded(people.current_memberships(person.id)):
        second.end_without([person.id])


@second_step_demanded.connect
def _sign_in_again(programme: Programme, **_more: Any) -> None:
    today = clock.today()
    second.end_without(
        sa.select(Membership.person_id)
        .join(Employer, Employer.organisation_id == Membership.organisation_id)
        .where(Employer.programme_id == programme.id, Membership.role.in_(EMPLOYERS), Membership.since <= today)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
    )
