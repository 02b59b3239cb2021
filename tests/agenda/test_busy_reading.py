"""What of somebody's calendar takes time, and what a stranger's file may not do to its reader."""

import time
from datetime import UTC, date, datetime

import pytest

from portal.agenda.busy_reading import Trouble, Unread, spans_of
from portal.foundation import clock

FIRST, LAST = date(2027, 3, 20), date(2027, 4, 5)


def a_calendar(*events: str, head: str = "") -> bytes:
    """Each event's own lines; a number is given where it says none."""
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a test//EN\n" + head
    for n, event in enumerate(events):
        own = "" if "UID:" in event else f"UID:{n}\n"
        text += f"BEGIN:VEVENT\n{own}SUMMARY:Dentist\nLOCATION:Gent\n{event}\nEND:VEVENT\n"
    return (text + "END:VCALENDAR\n").replace("\n", "\r\n").encode()


def read(content: bytes, first: date = FIRST, last: date = LAST, ours: tuple[str, ...] = ()) -> list[str]:
    """As somebody reads it on the clock of Brussels."""
    return [
        f"{clock.local(one.start):%d/%m %H:%M} - {clock.local(one.end):%d/%m %H:%M}"
        for one in spans_of(content, first, last, ours)
    ]


def test_an_hour_stays_that_hour_on_the_wall_across_both_clock_changes() -> None:
    zone = "TZID=Europe/Brussels"
    weekly = a_calendar(f"DTSTART;{zone}:20270315T090000\nDTEND;{zone}:20270315T100000\nRRULE:FREQ=WEEKLY")
    assert read(weekly) == ["22/03 09:00 - 22/03 10:00", "29/03 09:00 - 29/03 10:00", "05/04 09:00 - 05/04 10:00"]
    autumn = read(weekly, date(2027, 10, 25), date(2027, 11, 1))
    assert autumn == ["25/10 09:00 - 25/10 10:00", "01/11 09:00 - 01/11 10:00"]
    in_utc = a_calendar("DTSTART:20270322T080000Z\nDTEND:20270322T090000Z\nRRULE:FREQ=WEEKLY")
    assert read(in_utc)[:2] == ["22/03 09:00 - 22/03 10:00", "29/03 10:00 - 29/03 11:00"]


def test_the_night_of_a_clock_change_has_the_length_that_it_has() -> None:
    zone = "TZID=Europe/Brussels"
    spring = spans_of(a_calendar(f"DTSTART;{zone}:20270328T000000\nDTEND;{zone}:20270328T060000"), FIRST, LAST)
    assert [one.duration.total_seconds() / 3600 for one in spring] == [5]
    whole_day = spans_of(a_calendar("DTSTART;VALUE=DATE:20271031"), date(2027, 10, 30), date(2027, 11, 2))
    assert [one.duration.total_seconds() / 3600 for one in whole_day] == [25]


def test_outlook_names_zones_in_words_of_its_own() -> None:
    for name in (
        "Romance Standard Time",
        "W. Europe Standard Time",
        '"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"',
    ):
        found = read(a_calendar(f"DTSTART;TZID={name}:20270329T090000\nDTEND;TZID={name}:20270329T100000"))
        assert found == ["29/03 09:00 - 29/03 10:00"], name


def test_a_zone_that_the_file_itself_describes_is_believed() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:-0400\n"
        "TZOFFSETTO:-0500\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
        "TZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    at = "TZID=Customized Time Zone"
    found = read(a_calendar(f"DTSTART;{at}:20270329T090000\nDTEND;{at}:20270329T100000", head=zone))
    assert found == ["29/03 15:00 - 29/03 16:00"]


def test_an_hour_without_a_zone_is_one_here_or_of_the_zone_that_the_calendar_names() -> None:
    floating = "DTSTART:20270329T090000\nDURATION:PT1H"
    assert read(a_calendar(floating)) == ["29/03 09:00 - 29/03 10:00"]
    assert read(a_calendar(floating, head="X-WR-TIMEZONE:Europe/London\n")) == ["29/03 10:00 - 29/03 11:00"]
    assert read(a_calendar("DTSTART;TZID=Nowhere/At all:20270329T090000\nDURATION:PT1H")) == [
        "29/03 09:00 - 29/03 10:00"
    ]


def test_a_series_leaves_out_moves_and_ends_what_it_says() -> None:
    series = (
        "UID:one\nDTSTART:20270322T080000Z\nDTEND:20270322T090000Z\nRRULE:FREQ=DAILY;COUNT=6\nEXDATE:20270326T080000Z"
    )
    moved = "UID:one\nRECURRENCE-ID:20270323T080000Z\nDTSTART:20270323T130000Z\nDTEND:20270323T140000Z"
    off = "UID:one\nRECURRENCE-ID:20270324T080000Z\nDTSTART:20270324T080000Z\nDTEND:20270324T090000Z\nSTATUS:CANCELLED"
    free = (
        "UID:one\nRECURRENCE-ID:20270325T080000Z\nDTSTART:20270325T080000Z\nDTEND:20270325T090000Z\nTRANSP:TRANSPARENT"
    )
    assert read(a_calendar(series, moved, off, free)) == [
        "22/03 09:00 - 22/03 10:00", "23/03 14:00 - 23/03 15:00", "27/03 09:00 - 27/03 10:00",
    ]  # fmt: skip


def test_what_is_free_or_cancelled_takes_no_time_and_a_whole_day_does() -> None:
    found = read(
        a_calendar(
            "DTSTART;VALUE=DATE:20270322\nTRANSP:TRANSPARENT",
            "DTSTART;VALUE=DATE:20270323\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
            "DTSTART:20270324T090000Z\nDTEND:20270324T100000Z\nSTATUS:CANCELLED",
            "DTSTART:20270325T090000Z\nDTEND:20270325T090000Z",
            "DTSTART;VALUE=DATE:20270327\nDTEND;VALUE=DATE:20270329",
        )
    )
    assert found == ["27/03 00:00 - 29/03 00:00"]


def test_hours_become_whole_quarters_and_one_where_they_meet_and_stay_within_the_days_asked() -> None:
    found = read(
        a_calendar(
            "DTSTART:20270329T071000Z\nDTEND:20270329T074600Z",
            "DTSTART:20270329T080000Z\nDTEND:20270329T083000Z",
            "DTSTART:20270101T080000Z\nDTEND:20270320T120000Z",
            "DTSTART:20280101T080000Z\nDTEND:20280101T120000Z",
        )
    )
    assert found == ["20/03 00:00 - 20/03 13:00", "29/03 09:00 - 29/03 10:30"]


def test_what_came_from_here_does_not_count() -> None:
    content = a_calendar("UID:ours\nDTSTART:20270329T070000Z\nDTEND:20270329T080000Z")
    assert read(content, ours=("ours",)) == [] and len(read(content)) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Sign in</html>", b"\xff\xfe\x00\x01" * 50, b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
     b"BEGIN:VCARD\r\nEND:VCARD\r\n", a_calendar("DTSTART:20270329T070000Z")[:-20]],
)  # fmt: skip
def test_what_is_no_calendar_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(Unread) as refused:
        spans_of(content, FIRST, LAST)
    assert refused.value.trouble is Trouble.NOT_A_CALENDAR


def test_one_broken_event_does_not_take_the_others_with_it() -> None:
    good = "DTSTART:20270329T070000Z\nDTEND:20270329T080000Z"
    broken = (
        "DTSTART:rubbish\nDTEND:20270322T090000Z", "SUMMARY:no beginning", "DTSTART:20270325T090000Z\nRRULE:FREQ=SOMETIMES",
        "DTSTART:00010101T000000Z\nDURATION:P1D", "DTSTART:99991231T235900Z\nDTEND:99991231T235959Z",
    )  # fmt: skip
    assert read(a_calendar(*broken, good)) == ["29/03 09:00 - 29/03 10:00"]


@pytest.mark.parametrize(
    ("events", "rule"), [(10_000, "FREQ=DAILY"), (1, "FREQ=SECONDLY"), (1, "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")]
)
def test_ten_thousand_series_or_one_without_an_end_cost_seconds_and_no_more(
    monkeypatch: pytest.MonkeyPatch, events: int, rule: str
) -> None:
    monkeypatch.setattr("portal.agenda.busy_reading.PATIENCE", 3)
    one = f"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20260901T0800%02dZ\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
    content = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(one % (n, n % 60) for n in range(events)).encode()
    began = time.monotonic()
    with pytest.raises(Unread) as refused:
        spans_of(content[:999_000] + b"END:VCALENDAR\r\n", FIRST, LAST)
    assert refused.value.trouble is Trouble.TOO_MUCH
    assert time.monotonic() - began < 5


def test_the_reader_ends_itself_when_its_time_or_memory_is_used_up() -> None:
    """Also where nobody waits for it any more: the bounds are its own."""
    import subprocess
    import sys

    from portal.agenda.busy_reading import _PROGRAM

    used_up = "import ics_spans, resource; ics_spans._bound(); print(resource.getrlimit(resource.RLIMIT_CPU), bytearray(10**9))"
    done = subprocess.run([sys.executable, "-c", used_up], cwd=_PROGRAM.parent, capture_output=True, check=False)
    assert done.returncode != 0 and b"MemoryError" in done.stderr
    shown = subprocess.run(
        [sys.executable, "-c", used_up.split(", bytearray")[0] + ")"],
        cwd=_PROGRAM.parent,
        capture_output=True,
        check=True,
    )
    assert b"(5, 6)" in shown.stdout


def test_more_than_a_megabyte_is_not_even_begun() -> None:
    with pytest.raises(Unread) as refused:
        spans_of(b"BEGIN:VCALENDAR" + b"x" * 1_000_000, FIRST, LAST)
    assert refused.value.trouble is Trouble.TOO_LARGE


def test_the_reader_has_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads a stranger's file holds no key of ours, and answers with numbers only."""
    import subprocess
    from typing import Any

    ran: list[dict[str, Any]] = []
    real = subprocess.run

    def watched(*given: Any, **more: Any) -> Any:
        done = real(*given, **more)
        ran.append({"env": more["env"], "answer": done.stdout})
        return done

    monkeypatch.setattr("portal.agenda.busy_reading.subprocess.run", watched)
    spans_of(a_calendar("DTSTART:20270329T070000Z\nDTEND:20270329T080000Z"), FIRST, LAST)
    cell = int(datetime(2027, 3, 29, 7, tzinfo=UTC).timestamp()) // 900
    assert ran == [{"env": {}, "answer": b'{"taken": [[%d, %d]]}' % (cell, cell + 4)}]
