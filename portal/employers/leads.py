"""Companies that nobody has an account for: a name, a place and somebody to call. They may turn out to be known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.employers.models import CallNote, Employer, Lead
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import numbers, phones, places
from portal.organisations.models import Kind, Organisation

# Forms of a company that people leave out when they say its name.
FORMS = re.compile(r"\b(bvba|sprl|bv|srl|nv|sa|vzw|asbl|cv|sc|vof|snc|comm\.? ?v|ebvba)\b\.?", re.I)


@dataclass(frozen=True)
class LeadAnswer:
    name: str
    contact_name: str
    phone: str
    place: str
    number: str = ""
    agency: bool = False


class KnownAlready(Conflict):
    sentence = lazy("This company is there already. Look for it in the list, or in Companies.")
    field = "name"


class NotTheSame(Conflict):
    sentence = lazy(
        "Only a company that you wrote down by hand, and that never signed up, can turn out to be another one."
    )


def same_name(name: str) -> str:
    """A name as it is compared: without its legal form, capitals, spaces and signs."""
    return "".join(c for c in FORMS.sub(" ", name).casefold() if c.isalnum())


def bring(programme_id: int, answer: LeadAnswer) -> Employer:
    """A company to call. Raises KnownAlready, NotACompanyNumber, NotAPhoneNumber and UnknownPlace."""
    number = numbers.compact(answer.number) if answer.number else None
    postcode, municipality = places.found(answer.place)
    if named_like(programme_id, answer.name) or (number and _numbered(number)):
        raise KnownAlready()
    kind = Kind.AGENCY if answer.agency else Kind.COMPANY
    organisation = Organisation(kind=kind, name=answer.name, number=number)
    db.session.add(organisation)
    db.session.flush()
    employer = Employer(
        organisation_id=organisation.id, organisation=organisation, programme_id=programme_id, state=EmployerState.LEAD
    )
    db.session.add(employer)
    db.session.flush()
    db.session.add(
        Lead(
            employer_id=employer.id, contact_name=answer.contact_name, phone=phones.checked(answer.phone),
            postcode=postcode, municipality=municipality,
        )
    )  # fmt: skip
    journal.note("employer.lead_brought", employer)
    return employer


def _numbered(number: str) -> bool:
    return db.session.scalar(sa.select(Organisation.id).where(Organisation.number == number)) is not None


def named_like(programme_id: int, name: str, *, other_than: int = 0) -> list[Employer]:
    """The companies of a programme whose name reads the same."""
    wanted = same_name(name)
    return [one for one in _named(programme_id) if same_name(one.name) == wanted and one.id != other_than]


def _named(programme_id: int) -> Sequence[Employer]:
    statement = (
        sa.select(Employer)
        .join(Employer.organisation)
        .options(contains_eager(Employer.organisation))
        .where(Employer.programme_id == programme_id)
        .order_by(Employer.id)
    )
    return db.session.scalars(statement).all()


def lead_of(employer: Employer) -> Lead | None:
    return db.session.scalar(sa.select(Lead).where(Lead.employer_id == employer.id))


def must_be_lead(employer: Employer) -> None:
    """Raises NotTheSame for a company that is more than what somebody wrote down."""
    if employer.state is not EmployerState.LEAD or lead_of(employer) is None:
        raise NotTheSame()


def leave(lead: Employer, into: Employer) -> None:
    """A lead turned out to be a company that we know: what was heard is that company's, and the lead goes.

    Rooms above this one move what they keep first.
    """
    must_be_lead(lead)
    moved = {"synchronize_session": False}
    db.session.execute(
        sa.update(CallNote).where(CallNote.employer_id == lead.id).values(employer_id=into.id), execution_options=moved
    )
    journal.note("employer.same_as_lead", into, lead=lead.id)
    organisation = lead.organisation_id
    for rows in (
        sa.delete(Lead).where(Lead.employer_id == lead.id),
        sa.delete(Employer).where(Employer.id == lead.id),
        sa.delete(Organisation).where(Organisation.id == organisation),
    ):
        db.session.execute(rows, execution_options=moved)
    db.session.expunge(lead)
