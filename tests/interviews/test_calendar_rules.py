"""Rule by rule (docs/calendar-rules.md): what a real mail server is handed when an interview is confirmed, moved, given to
others and called off, opened as a mail program does and read back by `icalendar`."""

import email.utils
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from portal.config import ROOT
from portal.foundation import acting, clock
from portal.interviews import proposals, service
from portal.interviews.models import Proposal
from portal.interviews.states import Mode, ProposalState
from tests.interviews.course import TITLE, Told, feed_of, sent, walk
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_confirmed,
    a_requested,
    again,
    an_interest,
)
from tests.mail_server import receiving

pytestmark = pytest.mark.usefixtures("app", "post")
NEVER = (CANARY, "Kwartelslag", "Oudenaarde", "evangenis", "rison", "vergunning")


_kept: list[Told] = []
_more: dict[str, Any] = {}


@pytest.fixture
def told(app: Flask) -> list[Told]:
    """The whole course of one interview, walked once: each rule looks at the same letters."""
    if not _kept:
        with time_machine.travel(NOW, tick=False) as at, receiving(app) as server:
            for step, interview in walk(at):
                _kept.extend(sent(server, step))
                _more["id"], _more["key"], _more["uid"] = interview.id, interview.key, interview.uid
    return _kept


def of(told: Sequence[Told], step: str, method: str | None = None) -> list[Told]:
    return [one for one in told if one.step == step and method in (None, one.method)]


# --- What an appointment is -----------------------------------------------------------------------------------------


def test_rule_01_the_uid_is_random_permanent_and_no_number_of_ours(told: list[Told]) -> None:
    [uid] = {str(one.event["UID"]) for one in told}
    assert uid == _more["uid"]
    assert uuid.UUID(uid).version == 4
    assert _more["key"] not in uid
    assert "@" not in uid


def test_rule_02_the_sequence_counts_moves_and_cancellations(told: list[Told]) -> None:
    """Each step that changes start, end or status, and each CANCEL, counts one; who is not told keeps the number they had."""
    steps = [(one.step, one.method, int(one.event["SEQUENCE"])) for one in told]
    assert steps == [
        ("confirm", "REQUEST", 1), ("confirm", "REQUEST", 1), ("move", "REQUEST", 2), ("move", "REQUEST", 2),
        ("companion", "CANCEL", 3), ("companion", "REQUEST", 3), ("contact", "CANCEL", 4), ("contact", "REQUEST", 4),
        ("cancel", "CANCEL", 5), ("cancel", "CANCEL", 5),
    ]  # fmt: skip


def test_rule_03_a_reply_never_counts() -> None:
    with time_machine.travel(NOW, tick=False):
        interview = a_requested(an_interest(permission=False))
        before = interview.sequence
        row = proposals.one(Proposal.interview_id == interview.id)
        assert proposals.answer(row, seen="asked", suits=True).state is ProposalState.SUITS
        assert again(interview).sequence == before == 0


def test_rule_04_each_message_is_stamped_anew_in_utc(told: list[Told]) -> None:
    for one in told:
        assert one.at.strftime("DTSTAMP:%Y%m%dT%H%M%SZ").encode() in one.ics
        assert one.at.tzinfo is UTC
    assert len({one.at for one in told}) == 5


# --- Who is told ----------------------------------------------------------------------------------------------------


def test_rule_05_one_organizer_who_is_the_sender(told: list[Told]) -> None:
    for one in told:
        assert one.ics.count(b"\r\nORGANIZER") == 1
        sender = email.utils.parseaddr(str(one.message["From"]))[1]
        assert str(one.event["ORGANIZER"]) == f"mailto:{sender}"
        assert one.message["Reply-To"] is None


def test_rule_06_the_reader_is_the_only_attendee(told: list[Told]) -> None:
    for one in told:
        assert one.ics.count(b"\r\nATTENDEE") == 1
        assert str(one.event["ATTENDEE"]) == f"mailto:{one.to}"


def test_rule_07_a_request_asks_its_reader_for_an_answer(told: list[Told]) -> None:
    for one in told:
        if one.method == "REQUEST":
            asked = dict(one.event["ATTENDEE"].params)
            asked.pop("CN")
            assert asked == {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
            assert one.event["STATUS"] == "CONFIRMED"


def test_rule_08_one_mail_for_one_recipient(told: list[Told]) -> None:
    for one in told:
        assert one.recipients == (one.to,)
        assert one.message["Cc"] is None and one.message["Bcc"] is None
    for step in ("confirm", "move", "companion", "contact", "cancel"):
        readers = [one.to for one in of(told, step)]
        assert len(readers) == len(set(readers)) == 2, step


def test_rule_09_the_end_of_the_whole_says_so_and_the_end_for_one_does_not(told: list[Told]) -> None:
    for one in of(told, "cancel"):
        assert (one.method, one.event["STATUS"]) == ("CANCEL", "CANCELLED")
    for one in [*of(told, "companion", "CANCEL"), *of(told, "contact", "CANCEL")]:
        assert "STATUS" not in one.event
    assert all("RSVP" not in one.event["ATTENDEE"].params for one in told if one.method == "CANCEL")


def test_rule_10_who_was_ever_invited_hears_the_end_and_nobody_else(told: list[Told]) -> None:
    """After each step a calendar holds the appointment if and only if its owner takes part."""
    holds: set[str] = set()
    after: dict[str, set[str]] = {}
    for one in told:
        (holds.add if one.method == "REQUEST" else holds.discard)(one.to)
        after[one.step] = set(holds)
    assert [len(after[step]) for step in ("confirm", "move", "companion", "contact", "cancel")] == [2, 2, 2, 2, 0]


# --- How it travels -------------------------------------------------------------------------------------------------


def test_rule_11_the_method_is_the_same_inside_and_outside(told: list[Told]) -> None:
    for one in told:
        assert {part.get_param("method") for part in one.calendars} == {one.method}
        assert one.method in {"REQUEST", "CANCEL"}


def test_rule_12_utf_8_in_base64(told: list[Told]) -> None:
    for one in told:
        for part in one.message.walk():
            if part.get_content_maintype() == "text":
                assert str(part.get_param("charset")).lower() == "utf-8", part.get_content_type()
                assert part["Content-Transfer-Encoding"] == "base64", part.get_content_type()
        one.raw.decode("ascii")
        assert max(len(line) for line in one.raw.split(b"\r\n")) <= 998


def test_rule_13_mixed_of_alternative_and_an_attached_file(told: list[Told]) -> None:
    for one in told:
        assert one.message.get_content_type() == "multipart/mixed"
        alternative, attached = one.message.iter_parts()
        assert alternative.get_content_type() == "multipart/alternative"
        kinds = [part.get_content_type() for part in alternative.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        assert (attached.get_content_disposition(), attached.get_filename()) == ("attachment", "invitation.ics")
        assert attached.get_payload(decode=True) == one.ics


def test_rule_14_short_lines_that_end_as_the_standard_wants(told: list[Told]) -> None:
    for one in told:
        assert one.ics.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in one.ics.replace(b"\r\n", b"") and b"\r" not in one.ics.replace(b"\r\n", b"")
        lines = one.ics.split(b"\r\n")
        assert max(len(line) for line in lines) <= 75
        assert any(line.startswith(b" ") for line in lines), "something was folded"
        for line in lines:
            line.decode("utf-8")
        assert TITLE in str(one.event["SUMMARY"])


def test_rule_15_the_zone_is_explained_for_its_own_years(told: list[Told]) -> None:
    for one in told:
        zones = one.calendar.walk("VTIMEZONE")
        assert [str(zone["TZID"]) for zone in zones] == ["Europe/Brussels"]
        onsets = [part.DTSTART for zone in zones for part in zone.subcomponents]
        assert 2 <= len(onsets) <= 4
        assert {onset.year for onset in onsets} <= {2025, 2026, 2027}
        assert b"RRULE" not in one.ics


def test_rule_16_no_uid_of_the_calendar_itself(told: list[Told]) -> None:
    for one in told:
        assert one.calendar.get("UID") is None
        assert one.ics.count(b"\r\nUID:") == 1


@pytest.mark.parametrize("friday", ["2027-03-26", "2026-10-23"])
def test_rule_17_the_hour_on_the_wall_stays_across_both_clock_changes(app: Flask, friday: str) -> None:
    """Planned on the Friday before the change, for the week after it: the hour in Brussels is what was chosen."""
    with time_machine.travel(f"{friday} 08:00:00+00:00", tick=False), receiving(app) as server:
        interview = a_confirmed(an_interest(permission=False))
        wall = clock.local(interview.starts_at)
        assert wall.utcoffset() != clock.local(clock.now()).utcoffset()
        for one in sent(server, "confirm"):
            stands = one.event.DTSTART
            assert wall.strftime("DTSTART;TZID=Europe/Brussels:%Y%m%dT%H%M%S").encode() in one.ics
            assert stands.astimezone(UTC) == interview.starts_at
            assert _by_its_own_zone(one, stands.replace(tzinfo=None)) == wall.utcoffset()


def _by_its_own_zone(one: Told, wall: datetime) -> timedelta:
    """What a program reckons that knows no zones but the VTIMEZONE of the message."""
    [zone] = one.calendar.walk("VTIMEZONE")
    onsets = [(part.DTSTART, part["TZOFFSETTO"].td) for part in zone.subcomponents]
    return max((onset, offset) for onset, offset in onsets if onset <= wall)[1]


# --- What it never says ---------------------------------------------------------------------------------------------


def test_rule_18_nothing_names_the_candidate(told: list[Told]) -> None:
    for one in told:
        whole = [f"{name}: {value}" for name, value in one.message.items()]
        whole += [part.get_content() for part in one.message.walk() if part.get_content_maintype() == "text"]
        for word in NEVER:
            assert word not in "\n".join(whole) + one.ics.decode(), (one.step, word)


@pytest.mark.parametrize("mode", [Mode.INSIDE, Mode.VIDEO])
def test_rule_19_a_prison_is_never_a_place(app: Flask, visitor: Any, mode: Mode) -> None:
    """Before the confirmation no calendar holds a place; after it neither a prison nor the site of a candidate."""
    with time_machine.travel(NOW, tick=False), receiving(app) as server:
        case = an_interest(permission=False)
        interview = a_requested(case)
        interview.mode = mode
        assert sent(server, "held") == []
        [before] = Calendar.from_ical(feed_of(visitor, case.contact)).walk("VEVENT")
        assert (before["STATUS"], before.get("LOCATION")) == ("TENTATIVE", None)
        with acting.as_(case.worker.id, "project_worker"):
            service.confirm(again(interview))
        for one in sent(server, "confirm"):
            assert one.event["LOCATION"]
            assert not any(word in one.ics.decode() for word in NEVER)
        assert not any(word in feed_of(visitor, case.contact).decode() for word in NEVER)


def test_rule_20_a_feed_publishes_and_invites_nobody(app: Flask, visitor: Any) -> None:
    with time_machine.travel(NOW, tick=False), receiving(app) as server:
        case = an_interest(permission=False)
        a_confirmed(case)
        letter = next(one for one in sent(server, "confirm") if one.to == case.contact.email)
        feed = feed_of(visitor, case.contact)
        assert b"METHOD" not in feed and b"ATTENDEE" not in feed and b"ORGANIZER" not in feed
        [shown] = Calendar.from_ical(feed).walk("VEVENT")
        for name in ("UID", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "LOCATION"):
            assert shown.decoded(name) == letter.event.decoded(name), name


# --- The list -------------------------------------------------------------------------------------------------------


def test_each_rule_of_the_list_is_tested_and_each_test_stands_in_the_list() -> None:
    listed = re.findall(r"`(test_rule_\d\d_\w+)`", (ROOT / "docs" / "calendar-rules.md").read_text(encoding="utf-8"))
    assert listed == sorted(name for name in globals() if name.startswith("test_rule_"))
    assert [int(name.split("_")[2]) for name in listed] == list(range(1, len(listed) + 1))
