"""What a calendar is told: invitations and cancellations (iTIP, RFC 5546) and the feed a person subscribes to.

Texts arrive finished: nothing here knows a candidate, so nothing here can name one. The portal's buttons are
authoritative; a calendar is only kept in step. `now` is given, since `foundation.clock` is the only clock.
"""

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from portal.agenda.windows import Span
from portal.foundation.clock import BRUSSELS

PRODID = "-//Doorstart//Agenda//EN"
REFRESH = timedelta(hours=1)
_NOT_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>\"]")


class Method(StrEnum):
    """Stands both in the message and in its Content-Type: mail programs ignore one where the two differ."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"

    @property
    def subtype(self) -> str:
        """The key of the calendar alternative in Flask-Mail's `alts`: text/calendar with this method."""
        return f"calendar; method={self.value}"

    @property
    def content_type(self) -> str:
        return f"text/{self.subtype}; charset=utf-8"


class Status(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An appointment as its reader may see it. `start` and `end` are aware; they are written in the venue's `zone`."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    status: Status = Status.CONFIRMED
    zone: ZoneInfo = BRUSSELS

    def __post_init__(self) -> None:
        Span(self.start, self.end)  # refuses an end before the start, and a time without a zone
        if self.sequence < 0 or not self.uid:
            raise ValueError("an event has a uid, and a sequence from 0 up")


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something to do on a day, at no hour: it stands above the day and takes no time of it."""

    uid: str
    sequence: int
    day: date
    summary: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, and the name shown beside it."""

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        if "@" not in self.address or _NOT_AN_ADDRESS.search(self.address):
            raise ValueError("this is no e-mail address")


class Attendee(Mailbox):
    """The one reader of a message: the others are nobody's business."""


class Organizer(Mailbox):
    """The portal's own mailbox, the same as in From: answers by mail must not reach a person's private box."""


def new_uid() -> str:
    """Permanent and random: it says neither who, nor how many there are (RFC 7986, section 5.3)."""
    return str(uuid.uuid4())


def next_sequence(old: CalendarEvent, new: CalendarEvent) -> int:
    """One more when the time, the status or the place changes, and on every cancellation; an answer changes nothing."""

    def matter(event: CalendarEvent) -> tuple[object, ...]:
        return event.start, event.end, event.status, event.location

    return old.sequence + (matter(old) != matter(new) or new.status is Status.CANCELLED)


def request(event: CalendarEvent, to: Attendee, organizer: Organizer, *, now: datetime) -> bytes:
    """An invitation, or a newer version of it, for one reader."""
    if event.status is Status.CANCELLED:
        raise ValueError("what is cancelled is told by cancel()")
    reader = _address(to)
    reader.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    return _message(Method.REQUEST, event, event.status, reader, organizer, now)


def cancel(event: CalendarEvent, to: Attendee, organizer: Organizer, *, now: datetime, whole: bool = True) -> bytes:
    """The end of the appointment, for one reader; no answer is asked for. Its sequence is already one higher.

    Not `whole` takes out this reader only, while the appointment goes on with others: then RFC 5546 (3.2.5) forbids
    a status.
    """
    reader = _address(to)
    reader.params["ROLE"] = "REQ-PARTICIPANT"
    return _message(Method.CANCEL, event, Status.CANCELLED if whole else None, reader, organizer, now)


def feed(events: Sequence[CalendarEvent | DayEvent], *, now: datetime, name: str = "Doorstart") -> bytes:
    """A calendar to subscribe to: no method and no attendees, so that no program answers or invites anybody."""
    calendar = _calendar()
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(_day(event, now) if isinstance(event, DayEvent) else _vevent(event, event.status, now))
    return _written(calendar, [event for event in events if isinstance(event, CalendarEvent)], now)


def _message(
    method: Method,
    event: CalendarEvent,
    status: Status | None,
    reader: vCalAddress,
    organizer: Organizer,
    now: datetime,
) -> bytes:
    calendar = _calendar()
    calendar.add("METHOD", method.value)
    vevent = _vevent(event, status, now)
    vevent.add("ORGANIZER", _address(organizer))
    vevent.add("ATTENDEE", reader)
    calendar.add_component(vevent)
    return _written(calendar, [event], now)


def _calendar() -> Calendar:
    """Without the UID that the library gives each calendar: a random one would make every sending another calendar."""
    calendar = Calendar.new(prodid=PRODID, calscale="GREGORIAN")
    calendar.pop("UID", None)
    return calendar


def _vevent(event: CalendarEvent, status: Status | None, now: datetime) -> Event:
    vevent = Event()
    vevent.add("UID", event.uid)
    vevent.add("SEQUENCE", event.sequence)
    vevent.add("DTSTAMP", now.astimezone(UTC))
    vevent.add("DTSTART", event.start.astimezone(event.zone))
    vevent.add("DTEND", event.end.astimezone(event.zone))
    vevent.add("SUMMARY", _readable(event.summary))
    if event.location:
        vevent.add("LOCATION", _readable(event.location))
    if event.description:
        vevent.add("DESCRIPTION", _readable(event.description))
    if status is not None:
        vevent.add("STATUS", status.value)
    vevent.add("TRANSP", "TRANSPARENT" if status is Status.CANCELLED else "OPAQUE")
    return vevent


def _day(event: DayEvent, now: datetime) -> Event:
    vevent = Event()
    vevent.add("UID", event.uid)
    vevent.add("SEQUENCE", event.sequence)
    vevent.add("DTSTAMP", now.astimezone(UTC))
    vevent.add("DTSTART", event.day)
    vevent.add("DTEND", event.day + timedelta(days=1))
    vevent.add("SUMMARY", _readable(event.summary))
    if event.description:
        vevent.add("DESCRIPTION", _readable(event.description))
    vevent.add("TRANSP", "TRANSPARENT")
    return vevent


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.address}")
    if mailbox.name:
        address.params["CN"] = " ".join(_readable(mailbox.name).split())
    return address


def _readable(text: str) -> str:
    """Without the control characters that break a line of a calendar; a line break stays, and is written as one."""
    return "".join(c for c in text if c in "\r\n" or unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"})


def _written(calendar: Calendar, events: Sequence[CalendarEvent], now: datetime) -> bytes:
    moments = [event.start for event in events] + [event.end for event in events] or [now]
    first, last = date(min(moments).year, 1, 1), date(max(moments).year + 1, 1, 1)
    zones = {event.zone for event in events} or {BRUSSELS}
    for zone in sorted(zones, key=str):
        calendar.subcomponents.insert(0, _timezone(zone, first, last))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=64)
def _timezone(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """The clock changes of the years that matter, not of 1970 to 2038: some mail programs choke on so many."""
    timezone = Timezone.from_tzid(zone.key, first_date=first, last_date=last)
    timezone.pop("COMMENT", None)
    changes: list[TimezoneStandard | TimezoneDaylight] = [*timezone.standard, *timezone.daylight]
    for observance in changes:
        _begin_at_the_change(observance, zone)
    return timezone


def _begin_at_the_change(observance: TimezoneStandard | TimezoneDaylight, zone: ZoneInfo) -> None:
    """RFC 5545 (3.6.5) begins an observance on the clock as it was before the change: summer time at 02:00.

    The library writes the hour after it where the clock goes forward: an hour late, each spring.
    """
    before, after = observance.TZOFFSETFROM, observance.TZOFFSETTO
    onset = (observance.DTSTART - before).replace(tzinfo=UTC)
    late = after > before and (onset - timedelta(seconds=1)).astimezone(zone).utcoffset() == after
    if not late:
        return
    observance.DTSTART = observance.DTSTART - (after - before)
    if again := observance.pop("RDATE", None):
        observance.add("RDATE", [each.dt - (after - before) for each in again.dts])
