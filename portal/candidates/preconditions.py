"""What must be in order before work: kept row by row with its history, and watched, so that no date passes unseen.

Each row can ask its worker for one thing at a time: somebody to see to a red light, a look at a date that passed, a
renewal before a paper ends, or what to do once it has ended. A task goes when the row no longer asks for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.candidates import service, standings
from portal.candidates.models import Candidate, Precondition
from portal.candidates.states import Light
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load, options
from portal.foundation.words import date_medium, speaking
from portal.journal import service as journal
from portal.tasks import service as tasks
from portal.tasks.models import Task

_FIELDS = ("light", "owner", "due", "valid_until")
_SETTLED = (Light.GREEN, "not_applicable")


@dataclass(frozen=True)
class Asks:
    """A task that a row asks for: its kind, until when, and what its words say."""

    kind: str
    due: date
    words: dict[str, Any]


KINDS = ("nobody", "late", "ends", "ended")


def renew(candidate: Candidate, answers: dict[str, dict[str, str]]) -> None:
    """The lights as they stand now. Each change is journalled by its code, old and new."""
    rows = {row.kind: row for row in db.session.scalars(_of(candidate.id))}
    for kind in options("candidates", "preconditions"):
        row, answer = rows.get(kind), _read(answers.get(kind, {}))
        if row is None:
            db.session.add(Precondition(candidate_id=candidate.id, kind=kind, **answer))
        else:
            _renew(row, answer)
    watch(candidate)


def _read(answer: dict[str, str]) -> dict[str, Any]:
    return {
        "light": answer.get("light") or Light.UNKNOWN.value, "owner": answer.get("owner") or "",
        "due": _day(answer.get("due")), "valid_until": _day(answer.get("valid_until")),
    }  # fmt: skip


def _renew(row: Precondition, wanted: dict[str, Any]) -> None:
    was = {name: getattr(row, name) for name in _FIELDS}
    changed = [name for name in _FIELDS if was[name] != wanted[name]]
    if not changed:
        return
    for name in changed:
        setattr(row, name, wanted[name])
    journal.note(
        "precondition.changed", row, kind=row.kind, was=str(was["light"]), now=str(wanted["light"]),
        until=wanted["valid_until"].isoformat() if "valid_until" in changed and wanted["valid_until"] else None,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _of(candidate_id: int) -> sa.Select[Precondition]:
    return sa.select(Precondition).where(Precondition.candidate_id == candidate_id).order_by(Precondition.id)


# --- What a row asks for ----------------------------------------------------------------------------------------


def asked_by(row: Precondition, today: date, remind_days: Sequence[int]) -> Asks | None:
    """The one thing that a row asks for on a day; the gravest first."""
    if row.valid_until is not None and row.valid_until < today:
        return Asks("ended", today, {"day": date_medium(row.valid_until)})
    if row.light == Light.RED and not row.owner:
        return Asks("nobody", today, {})
    if row.due is not None and row.due < today and row.light not in _SETTLED:
        return Asks("late", today, {"day": date_medium(row.due)})
    if row.valid_until is not None:
        return _ends(row.valid_until, today, remind_days)
    return None


def _ends(until: date, today: date, remind_days: Sequence[int]) -> Asks | None:
    """The reminder of this stage, to be done before the next one; each stage says anew how near the end is."""
    left = (until - today).days
    passed = [days for days in remind_days if left <= days]
    if not passed:
        return None
    later = [until - timedelta(days=days) for days in remind_days if days < min(passed)]
    return Asks("ends", min(later, default=until), {"day": date_medium(until), "days": str(min(passed))})


def watch(candidate: Candidate, today: date | None = None) -> None:
    """Open the tasks that somebody's rows ask for, and close those that they no longer do."""
    db.session.flush()
    if candidate.worker_id is None:
        return
    worker = db.session.get_one(Person, candidate.worker_id)
    rows = {row.id: row for row in db.session.scalars(_of(candidate.id))}
    waiting = {(number, kind) for number, kind in db.session.execute(_waiting(rows))}
    remind_days = load("candidates", "rules")["papers"]["remind_days"]
    with speaking(worker.language):
        for row in rows.values():
            asks = asked_by(row, today or clock.today(), remind_days)
            wanted = asks.kind if asks is not None else ""
            for kind in KINDS:
                if kind != wanted and (row.id, f"candidates.paper_{kind}") in waiting:
                    tasks.close(f"candidates.paper_{kind}", row, "renewed")
            # A task that waits for somebody already grows late: only a reminder moves on to its next stage.
            if asks is not None and (asks.kind == "ends" or (row.id, f"candidates.paper_{wanted}") not in waiting):
                _ask(row, candidate, asks)


def _waiting(rows: Collection[int]) -> sa.Select[int, str]:
    here = sa.and_(Task.subject_kind == Precondition.__tablename__, Task.subject_id.in_(rows), Task.closed_at.is_(None))
    return sa.select(Task.subject_id, Task.kind).where(here)


def _ask(row: Precondition, candidate: Candidate, asks: Asks) -> None:
    tasks.open_task(
        f"candidates.paper_{asks.kind}", row, due=asks.due, about=candidate.id, owner_id=candidate.worker_id,
        at=("candidates.preconditions", {"key": candidate.key}), name=service.short_name(candidate.id),
        what=options("candidates", "preconditions")[row.kind].label, **asks.words,
    )  # fmt: skip


def nightly(today: date | None = None) -> int:
    """What this day brings to everybody whose way goes on; returns how many cases were looked at."""
    day = today or clock.today()
    far = day + timedelta(days=max(load("candidates", "rules")["papers"]["remind_days"]))
    asks_something = sa.or_(
        Precondition.valid_until <= far,
        sa.and_(Precondition.due < day, Precondition.light.not_in(_SETTLED)),
        sa.and_(Precondition.light == Light.RED, Precondition.owner == ""),
    )
    statement = (
        sa.select(Candidate)
        .where(Candidate.worker_id.is_not(None), sa.not_(standings.ended(Candidate.id)))
        .where(Candidate.id.in_(sa.select(Precondition.candidate_id).where(asks_something)))
        .order_by(Candidate.id)
    )
    found = db.session.scalars(statement).all()
    for candidate in found:
        watch(candidate, day)
    return len(found)
