"""An agency's clients: for which company's work a person would be sent.

A job at a client's place is a job for that client. What a candidate agreed to is for one agency and one client; another
place of the job is another client, for which nobody has agreed to anything yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.employers.models import AgencyClient, Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, NotFound
from portal.foundation.signals import vacancy_moved
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import numbers, places
from portal.organisations.models import Kind, Organisation, Workplace

STANDING = (VacancyState.DRAFT, VacancyState.OPEN, VacancyState.ON_HOLD)


class ListedAlready(Conflict):
    sentence = lazy("This client stands in your list already, at this place.")
    field = "number"


class OwnNumber(Conflict):
    sentence = lazy("This is the number of your own agency. Give the client's.")
    field = "number"


class HasVacancies(Conflict):
    sentence = lazy("Vacancies for this client are still standing. Close them or move them first.")


class StillHasClients(Conflict):
    sentence = lazy("This agency still has clients in its list. It takes them off first.")
    field = "agency"


class NotAnAgency(NotFound):
    """Only agencies have clients: for any other company this page is not there."""


class NotForThisAgency(Conflict):
    sentence = lazy("Choose one of your own sites or clients.")
    field = "workplace"


@dataclass(frozen=True)
class ClientAnswer:
    name: str
    number: str
    street: str
    postcode: str
    municipality: str
    public_transport: str


def is_agency(employer: Employer) -> bool:
    return employer.organisation.kind is Kind.AGENCY


def heard(employer: Employer, *, agency: bool) -> None:
    """A worker heard in a call whether a company sends people to others; who signs up says nothing of it.

    Raises StillHasClients.
    """
    if agency == is_agency(employer):
        return
    if not agency and of(employer):
        raise StillHasClients()
    employer.organisation.kind = Kind.AGENCY if agency else Kind.COMPANY
    journal.note("employer.is_agency" if agency else "employer.is_no_agency", employer)


def of(employer: Employer) -> Sequence[AgencyClient]:
    """The clients of an agency that it still works for, by name."""
    if not is_agency(employer):
        return ()
    statement = sa.select(AgencyClient).options(joinedload(AgencyClient.workplace))
    return db.session.scalars(
        statement.where(AgencyClient.agency_id == employer.id, AgencyClient.retired_at.is_(None)).order_by(
            AgencyClient.name, AgencyClient.id
        )
    ).all()


def one(employer: Employer, key: str) -> AgencyClient:
    """Raises NotFound."""
    found = next((row for row in of(employer) if row.key == key), None)
    if found is None:
        raise NotFound()
    return found


def at(workplace_id: int) -> AgencyClient | None:
    """Whose place this is, where it is a client's."""
    return db.session.scalar(sa.select(AgencyClient).where(AgencyClient.workplace_id == workplace_id))


def client_of(vacancy: Vacancy) -> int | None:
    """For which client a vacancy is, by number; None where an agency, or a company, hires for itself."""
    found = at(vacancy.workplace_id)
    return found.id if found is not None else None


def names(client_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(AgencyClient.id, AgencyClient.name).where(AgencyClient.id.in_(list(client_ids)))
    )
    return {number: name for number, name in rows}


def for_team(employer: Employer) -> list[tuple[AgencyClient, str]]:
    """An agency's clients, each with the key of the company of the same programme that it is too, if any: for the team only."""
    if not is_agency(employer):
        return []
    same = sa.and_(Employer.organisation_id == Organisation.id, Employer.programme_id == employer.programme_id)
    rows = db.session.execute(
        sa.select(AgencyClient, Employer.key)
        .options(joinedload(AgencyClient.workplace))
        .outerjoin(Organisation, Organisation.number == AgencyClient.number)
        .outerjoin(Employer, same)
        .where(AgencyClient.agency_id == employer.id, AgencyClient.retired_at.is_(None))
        .order_by(AgencyClient.name, AgencyClient.id)
    )
    return [(client, key or "") for client, key in rows]


def add(employer: Employer, answer: ClientAnswer) -> AgencyClient:
    """A client and its place. Raises NotAnAgency, OwnNumber, ListedAlready, UnknownPostcode, OtherPlace."""
    if not is_agency(employer):
        raise NotAnAgency()
    number, postcode = numbers.compact(answer.number), answer.postcode.strip()
    if number == employer.organisation.number:
        raise OwnNumber()
    place = Workplace(
        organisation_id=employer.organisation_id, name=answer.name, street=answer.street, postcode=postcode,
        municipality=places.checked(postcode, answer.municipality), public_transport=answer.public_transport,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(place)
            db.session.flush()
            client = AgencyClient(
                agency_id=employer.id, workplace_id=place.id, name=answer.name, number=number, postcode=postcode
            )
            db.session.add(client)
    except IntegrityError:
        raise ListedAlready() from None
    journal.note("client.added", client, agency=employer.id)
    return client


def retire(client: AgencyClient) -> None:
    """The agency no longer works for it. What was agreed to for it stays written, and opens nothing. Raises HasVacancies."""
    standing = sa.select(Vacancy.id).where(
        Vacancy.workplace_id == client.workplace_id, Vacancy.state.in_(STANDING)
    )  # fmt: skip
    if db.session.scalar(standing.limit(1)) is not None:
        raise HasVacancies()
    now = clock.now()
    client.retired_at = now
    db.session.execute(sa.update(Workplace).where(Workplace.id == client.workplace_id).values(retired_at=now))
    journal.note("client.retired", client)


def move(vacancy: Vacancy, workplace: Workplace) -> None:
    """The job is at another place: of the same company, or of another client. Who is asked for it hears it first.

    Raises NotForThisAgency for a place of somebody else, or one that is retired.
    """
    if workplace.organisation_id != vacancy.employer.organisation_id or workplace.retired_at is not None:
        raise NotForThisAgency()
    if workplace.id == vacancy.workplace_id:
        return
    before, vacancy.workplace_id = vacancy.workplace_id, workplace.id
    vacancy.workplace = workplace
    db.session.flush()
    journal.note("vacancy.moved", vacancy, before=before, after=workplace.id)
    vacancy_moved.send(vacancy)
