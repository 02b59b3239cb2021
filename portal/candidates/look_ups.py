"""Whether a colleague has somebody's case: asked by the whole name, answered with the colleague's name and nothing more."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import joinedload

from portal.accounts.roles import STAFF
from portal.candidates import marks, queries
from portal.candidates.break_glass import rule
from portal.candidates.models import Candidate, Identity, NameMark
from portal.foundation import clock, crypto
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.journal import service as journal
from portal.journal.models import Entry

ACTION = "case.looked_up"
ANSWER_STANDS = timedelta(minutes=10)
_MOST = 5


def look_up(viewer: Viewer, name: str) -> list[int]:
    """The colleagues' cases of people with exactly this name. Written down each time; above the day's number, nobody."""
    found = _cases(viewer, name) if _left_today(viewer) else []
    for candidate in found:
        journal.note(ACTION, candidate)
    if not found:
        journal.note(ACTION, None)
    return [one.id for one in found]


def _left_today(viewer: Viewer) -> bool:
    since = clock.midnight(clock.today())
    asked = sa.select(sa.func.count(Entry.id)).where(
        Entry.action == ACTION, Entry.actor_id == viewer.me, Entry.created_at >= since
    )
    return int(db.session.scalar(asked) or 0) < int(rule("look_ups_per_day"))


def _cases(viewer: Viewer, name: str) -> list[Candidate]:
    typed, here = sorted(marks.folded(name)), viewer.programmes(*STAFF)
    if len(typed) < 2:
        return []
    marked = sa.select(NameMark.candidate_id).where(NameMark.mark.in_([marks.whole(one, name, "") for one in here]))
    rows = db.session.execute(
        sa.select(Candidate, Identity.first_name, Identity.last_name)
        .join(Identity, Identity.candidate_id == Candidate.id)
        .where(Candidate.id.in_(marked), Candidate.programme_id.in_(here), Candidate.worker_id.is_not(None))
        .where(sa.not_(queries.worked(viewer)))
        .order_by(Candidate.id)
        .limit(_MOST)
    )
    return [row[0] for row in rows if sorted(marks.folded(f"{row[1]} {row[2]}")) == typed]


def sealed(viewer: Viewer, ids: Collection[int]) -> str:
    """The answer on its way to the page that shows it: for this person, for some minutes, telling no name."""
    until = int((clock.now() + ANSWER_STANDS).timestamp())
    return crypto.cipher().seal(" ".join(map(str, (viewer.me, until, *ids))))


def answer(viewer: Viewer, token: str) -> Sequence[Candidate] | None:
    """The cases of an answer, with their workers; None when there is no answer (any more)."""
    try:
        person, until, *ids = map(int, crypto.cipher().open(token).split(" "))
    except (InvalidToken, ValueError):
        return None
    if person != viewer.me or until < clock.now().timestamp():
        return None
    return db.session.scalars(
        sa.select(Candidate)
        .options(joinedload(Candidate.worker))
        .where(Candidate.id.in_(ids), Candidate.programme_id.in_(viewer.programmes(*STAFF)))
        .order_by(Candidate.id)
    ).all()
