"""For whom an interview at an agency's vacancy is: the agency itself, or the one client at whose place the job is.

The name that a candidate lets an agency know is for that client and for nobody else. Where the job goes to another
client, what was agreed to opens nothing any more: the candidate is asked anew, and meets the new client in an
accompanied interview of its own.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Membership
from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.employers.models import AgencyClient
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.words import lazy
from portal.interviews.models import Interview
from portal.organisations.models import Kind, Organisation


class ForAnotherClient(Conflict):
    sentence = lazy(
        "The job is for another client by now. The candidate is asked anew, and meets that client in an interview of its own."
    )


class ClientNotAgreed(Conflict):
    sentence = lazy("The candidate has not agreed that this client may know the name. Ask first.")


@dataclass(frozen=True)
class For:
    """Whom the interview is for: a client by its number and name; neither where the company hires for itself."""

    client_id: int | None = None
    name: str = ""


ITSELF = For()


def whom(interview: Interview) -> For | None:
    """Whom an interview is for; None once its job is for another client, or the agency left this one."""
    return _asked(interview, None)


def who_reads(interview: Interview, person_id: int) -> For | None:
    """As `whom`, for one reader; None for somebody with a seat at another of the agency's clients."""
    return _asked(interview, person_id)


def _asked(interview: Interview, reader: int | None) -> For | None:
    """In one question: the clients at both places, and those at which the reader sits."""
    if interview.vacancy.employer.organisation.kind is not Kind.AGENCY:
        return ITSELF
    wanted = [interview.workplace_id, interview.vacancy.workplace_id]
    sits = _sits(reader)
    rows = db.session.execute(
        sa.select(AgencyClient, sits)
        .where(AgencyClient.agency_id == interview.employer_id)
        .where(sa.or_(AgencyClient.workplace_id.in_(wanted), sits))
    ).all()
    found = {row.workplace_id: row for row, _sits_there in rows}
    then, now = (found.get(number) for number in wanted)
    if then is not now or (then is not None and then.retired_at is not None):
        return None
    if any(sits_there and row.number != (then.number if then is not None else "") for row, sits_there in rows):
        return None
    return For(then.id, then.name) if then is not None else ITSELF


def _sits(reader: int | None) -> sa.ColumnElement[bool]:
    """Whether the reader has a seat today at a client, as a column of a query over clients."""
    if reader is None:
        return sa.false()
    today = clock.today()
    return (
        sa.exists()
        .where(Organisation.number == AgencyClient.number, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == reader, Membership.since <= today)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
        .correlate(AgencyClient)
    )


def must_be_agreed(interview: Interview) -> None:
    """Nothing is certain with a client that the candidate did not agree to. Raises ForAnotherClient or ClientNotAgreed."""
    found = whom(interview)
    if found is None:
        raise ForAnotherClient()
    if found.client_id is not None and not _agreed(interview, found.client_id):
        raise ClientNotAgreed()


def must_be_the_same(interview: Interview) -> None:
    """An answer after a talk is about the client that was met. Raises ForAnotherClient."""
    if whom(interview) is None:
        raise ForAnotherClient()


def _agreed(interview: Interview, client_id: int) -> bool:
    found = consents.standing(interview.candidate_id, Purpose.IDENTITY, interview.employer_id, client_id)
    return found is not None


def places_of(employer_id: int, client_id: int) -> sa.Select[int]:
    """Where the job of a client is, as a part of a query."""
    return sa.select(AgencyClient.workplace_id).where(
        AgencyClient.agency_id == employer_id, AgencyClient.id == client_id
    )
