"""The calendar message that goes along with a letter: to one person, from the portal's own mailbox, of this moment."""

from flask import current_app

from portal.accounts.models import Person
from portal.agenda.messages import Attendee, CalendarEvent, Method, Organizer, cancel, request
from portal.foundation import clock
from portal.outbox.service import Calendar


def invitation(event: CalendarEvent, person: Person, *, known: bool) -> Calendar:
    """The appointment, or its newer version where the person's calendar knows it."""
    ics = request(event, _attendee(person), _organizer(), now=clock.now())
    return Calendar(Method.REQUEST.value, ics.decode(), known=known)


def withdrawal(event: CalendarEvent, person: Person, *, whole: bool = True) -> Calendar:
    """The end of the appointment; not `whole`: of this person's part in it, while it goes on with the others."""
    ics = cancel(event, _attendee(person), _organizer(), now=clock.now(), whole=whole)
    return Calendar(Method.CANCEL.value, ics.decode())


def _attendee(person: Person) -> Attendee:
    return Attendee(person.email, person.name)


def _organizer() -> Organizer:
    return Organizer(current_app.extensions["doorstart"].mail_from, "Doorstart")
