"""An identity for one employer contact: after confirmation, with the candidate's consent, until 30 days after a "no"."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.candidates import consents, identities
from portal.candidates.identities import Revealed
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import clients
from portal.interviews.models import Interview, Reveal
from portal.interviews.rules import rule
from portal.journal import service as journal


def open_for(interview: Interview) -> Reveal | None:
    """From now on the contact may know what the candidate allowed; None (and nothing shown) without consent."""
    meant = clients.who_reads(interview, interview.contact_id)
    if meant is None or not interview.shows_identity:
        return None
    consent = consents.standing(interview.candidate_id, Purpose.IDENTITY, interview.employer_id, meant.client_id)
    if consent is None:
        return None
    found = _of(interview, interview.contact_id)
    if found is None:
        found = Reveal(
            interview_id=interview.id, candidate_id=interview.candidate_id, person_id=interview.contact_id,
            consent_id=consent.id,
        )  # fmt: skip
        db.session.add(found)
        interview.reveals.append(found)
    found.consent_id, found.ends_at = consent.id, None
    journal.note("interview.identity_opened", interview, person=interview.contact_id, fields=consent.fields)
    return found


def shown_to(person_id: int, interview: Interview) -> Revealed | None:
    """Who the candidate is, for this reader, now. Each showing is journalled before the page leaves."""
    found = _of(interview, person_id)
    if found is None or not interview.shows_identity or (found.ends_at is not None and found.ends_at <= clock.now()):
        return None
    meant = clients.who_reads(interview, person_id)
    if meant is None:
        return None
    told = identities.revealed(
        interview.candidate_id, interview.employer_id, identities.FIELDS, client_id=meant.client_id
    )
    return replace(told, for_client=meant.name) if told is not None else None


def end(interview: Interview, when: datetime) -> None:
    for reveal in interview.reveals:
        if reveal.ends_at is None or reveal.ends_at > when:
            reveal.ends_at = when


def end_for(interview: Interview, person_id: int, when: datetime) -> None:
    """Somebody else has the interview: the name closes for who had it."""
    found = _of(interview, person_id)
    if found is not None and (found.ends_at is None or found.ends_at > when):
        found.ends_at = when
        journal.note("interview.identity_closed", interview, person=person_id)


def end_after_no(interview: Interview) -> None:
    end(interview, clock.now() + timedelta(days=rule("identity_days_after_no")))


def end_with_consent(consent_id: int) -> None:
    """The candidate took the consent back: nobody sees the name at the next request."""
    now = clock.now()
    standing = sa.or_(Reveal.ends_at.is_(None), Reveal.ends_at > now)
    db.session.execute(sa.update(Reveal).where(Reveal.consent_id == consent_id, standing).values(ends_at=now))


def _of(interview: Interview, person_id: int) -> Reveal | None:
    return next((reveal for reveal in interview.reveals if reveal.person_id == person_id), None)
