"""Opening and closing tasks. Each room says once what its kinds of task read like; the row keeps the words' values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.foundation import acting, clock
from portal.foundation.addresses import path_of
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task


@dataclass(frozen=True)
class Kind:
    """How a kind of task reads: lazy texts with %(name)s for the words given when it is opened."""

    code: str
    title: Any
    why: Any
    action: Any


_kinds: dict[str, Kind] = {}
_personal: set[str] = set()


def kind(code: str, *, title: Any, why: Any, action: Any) -> None:
    """Register a kind of task (at import of the room's `tasks.py`)."""
    _kinds[code] = Kind(code, title, why, action)


def stays_with_its_owner(*codes: str) -> None:
    """Kinds of task that belong to who is there (who goes along, who sits the day) and not to who has the case."""
    _personal.update(codes)


def kind_of(code: str) -> Kind:
    return _kinds[code]


def codes() -> list[str]:
    return sorted(_kinds)


def open_task(
    code: str, subject: Any, *, due: date, at: tuple[str, dict[str, Any]], owner_id: int | None = None, role: Role | None = None,
    programme_id: int | None = None, organisation_id: int | None = None, about: int | None = None, **words: Any,
) -> Task:  # fmt: skip
    """Open a task, or bring the open one of the same kind, subject and owner up to date.

    at: (endpoint, values) of the page where the one action is; words: what the kind's texts need, sealed in the row.
    """
    kind_of(code)
    if subject.id is None:
        db.session.flush()
    owner_key = _owner_key(owner_id, role, programme_id, organisation_id)
    task = _open_one(code, subject, owner_key)
    if task is None:
        task = Task(kind=code, subject_kind=subject.__tablename__, subject_id=subject.id, owner_key=owner_key)
        db.session.add(task)
    task.owner_id, task.role, task.programme_id, task.organisation_id = owner_id, role, programme_id, organisation_id
    task.due, task.about, task.words = due, about, {k: str(v) for k, v in words.items()}
    task.address = path_of(at[0], **at[1])
    return task


def _owner_key(owner_id: int | None, role: Role | None, programme_id: int | None, organisation_id: int | None) -> str:
    return f"person:{owner_id}" if owner_id else f"{role}:{programme_id}:{organisation_id}"


def leave_to(task: Task, role: Role, programme_id: int) -> None:
    """An open task is from now on whoever's has this role in a programme."""
    task.owner_id, task.role, task.programme_id, task.organisation_id = None, role, programme_id, None
    task.owner_key = _owner_key(None, role, programme_id, None)


def _open_one(code: str, subject: Any, owner_key: str) -> Task | None:
    return db.session.scalar(
        sa.select(Task).where(
            Task.kind == code,
            Task.subject_kind == subject.__tablename__,
            Task.subject_id == subject.id,
            Task.owner_key == owner_key,
            Task.closed_at.is_(None),
        )
    )


def close(code: str | None, subject: Any, outcome: str = "done") -> int:
    """Close the open tasks of a kind (or of every kind) on a row; returns how many."""
    statement = sa.update(Task).where(
        Task.subject_kind == subject.__tablename__, Task.subject_id == subject.id, Task.closed_at.is_(None)
    )
    if code is not None:
        statement = statement.where(Task.kind == code)
    done = db.session.execute(statement.values(closed_at=clock.now(), closed_by=acting.person_id(), outcome=outcome))
    return int(done.rowcount)  # type: ignore[attr-defined]


def settle_letter(letter: Letter, *, again: bool) -> None:
    """A letter that found no way: send it once more with 72 new hours, or leave it because its reader was reached."""
    if again:
        letter.state, letter.attempts = LetterState.WAITING, 0
        letter.created_at = letter.next_try_at = clock.now()
    else:
        letter.state, letter.values, letter.calendar = LetterState.CANCELLED, None, None
    close("outbox.given_up", letter, "again" if again else "called")


def hand_over(about: int, *, old_owner: int, new_owner: int, everything: bool = False) -> None:
    """Give what is open in a case to its new worker; what belongs to who is there stays, unless that one is gone.

    What the new worker has open already (the same kind about the same row) is not doubled.
    """
    theirs = sa.orm.aliased(Task)
    moving = [Task.about == about, Task.owner_id == old_owner, Task.closed_at.is_(None)]
    if not everything:
        moving.append(Task.kind.not_in(sorted(_personal)))
    same = (theirs.kind == Task.kind, theirs.subject_kind == Task.subject_kind, theirs.subject_id == Task.subject_id)
    doubled = sa.exists().where(*same, theirs.owner_key == f"person:{new_owner}", theirs.closed_at.is_(None))
    doubles = list(db.session.scalars(sa.select(Task.id).where(*moving, doubled)))
    ended = {"closed_at": clock.now(), "closed_by": acting.person_id(), "outcome": "handed over"}
    db.session.execute(sa.update(Task).where(Task.id.in_(doubles)).values(**ended))
    db.session.execute(sa.update(Task).where(*moving).values(owner_id=new_owner, owner_key=f"person:{new_owner}"))


def give(subject: Any, *, old_owner: int, new_owner: int) -> None:
    """Give what is open about one row to a colleague; what belongs to who is there stays."""
    theirs = sa.orm.aliased(Task)
    mine = [Task.subject_kind == subject.__tablename__, Task.subject_id == subject.id, Task.closed_at.is_(None)]
    mine += [Task.owner_id == old_owner, Task.kind.not_in(sorted(_personal))]
    same = (theirs.kind == Task.kind, theirs.subject_kind == Task.subject_kind, theirs.subject_id == Task.subject_id)
    doubled = sa.exists().where(*same, theirs.owner_key == f"person:{new_owner}", theirs.closed_at.is_(None))
    ended = {"closed_at": clock.now(), "closed_by": acting.person_id(), "outcome": "handed over"}
    if old_owner == new_owner:
        return
    db.session.execute(sa.update(Task).where(Task.id.in_(sa.select(Task.id).where(*mine, doubled))).values(**ended))
    db.session.execute(sa.update(Task).where(*mine).values(owner_id=new_owner, owner_key=f"person:{new_owner}"))


def close_about(about: int, room: str, outcome: str) -> int:
    """Close what a room still waits for in a case that has ended; returns how many."""
    done = db.session.execute(
        sa.update(Task)
        .where(Task.about == about, Task.kind.startswith(f"{room}."), Task.closed_at.is_(None))
        .values(closed_at=clock.now(), closed_by=acting.person_id(), outcome=outcome)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
