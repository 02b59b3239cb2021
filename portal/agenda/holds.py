"""Held time: the one place where somebody's hours are taken. Nobody is held twice, at any load, on either engine.

A hold takes the quarter-hour cells of its blocked span, one row each under UNIQUE(party, cell): the database refuses the
second taker (scheduling.md). Cells go in by party and time, always in that order, so that two takers queue instead of
locking each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.agenda.cells import cells
from portal.agenda.models import Hold, HoldCell, HoldKind
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.words import lazy


class AlreadyTaken(Conflict):
    sentence = lazy("Somebody was first: this time has just been taken. Choose another one.")


@dataclass(frozen=True)
class Party:
    """Whose time: "person:12" or "candidate:7", with the span that travel makes of it, and where it is spent."""

    ref: str
    blocked: Span
    postcode: str = ""


def person(person_id: int) -> str:
    return f"person:{person_id}"


def candidate(candidate_id: int) -> str:
    return f"candidate:{candidate_id}"


def take(subject: Any, kind: HoldKind, at: Span, parties: Sequence[Party]) -> dict[str, Hold]:
    """Hold everybody's time for a row, or nobody's. Raises AlreadyTaken when one of them is not free."""
    if subject.id is None:
        db.session.flush()
    try:
        with db.session.begin_nested():
            return _take(subject, kind, at, sorted(parties, key=lambda party: party.ref))
    except IntegrityError:
        raise AlreadyTaken() from None


def _take(subject: Any, kind: HoldKind, at: Span, parties: list[Party]) -> dict[str, Hold]:
    holds = {
        party.ref: Hold(
            kind=kind, subject_kind=subject.__tablename__, subject_id=subject.id, party=party.ref, starts_at=at.start,
            ends_at=at.end, blocked_from=party.blocked.start, blocked_until=party.blocked.end, postcode=party.postcode,
        )
        for party in parties
    }  # fmt: skip
    db.session.add_all(holds.values())
    db.session.flush()
    rows = [
        {"hold_id": holds[party.ref].id, "party": party.ref, "cell": cell, "created_at": clock.now()}
        for party in parties
        for cell in sorted(cells(party.blocked))
    ]
    db.session.execute(sa.insert(HoldCell), rows)
    return holds


def release(subject: Any) -> None:
    """Give back everybody's time for a row. Whoever points at a hold (an interview's companion) lets go of it first."""
    found = sa.select(Hold.id).where(Hold.subject_kind == subject.__tablename__, Hold.subject_id == subject.id)
    ids = list(db.session.scalars(found))
    db.session.execute(sa.delete(HoldCell).where(HoldCell.hold_id.in_(ids)))
    db.session.execute(sa.delete(Hold).where(Hold.id.in_(ids)))
