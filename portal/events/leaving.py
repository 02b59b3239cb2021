"""An organiser who leaves: nobody is made to stand before six companies, so the programme's coordinator finds somebody."""

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.roles import STAFF, Role
from portal.events import duties
from portal.events.models import Event, EventSeat
from portal.events.states import EventState
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks import service as tasks
from portal.tasks.models import Task


def organiser_left(person: Person) -> None:
    """In the transaction in which somebody of the team leaves a programme, or all: its events there want another organiser,
    and what it still had to do for them is the coordinator's."""
    gone = sa.select(Event).where(Event.organiser_id == person.id, Event.programme_id.not_in(_stays(person)))
    going = (EventState.DRAFT, EventState.ANNOUNCED)
    for event in db.session.scalars(gone.where(Event.state.in_(going), Event.starts_at > clock.now())).all():
        duties.without_organiser(event, person.name)
    for task, programme_id in _tasks(person):
        tasks.leave_to(task, Role.COORDINATOR, programme_id)


def _stays(person: Person) -> set[int]:
    """The programmes in which this person still works."""
    if person.deactivated_at is not None:
        return set()
    seats = accounts.current_memberships(person.id)
    return {one.programme_id for one in seats if one.role in STAFF and one.programme_id is not None}


def _tasks(person: Person) -> list[tuple[Task, int]]:
    """What this person still has to do for events of a programme in which it works no more."""
    seat = sa.and_(Task.subject_kind == EventSeat.__tablename__, Task.subject_id == EventSeat.id)
    own = sa.and_(Task.subject_kind == Event.__tablename__, Task.subject_id == Event.id)
    statement = (
        sa.select(Task, Event.programme_id)
        .outerjoin(EventSeat, seat)
        .join(Event, sa.or_(own, EventSeat.event_id == Event.id))
        .where(Task.owner_id == person.id, Task.kind.like("events.%"), Task.closed_at.is_(None))
        .where(Event.programme_id.not_in(_stays(person)))
    )
    return [(task, programme_id) for task, programme_id in db.session.execute(statement)]
