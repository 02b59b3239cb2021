"""How the tasks of events read, what opens by letter, and what is looked at each night."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person
from portal.agenda import day as agenda_day
from portal.agenda import feed as calendar_feed
from portal.agenda import service as agenda
from portal.employers import successions
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events import duties, feed, leaving, letters, nightly, queries, seats
from portal.events.models import Event, EventSeat
from portal.events.states import EventState, SeatState
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import colleague_left, seat_ended, worker_left
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.tasks import service as tasks

for _code, (_title, _why, _action) in duties.KINDS.items():
    tasks.kind(f"events.{_code}", title=_title, why=_why, action=_action)
tasks.stays_with_its_owner("events.note_who_came")

links.opens(letters.PURPOSE, "events.answer")
calendar_feed.offers(Event.__tablename__, feed.items)
agenda_day.brings(Event.__tablename__, feed.of_day)
agenda.describes(Event.__tablename__, feed.described)


@check_before_sending("events/")
def _still_right(letter: Letter) -> bool:
    """Nobody is asked to, or reminded of, what moved or was called off; a blocked company gets no question."""
    if letter.template in ("events/cancelled", "events/left") or letter.about_id is None:
        return True
    row = db.session.execute(
        sa.select(Event.state, Event.starts_at, EventSeat.state.label("seat"), Employer.state.label("company"))
        .join(EventSeat, EventSeat.event_id == Event.id)
        .join(Employer, Employer.id == EventSeat.employer_id)
        .where(EventSeat.id == letter.about_id)
    ).first()
    if row is None or row.state is not EventState.ANNOUNCED or row.company is EmployerState.BLOCKED:
        return False
    if letter.recipient_ref.startswith("person:") and not queries.still_speaks(letter.about_id):
        return False
    # An appointment that was refused on its way and overtaken by a newer one, or by a no, would put back what is gone.
    wanted = (
        (SeatState.COMING,) if letter.calendar is not None else (SeatState.INVITED, SeatState.WAITING, SeatState.COMING)
    )
    return (letter.values or {}).get("starts") == row.starts_at.isoformat() and row.seat in wanted


successions.holds(queries.seated_for)


@colleague_left.connect
def _somebody_else_comes(employer: Employer, *, person: Person, successor: Person, **_more: Any) -> None:
    seats.hand_over(employer, person, successor)


@worker_left.connect
@seat_ended.connect
def _somebody_else_organises(person: Person, **_more: Any) -> None:
    leaving.organiser_left(person)


def _each_night() -> None:
    nightly.run()


jobs.each_night["events.nightly"] = _each_night
