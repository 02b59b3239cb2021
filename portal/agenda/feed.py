"""The private feed: a person's own appointments, for a calendar program that asks with a secret address and no session.

The address is a personal link: a number and its keyed proof, so that a stolen database gives no address. Later rooms say
what they have for somebody (`offers`); who that somebody may still be is asked at each request.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.accounts.queries import seats_of
from portal.agenda import messages
from portal.agenda.messages import CalendarEvent, DayEvent
from portal.agenda.windows import DAY
from portal.foundation import clock
from portal.foundation.access import Seat, Viewer
from portal.foundation.database import db
from portal.foundation.words import speaking
from portal.journal import service as journal

PURPOSE = "calendar_feed"
# [G] What passed stays in sight for two weeks; what comes as far as aftercare plans.
BACK = timedelta(days=14)
AHEAD = timedelta(weeks=26)
LIVES = timedelta(days=3650)

Item = CalendarEvent | DayEvent
Offer = Callable[[Viewer, datetime, datetime], Iterable[Item]]
_offers: dict[str, Offer] = {}


def offers(kind: str, items: Offer) -> None:
    """A room says what of its rows stands in the calendar of whoever looks, between two moments: one query, and the
    same UID, sequence and words as in the letters, so that no calendar shows an appointment twice."""
    _offers[kind] = items


def make(person: Person) -> PersonalLink:
    """A new secret address; the one before it stops working."""
    links.withdraw(PURPOSE, person)
    journal.note("calendar_feed.made", person)
    return links.make(
        PURPOSE, person, reader=f"person:{person.id}", expires=clock.now() + LIVES, single_use=False
    )  # fmt: skip


def revoke(person: Person) -> None:
    links.withdraw(PURPOSE, person)
    journal.note("calendar_feed.revoked", person)


def address_of(person: Person) -> str:
    """Where this person's calendar program asks; empty when there is no feed."""
    link = links.standing(PURPOSE, person)
    return links.url_of(link) if link is not None else ""


def reader_of(token: str) -> tuple[Person, Viewer] | None:
    """Whose address this is, as long as the account is open and somebody holds a seat; None else."""
    try:
        link = links.find(PURPOSE, token)
    except links.NoSuchLink:
        return None
    return _reader(link.subject_id)


def calendar_for(person: Person, viewer: Viewer) -> bytes:
    """The feed's text, in the reader's language."""
    today = clock.today()
    with speaking(person.language):
        return messages.feed(_items(viewer, today - BACK, today + AHEAD), now=clock.now())


def uids_of(person_id: int, first: date, last: date) -> set[str]:
    """What of somebody's calendar comes from here: in the feed, or by letter."""
    found = _reader(person_id)
    return {item.uid for item in _items(found[1], first - BACK, last)} if found is not None else set()


def _items(viewer: Viewer, first: date, last: date) -> Sequence[Item]:
    since, until = clock.midnight(first), clock.midnight(last + DAY)
    return [item for kind in sorted(_offers) for item in _offers[kind](viewer, since, until)]


def _reader(person_id: int) -> tuple[Person, Viewer] | None:
    open_account = (Person.id == person_id, Person.deactivated_at.is_(None), Person.confirmed_at.is_not(None))
    person = db.session.scalar(sa.select(Person).where(*open_account))
    held = seats_of([person_id])[person_id] if person is not None else []
    if person is None or not held:
        return None
    seats = tuple(Seat(seat.role, seat.organisation_id, seat.programme_id) for seat in held)
    return person, Viewer(person_id=person.id, language=person.language, seats=seats)
