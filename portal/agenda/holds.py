"""Held time: the one place where somebody's hours are taken. Nobody is held twice, at any load, on either engine.

A hold takes the quarter-hour cells of its blocked span, one row each under UNIQUE(party, cell): the database refuses the
second taker (scheduling.md). Cells go in by party and time, always in that order, so that two takers queue instead of
locking each other.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

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
    with _all_or_none():
        return _take(subject, kind, at, sorted(parties, key=lambda party: party.ref))


def move(subject: Any, kind: HoldKind, at: Span, parties: Sequence[Party]) -> dict[str, Hold]:
    """Hold another time for a row, which may overlap its own old one; or change nothing and raise AlreadyTaken.

    Who stays keeps the hold, so that whatever points at it still does. Who is no longer among the parties loses the
    cells here and the hold by `drop`, once nothing points at it any more.
    """
    with _all_or_none():
        return _move(subject, kind, at, sorted(parties, key=lambda party: party.ref))


@contextmanager
def _all_or_none() -> Iterator[None]:
    """A savepoint. Two moves that want each other's old time are a deadlock on PostgreSQL: one of them was first."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        raise AlreadyTaken() from None
    except OperationalError as error:
        # By its number, since a server tells the words in its own language (PostgreSQL, deadlock_detected).
        if getattr(error.orig, "sqlstate", None) != "40P01":
            raise
        raise AlreadyTaken() from None


def _move(subject: Any, kind: HoldKind, at: Span, parties: list[Party]) -> dict[str, Hold]:
    before = {hold.party: hold for hold in of(subject)}
    db.session.execute(sa.delete(HoldCell).where(HoldCell.hold_id.in_([hold.id for hold in before.values()])))
    for party in parties:
        hold = before.get(party.ref)
        if hold is not None:
            hold.starts_at, hold.ends_at, hold.postcode = at.start, at.end, party.postcode
            hold.blocked_from, hold.blocked_until = party.blocked.start, party.blocked.end
    db.session.flush()
    stay = [party for party in parties if party.ref in before]
    _fill({party.ref: before[party.ref] for party in stay}, stay)
    return {party.ref: before[party.ref] for party in stay} | _take(
        subject, kind, at, [party for party in parties if party.ref not in before]
    )


def of(subject: Any) -> Sequence[Hold]:
    """Whose time is held for a row."""
    return db.session.scalars(
        sa.select(Hold).where(Hold.subject_kind == subject.__tablename__, Hold.subject_id == subject.id)
    ).all()


def drop(subject: Any, *refs: str) -> None:
    """Give back the time of these parties only."""
    mine = (Hold.subject_kind == subject.__tablename__, Hold.subject_id == subject.id, Hold.party.in_(refs))
    ids = list(db.session.scalars(sa.select(Hold.id).where(*mine)))
    db.session.execute(sa.delete(HoldCell).where(HoldCell.hold_id.in_(ids)))
    db.session.execute(sa.delete(Hold).where(Hold.id.in_(ids)))


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
    _fill(holds, parties)
    return holds


def _fill(holds: dict[str, Hold], parties: list[Party]) -> None:
    rows = [
        {"hold_id": holds[party.ref].id, "party": party.ref, "cell": cell, "created_at": clock.now()}
        for party in parties
        for cell in sorted(cells(party.blocked))
    ]
    if rows:
        # With RETURNING all rows go in one statement, in this order: one answer, or one refusal.
        db.session.execute(sa.insert(HoldCell).returning(HoldCell.id), rows)


def release(subject: Any) -> None:
    """Give back everybody's time for a row. Whoever points at a hold (an interview's companion) lets go of it first."""
    found = sa.select(Hold.id).where(Hold.subject_kind == subject.__tablename__, Hold.subject_id == subject.id)
    ids = list(db.session.scalars(found))
    db.session.execute(sa.delete(HoldCell).where(HoldCell.hold_id.in_(ids)))
    db.session.execute(sa.delete(Hold).where(Hold.id.in_(ids)))
