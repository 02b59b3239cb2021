"""The hard cases of a scheduler, by their number; what needs several processes stands in test_concurrency."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service as accounts
from portal.agenda import holds
from portal.agenda import service as agenda
from portal.agenda.holds import AlreadyTaken
from portal.agenda.models import Hold, HoldCell
from portal.agenda.windows import Span, next_workday
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import cards, outcome, people, permissions, planning, reminders, service, silence
from portal.interviews.models import Interview
from portal.interviews.rules import DoesNotCover, NobodyToAccompany, NoCompanionThere, NotYet, PermissionMissing
from portal.interviews.states import InterviewState, Mode, PermissionState, Presence
from portal.journal.models import Entry
from portal.outbox.delivery import deliver
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from tests.interviews.factories import (
    NOW,
    a_company,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    all_there,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app")
_I = InterviewState


def _open_tasks() -> set[str]:
    db.session.commit()
    return {kind.partition(".")[2] for kind in db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None)))}


def _move(case: Any, interview: Interview, *, number: int = -1, start: Any = None) -> Interview:
    _found, slots = slots_of(case, Mode.AT_COMPANY, interview)
    slot = slots[number] if start is None else next(one for one in slots if one.start == start)
    service.move(again(interview), slot)
    return again(interview)


def test_case_1_a_taken_moment_answers_409_with_the_next_free_ones_and_no_letter(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        first, second = (
            an_interest(worker, permission=False),
            an_interest(worker, permission=False, name="Bakkerij Joos"),
        )
        lien = visitors(worker)
        late = lien.open(f"/interviews/plan/{second.interest.key}")
        wanted = late.tree.xpath("//input[@name='slot']")[0].get("value")
        lien.open(f"/interviews/plan/{first.interest.key}").send("Leg dit moment vast", slot=wanted)
        letters = len(post.all())
        answer = late.send("Leg dit moment vast", slot=wanted, framing="Blijft staan.")
        assert answer.status == 409
        answer.says("Iemand was je voor", "Blijft staan.")
        free = [one.get("value") for one in answer.tree.xpath("//input[@name='slot']")]
        assert free
        assert wanted not in free
        assert len(post.all()) == letters
        assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 1


@pytest.mark.engine
def test_case_2_back_to_back_is_allowed_one_cell_of_overlap_is_not(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        case, other = an_interest(worker, permission=False), an_interest(worker, permission=False, name="Bakkerij Joos")
        interview = a_requested(case)
        other_row = a_requested(other, slot=5)
        db.session.commit()
        mine = next(hold for hold in holds.of(interview) if hold.party == f"person:{worker.id}")
        quarter = timedelta(minutes=15)
        after = Span(mine.blocked_until, mine.blocked_until + timedelta(hours=1))
        overlapping = Span(after.start - quarter, after.end)
        party = f"person:{worker.id}"
        with pytest.raises(AlreadyTaken):
            holds.move(other_row, mine.kind, overlapping, [holds.Party(party, overlapping)])
        moved = holds.move(other_row, mine.kind, after, [holds.Party(party, after)])
        assert moved[party].blocked_from == mine.blocked_until


@pytest.mark.engine
def test_case_2_an_interview_moves_onto_part_of_its_own_old_span(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        assert interview.starts_at is not None
        moved = _move(case, interview, start=interview.starts_at + timedelta(hours=1))
        assert moved.starts_at == interview.starts_at
        assert moved.state is _I.CONFIRMED
        assert moved.companion_hold is not None
        assert moved.companion_hold.starts_at == moved.starts_at


def test_case_3_a_second_confirmation_is_told(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        db.session.commit()
        lien, again_lien = visitors(case.worker), visitors(case.worker)
        page, stale = lien.open(f"/interviews/{interview.key}"), again_lien.open(f"/interviews/{interview.key}")
        page.send("Bevestig dit gesprek")
        stale.send("Bevestig dit gesprek").says("Deze stap kan niet meer")
        assert len(post.all("interviews/invitation")) == 2


def test_case_4_a_double_click_plans_once(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        lien = visitors(case.worker)
        page = lien.open(f"/interviews/plan/{case.interest.key}")
        slot = page.tree.xpath("//input[@name='slot']")[0].get("value")
        first, second = page.send("Leg dit moment vast", slot=slot), page.send("Leg dit moment vast", slot=slot)
        assert first.path == second.path
        assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 1
        assert len(post.all()) == 1


@pytest.mark.engine
def test_case_5_the_database_refuses_a_confirmed_interview_without_held_time(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        interview = a_confirmed(an_interest(permission=False))
        number, hold = interview.id, interview.companion_hold_id
        for statement in (
            "UPDATE interview SET companion_hold_id = NULL WHERE id = :id",
            "DELETE FROM hold WHERE id = :hold",
        ):
            with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
                db.session.execute(sa.text(statement), {"id": number, "hold": hold})
        requested = a_requested(an_interest(permission=False, name="Bakkerij Joos"), slot=3)
        db.session.commit()
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(
                sa.text("UPDATE interview SET state = 'confirmed', companion_hold_id = NULL WHERE id = :id"),
                {"id": requested.id},
            )


def test_case_6_a_worker_who_leaves_drops_it_to_needs_a_worker_in_the_same_transaction(
    post: Any, visitors: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        griet, karim = a_coordinator(), a_worker("Karim")
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        accounts.deactivate(case.worker)
        db.session.rollback()
        assert again(interview).state is _I.CONFIRMED
        accounts.deactivate(case.worker)
        interview = again(interview)
        assert interview.state is _I.NEEDS_WORKER
        assert interview.companion_hold_id is None
        assert "find_companion" in _open_tasks()
        assert f"person:{case.worker.id}" not in {hold.party for hold in holds.of(interview)}
        with pytest.raises(NobodyToAccompany):
            service.confirm(interview)

        page = visitors(griet).open(f"/interviews/{interview.key}").follow("Kies wie meegaat")
        page.send("Kies deze collega", companion=karim.key)
        interview = again(interview)
        assert interview.state is _I.CONFIRMED
        assert interview.companion_id == karim.id
        assert len(post.to(karim.email, "interviews/invitation")) == 1
        assert len(post.to(case.contact.email, "interviews/invitation")) == 1
        assert reminders.audit() == 0


def test_case_6_the_nightly_audit_finds_what_slipped_through(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        a_coordinator()
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        case.worker.deactivated_at = clock.now()
        db.session.commit()
        assert reminders.audit() == 1
        assert again(interview).state is _I.NEEDS_WORKER
        assert reminders.audit() == 0


def test_case_7_an_absence_is_saved_and_flags_the_interviews_that_it_touches(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        day = clock.local(interview.starts_at).date().isoformat()
        page = visitors(case.worker).open("/agenda/away")
        page.send("Noteer mijn afwezigheid", begins_on=day, ends_on=day, sudden="y").says("Genoteerd")
        assert "away" in _open_tasks()
        assert again(interview).state is _I.CONFIRMED
        untouched = an_interest(permission=False, name="Bakkerij Joos")
        agenda.be_away(
            untouched.worker.id,
            starts_at=clock.at(clock.today(), clock.local(clock.now()).time()),
            ends_at=clock.days_from_now(0.1),
        )
        db.session.commit()


def test_case_8_one_exception_takes_away_one_date_and_the_past_stays(visitors: Any) -> None:
    from portal.agenda import queries

    with time_machine.travel(NOW, tick=False) as at:
        worker = a_worker()
        window = agenda.add_window(worker.id, weekday=0, starts=clock.local(clock.now()).time(), ends=_hour(17))
        db.session.commit()
        monday = clock.today() + timedelta(days=7)
        lien = visitors(worker)
        lien.open(f"/agenda/hours/{window.id}/skip").send("Laat deze dag vallen", day=monday.isoformat())
        weekly = queries.hours_of(worker_programme(worker), worker.id)[worker.id].windows[0]
        assert list(weekly.days(monday, monday + timedelta(days=14))) == [
            monday + timedelta(days=7),
            monday + timedelta(days=14),
        ]
        at.shift(timedelta(days=21))
        visitors(worker).open("/agenda/hours").send("Weghalen")
        db.session.refresh(window)
        assert window.valid_until == clock.today() - timedelta(days=1)


def _hour(number: int) -> Any:
    from datetime import time

    return time(number)


def worker_programme(worker: Any) -> int:
    from tests.factories import a_programme

    return a_programme().id


def test_case_10_notice_is_checked_again_when_it_is_sent(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        found, slots = slots_of(case)
        value = planning.value_of(slots[0], found.people[slots[0].companion])
        at.move_to(slots[0].start - timedelta(hours=23))
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        assert page.send("Leg dit moment vast", slot=value).status == 409


def test_case_10_no_moment_before_the_permission_is_feasible_and_the_last_day_to_file_is_named(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(lead=15)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        # 15 working days from Monday 16 November: Monday 7 December.
        page.says("maandag 7 december 2026", "15 werkdagen", "maandag 16 november 2026")
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}?week=2026-11-23")
        page.says("vergunning niet haalbaar")
        assert not page.tree.xpath("//input[@name='slot']")


def test_case_14_moving_keeps_the_uid_and_asks_the_permission_again_where_it_does_not_cover(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        uid, sequence = interview.uid, interview.sequence
        interview.participants[0].presence = Presence.EXCUSED
        moved = _move(case, interview)
        assert (moved.uid, moved.sequence) == (uid, sequence + 1)
        assert moved.state is _I.AWAITING_PERMISSION
        assert moved.permission.state is PermissionState.TO_REQUEST
        assert {one.presence for one in moved.participants} == {Presence.EXPECTED}
        assert "request_permission" in _open_tasks()
        assert post.last(case.contact.email).calendar["method"] == "CANCEL"
        with pytest.raises(PermissionMissing):
            service.confirm(moved)
        permissions.requested(moved, clock.today())
        permissions.granted(moved, permissions.needed_span(moved))
        service.confirm(moved)
        last = post.last(case.contact.email)
        assert last.calendar["method"] == "REQUEST"
        assert f"SEQUENCE:{sequence + 2}" in last.calendar["ics"]


def test_case_14_moving_within_what_was_granted_stays_confirmed(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        day = clock.local(interview.starts_at).date()
        permissions.granted(interview, Span(clock.at(day, _hour(6)), clock.at(day, _hour(20))))
        service.confirm(interview)
        moved = _move(case, interview, number=1)
        assert moved.state is _I.CONFIRMED
        assert "Nieuw moment" in post.last(case.contact.email).subject


@pytest.mark.engine
def test_case_15_cancelling_reaches_everybody_who_was_invited_and_frees_the_time(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        sequence = interview.sequence
        page = visitors(case.worker).open(f"/interviews/{interview.key}/cancel")
        page.send("Laat het niet doorgaan", reason="employer_unavailable").says("gaat niet door")
        for person in (case.contact, case.worker):
            letter = post.last(person.email, "interviews/cancelled")
            assert letter.calendar["method"] == "CANCEL"
            assert "STATUS:CANCELLED" in letter.calendar["ics"]
            assert f"SEQUENCE:{sequence + 1}" in letter.calendar["ics"]
        assert db.session.scalar(sa.select(sa.func.count(Hold.id))) == 0
        assert db.session.scalar(sa.select(sa.func.count(HoldCell.id))) == 0
        assert {"plan", "tell_change"} <= _open_tasks()
        assert a_requested(case).id != interview.id


@pytest.mark.engine
def test_case_16_another_companion_cancel_to_the_old_request_to_the_new_nothing_to_the_rest(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        before = len(post.all())
        found, _slots = slots_of(case, Mode.AT_COMPANY, interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        new = post.all()[before:]
        assert [(one.to, one.calendar["method"]) for one in new] == [
            (case.worker.email, "CANCEL"),
            (karim.email, "REQUEST"),
        ]
        assert "STATUS:CANCELLED" not in new[0].calendar["ics"]
        held = {hold.party for hold in holds.of(interview)}
        assert f"person:{karim.id}" in held
        assert f"person:{case.worker.id}" not in held


def test_case_18_a_permission_covers_the_way_there_the_interview_and_the_way_back(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        needed = permissions.needed_span(interview)
        assert needed.start < interview.starts_at
        with pytest.raises(DoesNotCover):
            permissions.granted(interview, Span(interview.starts_at, interview.ends_at))
        db.session.commit()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
        answer = page.send("Noteer het antwoord", outcome="granted", begins="10:00", until="11:00")
        assert answer.status == 422
        answer.says("Deze uren zijn te kort")
        with pytest.raises(PermissionMissing):
            service.confirm(again(interview))


@pytest.mark.parametrize("ending", ["refused", "revoked"])
def test_case_18_a_refusal_only_tells_the_employer_that_it_moves(post: Any, visitors: Any, ending: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        if ending == "revoked":
            interview = a_confirmed(case)
            page = visitors(case.worker).open(f"/interviews/{interview.key}").follow("Ze is ingetrokken")
            page.send("Noteer dat ze ingetrokken is").says("Ander moment")
        else:
            interview = a_requested(case)
            permissions.requested(interview, clock.today())
            db.session.commit()
            page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
            page.send("Noteer het antwoord", outcome="refused").says("Ander moment")
        interview = again(interview)
        assert interview.state is _I.AWAITING_PERMISSION
        letter = post.last(case.contact.email, "interviews/must_move")
        for word in ("vergunning", "geweigerd", "ingetrokken", "gevangenis", "penitentiair"):
            assert word not in (letter.text + letter.subject).lower()
        assert (letter.calendar is not None) == (ending == "revoked")
        assert {one.presence for one in again(interview).participants} == {Presence.EXPECTED}
        assert holds.of(interview) == []
        page = visitors(case.contact).open(f"/interviews/{interview.key}")
        page.says("We zoeken een ander moment").lacks("ergunning", "Zebedeus")
        page = visitors(case.worker).open(f"/interviews/{interview.key}").follow("Kies een ander moment")
        slot = page.tree.xpath("//input[@name='slot']")[0].get("value")
        page.send("Verplaats naar dit moment", slot=slot)
        assert again(interview).permission.state is PermissionState.TO_REQUEST


def test_case_19_presence_only_after_the_start_per_participant_reversible_and_journalled(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        came = {one.party: Presence.PRESENT for one in interview.participants}
        with pytest.raises(NotYet):
            outcome.record_presence(interview, came)
        at.move_to(interview.starts_at + timedelta(minutes=20))
        candidate, companion = f"candidate:{case.candidate.id}", f"person:{case.worker.id}"
        outcome.record_presence(interview, {**came, candidate: Presence.NO_SHOW})
        assert again(interview).state is _I.CONFIRMED
        assert "move" in _open_tasks()
        with pytest.raises(NoCompanionThere):
            outcome.record_presence(again(interview), {**came, companion: Presence.EXCUSED})
        outcome.record_presence(again(interview), came)
        assert again(interview).state is _I.HELD
        noted = db.session.scalars(sa.select(Entry).where(Entry.action == "presence.recorded")).all()
        assert [entry.details[candidate] for entry in noted] == ["no_show", "present"]


def test_case_20_a_mail_server_that_fails_never_undoes_a_booking(app: Any, post: Any, monkeypatch: Any) -> None:
    from portal.outbox import delivery

    with time_machine.travel(NOW, tick=False):
        interview = a_confirmed(an_interest(permission=False))

        def down(*_args: Any) -> None:
            raise OSError("no route")

        monkeypatch.setattr(delivery, "_post", down)
        assert deliver() == 0
        assert again(interview).state is _I.CONFIRMED
        states = set(db.session.scalars(sa.select(Letter.state)))
        assert states == {LetterState.WAITING}


@pytest.mark.engine
def test_case_21_reminders_at_48_and_2_hours_once_and_none_after_a_change(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case, slot=20)
        assert reminders.send_due() == 0
        at.move_to(interview.starts_at - timedelta(hours=47))
        assert reminders.send_due() == 1
        assert reminders.send_due() == 0
        assert [one.to for one in post.all("interviews/reminder")] == [case.contact.email, case.worker.email]
        at.move_to(interview.starts_at - timedelta(hours=1))
        assert reminders.send_due() == 1
        assert reminders.send_due() == 0
        assert len(post.all("interviews/reminder")) == 4
        service.cancel(again(interview), "illness")
        assert post.all("interviews/reminder") == []


def test_case_21_a_reminder_that_still_waits_is_not_sent_once_the_moment_changed(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case, slot=20)
        at.move_to(interview.starts_at - timedelta(hours=47))
        reminders.send_due()
        db.session.execute(
            sa.update(Interview).values(starts_at=Interview.__table__.c.starts_at, ends_at=interview.ends_at)
        )
        assert len(post.all("interviews/reminder")) == 2
        at.move_to(interview.starts_at + timedelta(minutes=1))
        assert post.all("interviews/reminder") == []


def test_case_22_the_candidate_is_told_through_the_worker_with_a_sheet(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        case.candidate.language = "fr"
        interview = a_confirmed(case)
        assert "sheet" in _open_tasks()
        sheet = visitors(case.worker).open(f"/interviews/{interview.key}/sheet")
        sheet.says("Votre entretien chez Transport Nys", "Kaai 4", "Lien Claes", "An Nys")
        assert sheet.tree.get("lang") == "fr"
        assert {one.to for one in post.all()} == {case.contact.email, case.worker.email}


def test_a_second_talk_and_a_new_one_after_a_cancellation_can_be_planned(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        first = a_confirmed(case)
        service.cancel(first, "illness")
        db.session.commit()
        second = a_confirmed(case)
        at.move_to(second.starts_at + timedelta(hours=1))
        all_there(again(second))
        row = again(second)
        from portal.interviews.states import DecisionState

        cards.score(row, case.contact.id, cards.Scores({"skills": 3}, {"skills": "x"}))
        outcome.decide(row, case.contact.id, DecisionState.SECOND_TALK, [])
        db.session.commit()
        assert a_requested(case).id not in (first.id, second.id)
        with pytest.raises(WrongState):
            service.move(again(second), slots_of(case)[1][0])


def test_silence_asks_and_becomes_a_task(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        at.move_to(interview.starts_at + timedelta(hours=1))
        all_there(again(interview))
        assert silence.ask_for_answers() == 0
        # Nights that were missed: one letter, and nobody is called on the same night.
        at.move_to(next_workday((interview.starts_at + timedelta(days=9)).date()).isoformat() + " 12:00:00+00:00")
        assert [silence.ask_for_answers(), silence.ask_for_answers()] == [1, 1]
        assert silence.ask_for_answers() == 0
        assert "silence" in _open_tasks()


def test_an_interview_inside_asks_no_permission_and_writes_no_place(post: Any, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        case = an_interest(worker, company=a_company(interview_inside=True))
        lien = visitors(worker)
        page = lien.open(f"/interviews/plan/{case.interest.key}").follow("waar de kandidaat is").lacks("werkdagen")
        slot = page.tree.xpath("//input[@name='slot']")[0].get("value")
        page = page.send("Leg dit moment vast", slot=slot)
        page.send("Bevestig dit gesprek")
        letter = post.last(case.contact.email, "interviews/invitation")
        assert "Oudenaarde" not in letter.calendar["ics"] + letter.html
        assert "Gevangenis" not in letter.calendar["ics"] + letter.html
