"""Who somebody is: the only door to the sealed identity. Each reading says why and is journalled before it is handed over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.candidates import consents
from portal.candidates.models import Candidate, Identity
from portal.candidates.states import Purpose
from portal.foundation import acting
from portal.foundation.database import db
from portal.journal import service as journal
from portal.programmes.models import Site

FIELDS = ("first_name", "pronoun", "last_name", "phone", "email")


@dataclass(frozen=True)
class Name:
    """A person's name, for staff and for the partner who referred."""

    first: str
    last: str

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def short(self) -> str:
        """Karim B.: enough for the person's own worker, in a list that others may glance at."""
        return f"{self.first} {self.last[:1]}." if self.last else self.first

    def __str__(self) -> str:
        return self.full


NOBODY = Name("–", "")


@dataclass(frozen=True)
class Revealed:
    """What one employer contact may know, after a confirmed interview and with the candidate's consent; the rest is empty."""

    consent_id: int
    first_name: str = ""
    pronoun: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    # The one client of an agency that may hear it too.
    for_client: str = ""


def names(candidate_ids: Collection[int], reason: str, *more: str) -> dict[int, Name]:
    """The names of these people, for staff, in one query; each reading is journalled with its reason, and what else."""
    wanted = sorted(set(candidate_ids))
    if not wanted:
        return {}
    found = db.session.execute(
        sa.select(Identity.candidate_id, Identity.first_name, Identity.last_name).where(
            Identity.candidate_id.in_(wanted)
        )
    ).all()
    with acting.because(reason):
        journal.saw_each(("identity.name_read", *more), "candidate", [row.candidate_id for row in found])
    return {row.candidate_id: Name(row.first_name, row.last_name) for row in found}


def listed(cases: Sequence[Candidate], reason: str) -> dict[int, Name]:
    """The names that a list brought along with its cases; each is journalled before the list is shown."""
    with acting.because(reason):
        journal.saw_each("identity.name_read", "candidate", [one.id for one in cases])
    return {one.id: Name(one.identity.first_name, one.identity.last_name) for one in cases}


def told(found: Sequence[tuple[Candidate, Name]], reason: str) -> dict[int, Name]:
    """The names by which people were found, journalled the same way."""
    with acting.because(reason):
        journal.saw_each("identity.name_read", "candidate", [one.id for one, _name in found])
    return {one.id: name for one, name in found}


def name(candidate_id: int, reason: str) -> Name:
    return names([candidate_id], reason).get(candidate_id, NOBODY)


def saw(candidate_id: int, reason: str, *more: str) -> None:
    """Write down that a case was opened with the identity in it (queries.case_of reads both at once), and what else."""
    _saw(("identity.read", *more), candidate_id, reason)


def saw_part(candidate_id: int, what: str, reason: str) -> None:
    """Write down that a partner read a part of a case that does not say who it is."""
    _saw(what, candidate_id, reason)


def known(candidate_id: int, reason: str) -> dict[str, Any]:
    """What no text may give away, as the redaction check reads it; empty for somebody without an identity."""
    row = db.session.execute(
        sa.select(Identity, Site.nl)
        .join(Candidate, Candidate.id == Identity.candidate_id)
        .outerjoin(Site, Site.id == Candidate.site_id)
        .where(Identity.candidate_id == candidate_id)
    ).first()
    _saw("identity.compared", candidate_id, reason)
    if row is None:
        return {}
    identity, site = row
    plain = {
        name: getattr(identity, name) or ""
        for name in ("first_name", "last_name", "birth_date", "birth_place", "phone", "email")
    }
    address = {
        "street": identity.street or "", "number": identity.house_number or "",
        "postcode": identity.postcode or "", "municipality": identity.municipality or "",
    }  # fmt: skip
    lists = {
        "nicknames": _split(identity.nicknames),
        "employers": identity.employers or [],
        "schools": identity.schools or [],
    }
    return {**plain, **lists, "address": address, "site": site or ""}


def revealed(
    candidate_id: int, employer_id: int, fields: Collection[str] = FIELDS, *, client_id: int | None
) -> Revealed | None:
    """What the candidate lets this employer know, of the fields asked for; None without a standing consent.

    `client_id` has no default: whoever asks for a name says for which client of an agency, or for none. Whether the moment is right (a confirmed interview, this contact) is the caller's rule.
    """
    consent = consents.standing(candidate_id, Purpose.IDENTITY, employer_id, client_id)
    identity = _identity(candidate_id) if consent is not None else None
    if consent is None or identity is None:
        return None
    allowed = [field for field in FIELDS if field in fields and field in {"first_name", "pronoun", *consent.fields}]
    _saw("identity.revealed", candidate_id, "", employer=employer_id, client=client_id, fields=allowed)
    return Revealed(consent.id, **{field: getattr(identity, field) or "" for field in allowed})


def _identity(candidate_id: int) -> Identity | None:
    return db.session.scalar(sa.select(Identity).where(Identity.candidate_id == candidate_id))


def _saw(what: str | Sequence[str], candidate_id: int, reason: str, **details: object) -> None:
    with acting.because(reason or acting.reason()):
        journal.saw_each(what, "candidate", [candidate_id], **details)


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]
