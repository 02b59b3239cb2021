"""The one way to list tasks: what waits for a viewer, by date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _, date_short
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from portal.tasks.service import kind_of


@dataclass(frozen=True)
class Waiting:
    """One line of "what waits for you": one action with its date."""

    when_label: str
    late: bool
    title: str
    why: str
    url: str
    action_label: str
    due: date
    kind: str
    since: date
    days: int


def waiting_for(viewer: Viewer, limit: int = 50) -> Sequence[Waiting]:
    """What waits for this person, or for a role that this person holds where the task is; the oldest date first."""
    statement = sa.select(Task).where(Task.closed_at.is_(None), mine(viewer)).order_by(Task.due, Task.id).limit(limit)
    return [line_of(task) for task in db.session.scalars(statement)]


def next_for_cases(candidate_ids: Collection[int]) -> dict[int, Waiting]:
    """For each of these cases the open task with the earliest date, whoever's it is; one query, for staff's lists."""
    statement = (
        sa.select(Task)
        .where(Task.closed_at.is_(None), Task.about.in_(list(candidate_ids)))
        .order_by(Task.due.desc(), Task.id.desc())
    )
    return {task.about: line_of(task) for task in db.session.scalars(statement) if task.about is not None}


def about_case(candidate_id: int, viewer: Viewer) -> Sequence[Waiting]:
    """What waits for this viewer in one case, the oldest date first."""
    statement = sa.select(Task).where(Task.closed_at.is_(None), Task.about == candidate_id, mine(viewer))
    return [line_of(task) for task in db.session.scalars(statement.order_by(Task.due, Task.id))]


def count_about(candidate_id: int, owner_id: int) -> int:
    """How many things wait for somebody in one case."""
    waits = (Task.about == candidate_id, Task.owner_id == owner_id, Task.closed_at.is_(None))
    return int(db.session.scalar(sa.select(sa.func.count(Task.id)).where(*waits)) or 0)


def mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whose tasks these are, as a condition."""
    seats = [
        sa.and_(
            Task.role == seat.role,
            sa.or_(Task.programme_id.is_(None), Task.programme_id == seat.programme_id),
            sa.or_(Task.organisation_id.is_(None), Task.organisation_id == seat.organisation_id),
        )
        for seat in viewer.seats
    ]
    return sa.or_(Task.owner_id == viewer.person_id, sa.and_(Task.owner_id.is_(None), sa.or_(sa.false(), *seats)))


def line_of(task: Task) -> Waiting:
    kind, today = kind_of(task.kind), clock.today()
    return Waiting(
        when_label=_when(task.due, today),
        late=task.due < today,
        title=str(kind.title) % task.words,
        why=str(kind.why) % task.words,
        url=task.address,
        action_label=str(kind.action) % task.words,
        due=task.due,
        kind=task.kind,
        since=clock.local(task.created_at).date(),
        days=max(0, (today - clock.local(task.created_at).date()).days),
    )


def _when(due: date, today: date) -> str:
    if due == today:
        return _("today")
    if due < today:
        return _("since %(day)s", day=date_short(due))
    return _("by %(day)s", day=date_short(due))


def given_up(viewer: Viewer, number: str) -> Letter | None:
    """A letter that found no way, where its task is the viewer's."""
    return db.session.scalar(
        sa.select(Letter)
        .join(Task, sa.and_(Task.subject_kind == Letter.__tablename__, Task.subject_id == Letter.id))
        .where(
            Letter.message_id == number, Letter.state == LetterState.GIVEN_UP, Task.closed_at.is_(None), mine(viewer)
        )
    )
