"""Other calendars of somebody: their hours count as taken in the search for a moment, and nothing else of them is kept.

They never refuse or move what was planned already: where the two meet, a task asks the person to look.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal.accounts import throttle
from portal.accounts.models import Person
from portal.agenda import feed, fetching
from portal.agenda.busy_reading import Trouble, Unread, spans_of
from portal.agenda.models import BusyKind, BusySource, BusySpan, BusyState, Hold
from portal.agenda.windows import DAY, Span, workdays_after
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import date_short, lazy
from portal.journal import service as journal
from portal.tasks import service as tasks

HORIZON = timedelta(weeks=26)
MOST_SOURCES = 5
# A quarter of an hour, by one person.
MOST_FILES = 10
HOURLY = timedelta(hours=1)
# [G] An answer "not changed" is believed for a day: the days ahead move on, so that a series grows at its end.
BELIEVED = timedelta(hours=20)
PATIENCE = timedelta(days=3)


class NoSuchAddress(DomainError):
    sentence = lazy(
        "This is no address that we can fetch. It begins with https:// (or webcal://), and holds no name and password before the @."
    )
    field = "address"


class TooManyCalendars(DomainError):
    sentence = lazy("Five other calendars is the most. Remove one first.")
    field = "address"


class NoCalendarInFile(DomainError):
    sentence = lazy("This file cannot be read as a calendar. Export it again as an .ics file, of 1 megabyte at most.")
    field = "file"


class TooManyFiles(DomainError):
    sentence = lazy("You gave many files in a short time. Wait a quarter of an hour, and try again.")
    field = "file"
    status = 429


@dataclass(frozen=True)
class Overview:
    """One other calendar as its owner sees it: never its address, which is a key to it."""

    source: BusySource
    host: str
    hours: float


def overview_of(person_id: int) -> list[Overview]:
    """My other calendars with the hours that they take in the weeks ahead, in one query."""
    hours = sa.select(BusySpan.source_id, BusySpan.starts_at, BusySpan.ends_at)
    mine = sa.select(BusySource.id).where(BusySource.person_id == person_id)
    taken: dict[int, float] = {}
    for number, starts, ends in db.session.execute(
        hours.where(BusySpan.source_id.in_(mine), BusySpan.ends_at > clock.now())
    ):
        taken[number] = taken.get(number, 0) + (ends - max(starts, clock.now())) / timedelta(hours=1)
    return [Overview(one, host_of(one), taken.get(one.id, 0)) for one in sources_of(person_id)]


def sources_of(person_id: int) -> Sequence[BusySource]:
    statement = sa.select(BusySource).where(BusySource.person_id == person_id).order_by(BusySource.id)
    return db.session.scalars(statement).all()


def source_of(person_id: int, key: str) -> BusySource | None:
    return db.session.scalar(sa.select(BusySource).where(BusySource.person_id == person_id, BusySource.key == key))


def host_of(source: BusySource) -> str:
    """All of an address that is ever shown: whose computers it is on."""
    return urlsplit(source.address or "").hostname or ""


def without_password(address: str) -> str:
    """An address as it may be shown again: what stood before an @ is left out."""
    begin, slashes, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{begin}{slashes}{host.rpartition('@')[2]}{slash}{path}"


def subscribe(person_id: int, address: str) -> BusySource:
    """Keep an address; the worker looks at it within a minute. Raises NoSuchAddress and TooManyCalendars."""
    scheme, _, rest = address.strip().partition("://")
    address = f"https://{rest}" if scheme.lower() in ("https", "webcal", "webcals") else ""
    try:
        fetching.checked(address)
    except Unread:
        raise NoSuchAddress() from None
    _room_for_one(person_id)
    source = BusySource(person_id=person_id, kind=BusyKind.ADDRESS, address=address, next_look_at=clock.now())
    db.session.add(source)
    journal.note("busy_calendar.added", source, kind="address")
    return source


def hours_in(person_id: int, content: bytes) -> list[Span]:
    """What a file holds. Raises NoCalendarInFile, and TooManyFiles: reading one keeps a page busy for seconds. The
    request's transaction ends here: reading takes a moment, and the writing lock is not held meanwhile."""
    if not throttle.within("calendar file", str(person_id), MOST_FILES):
        raise TooManyFiles()
    ours = known_to(person_id)
    db.session.rollback()
    try:
        return read(content, ours)
    except Unread:
        raise NoCalendarInFile() from None


def take_in(person_id: int, spans: Sequence[Span]) -> BusySource:
    """Keep the hours of a file. Raises TooManyCalendars."""
    _room_for_one(person_id)
    source = BusySource(person_id=person_id, kind=BusyKind.FILE)
    db.session.add(source)
    _keep(source, spans)
    journal.note("busy_calendar.added", source, kind="file")
    return source


def forget(source: BusySource) -> None:
    """The calendar, its address and its hours are gone."""
    journal.note("busy_calendar.removed", source)
    tasks.close(None, source, "removed")
    db.session.execute(sa.delete(BusySpan).where(BusySpan.source_id == source.id))
    db.session.delete(source)


def look_again(source: BusySource) -> None:
    """Asked for by a person: the worker looks within a minute, at all of it."""
    if source.kind is BusyKind.ADDRESS:
        source.next_look_at, source.etag = clock.now(), ""


def looked(source: BusySource, spans: Sequence[Span] | None, etag: str = "") -> None:
    """What a look gave: the hours, or None where nothing has changed (there; here an appointment may have come or gone)."""
    source.last_fetched_at, source.next_look_at = clock.now(), clock.now() + HOURLY
    source.failed_since, source.trouble, source.state = None, "", BusyState.READ
    tasks.close("agenda.calendar_lost", source, "read again")
    if spans is None:
        _compare(source, _kept(source))
        return
    source.etag = etag
    _keep(source, spans)


def failed(source: BusySource, trouble: Trouble) -> None:
    """A look that gave nothing. What was read stands for three days; then it is forgotten, and its owner is asked."""
    now = clock.now()
    source.failed_since, source.trouble = source.failed_since or now, trouble.value
    source.next_look_at, source.etag = now + HOURLY, ""
    if now - source.failed_since < PATIENCE:
        source.state = BusyState.STALE if source.read_at is not None else BusyState.WAITING
        return
    if source.state is not BusyState.LOST:
        source.state = BusyState.LOST
        db.session.execute(sa.delete(BusySpan).where(BusySpan.source_id == source.id))
        tasks.close("agenda.overlap", source, "not read")
        tasks.open_task(
            "agenda.calendar_lost", source, owner_id=source.person_id, due=workdays_after(clock.today(), 2),
            at=("agenda.calendars", {}), place=host_of(source),
        )  # fmt: skip


def known_to(person_id: int) -> set[str]:
    """What the portal itself may have put into a calendar of this person: that does not stand in its own way."""
    return feed.uids_of(person_id, *_days())


def read(content: bytes, ours: Collection[str]) -> list[Span]:
    """The hours in a calendar, for as far as we look ahead. Raises Unread."""
    return spans_of(content, *_days(), ours)


def _days() -> tuple[date, date]:
    return clock.today(), clock.today() + HORIZON


def _keep(source: BusySource, spans: Sequence[Span]) -> None:
    if source.id is None:
        db.session.flush()
    db.session.execute(sa.delete(BusySpan).where(BusySpan.source_id == source.id))
    now = clock.now()
    rows = [{"source_id": source.id, "starts_at": s.start, "ends_at": s.end, "created_at": now} for s in spans]
    if rows:
        db.session.execute(sa.insert(BusySpan), rows)
    source.state, source.reads_until = BusyState.READ, _days()[1]
    source.last_fetched_at = source.read_at = now
    _compare(source, spans)


def _kept(source: BusySource) -> list[Span]:
    rows = sa.select(BusySpan.starts_at, BusySpan.ends_at).where(BusySpan.source_id == source.id)
    return [Span(starts, ends) for starts, ends in db.session.execute(rows)]


def _compare(source: BusySource, spans: Sequence[Span]) -> None:
    """Where another calendar takes an hour that is held here, somebody has to choose: nothing is refused or moved."""
    held = db.session.scalars(
        sa.select(Hold)
        .where(
            Hold.party == f"person:{source.person_id}",
            Hold.ends_at > clock.now(),
            Hold.starts_at < clock.midnight(_days()[1]),
        )
        .order_by(Hold.starts_at)
    )
    met = next((one for one in held if _meets(one, spans)), None)
    if met is None:
        tasks.close("agenda.overlap", source, "no longer")
        return
    day = clock.local(met.starts_at).date()
    tasks.open_task(
        "agenda.overlap", source, owner_id=source.person_id, due=min(day, workdays_after(clock.today(), 2)),
        at=("agenda.week", {"day": day.isoformat()}), day=date_short(day),
    )  # fmt: skip


def _meets(hold: Hold, spans: Sequence[Span]) -> bool:
    """Whether something else stands there. The very same hours are a copy of the appointment itself."""
    at = Span(hold.starts_at, hold.ends_at)
    return any(span.overlaps(at) and span != at for span in spans)


def _room_for_one(person_id: int) -> None:
    if len(sources_of(person_id)) >= MOST_SOURCES:
        raise TooManyCalendars()


def due_now(limit: int) -> Sequence[int]:
    """The calendars whose hour has come, of people who still have an account."""
    return db.session.scalars(
        sa.select(BusySource.id)
        .join(Person, Person.id == BusySource.person_id)
        .where(BusySource.next_look_at <= clock.now(), Person.deactivated_at.is_(None))
        .order_by(BusySource.next_look_at, BusySource.id)
        .limit(limit)
    ).all()


def claim(source_id: int, now: datetime) -> BusySource | None:
    """A calendar for this worker alone: whoever asks second finds that it was looked at."""
    claimed = db.session.execute(
        sa.update(BusySource)
        .where(BusySource.id == source_id, BusySource.next_look_at <= now)
        .values(next_look_at=now + HOURLY)
    )
    return db.session.get(BusySource, source_id) if claimed.rowcount else None  # type: ignore[attr-defined]


def purge() -> int:
    """Forget hours that are over, and calendars of people who left (nightly)."""
    gone = db.session.execute(sa.delete(BusySpan).where(BusySpan.ends_at < clock.now() - DAY)).rowcount  # type: ignore[attr-defined]
    closed = (
        sa.select(BusySource).join(Person, Person.id == BusySource.person_id).where(Person.deactivated_at.is_not(None))
    )
    for source in db.session.scalars(closed):
        forget(source)
    return int(gone)
