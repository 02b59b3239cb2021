"""What the frame of a page needs: whose portal this is, and whom an employer calls."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, has_request_context

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS
from portal.answers import editions
from portal.employers.models import Employer
from portal.foundation.access import Viewer, viewer
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme


@dataclass(frozen=True)
class Support:
    """Whom to call, and where."""

    name: str
    phone: str


@dataclass(frozen=True)
class Frame:
    """What stands around a page: who hosts the portal and, for an employer, whom to call."""

    operator: str
    support: Support | None = None


_OPERATOR = sa.select(Organisation.name).where(Organisation.kind == Kind.OPERATOR).order_by(Organisation.id).limit(1)
# Most pages of companies and of visitors show some of the library of answers, which is asked along.
_OF_AN_EMPLOYER = editions.along(
    sa.select(Person.first_name, Person.last_name, Person.phone, Programme.name, Programme.phone)
    .select_from(Employer)
    .join(Programme, Programme.id == Employer.programme_id)
    .outerjoin(Person, Person.id == Employer.worker_id)
    .where(Employer.organisation_id == sa.bindparam("organisation"))
)
_HOST = _OPERATOR.scalar_subquery().label("operator")
_OF_ANYBODY = editions.along(sa.select(_HOST).select_from(sa.select(sa.literal(1).label("one")).subquery()))


def operator_name() -> str:
    """The organisation that hosts this portal."""
    if has_request_context():
        return frame(viewer()).operator
    return db.session.connection().scalar(_OPERATOR) or "Doorstart"


def frame(who: Viewer) -> Frame:
    """The worker of the viewer's company, else the programme's phone, with the operator's name: once a request, one query
    at most."""
    if "frame" not in g:
        companies = who.organisations(*EMPLOYERS)
        g.frame = _read_frame(companies, who.house) if companies or not who.house else Frame(who.house)
    found: Frame = g.frame
    return found


def _read_frame(companies: tuple[int, ...], house: str) -> Frame:
    row = editions.ask(_OF_AN_EMPLOYER, {"organisation": companies[0]}) if companies else None
    if row is None:
        host = editions.ask(_OF_ANYBODY)
        return Frame(host.operator if host is not None and host.operator else "Doorstart")
    first, last, phone, programme, programme_phone, *_library = row
    support = Support(f"{first} {last}", phone or programme_phone) if first else Support(programme, programme_phone)
    return Frame(house or "Doorstart", support)


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
