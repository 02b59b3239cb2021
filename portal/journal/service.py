"""Writing the journal. A read that cannot be written down does not happen."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.foundation import acting, clock
from portal.foundation.database import db, is_reading
from portal.foundation.signals import state_changed
from portal.journal.models import Entry


def note(action: str, subject: Any, *, about: int | None = None, reason: str = "", **details: object) -> None:
    """Write down what is being done, in the transaction of the work itself. Details are codes and ids, never names."""
    db.session.add(Entry(**_row(action, subject, about, reason, details), seen=False))


def saw(what: str, subject: Any, *, about: int | None = None, **details: object) -> None:
    """Write down that somebody reads this, before the page leaves: no record, no page.

    A GET commits it in a short transaction of its own; inside a writing request it joins that one.
    """
    row = _row(what, subject, about, "", details)
    if not is_reading():
        db.session.add(Entry(**row, seen=True))
        return
    with db.engine.begin() as connection:
        connection.execute(sa.insert(Entry).values(**row, seen=True, created_at=clock.now()))


def saw_each(what: str | Sequence[str], subject_kind: str, candidate_ids: Sequence[int], **details: object) -> None:
    """Write down that somebody reads a list of people (or several things of one), a line for each, at the cost of one."""
    who = acting.actor()
    shared = {
        "actor_id": who.person_id, "role": who.role, "subject_kind": subject_kind, "seen": True,
        "reason": who.reason or None, "details": _more(who, details), "created_at": clock.now(),
    }  # fmt: skip
    actions = [what] if isinstance(what, str) else what
    rows = [
        {**shared, "action": action, "subject_id": one, "about": one} for one in candidate_ids for action in actions
    ]
    if not rows:
        return
    if not is_reading():
        db.session.execute(sa.insert(Entry), rows)
        return
    with db.engine.begin() as connection:
        connection.execute(sa.insert(Entry), rows)


def _row(action: str, subject: Any, about: int | None, reason: str, details: dict[str, object]) -> dict[str, Any]:
    if subject is not None and subject.id is None:
        db.session.flush()
    who = acting.actor()
    return {
        "actor_id": who.person_id,
        "role": who.role,
        "action": action,
        "subject_kind": subject.__tablename__ if subject is not None else "portal",
        "subject_id": subject.id if subject is not None else None,
        "about": about if about is not None else case_of(subject),
        "reason": reason or who.reason or None,
        "details": _more(who, details),
    }


def _more(who: acting.Actor, details: dict[str, object]) -> dict[str, object] | None:
    """What a line tells besides; of somebody who came through a forced door, by which one."""
    if who.through is None:
        return details or None
    return {**details, "break_glass": who.through.id}


def case_of(subject: Any) -> int | None:
    """The candidate whose case a row belongs to: rows say so themselves by a `candidate_id`."""
    if subject is None:
        return None
    if subject.__tablename__ == "candidate":
        return int(subject.id)
    found = getattr(subject, "candidate_id", None)
    return None if found is None else int(found)


@state_changed.connect
def _state_changed(subject: Any, *, old: str, new: str, reason: str) -> None:
    note(f"{subject.__tablename__}.{new}", subject, reason=reason, old=str(old), new=str(new))
