"""An event as its organiser keeps it: planned, changed, called off. The organiser's time is held like any talk's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.agenda import holds
from portal.agenda.models import HoldKind
from portal.agenda.windows import Span, workdays_before
from portal.events import duties, letters, queries, seats
from portal.events.answers import EventAnswer
from portal.events.models import Event, EventSeat
from portal.events.rules import AnswerTooLate, EndsFirst, NoPlace, Passed, TimeTaken, TooFewSeats, rule
from portal.events.states import EventKind, EventState, SeatState
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal


@dataclass(frozen=True)
class _Place:
    site_id: int | None = None
    workplace_id: int | None = None
    host_id: int | None = None
    street: str = ""
    postcode: str = ""
    municipality: str = ""


def plan(programme_id: int, organiser_id: int, answer: EventAnswer) -> Event:
    """A new event, not sent to anybody yet. Raises Passed, EndsFirst, AnswerTooLate, NoPlace and TimeTaken."""
    event = Event(programme_id=programme_id, organiser_id=organiser_id)
    _fill(event, answer)
    db.session.add(event)
    db.session.flush()
    _hold(event)
    journal.note("event.planned", event)
    return event


def change(event: Event, answer: EventAnswer) -> None:
    """Another moment or place is told to everybody who was asked; who comes gets the newer appointment.

    Raises what `plan` raises, TooFewSeats, and Over once it has begun.
    """
    seats.still_to_come(event)
    before = (event.starts_at, event.ends_at, event.site_id, event.workplace_id, event.street, event.postcode)
    _fill(event, answer)
    db.session.flush()
    # The place that was read with it may be another one now: letters and the agenda read it anew.
    event = queries.by_id(event.id, lock=True)
    everybody = queries.seats(event)
    if sum(one.state is SeatState.COMING for one in everybody) > answer.seats:
        raise TooFewSeats()
    moved = before != (event.starts_at, event.ends_at, event.site_id, event.workplace_id, event.street, event.postcode)
    if moved:
        event.sequence += 1
        event.reminded_at = None
        _hold(event)
    if moved and event.state is EventState.ANNOUNCED:
        _tell(event, everybody)
    seats.move_up(event)
    journal.note("event.changed", event, moved=moved)


def _tell(event: Event, everybody: Sequence[EventSeat]) -> None:
    for seat in everybody:
        if seat.state is SeatState.COMING:
            letters.confirm(event, seat, moved=True)
        elif seat.state in (SeatState.INVITED, SeatState.WAITING):
            letters.changed(event, seat)


def take_over(event: Event, person_id: int) -> None:
    """A colleague organises it from here: the one's time is free, the other's is held. Raises TimeTaken and Over."""
    seats.still_to_come(event)
    event.organiser_id = person_id
    _hold(event)
    duties.taken_over(event, person_id)
    journal.note("event.taken_over", event)


def cancel(event: Event, reason: str) -> None:
    """It does not take place: who was asked hears why, calendars forget it, the organiser's time is free."""
    seats.still_to_come(event)
    event.move_to(EventState.CANCELLED, reason)
    event.sequence += 1
    for seat in queries.seats(event):
        if seat.state in (SeatState.INVITED, SeatState.COMING, SeatState.WAITING):
            letters.call_off(event, seat, reason)
    holds.release(event)
    duties.settled(event)


def _fill(event: Event, answer: EventAnswer) -> None:
    starts, ends = clock.at(answer.day, answer.starts), clock.at(answer.day, answer.ends)
    if ends <= starts:
        raise EndsFirst()
    if starts <= clock.now():
        raise Passed()
    event.kind, event.title, event.words, event.bring = EventKind(answer.kind), answer.title, answer.words, answer.bring
    event.starts_at, event.ends_at = starts, ends
    event.answer_by = _answer_by(answer, starts)
    event.seats, event.open = answer.seats, answer.open
    place = _place(answer)
    event.site_id, event.workplace_id, event.host_id = place.site_id, place.workplace_id, place.host_id
    event.street, event.postcode, event.municipality = place.street, place.postcode, place.municipality


def _answer_by(answer: EventAnswer, starts: datetime) -> date:
    today = clock.today()
    last = answer.answer_by or max(today, workdays_before(answer.day, rule("answer_workdays_before")))
    if not today <= last <= clock.local(starts).date():
        raise AnswerTooLate()
    return last


def _place(answer: EventAnswer) -> _Place:
    kind, _colon, key = answer.place.partition(":")
    if kind == "site":
        site = queries.site(key)
        if site is not None:
            return _Place(site_id=site.id)
    elif kind == "workplace":
        found = queries.workplace(key)
        if found is not None:
            return _Place(workplace_id=found[0].id, host_id=found[1])
    elif answer.postcode and answer.municipality:
        return _Place(street=answer.street, postcode=answer.postcode, municipality=answer.municipality)
    raise NoPlace()


def _hold(event: Event) -> None:
    around = timedelta(minutes=rule("minutes_around"))
    at = Span(event.starts_at, event.ends_at)
    party = holds.Party(holds.person(event.organiser_id), Span(at.start - around, at.end + around), _postcode(event))
    # A move where there is nothing yet takes the time.
    try:
        holds.move(event, HoldKind.VISIT, at, [party])
    except holds.AlreadyTaken:
        raise TimeTaken() from None
    gone = [one.party for one in holds.of(event) if one.party != party.ref]
    holds.drop(event, *gone)


def _postcode(event: Event) -> str:
    db.session.flush()
    placed: Any = queries.by_id(event.id)
    place = placed.site or placed.workplace
    return str(place.postcode if place is not None else event.postcode)
