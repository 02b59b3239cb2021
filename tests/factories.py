"""Short ways to a believable row. Each takes only what the test is about."""

from datetime import date
from io import BytesIO
from itertools import count

from pypdf import PdfWriter

from portal.accounts import passwords, service
from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme

_numbers = count(1)


def an_operator() -> Organisation:
    found = db.session.query(Organisation).filter_by(kind=Kind.OPERATOR).first()
    if found is None:
        found = Organisation(kind=Kind.OPERATOR, name="Vzw Brugwerk")
        db.session.add(found)
        db.session.flush()
    return found


def a_programme(name: str = "Doorstart Gent") -> Programme:
    found = db.session.query(Programme).filter_by(name=name).first()
    if found is None:
        found = Programme(
            organisation_id=an_operator().id, name=name, period_start=date(2026, 1, 1), period_end=date(2026, 12, 31),
            phone="09 000 00 00",
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
    return found


def a_person(
    email: str | None = None, *, role: Role | None = None, first_name: str = "Lien", last_name: str = "Claes", language: str = "nl",
    organisation: Organisation | None = None, programme: Programme | None = None, password: str | None = None,
) -> Person:  # fmt: skip
    """Somebody with a confirmed account; staff and partners hold their role in the programme, employers in a company."""
    person = service.new_person(
        email=email or f"person{next(_numbers)}@example.org",
        first_name=first_name,
        last_name=last_name,
        language=language,
    )
    person.confirmed_at = clock.now()
    person.password_hash = passwords.hashed(password) if password else None
    if role is not None:
        place = None if role in EMPLOYERS else (programme or a_programme()).id
        service.seat(person, role, organisation_id=organisation.id if organisation else None, programme_id=place)
    db.session.commit()
    return person


def a_pdf(pages: int = 1) -> bytes:
    """A sheet as a scanner sends it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(210, 297)
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()
