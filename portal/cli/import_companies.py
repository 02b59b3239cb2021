"""Companies that an operator works with already, each with its first contact."""

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import STAFF, Role
from portal.ambassadors import said_no
from portal.cli.importing import Kind, Refused, Row
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.journal import service as journal
from portal.organisations import numbers, places
from portal.organisations.models import Kind as OrganisationKind
from portal.organisations.models import Organisation, Workplace
from portal.programmes.models import Programme

STATES = ["lead", "verified", "active", "dormant"]
CONTACT = ("contact_first_name", "contact_last_name", "contact_email", "contact_phone")
COLUMNS = (
    "number", "name", "kind", "sector", "size", "street", "postcode", "municipality", "public_transport", "state",
    "worker_email", "language", *CONTACT,
)  # fmt: skip


def bring_in(row: Row, programme: Programme, invite: bool) -> None:
    number = numbers.compact(row.needed("number", most=20))
    if db.session.scalar(sa.select(Organisation.id).where(Organisation.number == number)) is not None:
        raise Refused(f"the company {numbers.shown(number)} is there already")
    state = row.one_of("state", STATES, "verified" if row.text("contact_email") else "lead")
    if state != "lead" and not row.text("contact_email"):
        raise Refused("contact_email is empty; only a lead has no contact")
    worker = worker_of(row, programme)
    organisation = Organisation(
        kind=OrganisationKind(row.one_of("kind", ["company", "agency"], "company")),
        name=row.needed("name"),
        number=number,
    )
    db.session.add(organisation)
    db.session.flush()
    _workplace(row, organisation)
    employer = _employer(row, organisation, programme, worker, EmployerState(state))
    if row.text("contact_email"):
        _contact(row, organisation, invite=invite)
    journal.note("employer.imported", employer, state=state)


def worker_of(row: Row, programme: Programme) -> Person | None:
    """The member of the team with the address in worker_email, where one is given."""
    email = row.address("worker_email")
    if not email:
        return None
    team = {person.email: person for role in STAFF for person in people.holders(role, programme_id=programme.id)}
    if email not in team:
        raise Refused(f"worker_email is {email}; nobody of {programme.name} has that address")
    return team[email]


def _workplace(row: Row, organisation: Organisation) -> None:
    postcode = row.needed("postcode", most=10)
    db.session.add(
        Workplace(
            organisation_id=organisation.id, name=organisation.name, street=row.needed("street"), postcode=postcode,
            municipality=places.checked(postcode, row.needed("municipality", most=80)), public_transport=row.text("public_transport", most=300),
        )
    )  # fmt: skip


def _employer(
    row: Row, organisation: Organisation, programme: Programme, worker: Person | None, state: EmployerState
) -> Employer:
    known = state != EmployerState.LEAD
    employer = Employer(
        organisation_id=organisation.id, programme_id=programme.id, worker_id=worker.id if worker else None, state=state,
        section=_code(row, "sector", "sectors"), size=_code(row, "size", "sizes"),
        registered_at=clock.now() if known else None, verified_at=clock.now() if known else None,
    )  # fmt: skip
    db.session.add(employer)
    db.session.flush()
    return employer


def _code(row: Row, name: str, key: str) -> str:
    """A code of one of the employers' lists, or nothing."""
    found = row.text(name)
    if found and found not in options("employers", key):
        raise Refused(f"{name} is {found}; it is one of {', '.join(options('employers', key))}")
    return found


def _contact(row: Row, organisation: Organisation, *, invite: bool) -> None:
    """The first contact is the company's admin. Without a letter, a new password can be asked for at any time."""
    email = row.address("contact_email")
    if people.by_email(email) is not None:
        raise Refused(f"contact_email is {email}; somebody has that address already")
    if invite and said_no.said_no(email):
        raise Refused(
            "contact_email said no to an invitation before and gets no letter; the company can sign up itself"
        )
    first, last = row.needed("contact_first_name", most=80), row.needed("contact_last_name", most=80)
    if invite:
        person = accounts.invite(
            email=email,
            first_name=first,
            last_name=last,
            language=row.language(),
            role=Role.EMPLOYER_ADMIN,
            organisation_id=organisation.id,
        )
    else:
        person = accounts.new_person(email=email, first_name=first, last_name=last, language=row.language())
        accounts.seat(person, Role.EMPLOYER_ADMIN, organisation_id=organisation.id)
    person.phone = row.text("contact_phone", most=40)


KIND = Kind("companies", COLUMNS, ("number", "name", "street", "postcode", "municipality"), bring_in)
