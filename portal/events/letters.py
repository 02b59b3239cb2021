"""What companies get about an event, in the reader's language, with its calendar message."""

from typing import Any

from portal.accounts import links
from portal.accounts import service as accounts
from portal.agenda import enclosed
from portal.agenda.messages import CalendarEvent, Status
from portal.events import shown
from portal.events.models import Event, EventSeat
from portal.foundation.words import date_long, moment, speaking
from portal.outbox import service as outbox

PURPOSE = "event_answer"


def invite(event: Event, seat: EventSeat) -> None:
    """The question, with a link on which the reader answers without signing in."""
    link = links.make(
        PURPOSE, seat, reader=f"person:{seat.person_id}", expires=event.starts_at, single_use=False
    )  # fmt: skip
    _leave("invitation", event, seat, answer=links.in_letter(link))


def confirm(event: Event, seat: EventSeat, *, moved: bool = False, from_list: bool = False) -> None:
    """You come: the appointment for the calendar, or its newer version."""
    appointment = calendar_event(event, seat.person.language)
    calendar = enclosed.invitation(appointment, seat.person, known=seat.sent is not None)
    _leave("seat", event, seat, calendar, moved=moved, from_list=from_list)
    seat.sent = event.sequence


def wait(event: Event, seat: EventSeat) -> None:
    _leave("waiting", event, seat)


def leave(event: Event, seat: EventSeat) -> None:
    """A company comes no longer: its calendar forgets the event."""
    if seat.sent is None:
        return
    appointment = calendar_event(event, seat.person.language)
    _leave("left", event, seat, enclosed.withdrawal(appointment, seat.person, whole=False))
    seat.sent = None


def call_off(event: Event, seat: EventSeat, reason: str) -> None:
    """The event does not take place."""
    calendar = None
    if seat.sent is not None:
        gone = calendar_event(event, seat.person.language, Status.CANCELLED)
        calendar = enclosed.withdrawal(gone, seat.person)
    _leave("cancelled", event, seat, calendar, reason=reason)
    seat.sent = None


def changed(event: Event, seat: EventSeat) -> None:
    """Who was asked or waits, and has no appointment yet, hears of the other moment."""
    _leave("changed", event, seat)


def remind(event: Event, seat: EventSeat) -> None:
    _leave("reminder", event, seat)


def calendar_event(event: Event, language: str, status: Status = Status.CONFIRMED) -> CalendarEvent:
    """The appointment as its reader may see it: the same in letters and in the feed."""
    with speaking(language):
        place = shown.where(event)
    return CalendarEvent(
        uid=event.uid, sequence=event.sequence, start=event.starts_at, end=event.ends_at, summary=event.title,
        location=place, description=outbox.address_of("events.show", key=event.key), status=status,
    )  # fmt: skip


def _leave(
    template: str, event: Event, seat: EventSeat, calendar: outbox.Calendar | None = None, **more: Any
) -> None:  # fmt: skip
    with speaking(seat.person.language):
        values = {
            "first_name": seat.person.first_name, "title": event.title, "words": event.words, "bring": event.bring,
            "when": moment(event.starts_at), "where": shown.where(event), "answer_by": date_long(event.answer_by),
            "organiser": event.organiser.name, "organiser_phone": event.organiser.phone,
            "kind": shown.kind(event), "starts": event.starts_at.isoformat(),
            "link": outbox.address_of("events.show", key=event.key),
        }  # fmt: skip
    outbox.leave(
        f"events/{template}", to=accounts.recipient(seat.person), about=seat, calendar=calendar,
        values={**values, **more},
    )  # fmt: skip
