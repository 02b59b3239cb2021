"""Companies that signed the charter on paper before the portal came."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.ambassadors import charter
from portal.ambassadors.models import Ambassador, AmbassadorState, Level, Signature
from portal.cli.importing import Kind, Refused, Row
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.organisations import numbers
from portal.organisations.models import Organisation
from portal.programmes.models import Programme

COLUMNS = (
    "number",
    "contact_email",
    "signed_name",
    "signed_on",
    "state",
    "level",
    "named_publicly",
    "quote",
    "language",
)
STATES, LEVELS = ["active", "approved", "paused"], [level.value for level in Level]


def bring_in(row: Row, programme: Programme, invite: bool) -> None:
    employer = _employer(row, programme)
    person = _contact(row, employer)
    signed = row.day("signed_on")
    if signed is None or signed > clock.today():
        raise Refused("signed_on is empty or in the future; write the day on which the charter was signed")
    if db.session.scalar(sa.select(Ambassador.id).where(Ambassador.employer_id == employer.id)) is not None:
        raise Refused("this company is an ambassador already")
    ambassador = Ambassador(
        employer_id=employer.id, person_id=person.id, state=AmbassadorState(row.one_of("state", STATES, "active")),
        level=Level(row.one_of("level", LEVELS, Level.ENGAGED.value)), named_publicly=row.yes("named_publicly"),
        quote=row.text("quote", most=300),
    )  # fmt: skip
    db.session.add(ambassador)
    db.session.flush()
    _sign(row, ambassador, person, signed)
    accounts.seat(person, Role.AMBASSADOR, organisation_id=employer.organisation_id)
    journal.note("ambassador.imported", ambassador)


def _employer(row: Row, programme: Programme) -> Employer:
    number = numbers.compact(row.needed("number", most=20))
    found = db.session.scalar(
        sa.select(Employer)
        .options(joinedload(Employer.organisation))
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Organisation.number == number, Employer.programme_id == programme.id)
    )
    if found is None:
        raise Refused(f"the company {numbers.shown(number)} is not in {programme.name}; import companies first")
    if not found.may_recruit:
        raise Refused("only a verified company can be an ambassador")
    return found


def _contact(row: Row, employer: Employer) -> Person:
    email = row.address("contact_email") or row.needed("contact_email")
    found = db.session.scalar(
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.email == email, Membership.organisation_id == employer.organisation_id)
        .where(Membership.role.in_(EMPLOYERS), Membership.until.is_(None))
    )
    if found is None:
        raise Refused(f"contact_email is {email}; nobody of {employer.name} has that address")
    return found


def _sign(row: Row, ambassador: Ambassador, person: Person, signed: date) -> None:
    """A signature names the version that was in force on its day."""
    try:
        text = charter.in_force(row.language(), signed)
    except ValueError:
        raise Refused(f"signed_on is {signed}; no version of the charter was in force then") from None
    db.session.add(
        Signature(
            ambassador_id=ambassador.id, charter_version=text.version, text_hash=text.hash, language=text.language,
            signed_name=row.text("signed_name") or person.name, signed_on=signed,
        )
    )  # fmt: skip


KIND = Kind("ambassadors", COLUMNS, ("number", "contact_email", "signed_on"), bring_in)
