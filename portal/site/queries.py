"""What the frame of a page needs: whose portal this is, and whom an employer calls."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, has_request_context

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS
from portal.employers.models import Employer
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme


@dataclass(frozen=True)
class Support:
    """Whom to call, and where."""

    name: str
    phone: str


def operator_name() -> str:
    """The organisation that hosts this portal; once per request."""
    if has_request_context() and "operator" in g:
        return str(g.operator)
    found = db.session.scalar(
        sa.select(Organisation.name).where(Organisation.kind == Kind.OPERATOR).order_by(Organisation.id)
    )
    name = found or "Doorstart"
    if has_request_context():
        g.operator = name
    return name


def support_contact(viewer: Viewer) -> Support | None:
    """The worker of the viewer's company, else the programme's phone; on every page of an employer."""
    companies = viewer.organisations(*EMPLOYERS)
    if not companies:
        return None
    row = db.session.execute(
        sa.select(Person.first_name, Person.last_name, Person.phone, Programme.name, Programme.phone)
        .select_from(Employer)
        .join(Programme, Programme.id == Employer.programme_id)
        .outerjoin(Person, Person.id == Employer.worker_id)
        .where(Employer.organisation_id == companies[0])
    ).first()
    if row is None:
        return None
    first, last, phone, programme, programme_phone = row
    return Support(f"{first} {last}", phone or programme_phone) if first else Support(programme, programme_phone)


@dataclass(frozen=True)
class Office:
    """A programme that people can call."""

    name: str
    phone: str
    organisation: str


def offices() -> list[Office]:
    statement = (
        sa.select(Programme.name, Programme.phone, Organisation.name)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .order_by(Programme.id)
    )
    return [Office(*row) for row in db.session.execute(statement)]
