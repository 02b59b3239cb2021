"""What somebody agreed to: recorded with the text's version, hash and language; withdrawn at the next request."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from portal.candidates.models import Consent
from portal.candidates.states import Channel, Purpose
from portal.employers.models import AgencyClient, Employer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.options import load, options
from portal.foundation.signals import consent_withdrawn
from portal.foundation.words import DEFAULT, LANGUAGES, pick
from portal.journal import service as journal
from portal.organisations.models import Organisation


def text(purpose: Purpose, language: str) -> str:
    """The words that somebody agrees to, in a language."""
    return pick(_entry(purpose.value)["text"], language)


def words_for_client(language: str) -> str:
    """The words with which a name may go to one client of an agency."""
    return pick(_entry("identity_client")["text"], language)


def version(purpose: Purpose) -> int:
    """Which version of its text is read today."""
    return int(_entry(purpose.value)["version"])


def _code(purpose: Purpose, client_id: int | None) -> str:
    """Which text is read: a name that may go to an agency's client has words of its own."""
    return "identity_client" if purpose == Purpose.IDENTITY and client_id is not None else purpose.value


def as_given(consent: Consent) -> str | None:
    """The words that were agreed to, of whatever version; None when no kept text has the hash of what was read."""
    code = _code(consent.purpose, consent.client_id)
    kept = [_entry(code), *load("candidates", "consent_texts").get("earlier", [])]
    for entry in kept:
        if (entry["code"], entry["version"]) == (code, consent.text_version):
            words = pick(entry["text"], consent.language)
            return words if _hash(words) == consent.text_hash else None
    return None


def give(
    candidate_id: int, purpose: Purpose, *, channel: Channel, employer_id: int | None = None, client_id: int | None = None,
    fields: Collection[str] = (), language: str = DEFAULT, scan: str = "",
) -> Consent:  # fmt: skip
    """Record that somebody agreed. IDENTITY names one employer (of an agency: for itself, or for one client) and what may
    be told beyond first name and pronoun."""
    spoken = language if language in LANGUAGES else DEFAULT
    entry = _entry(_code(purpose, client_id))
    consent = Consent(
        candidate_id=candidate_id, purpose=purpose, employer_id=employer_id, client_id=client_id, fields=sorted(fields),
        channel=channel, language=spoken, text_version=entry["version"],
        text_hash=_hash(pick(entry["text"], spoken)), given_on=clock.today(), recorded_by=acting.person_id(), scan=scan,
    )  # fmt: skip
    db.session.add(consent)
    journal.note(
        "consent.given", consent, purpose=purpose.value, channel=channel.value, employer=employer_id, client=client_id
    )
    return consent


def standing(
    candidate_id: int, purpose: Purpose, employer_id: int | None = None, client_id: int | None = None
) -> Consent | None:
    """The latest consent that still stands for this purpose (and this employer, for this client), or None."""
    return db.session.scalar(
        sa.select(Consent)
        .where(*_same(candidate_id, purpose, employer_id, client_id), Consent.withdrawn_at.is_(None))
        .order_by(Consent.id.desc())
        .limit(1)
    )


def of(candidate_id: int) -> Sequence[Consent]:
    """Everything that somebody agreed to, the latest first."""
    return db.session.scalars(
        sa.select(Consent).where(Consent.candidate_id == candidate_id).order_by(Consent.id.desc()).limit(50)
    ).all()


def latest(given: Sequence[Consent]) -> list[Consent]:
    """Of each agreement the one that counts: what stands, or else what was taken back last."""
    found: dict[tuple[Purpose, int | None, int | None], Consent] = {}
    for one in sorted(given, key=lambda one: (one.withdrawn_at is None, one.id)):
        found[one.purpose, one.employer_id, one.client_id] = one
    return sorted(found.values(), key=lambda one: list(Purpose).index(one.purpose))


def with_companies(candidate_id: int) -> list[tuple[Consent, str]]:
    """Everything that somebody agreed to, the latest first, with the company that it is about, if any."""
    rows = db.session.execute(
        sa.select(Consent, Organisation.name, AgencyClient.name)
        .outerjoin(Employer, Employer.id == Consent.employer_id)
        .outerjoin(Organisation, Organisation.id == Employer.organisation_id)
        .outerjoin(AgencyClient, AgencyClient.id == Consent.client_id)
        .where(Consent.candidate_id == candidate_id)
        .order_by(Consent.id.desc())
        .limit(50)
    )
    return [(row[0], " → ".join(name for name in row[1:] if name)) for row in rows]


def withdraw(consent: Consent) -> None:
    """End a consent and every older one for the same. Ending `processing` ends them all. Listeners hear of each.

    One that has ended already ends nothing: an old page takes no newer agreement away.
    """
    if consent.withdrawn_at is not None:
        return
    if consent.purpose == Purpose.PROCESSING:
        ends = Consent.candidate_id == consent.candidate_id
    else:
        ends = sa.and_(*_same(consent.candidate_id, consent.purpose, consent.employer_id, consent.client_id))
        if consent.purpose == Purpose.IDENTITY and consent.client_id is None:
            # What an agency may not know any more, it may tell no client either.
            ends = sa.and_(*_of_employer(consent.candidate_id, consent.purpose, consent.employer_id))
    for one in db.session.scalars(sa.select(Consent).where(ends, Consent.withdrawn_at.is_(None))).all():
        one.withdrawn_at = clock.now()
        journal.note("consent.withdrawn", one, purpose=one.purpose.value, employer=one.employer_id)
        consent_withdrawn.send(one)


def _same(
    candidate_id: int, purpose: Purpose, employer_id: int | None, client_id: int | None
) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_of_employer(candidate_id, purpose, employer_id), Consent.client_id.is_not_distinct_from(client_id))


def _of_employer(candidate_id: int, purpose: Purpose, employer_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Consent.candidate_id == candidate_id,
        Consent.purpose == purpose,
        Consent.employer_id.is_not_distinct_from(employer_id),
    )


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _entry(code: str) -> dict[str, Any]:
    return options("candidates", "consents", "consent_texts")[code].data
