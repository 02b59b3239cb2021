"""What time brings to events: a reminder, too few answers, and the question who came."""

from datetime import timedelta

import sqlalchemy as sa

from portal.agenda.windows import workdays_before
from portal.events import duties, letters, queries
from portal.events.models import Event
from portal.events.rules import rule
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.database import db


def run() -> int:
    """Every event by itself, so that one that fails holds up no other; returns how many letters left."""
    sent = 0
    for event_id in _standing():
        sent += _one(event_id)
        db.session.commit()
    return sent


def _standing() -> list[int]:
    return list(db.session.scalars(sa.select(Event.id).where(Event.state == EventState.ANNOUNCED).order_by(Event.id)))


def _one(event_id: int) -> int:
    event = queries.by_id(event_id, lock=True)
    if event.state is not EventState.ANNOUNCED:
        return 0
    if event.ends_at <= clock.now():
        duties.over(event)
        return 0
    _look_at_answers(event)
    return _remind(event)


def _look_at_answers(event: Event) -> None:
    if clock.today() <= event.answer_by or event.starts_at <= clock.now():
        return
    coming = sum(seat.state is SeatState.COMING for seat in queries.seats(event))
    if coming < min(rule("least_companies"), event.seats):
        duties.too_few(event)
    else:
        duties.enough(event)


def _remind(event: Event) -> int:
    """Once, some working days before: what to bring, and the way out for whoever cannot come after all."""
    day = clock.local(event.starts_at).date()
    soon = workdays_before(day, rule("remind_workdays_before"))
    if (
        event.reminded_at is not None
        or not soon <= clock.today()
        or event.starts_at <= clock.now() + timedelta(hours=1)
    ):
        return 0
    event.reminded_at = clock.now()
    coming = [seat for seat in queries.seats(event) if seat.state is SeatState.COMING]
    for seat in coming:
        letters.remind(event, seat)
    return len(coming)
