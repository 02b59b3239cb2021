"""The job worker's part of other calendars: look at each once an hour, with no transaction open while the line is."""

from collections.abc import Collection
from time import monotonic

from portal.agenda import busy
from portal.agenda.busy_reading import Unread
from portal.agenda.fetching import Fetcher
from portal.agenda.models import BusySource
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.logs import log

# [G] Of each minute the other jobs get the larger part; who is not looked at now is so the next minute.
SECONDS_A_MINUTE = 10
AT_ONCE = 20


def look(fetcher: Fetcher | None = None) -> int:
    """Look at the calendars whose hour has come; returns how many."""
    line, until, done = fetcher or Fetcher(), monotonic() + SECONDS_A_MINUTE, 0
    for number in busy.due_now(AT_ONCE):
        if monotonic() >= until:
            break
        source = busy.claim(number, clock.now())
        db.session.commit()
        if source is not None:
            _look_at(source, line)
            done += 1
    db.session.rollback()
    return done


def _look_at(source: BusySource, line: Fetcher) -> None:
    number, address = source.id, source.address or ""
    fresh = source.read_at is not None and clock.now() - source.read_at < busy.BELIEVED
    etag, ours = source.etag if fresh else "", busy.known_to(source.person_id)
    db.session.rollback()
    seen = _seen(line, address, etag, ours)
    # Removed, or given another address, while the line was open: what came is nobody's.
    still = db.session.get(BusySource, number, with_for_update=True)
    if still is None or still.address != address:
        db.session.rollback()
        return
    if isinstance(seen, Unread):
        log.info("calendar not read", source=number, trouble=seen.trouble.value)
        busy.failed(still, seen.trouble)
    else:
        busy.looked(still, *seen)
    db.session.commit()


def _seen(line: Fetcher, address: str, etag: str, ours: Collection[str]) -> tuple[list[Span] | None, str] | Unread:
    """The hours at an address (None: as before) and its mark, or what went wrong."""
    try:
        fetched = line.fetch(address, etag)
        return (None if fetched.content is None else busy.read(fetched.content, ours)), fetched.etag
    except Unread as error:
        return error


def nightly() -> None:
    busy.purge()
    db.session.commit()
