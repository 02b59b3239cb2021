"""The private feed: a person's own appointments, for a calendar program that asks with a secret address and no session.

The address is a personal link: a number and its keyed proof, so that a stolen database gives no address. Later rooms say
what they have for somebody (`offers`); who that somebody may still be is asked at each request.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts import links
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.queries import seated_today
from portal.agenda import messages
from portal.agenda.messages import CalendarEvent, DayEvent
from portal.agenda.models import FeedUse
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
# [G] An address that a program asks for lives on; one that nobody asked for during a year stops.
LIVES = timedelta(days=365)
NOTED_EVERY = timedelta(hours=1)

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


@dataclass(frozen=True)
class Standing:
    """An address that works: until when, and when a program last asked for it."""

    address: str
    until: datetime
    fetched_at: datetime | None


def standing_of(person: Person) -> Standing | None:
    link = links.standing(PURPOSE, person)
    if link is None:
        return None
    fetched_at = db.session.scalar(sa.select(FeedUse.fetched_at).where(FeedUse.link_id == link.id))
    return Standing(links.url_of(link), link.expires_at, fetched_at)


def fetched(reader: "Reader") -> None:
    """A program asked: note when, once an hour at most, and let the address live on from here. As a reading that the
    journal notes, this is a short transaction of its own, beside the one that read."""
    now, last = clock.now(), reader.fetched_at
    if last is not None and now - last < NOTED_EVERY:
        return
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    # All was read by now; the reading transaction ends here, so that this one stands in nobody's way.
    db.session.rollback()
    lives = sa.update(PersonalLink).where(PersonalLink.id == reader.link_id, PersonalLink.withdrawn_at.is_(None))
    with db.engine.begin() as connection:
        connection.execute(
            insert(FeedUse)
            .values(link_id=reader.link_id, fetched_at=now, created_at=now)
            .on_conflict_do_update(index_elements=["link_id"], set_={"fetched_at": now})
        )
        connection.execute(lives.values(expires_at=now + LIVES))


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is, and by which address it was asked, where it was."""

    person: Person
    viewer: Viewer
    link_id: int | None = None
    fetched_at: datetime | None = None


def reader_of(token: str) -> Reader | None:
    """Whose address this is, as long as the account is open and somebody holds a seat; None else."""
    try:
        link = links.find(PURPOSE, token)
    except links.NoSuchLink:
        return None
    return _reader(link.subject_id, link.id)


def calendar_for(reader: Reader) -> bytes:
    """The feed's text, in the reader's language."""
    today = clock.today()
    with speaking(reader.person.language):
        return messages.feed(_items(reader.viewer, today - BACK, today + AHEAD), now=clock.now())


def uids_of(person_id: int, first: date, last: date) -> set[str]:
    """What of somebody's calendar comes from here: in the feed, or by letter."""
    found = _reader(person_id)
    return {item.uid for item in _items(found.viewer, first - BACK, last)} if found is not None else set()


def _items(viewer: Viewer, first: date, last: date) -> Sequence[Item]:
    since, until = clock.midnight(first), clock.midnight(last + DAY)
    return [item for kind in sorted(_offers) for item in _offers[kind](viewer, since, until)]


def _reader(person_id: int, link_id: int | None = None) -> Reader | None:
    """Person, seats and the last time it was asked, in one query: programs ask often."""
    rows = db.session.execute(
        sa.select(Person, Membership.role, Membership.organisation_id, Membership.programme_id, FeedUse.fetched_at)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(FeedUse, FeedUse.link_id == (link_id or 0))
        .where(Person.id == person_id, Person.deactivated_at.is_(None), Person.confirmed_at.is_not(None))
        .where(*seated_today())
        .order_by(Membership.id)
    ).all()
    if not rows:
        return None
    person = rows[0].Person
    seats = tuple(Seat(row.role, row.organisation_id, row.programme_id) for row in rows)
    viewer = Viewer(person_id=person.id, language=person.language, seats=seats)
    return Reader(person, viewer, link_id, rows[0].fetched_at)
