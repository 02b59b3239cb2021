"""Calendar messages, read back by a calendar library and checked rule by rule (RFC 5545, 5546, 7986)."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.agenda.messages import (
    Attendee,
    CalendarEvent,
    Method,
    Organizer,
    Status,
    cancel,
    feed,
    new_uid,
    next_sequence,
    request,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
PORTAL = Organizer("agenda@doorstart.example", "Doorstart")
READER = Attendee("els@staalwerk.example", "Els Maes")
EVENT = CalendarEvent(
    uid="6b2f0c1e-3f0e-4c53-9f5c-0f6f6f0d5a11",
    sequence=2,
    start=datetime(2027, 6, 1, 12, tzinfo=UTC),
    end=datetime(2027, 6, 1, 13, tzinfo=UTC),
    summary="Sollicitatiegesprek: lasser; ploeg A, dag",
    location="Kerkstraat 1, 9000 Gent",
    description="Begeleid gesprek.\nBel bij vragen é €.",
)


def read(message: bytes) -> Calendar:
    return Calendar.from_ical(message)


def event_in(message: bytes) -> Any:
    (event,) = read(message).walk("VEVENT")
    return event


def changes(message: bytes) -> list[tuple[datetime, Any]]:
    """The moment in UTC of each clock change that the message explains, as the standard computes it."""
    (zone,) = read(message).walk("VTIMEZONE")
    assert "COMMENT" not in zone
    found: list[tuple[datetime, Any]] = []
    part: Any
    for part in zone.subcomponents:
        walls = [part["DTSTART"].dt, *(each.dt for each in (part["RDATE"].dts if "RDATE" in part else []))]
        found += [((wall - part["TZOFFSETFROM"].td).replace(tzinfo=UTC), part) for wall in walls]
    return found


def invited(event: CalendarEvent = EVENT) -> bytes:
    return request(event, READER, PORTAL, now=NOW)


def cancelled(event: CalendarEvent = EVENT, *, whole: bool = True) -> bytes:
    return cancel(event, READER, PORTAL, now=NOW, whole=whole)


MESSAGES = {"request": invited(), "cancel": cancelled(), "feed": feed([EVENT], now=NOW)}
each = pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())


class TestEveryMessage:
    @each
    def test_is_version_2_of_icalendar_with_a_product_and_no_random_uid_of_its_own(self, message: bytes) -> None:
        calendar = read(message)
        assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")
        assert calendar["PRODID"]
        assert "UID" not in calendar

    @each
    def test_has_short_lines_that_end_as_the_standard_wants(self, message: bytes) -> None:
        assert message.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in message.replace(b"\r\n", b"")
        assert max(len(line) for line in message.split(b"\r\n")) <= 75

    @each
    def test_keeps_the_uid_the_sequence_and_the_texts_as_given(self, message: bytes) -> None:
        event = event_in(message)
        assert (event["UID"], event["SEQUENCE"]) == (EVENT.uid, 2)
        assert event["SUMMARY"] == EVENT.summary
        assert event["LOCATION"] == EVENT.location
        assert event["DESCRIPTION"] == EVENT.description

    @each
    def test_is_stamped_in_utc_with_the_moment_of_writing(self, message: bytes) -> None:
        assert b"DTSTAMP:20261121T183000Z" in message

    @each
    def test_says_the_venues_local_time_and_which_zone(self, message: bytes) -> None:
        assert b"DTSTART;TZID=Europe/Brussels:20270601T140000" in message
        assert b"DTEND;TZID=Europe/Brussels:20270601T150000" in message
        assert event_in(message).start == EVENT.start

    @each
    def test_explains_the_zone_for_the_years_that_matter_only(self, message: bytes) -> None:
        assert sorted(onset.year for onset, _ in changes(message)) == [2026, 2027, 2027]
        assert {str(zone["TZID"]) for zone in read(message).walk("VTIMEZONE")} == {"Europe/Brussels"}

    @each
    def test_starts_each_observance_at_the_very_moment_of_the_change(self, message: bytes) -> None:
        for onset, part in changes(message):
            before = (onset - timedelta(seconds=1)).astimezone(BRUSSELS).utcoffset()
            assert before == part["TZOFFSETFROM"].td
            assert onset.astimezone(BRUSSELS).utcoffset() == part["TZOFFSETTO"].td

    @each
    def test_is_the_same_bytes_when_written_again(self, message: bytes) -> None:
        assert message in (invited(), cancelled(), feed([EVENT], now=NOW))


class TestARequest:
    def test_says_its_method_in_the_message_and_in_the_content_type(self) -> None:
        assert read(invited())["METHOD"] == Method.REQUEST == "REQUEST"
        assert Method.REQUEST.content_type == "text/calendar; method=REQUEST; charset=utf-8"
        assert Method.CANCEL.subtype == "calendar; method=CANCEL"

    def test_has_one_organizer_the_portal(self) -> None:
        organizer = event_in(invited())["ORGANIZER"]
        assert str(organizer) == "mailto:agenda@doorstart.example"
        assert not isinstance(organizer, list)

    def test_has_its_reader_as_only_attendee_and_asks_for_an_answer(self) -> None:
        attendee = event_in(invited())["ATTENDEE"]
        assert str(attendee) == "mailto:els@staalwerk.example"
        wanted = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "CN": "Els Maes"}
        assert dict(attendee.params) == wanted

    @pytest.mark.parametrize("status", [Status.TENTATIVE, Status.CONFIRMED])
    def test_carries_the_status_of_the_appointment(self, status: Status) -> None:
        assert event_in(invited(replace(EVENT, status=status)))["STATUS"] == status

    def test_never_invites_to_what_is_cancelled(self) -> None:
        with pytest.raises(ValueError, match="cancel"):
            invited(replace(EVENT, status=Status.CANCELLED))


class TestACancellation:
    def test_of_the_whole_event_says_so(self) -> None:
        event = event_in(cancelled())
        assert read(cancelled())["METHOD"] == "CANCEL"
        assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")

    def test_of_one_reader_leaves_the_appointment_of_the_others_standing(self) -> None:
        assert "STATUS" not in event_in(cancelled(whole=False))
        assert str(event_in(cancelled(whole=False))["ATTENDEE"]) == "mailto:els@staalwerk.example"

    def test_asks_for_no_answer(self) -> None:
        assert "RSVP" not in event_in(cancelled())["ATTENDEE"].params


class TestUidAndSequence:
    def test_a_uid_is_random_and_says_nothing(self) -> None:
        uids = {new_uid() for _ in range(100)}
        assert len(uids) == 100
        assert all(uuid.UUID(uid).version == 4 for uid in uids)

    def test_moving_and_cancelling_count_and_a_new_text_does_not(self) -> None:
        later = timedelta(hours=1)
        for changed in (
            replace(EVENT, start=EVENT.start - later),
            replace(EVENT, end=EVENT.end + later),
            replace(EVENT, location="elsewhere"),
            replace(EVENT, status=Status.TENTATIVE),
            replace(EVENT, status=Status.CANCELLED),
        ):
            assert next_sequence(EVENT, changed) == 3
        assert next_sequence(EVENT, replace(EVENT, description="another text")) == 2

    def test_cancelling_again_counts_again(self) -> None:
        gone = replace(EVENT, status=Status.CANCELLED)
        assert next_sequence(gone, gone) == 3


class TestAFeed:
    def test_invites_nobody(self) -> None:
        message = feed([EVENT, replace(EVENT, uid=new_uid())], now=NOW)
        assert not {"METHOD"} & set(read(message))
        assert b"ATTENDEE" not in message
        assert b"ORGANIZER" not in message
        assert len(read(message).walk("VEVENT")) == 2

    def test_shows_what_is_cancelled_as_cancelled(self) -> None:
        event = event_in(feed([replace(EVENT, status=Status.CANCELLED)], now=NOW))
        assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")

    def test_of_nobodys_appointments_is_still_a_calendar(self) -> None:
        calendar = read(feed([], now=NOW))
        assert calendar.subcomponents, "RFC 5545 wants at least one component"
        assert not calendar.walk("VEVENT")

    def test_over_new_year_explains_the_zone_of_both_years(self) -> None:
        events = [EVENT, replace(EVENT, start=EVENT.start + timedelta(days=365), end=EVENT.end + timedelta(days=365))]
        found = changes(feed(events, now=NOW))
        assert sorted(onset.date().isoformat() for onset, _ in found)[1:] == [
            "2027-03-28",
            "2027-10-31",
            "2028-03-26",
            "2028-10-29",
        ]
        for onset, part in found:
            assert onset.astimezone(BRUSSELS).utcoffset() == part["TZOFFSETTO"].td
            assert (onset - timedelta(seconds=1)).astimezone(BRUSSELS).utcoffset() == part["TZOFFSETFROM"].td


class TestWhatIsRefused:
    @pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nATTENDEE:mailto:c@d", "a b@c", "<a@b>", 'a"b@c'])
    def test_an_address_that_is_none(self, address: str) -> None:
        with pytest.raises(ValueError, match="no e-mail address"):
            Attendee(address)

    def test_an_end_before_the_start_and_a_time_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="ends after it starts"):
            replace(EVENT, end=EVENT.start)
        with pytest.raises(ValueError, match="no zone"):
            replace(EVENT, start=datetime(2027, 6, 1, 12))

    def test_texts_cannot_smuggle_in_a_property(self) -> None:
        trick = "x\r\nATTENDEE:mailto:spy@example.org"
        reader = Attendee("els@staalwerk.example", trick)
        message = request(replace(EVENT, summary=trick, location=trick), reader, PORTAL, now=NOW)
        unfolded = re.sub(rb"\r\n[ \t]", b"", message)
        assert not re.search(rb"^ATTENDEE:mailto:spy", unfolded, re.MULTILINE)
        assert str(event_in(message)["ATTENDEE"]) == "mailto:els@staalwerk.example"
