"""The busy hours of a calendar file, and nothing else of it: run as a program of its own, on what a stranger wrote.

A rule such as "each second, on 30 February" keeps any reader busy for ever, and one bad file must not take a worker or a
page with it: so the reading happens in a process with little time and memory, without our settings or keys. In: a line of
JSON and the file. Out: quarters of an hour, numbered as in `agenda.cells`, with no title, place, name or number of an event.
"""

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CPU_SECONDS = 5
MEMORY = 768 * 1024 * 1024
MOST_SPANS = 6000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
YEARS = (1900, 2200)
OFF = ("CANCELLED", "FREE", "TRANSPARENT")
# Where programs say that an event takes no time: by the standard, and Outlook in its own words (all-day ones above all).
SAID = ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")


class NotRead(Exception):
    """Why the file gives no hours: a word of `busy.Trouble`."""


def busy(content: bytes, first: date, last: date, zone: ZoneInfo, ours: Iterable[str] = ()) -> list[list[int]]:
    """The taken quarters from `first` to `last`, both included, merged: [first, one after the last]. Raises NotRead.

    Hours without a zone are read on the wall clock of `zone`. `ours` are the events that the portal itself put there:
    an interview does not stand in its own way.
    """
    begins, ends = (datetime.combine(day, time(0), zone).astimezone(UTC) for day in (first, last + DAY))
    known = frozenset(ours)
    taken = []
    for event in _events(content, begins - DAY, ends + DAY):
        if _counts(event, known):
            start, end = (_moment(event[name], zone) for name in ("DTSTART", "DTEND"))
            start, end = max(start, begins), min(end, ends)
            if start < end:
                taken.append([(start - EPOCH) // QUARTER, -((EPOCH - end) // QUARTER)])
    merged = _merged(taken)
    if len(merged) > MOST_SPANS:
        raise NotRead("too_much")
    return merged


def _events(content: bytes, begins: datetime, ends: datetime) -> Iterator[Any]:
    """Each happening in these days: series, their exceptions and what was moved, as recurring-ical-events lays them out."""
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    text = content.decode("utf-8-sig", errors="replace").lstrip()
    if not text[:15].upper().startswith("BEGIN:VCALENDAR"):
        raise NotRead("not_a_calendar")
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise NotRead("not_a_calendar") from error
    if not calendars:
        raise NotRead("not_a_calendar")
    for calendar in calendars:
        calendar.subcomponents = [part for part in calendar.subcomponents if _sound(part)]
        yield from recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True).between(begins, ends)


def _sound(part: Any) -> bool:
    """Whether a part can be laid out: a zone, or an event that says when it begins, in a year that calendars reach."""
    if part.name != "VEVENT":
        return bool(part.name == "VTIMEZONE")
    try:
        begins = part["DTSTART"].dt
    except Exception:  # none at all, several, or one that a lenient reader kept as it stood
        return False
    return isinstance(begins, date) and YEARS[0] <= begins.year <= YEARS[1]


def _counts(event: Any, ours: frozenset[str]) -> bool:
    """Whether an event takes time: not what was cancelled or marked free, and not what came from here."""
    return str(event.get("UID", "")) not in ours and all(str(event.get(name, "")).upper() not in OFF for name in SAID)


def _moment(value: Any, zone: ZoneInfo) -> datetime:
    """A date is the midnight it begins with; an hour that says no zone is one of the wall clock here."""
    found = value.dt
    if not isinstance(found, datetime):
        found = datetime.combine(found, time(0))
    return (found if found.tzinfo is not None else found.replace(tzinfo=zone)).astimezone(UTC)


def _merged(taken: list[list[int]]) -> list[list[int]]:
    merged: list[list[int]] = []
    for first, stop in sorted(taken):
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], stop)
        else:
            merged.append([first, stop])
    return merged


def _bound() -> None:
    """Little time and memory, and no file may be written; a system without such bounds has the caller's clock."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    _bound()
    asked = json.loads(sys.stdin.buffer.readline())
    first, last = (date.fromisoformat(asked[name]) for name in ("first", "last"))
    try:
        answer: dict[str, Any] = {
            "taken": busy(sys.stdin.buffer.read(), first, last, ZoneInfo(asked["zone"]), asked["ours"])
        }
    except NotRead as error:
        answer = {"trouble": str(error)}
    except MemoryError:
        answer = {"trouble": "too_much"}
    except Exception:  # whatever a stranger's file makes of a reader, it is no calendar that can be read
        answer = {"trouble": "not_a_calendar"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
