"""People in a list that other rooms make for the team: whose case each is, and a name only where the reader may know it."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.candidates import handles, queries
from portal.candidates.identities import Name
from portal.candidates.models import Candidate, Identity
from portal.foundation import acting
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.journal import service as journal


@dataclass(frozen=True)
class Entry:
    """A case in a list. Without the right to read it there is no key, no name and no postcode, only whose case it is."""

    id: int
    programme_id: int
    worker: str
    own: bool
    key: str = ""
    name: Name | None = None
    postcode: str = ""


def roster(viewer: Viewer, ids: Collection[int], reason: str) -> dict[int, Entry]:
    """These cases in one query. Each identity that is read (name, and the postcode to travel from) is journalled."""
    return _read(viewer, Candidate.id.in_(list(ids)), queries.worked(viewer), reason) if ids else {}


def entry_of(viewer: Viewer, key: str, reason: str) -> Entry:
    """One case that the viewer may read; through an opened glass it leaves its line first. Raises NotFound otherwise."""
    mine = queries.worked(viewer)
    found = _read(viewer, sa.and_(Candidate.key == key, mine), mine, reason)
    if not found:
        case = handles.of_staff(viewer, key)
        found = _read(viewer, Candidate.id == case.id, sa.true(), reason)
    return next(iter(found.values()))


def _read(
    viewer: Viewer, where: sa.ColumnElement[bool], readable: sa.ColumnElement[bool], reason: str
) -> dict[int, Entry]:
    rows = db.session.execute(
        sa.select(
            Candidate.id, Candidate.key, Candidate.programme_id, Candidate.worker_id,
            Person.first_name.label("worker"), Identity.first_name, Identity.last_name, Identity.postcode,
        )
        .outerjoin(Person, Person.id == Candidate.worker_id)
        .outerjoin(Identity, sa.and_(Identity.candidate_id == Candidate.id, readable))
        .where(where)
    ).all()  # fmt: skip
    found = {row.id: _entry(viewer, row) for row in rows}
    with acting.because(reason):
        journal.saw_each("identity.name_read", "candidate", [one.id for one in found.values() if one.name is not None])
    return found


def _entry(viewer: Viewer, row: sa.Row) -> Entry:
    shared = {"id": row.id, "programme_id": row.programme_id, "worker": row.worker or ""}
    own = row.worker_id is not None and row.worker_id == viewer.person_id
    if row.first_name is None:
        return Entry(**shared, own=own)
    return Entry(**shared, own=own, key=row.key, name=Name(row.first_name, row.last_name), postcode=row.postcode or "")
