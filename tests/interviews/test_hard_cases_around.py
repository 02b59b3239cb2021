"""The hard cases of a scheduler, by their number: what happens around a booking; the booking itself is in test_hard_cases."""

from datetime import date, time, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service as accounts
from portal.agenda import holds
from portal.agenda import service as agenda
from portal.agenda.slots import Reason, find_slots
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import people, permissions, planning, reminders, service
from portal.interviews.rules import NobodyToAccompany, TimeNotHeld, TooLate
from portal.interviews.states import InterviewState, Mode, PermissionState, Presence
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from tests.factories import a_programme
from tests.interviews.factories import (
    NOW,
    a_company,
    a_confirmed,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app")
_I = InterviewState


@pytest.mark.parametrize("gone", ["the moment", "somebody's time", "the companion"])
def test_case_3_confirming_asks_everything_anew(post: Any, gone: str) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_requested(case)
        wanted: dict[str, type[Exception]] = {
            "the moment": TooLate, "somebody's time": TimeNotHeld, "the companion": NobodyToAccompany,
        }  # fmt: skip
        if gone == "the moment":
            at.move_to(interview.starts_at)
        elif gone == "somebody's time":
            holds.drop(interview, holds.person(case.contact.id))
        else:
            case.worker.deactivated_at = clock.now()
        with pytest.raises(wanted[gone]):
            service.confirm(again(interview))
        assert again(interview).state is _I.REQUESTED
        assert post.all("interviews/invitation") == []


def test_case_6_nobody_is_chosen_whose_account_was_just_closed(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        found = slots_of(case, Mode.AT_COMPANY, interview)[0]
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        accounts.deactivate(karim)
        with pytest.raises(NobodyToAccompany):
            people.change_companion(again(interview), free[karim.id])


def test_case_7_after_an_absence_another_worker_and_another_moment_are_offered(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        day = clock.local(interview.starts_at).date()
        start = clock.midnight(day)
        agenda.be_away(case.worker.id, starts_at=start, ends_at=start + timedelta(days=1), sudden=True)
        page = visitors(case.worker).open(f"/interviews/{interview.key}")
        offered = (
            page.follow("Iemand anders gaat mee")
            .form()
            .xpath(".//*[@name='companion']//option|.//input[@type='radio']")
        )
        assert karim.key in {one.get("value") for one in offered}
        assert case.worker.key not in {one.get("value") for one in offered}
        page.follow("Ander moment").says("Karim gaat mee")
        there = [
            slot for slot in slots_of(case, Mode.AT_COMPANY, interview)[1] if clock.local(slot.start).date() == day
        ]
        assert {slot.companion for slot in there} == {karim.id}


def test_case_9_overlapping_windows_make_neither_double_nor_lost_moments() -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        agenda.add_window(case.contact.id, weekday=2, starts=time(9), ends=time(12))
        once = [slot.start for slot in slots_of(case)[1]]
        for starts, ends in ((time(9), time(11)), (time(10), time(12)), (time(9), time(12))):
            agenda.add_window(case.contact.id, weekday=2, starts=starts, ends=ends)
        db.session.commit()
        twice = [slot.start for slot in slots_of(case)[1]]
        assert once == twice != []
        assert len(set(twice)) == len(twice)


def test_case_11_nine_oclock_stays_nine_oclock_when_the_clock_goes_forward(post: Any) -> None:
    with time_machine.travel("2027-03-16 09:00:00+00:00", tick=False):
        case = an_interest(permission=False)
        agenda.add_window(case.contact.id, weekday=0, starts=time(9), ends=time(10))
        agenda.add_window(case.worker.id, weekday=0, starts=time(7), ends=time(17))
        found = slots_of(case)[0]
        slots = [slot for slot in find_slots(found.question).slots if slot.companion == case.worker.id]
        wall = {clock.local(slot.start).date(): clock.local(slot.start).time() for slot in slots}
        assert wall[date(2027, 3, 22)] == time(9)
        assert wall[date(2027, 4, 5)] == time(9) if date(2027, 4, 5) in wall else date(2027, 4, 5) in agenda.days_off()
        assert wall[date(2027, 4, 12)] == time(9)
        assert {slot.start.hour for slot in slots} == {8, 7}, "in UTC an hour earlier"
        assert {slot.end - slot.start for slot in slots} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("language", "zone"), [("nl", "Belgische tijd"), ("fr", "heure belge"), ("en", "Belgian time")]
)
def test_case_12_letters_say_the_hour_at_the_venue_with_its_zone(post: Any, language: str, zone: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        case.contact.language = language
        interview = a_confirmed(case)
        letter = post.last(case.contact.email, "interviews/invitation")
        here = clock.local(interview.starts_at)
        assert here.hour == interview.starts_at.hour + 1
        assert zone in letter.text
        assert any(f"{here.hour}{between}{here.minute:02}" in letter.text for between in (":", ".", "u", " h ", "h"))
        event = icalendar.Calendar.from_ical(letter.calendar["ics"]).events[0]
        assert event.decoded("DTSTART") == interview.starts_at
        assert event["DTSTART"].params["TZID"] == "Europe/Brussels"


def test_case_13_holidays_and_the_communitys_own_day_are_computed_and_not_offered(visitors: Any) -> None:
    with time_machine.travel("2031-07-01 09:00:00+00:00", tick=False):
        case = an_interest(permission=False)
        answer = find_slots(slots_of(case)[0].question)
        # Friday 11 July and Monday 21 July 2031: years that stand in no list.
        assert answer.reasons[date(2031, 7, 11)] is Reason.HOLIDAY
        assert answer.reasons[date(2031, 7, 21)] is Reason.HOLIDAY
        visitors(case.worker).open(f"/interviews/plan/{case.interest.key}?week=2031-07-07").says("feestdag")


def test_case_14_moving_voids_the_reminders_of_the_old_moment(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case, slot=20)
        at.move_to(interview.starts_at - timedelta(hours=47))
        assert reminders.send_due() == 1
        later = [slot for slot in slots_of(case, Mode.AT_COMPANY, interview)[1] if slot.start > interview.ends_at][5]
        service.move(again(interview), later)
        db.session.commit()
        states = db.session.scalars(sa.select(Letter.state).where(Letter.template == "interviews/reminder"))
        assert set(states) == {LetterState.CANCELLED}
        at.move_to(again(interview).starts_at - timedelta(hours=1))
        assert reminders.send_due() == 1, "the new moment has reminders of its own"


def test_case_15_whoever_was_invited_at_any_time_reads_that_it_is_off(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        found = slots_of(case, Mode.AT_COMPANY, interview)[0]
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        service.cancel(again(interview), "illness")
        sequences = {}
        for person in (case.worker, karim, case.contact):
            last = [one for one in post.to(person.email) if one.calendar][-1]
            assert last.calendar["method"] == "CANCEL", person.first_name
            sequences[person.id] = icalendar.Calendar.from_ical(last.calendar["ics"]).events[0]["SEQUENCE"]
        assert sequences[karim.id] == sequences[case.contact.id] > sequences[case.worker.id]


def test_case_17_a_late_press_on_a_page_of_a_cancelled_interview_changes_nothing_and_says_so(
    post: Any, visitors: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        db.session.commit()
        lien = visitors(case.worker)
        show = f"/interviews/{interview.key}"
        stale = {
            "Noteer het antwoord": (lien.open(f"{show}/permission/answer"), {"outcome": "refused"}),
            "Verplaats naar dit moment": (lien.open(f"{show}/move"), {}),
        }
        slot = stale["Verplaats naar dit moment"][0].tree.xpath("//input[@name='slot']")[0].get("value")
        stale["Verplaats naar dit moment"][1]["slot"] = slot
        service.cancel(again(interview), "illness")
        before = len(post.all())
        for button, (page, values) in stale.items():
            answer = page.send(button, **values)
            answer.says("gaat niet door")
        with pytest.raises(WrongState):
            service.confirm(again(interview))
        interview = again(interview)
        assert interview.state is _I.CANCELLED
        assert interview.permission.state is PermissionState.REQUESTED
        assert len(post.all()) == before
        assert holds.of(interview) == []


def test_case_19_what_the_service_calls_off_is_nobodys_no_show(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        interview = a_confirmed(an_interest(permission=False))
        service.cancel(interview, "employer_unavailable")
        interview = again(interview)
        assert {one.presence for one in interview.participants} == {Presence.EXPECTED}
        assert interview.cancelled_because == "employer_unavailable"
        assert len({Presence.NO_SHOW, Presence.EXCUSED, InterviewState.CANCELLED}) == 3


def test_case_23_opening_the_links_of_the_letters_changes_nothing(post: Any, visitors: Any, visitor: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        before = (interview.state, interview.sequence, len(post.all()), _open_tasks())
        for letter in post.all():
            if letter.template == "interviews/proposed":
                visitor.open(letter.path("/times/"))
            else:
                visitor.open(letter.path("/interviews/")).says("Aanmelden")
        for reader in (case.contact, case.worker):
            visitors(reader).open(post.last(reader.email).path("/interviews/"))
        interview = again(interview)
        assert (interview.state, interview.sequence, len(post.all()), _open_tasks()) == before


def _open_tasks() -> int:
    return db.session.scalar(sa.select(sa.func.count(Task.id)).where(Task.closed_at.is_(None))) or 0


def test_case_24_only_workers_of_the_programme_go_along(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        elsewhere = a_worker("Omar", a_programme("Doorstart Brugge"))
        karim = a_worker("Karim")
        people = slots_of(case)[0].people
        assert {case.worker.id, karim.id} <= set(people)
        assert elsewhere.id not in people


def test_case_24_two_places_on_one_day_have_their_way_between_them(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        first = a_confirmed(an_interest(worker, permission=False))
        far = a_company("Bakkerij in Luik")
        far[2].workplace_id = _a_workplace_far_away(far[0].organisation_id)
        db.session.commit()
        other = an_interest(worker, company=far, permission=False)
        taken = next(hold for hold in holds.of(first) if hold.party == holds.person(worker.id))
        for slot in slots_of(other)[1]:
            span = slot.companion_span
            assert span.end <= taken.blocked_from or span.start >= taken.blocked_until
            assert span.start < slot.start, "the way there is counted"


def _a_workplace_far_away(organisation_id: int) -> int:
    from portal.organisations.models import Workplace

    row = Workplace(
        organisation_id=organisation_id, name="Winkel", street="Kade 1", postcode="4000", municipality="Luik",
        public_transport="",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id
