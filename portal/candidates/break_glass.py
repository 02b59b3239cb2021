"""Reading what is not one's own to read: with a reason, for an hour, and a coordinator is told at once (privacy.md).

It opens a page for reading and never for writing. Every reading meanwhile is journalled with the number of the opening.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import holders
from portal.accounts.roles import STAFF, Role
from portal.accounts.service import recipient
from portal.candidates.models import BreakGlass, Candidate
from portal.candidates.states import Scope
from portal.foundation import acting, clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.options import load
from portal.foundation.words import lazy, time_short
from portal.journal import service as journal
from portal.journal.models import Entry
from portal.outbox import service as outbox
from portal.tasks import service as tasks
from portal.tasks.models import Task

KINDS = {Scope.CASE: "candidates.opened_case", Scope.CONSTRAINTS: "candidates.opened_constraints"}
DISCUSS_IN = timedelta(days=2)


class NobodyToTell(DomainError):
    sentence = lazy("There is nobody to tell of it, so it stays closed. Call the operator.")
    status = 409


def rule(name: str) -> Any:
    return load("candidates", "caseload")[name]


# --- Conditions ---


def standing(viewer: Viewer, *scopes: Scope) -> sa.ColumnElement[bool]:
    """The openings of this viewer that are open now; one that ends at this moment has ended."""
    wanted = [BreakGlass.scope.in_(scopes)] if scopes else []
    open_now = (BreakGlass.closed_at.is_(None), BreakGlass.ends_at > clock.now())
    return sa.and_(BreakGlass.person_id == viewer.person_id, *open_now, *wanted)


def opened_cases(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases that this viewer has open, in a programme of which the viewer is staff now."""
    ids = sa.select(BreakGlass.candidate_id).where(standing(viewer, Scope.CASE))
    return sa.and_(Candidate.id.in_(ids), Candidate.programme_id.in_(viewer.programmes(*STAFF)))


def of_this_case(viewer: Viewer) -> sa.ColumnElement[bool]:
    """To join the viewer's opening of a case, if there is one, to the case."""
    return sa.and_(BreakGlass.candidate_id == Candidate.id, standing(viewer))


def enter(opened: BreakGlass, case_key: str) -> None:
    """From here on everything that is read names this opening, and the page shows how long it lasts."""
    acting.go_through(acting.Through(opened.id, opened.key, case_key, opened.ends_at))


# --- Opening and closing ---


def may_open(viewer: Viewer) -> bool:
    """Whether the viewer has an opening left today."""
    since = clock.midnight(clock.today())
    count = sa.select(sa.func.count(BreakGlass.id)).where(
        BreakGlass.person_id == viewer.person_id, BreakGlass.opened_at >= since
    )
    return int(db.session.scalar(count) or 0) < int(rule("break_glass_per_day"))


def told(candidate: Candidate, person_id: int) -> Sequence[Person]:
    """Who hears of it: the other coordinators of the programme; without any, the administrators, who read no dossier."""
    coordinators = [
        one for one in holders(Role.COORDINATOR, programme_id=candidate.programme_id) if one.id != person_id
    ]
    return coordinators or [one for one in holders(Role.ADMINISTRATOR) if one.id != person_id]


def open_case(candidate: Candidate, viewer: Viewer, scope: Scope, reason: str) -> BreakGlass:
    """Open a case for this viewer, and tell who must know. Raises NobodyToTell."""
    readers = told(candidate, viewer.me)
    if not readers:
        raise NobodyToTell()
    now = clock.now()
    row = BreakGlass(
        person_id=viewer.me, candidate_id=candidate.id, scope=scope, reason=reason, opened_at=now,
        ends_at=now + timedelta(minutes=int(rule("break_glass_minutes"))),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    journal.note("break_glass.opened", row, reason=reason, scope=scope.value)
    for one in readers:
        _tell(one, row, viewer.name)
    return row


def _tell(reader: Person, row: BreakGlass, who: str) -> None:
    tasks.open_task(
        KINDS[row.scope], row, due=clock.today() + DISCUSS_IN, at=("candidates.opened", {"key": row.key}), owner_id=reader.id, who=who,
    )  # fmt: skip
    outbox.leave(
        "candidates/opened", to=recipient(reader), about=row,
        values={
            "url": outbox.address_of("candidates.opened", key=row.key), "first_name": reader.first_name, "who": who,
            "until": time_short(row.ends_at), "constraints": row.scope == Scope.CONSTRAINTS,
        },
    )  # fmt: skip


def close(row: BreakGlass) -> None:
    """Close it before its time."""
    row.closed_at = clock.now()
    journal.note("break_glass.closed", row)


def discussed(row: BreakGlass) -> None:
    """It was talked about: who was told of it has nothing left to do."""
    row.discussed_at, row.discussed_by = clock.now(), acting.person_id()
    tasks.close(KINDS[row.scope], row, "discussed")
    journal.note("break_glass.discussed", row)


# --- Reading ---


def to_open(viewer: Viewer, key: str, worked: sa.ColumnElement[bool]) -> tuple[Candidate, Scope]:
    """The case that a viewer may open with a reason, and what that opens. Raises NotFound, also when the day's are used up.

    `worked`: the cases in which the viewer works. Of those only a coordinator has something closed: what detention means.
    """
    row = db.session.execute(
        sa.select(Candidate, sa.case((worked, True), else_=False))
        .options(joinedload(Candidate.worker))
        .where(
            Candidate.key == key,
            Candidate.worker_id.is_not(None),
            Candidate.programme_id.in_(viewer.programmes(*STAFF)),
        )
    ).first()
    if row is None or not may_open(viewer):
        raise NotFound()
    candidate, works = row
    if not works:
        return candidate, Scope.CASE
    if candidate.worker_id == viewer.person_id or candidate.programme_id not in viewer.programmes(Role.COORDINATOR):
        raise NotFound()
    return candidate, Scope.CONSTRAINTS


def open_now(viewer: Viewer, key: str) -> BreakGlass | None:
    """The viewer's own opening of this case that still stands."""
    return db.session.scalar(
        sa.select(BreakGlass)
        .join(Candidate, Candidate.id == BreakGlass.candidate_id)
        .where(Candidate.key == key, standing(viewer))
        .order_by(BreakGlass.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class Opened:
    """An opening for somebody who was told of it; only a coordinator of the programme also reads whose case it was."""

    row: BreakGlass
    coordinates: bool


def opening_for(viewer: Viewer, key: str) -> Opened:
    """An opening of which the viewer was told, or in a programme that the viewer coordinates; never one's own."""
    was_told = sa.exists().where(
        Task.subject_kind == BreakGlass.__tablename__, Task.subject_id == BreakGlass.id, Task.owner_id == viewer.me
    )
    coordinates = Candidate.programme_id.in_(viewer.programmes(Role.COORDINATOR))
    row = db.session.scalar(
        sa.select(BreakGlass)
        .join(Candidate, Candidate.id == BreakGlass.candidate_id)
        .options(joinedload(BreakGlass.person), joinedload(BreakGlass.candidate).joinedload(Candidate.programme))
        .where(BreakGlass.key == key, BreakGlass.person_id != viewer.me)
        .where(sa.or_(coordinates, sa.and_(was_told, sa.literal(viewer.has(Role.ADMINISTRATOR)))))
    )
    if row is None:
        raise NotFound()
    return Opened(row, row.candidate.programme_id in viewer.programmes(Role.COORDINATOR))


def pages_read(row: BreakGlass) -> int:
    """How many readings of that case named this opening in the journal."""
    seen = db.session.scalars(
        sa.select(Entry.details).where(
            Entry.about == row.candidate_id, Entry.actor_id == row.person_id, Entry.seen, Entry.created_at >= row.opened_at,
            Entry.created_at <= row.ends_at,
        )
    )  # fmt: skip
    return sum(1 for details in seen if details and details.get("break_glass") == row.id)
