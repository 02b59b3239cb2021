"""Who proposes: the company says when it would like to meet, the worker settles it in one press; an answer that comes late
changes nothing, and says so."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.agenda import service as agenda
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import interest_accepted
from portal.interviews import lateness, permissions, preferred, proposal_queries, proposals, service
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from portal.interviews.rules import Late, NoTimes, NotInReach, NotThatDay, TooShort
from portal.interviews.states import InterviewState, PermissionState, ProposalState
from portal.journal.models import Entry
from portal.showcase.states import InterestState
from portal.tasks.models import Task
from tests.interviews.factories import (
    CANARY,
    NOW,
    Case,
    a_candidate,
    a_company,
    a_confirmed,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app")
_W = ProposalState
# Monday 16 November 2026 is today; Wednesday 25 is a working day like any other.
WEDNESDAY = Window(date(2026, 11, 25), time(9), time(12))
LATER = Window(date(2026, 12, 9), time(13), time(16))


def _asked(**about: Any) -> tuple[Case, Proposal]:
    """The candidate said yes, and the company is asked for times."""
    case = an_interest(**about)
    interest_accepted.send(case.interest)
    db.session.commit()
    return case, _standing()


def _standing() -> Proposal:
    db.session.commit()
    rows = sa.select(Proposal.id).where(Proposal.state.in_(proposal_queries.STANDING))
    return proposal_queries.one(Proposal.id == db.session.scalars(rows).one())


def _answered(*windows: Window, **about: Any) -> tuple[Case, Proposal]:
    case, row = _asked(**about)
    answered = proposals.answer(row, seen="asked", windows=windows)
    db.session.commit()
    return case, answered


def _typed(number: int, window: Window) -> dict[str, str]:
    day, begins, until = window.kept()
    return {f"day_{number}": day, f"begins_{number}": begins, f"until_{number}": until}


def _tasks(person: Person) -> set[str]:
    db.session.commit()
    open_ = sa.select(Task.kind).where(Task.owner_id == person.id, Task.closed_at.is_(None))
    return {kind.partition(".")[2] for kind in db.session.scalars(open_)}


def _only() -> Interview:
    return again(db.session.scalars(sa.select(Interview)).one())


# --- What the company is asked -------------------------------------------------------------------------------------


def test_a_yes_asks_the_contact_for_times_by_a_letter_and_a_page_and_the_worker_hears_the_answer(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _asked(permission=False)
        assert _tasks(case.contact) == {"prefer"}
        letter = post.last(case.contact.email, "interviews/times")
        assert CANARY not in letter.text + letter.html + letter.subject
        page = visitors(case.contact).open(f"/interviews/times/{row.key}")
        page.says("Wanneer past een gesprek?", "tot en met maandag 23 november 2026").lacks(CANARY, "Kwartelslag")
        ticked = page.tree.xpath("//input[@name='offered']/@value")[:2]
        answer = page.send("Stuur deze momenten", offered=ticked, **_typed(1, LATER))
        assert answer.status == 200
        answer.says("Dank je", "woensdag 9 december 2026, 13.00 – 16.00")
        row = _standing()
        assert row.state is _W.PREFERRED
        assert len(row.windows) == 3
        assert (row.answered_by, row.answered_at) == (case.contact.id, clock.now())
        assert _tasks(case.contact) == set()
        assert _tasks(case.worker) == {"plan", "settle"}
        noted = db.session.scalars(sa.select(Entry).where(Entry.action == "proposal.answered")).one()
        assert noted.details["windows"] == row.windows


def test_own_hours_come_first_without_what_stands_in_the_own_agenda(app: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        agenda.add_window(case.contact.id, weekday=1, starts=time(8), ends=time(12))
        agenda.add_window(case.contact.id, weekday=2, starts=time(14), ends=time(17))
        tuesday = date(2026, 11, 24)
        agenda.be_away(case.contact.id, starts_at=clock.at(tuesday, time(8)), ends_at=clock.at(tuesday, time(9, 30)))
        interest_accepted.send(case.interest)
        db.session.commit()
        offered = preferred.offered(_standing().interest, case.contact.id)
        assert [one.short for one in offered[:3]] == [
            "di 17/11, 08.00 – 12.00", "wo 18/11, 14.00 – 17.00", "di 24/11, 09.30 – 12.00",
        ]  # fmt: skip


@pytest.mark.parametrize("lead", [0, 15])
def test_the_same_choices_whoever_is_met(visitors: Any, post: Any, lead: int) -> None:
    with time_machine.travel(NOW, tick=False):
        worker, company = a_worker(), a_company()
        somebody, other = a_candidate(worker, permission=False), a_candidate(worker, lead=lead or 5, postcode="8000")
        seen = []
        for candidate in (somebody, other):
            case = an_interest(worker, company=company, candidate=candidate)
            interest_accepted.send(case.interest)
            db.session.commit()
            key = db.session.scalars(sa.select(Proposal.key).where(Proposal.candidate_id == candidate.id)).one()
            page = visitors(case.contact).open(f"/interviews/times/{key}")
            main = page.text.replace(case.interest.code, "CODE")
            seen.append((main, page.tree.xpath("//input[@name='offered']/@value")))
        assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("window", "error"),
    [
        (Window(date(2026, 11, 21), time(9), time(12)), NotThatDay),
        (Window(date(2026, 12, 25), time(9), time(12)), NotThatDay),
        (Window(date(2026, 11, 16), time(13), time(16)), NotInReach),
        (Window(date(2027, 6, 2), time(9), time(12)), NotInReach),
        (Window(date(2026, 11, 25), time(9), time(9, 30)), TooShort),
        (Window(date(2026, 11, 25), time(12), time(9)), TooShort),
    ],
    ids=["weekend", "holiday", "no notice", "too far", "too short", "turned around"],
)
def test_a_window_is_a_working_day_from_the_notice_on_with_room_for_an_interview(
    app: Any, post: Any, window: Window, error: type[Exception]
) -> None:
    with time_machine.travel(NOW, tick=False):
        _case, row = _asked()
        with pytest.raises(error):
            proposals.answer(row, seen="asked", windows=[window])


def test_three_windows_at_most_and_one_at_least(app: Any, visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _asked()
        with pytest.raises(NoTimes):
            proposals.answer(row, seen="asked")
        page = visitors(case.contact).open(f"/interviews/times/{row.key}")
        four = page.tree.xpath("//input[@name='offered']/@value")[:4]
        refused = page.send("Stuur deze momenten", offered=four)
        assert refused.status == 422
        refused.says("Kies één tot drie momenten")
        unfinished = page.send("Stuur deze momenten", day_1="2026-11-25")
        assert unfinished.status == 422
        unfinished.says("Geef de dag, vanaf wanneer en tot wanneer")
        assert _standing().state is _W.ASKED


def test_a_new_answer_replaces_the_old_one_which_stays_in_the_record(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _answered(WEDNESDAY, permission=False)
        page = visitors(case.contact).open(f"/interviews/times/{row.key}").says("Je gaf deze momenten")
        page.send("Stuur deze momenten", **_typed(1, LATER))
        states = dict(db.session.execute(sa.select(Proposal.state, sa.func.count()).group_by(Proposal.state)).all())
        assert states == {_W.REPLACED: 1, _W.PREFERRED: 1}
        assert preferred.read(_standing().windows) == [LATER]
        assert (
            db.session.scalar(
                sa.select(sa.func.count(Task.id)).where(Task.kind == "interviews.settle", Task.closed_at.is_(None))
            )
            == 1
        )


def test_the_link_of_the_letter_shows_on_get_acts_on_post_and_acts_once(visitor: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _asked()
        link = post.last(case.contact.email, "interviews/times").path("/times/")
        page = visitor.open(link).says("Wanneer past een gesprek?").lacks(CANARY)
        visitor.open(link)
        assert _standing().state is _W.ASKED
        page.send("Stuur deze momenten", **_typed(1, WEDNESDAY)).says("Dank je")
        assert preferred.read(_standing().windows) == [WEDNESDAY]
        visitor.open(link).says("Je antwoord is er. Meld je aan om het te veranderen.")
        page = visitor.open(link)
        assert not page.tree.xpath("//main//form")


def test_a_double_click_on_the_link_answers_once_and_says_thank_you_twice(visitor: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _asked()
        page = visitor.open(post.last(case.contact.email, "interviews/times").path("/times/"))
        first, second = (page.send("Stuur deze momenten", **_typed(1, WEDNESDAY)) for _ in range(2))
        assert first.path == second.path == "/times/thanks/preferred"
        assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == 1


def test_a_stranger_and_a_colleague_do_not_find_the_question(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        _case, row = _asked()
        stranger = an_interest(permission=False, name="Bakkerij Joos").contact
        visitors(stranger).open(f"/interviews/times/{row.key}", status=404)


def test_windows_expire(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, row = _answered(WEDNESDAY, permission=False)
        visitors(case.worker).open(f"/interviews/plan/{case.interest.key}").says("Het bedrijf verkiest")
        at.move_to(clock.at(WEDNESDAY.day, time(13)))
        page = (
            visitors(case.worker)
            .open(f"/interviews/plan/{case.interest.key}")
            .lacks("Leg dit moment vast voor iedereen")
        )
        page.says("Vraag het bedrijf naar momenten")
        assert proposals.expire() == 1
        assert db.session.get_one(Proposal, row.id).state is _W.EXPIRED
        assert "settle" not in _tasks(case.worker)


# --- The worker settles it -----------------------------------------------------------------------------------------


def test_one_press_holds_the_first_moment_that_suits_everybody(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _answered(WEDNESDAY, LATER, permission=False)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        page.says("Het bedrijf verkiest", "woensdag 25 november 2026, 09.45, met Lien")
        marked = page.tree.xpath("//label[contains(@class, 'slot')][.//*[contains(., 'voorkeur')]]//input/@value")
        assert marked
        assert all(value.startswith("20261125T") for value in marked)
        page.send("Leg dit moment vast voor iedereen").says("Het moment is voor iedereen vastgelegd")
        interview = _only()
        assert WEDNESDAY.span.start <= interview.starts_at < WEDNESDAY.span.end
        assert interview.companion_hold is not None
        assert db.session.get_one(Proposal, row.id).state is _W.SETTLED
        assert "settle" not in _tasks(case.worker)
        assert {"plan"}.isdisjoint(_tasks(case.worker))


def test_hours_outside_the_own_ones_count_once_the_company_gave_them(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker, company = a_worker(), a_company()
        agenda.add_window(company[1].id, weekday=0, starts=time(9), ends=time(10))
        case, _row = _answered(WEDNESDAY, worker=worker, company=company, permission=False)
        visitors(case.worker).open(f"/interviews/plan/{case.interest.key}").send("Leg dit moment vast voor iedereen")
        assert clock.local(_only().starts_at).date() == WEDNESDAY.day


def test_the_permission_and_its_lead_time_still_rule_what_is_settled(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY, LATER, lead=10)
        visitors(case.worker).open(f"/interviews/plan/{case.interest.key}").send("Leg dit moment vast voor iedereen")
        interview = _only()
        assert clock.local(interview.starts_at).date() == LATER.day, "ten working days come first"
        assert interview.state is InterviewState.AWAITING_PERMISSION
        assert interview.permission.state is PermissionState.TO_REQUEST


def test_where_nothing_fits_it_says_why_shows_the_nearest_and_asks_for_others(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY, lead=15)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        page.says("Geen van deze momenten past voor iedereen", "vergunning niet haalbaar", "Dichtst erbij:")
        near = page.follow("maandag 7 december 2026")
        assert near.tree.xpath("//input[@name='slot'][@checked]/@value")
        page.send("Vraag het bedrijf naar andere momenten").says("Het bedrijf krijgt de vraag")
        assert _standing().state is _W.ASKED
        letter = post.last(case.contact.email, "interviews/times")
        assert letter.subject == "Andere momenten voor je gesprek?"
        for word in ("vergunning", "kandidaat kan niet", CANARY):
            assert word not in letter.text.lower()


def test_the_plan_page_costs_the_same_with_and_without_windows(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY, permission=False)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        assert len(page.queries) <= 8, page.queries
        times = visitors(case.contact).open(f"/interviews/times/{_standing().key}")
        assert len(times.queries) <= 8, times.queries
        a_requested(case)
        show = visitors(case.worker).open(f"/interviews/{_only().key}")
        assert len(show.queries) <= 8, show.queries


# --- About a moment that is held ------------------------------------------------------------------------------------


def test_a_held_moment_suits_and_that_is_kept_with_who_and_when(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        db.session.commit()
        page = (
            visitors(case.contact).open(f"/interviews/{interview.key}").follow("Past het, of liever een ander moment?")
        )
        page.send("Dit past voor ons").says("Je zei dat dit moment past")
        row = _standing()
        assert (row.state, row.revision, row.answered_by) == (_W.SUITS, interview.revision, case.contact.id)
        visitors(case.worker).open(f"/interviews/{interview.key}").says("Dit moment past", "An Nys")
        assert again(interview).state is InterviewState.REQUESTED, "nothing is confirmed by it"


def test_other_times_become_the_workers_task_and_settling_them_moves_the_interview(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        before = interview.starts_at
        link = post.last(case.contact.email, "interviews/proposed").path("/times/")
        visitors(None).open(link).send("Stuur deze momenten", **_typed(1, LATER)).says("Dank je")
        assert "settle" in _tasks(case.worker)
        page = visitors(case.worker).open(f"/interviews/{interview.key}").says("Wil liever een ander moment")
        page = page.follow("Bekijk en leg vast")
        page.send("Leg dit moment vast voor iedereen").says("Het moment is voor iedereen vastgelegd")
        moved = again(interview)
        assert moved.starts_at != before
        assert LATER.span.start <= moved.starts_at < LATER.span.end
        assert moved.revision == 2
        assert "settle" not in _tasks(case.worker)
        assert _standing().revision == 2, "the new moment is asked about anew"


def test_another_companion_leaves_the_question_about_the_moment_open(app: Any, post: Any) -> None:
    from portal.agenda.windows import Span
    from portal.interviews import people, planning

    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_requested(case)
        found, _slots = slots_of(case, interview=interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        assert proposals.is_open(_standing())


# --- Late -----------------------------------------------------------------------------------------------------------


def _nothing_changed(before: tuple[Any, ...], interview: Interview, post: Any) -> None:
    assert _stand(interview, post) == before


def _stand(interview: Interview, post: Any) -> tuple[Any, ...]:
    interview = again(interview)
    tasks = db.session.scalar(sa.select(sa.func.count(Task.id)).where(Task.closed_at.is_(None)))
    return interview.state, interview.starts_at, interview.revision, interview.sequence, len(post.all()), tasks


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "by the link"])
@pytest.mark.parametrize("what", ["moved", "cancelled", "expired"])
def test_case_17_a_late_answer_of_the_company_changes_nothing_and_says_where_it_stands(
    visitors: Any, visitor: Any, post: Any, what: str, signed_in: bool
) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_requested(case, slot=40)
        link = post.last(case.contact.email, "interviews/proposed").path("/times/")
        who = visitors(case.contact) if signed_in else visitor
        page = who.open(f"/interviews/times/{_standing().key}" if signed_in else link)
        if what == "moved":
            service.move(again(interview), slots_of(case, interview=interview)[1][60])
        elif what == "cancelled":
            service.cancel(again(interview), "illness")
        else:
            at.shift(timedelta(days=4))
            who.become(case.contact) if signed_in else None
        before = _stand(interview, post)
        for button, values in (("Dit past voor ons", {}), ("Stuur deze momenten", _typed(1, LATER))):
            late = page.send(button, **values)
            assert late.status == 409
            late.says("Dit ging over een eerder moment", "Hoe het staat").lacks(CANARY)
        _nothing_changed(before, interview, post)


def test_case_17_a_late_answer_to_a_question_that_was_asked_again_changes_nothing(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _asked()
        page = visitors(case.contact).open(f"/interviews/times/{row.key}")
        proposals.ask(_standing().interest, again=True)
        db.session.commit()
        assert page.send("Stuur deze momenten", **_typed(1, LATER)).status == 409
        assert _standing().state is _W.ASKED


def test_case_17_nobody_answers_any_more_once_the_candidate_stops(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _asked()
        page = visitors(case.contact).open(f"/interviews/times/{row.key}")
        case.interest.move_to(InterestState.LAPSED)
        db.session.commit()
        assert _tasks(case.contact) == set()
        late = page.send("Stuur deze momenten", **_typed(1, LATER))
        assert late.status == 409
        late.says("Deze vraag is afgesloten")


@pytest.mark.parametrize("button", ["Bevestig dit gesprek", "Verplaats naar dit moment", "Kies deze collega"])
def test_case_17_and_14_a_press_for_a_moment_that_moved_does_nothing_and_shows_where_it_stands(
    visitors: Any, post: Any, button: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_requested(case)
        pages = {"Bevestig dit gesprek": "", "Verplaats naar dit moment": "/move", "Kies deze collega": "/companion"}
        page = visitors(case.worker).open(f"/interviews/{interview.key}{pages[button]}")
        values: dict[str, Any] = {}
        if button == "Kies deze collega":
            values = {"companion": karim.key}
        elif button == "Verplaats naar dit moment":
            values = {"slot": page.tree.xpath("//input[@name='slot']/@value")[0]}
        service.move(again(interview), slots_of(case, interview=interview)[1][30])
        before = _stand(interview, post)
        late = page.send(button, **values)
        assert late.status == 409
        late.says("Dit ging over een eerder moment", "Hoe het staat", "Lien Claes")
        _nothing_changed(before, interview, post)


def test_case_17_settling_times_that_were_given_anew_does_nothing(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, row = _answered(WEDNESDAY, permission=False)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        proposals.answer(proposal_queries.one(Proposal.id == row.id), seen="preferred", windows=[LATER])
        db.session.commit()
        late = page.send("Leg dit moment vast voor iedereen")
        assert late.status == 409
        late.says("Er ligt geen moment vast").follow("Bekijk hoe het nu staat").says("woensdag 9 december 2026")
        assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 0


def test_case_17_a_moment_that_was_taken_meanwhile_is_not_settled(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY, permission=False)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        agenda.be_away(case.worker.id, starts_at=WEDNESDAY.span.start, ends_at=WEDNESDAY.span.end)
        db.session.commit()
        assert page.send("Leg dit moment vast voor iedereen").status == 409
        assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 0


def test_case_14_a_confirmed_interview_that_moves_on_the_companys_wish_asks_everything_again(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        sequence = interview.sequence
        proposals.answer(_standing(), seen="asked", windows=[LATER])
        db.session.commit()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/move")
        page.send("Leg dit moment vast voor iedereen")
        moved = again(interview)
        assert moved.state is InterviewState.AWAITING_PERMISSION
        assert moved.permission.state is PermissionState.TO_REQUEST
        assert moved.sequence == sequence + 1
        assert post.last(case.contact.email).calendar["method"] == "CANCEL"
        with pytest.raises(Late):
            lateness.check(moved, interview.revision - 1)
        permissions.requested(moved, clock.today())
        permissions.granted(moved, permissions.needed_span(moved))
        service.confirm(moved)


def test_no_letter_of_a_proposal_names_the_candidate(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY)
        proposals.ask(_standing().interest, again=True)
        a_requested(case)
        for letter in post.all():
            everything = letter.subject + letter.text + letter.html
            assert not re.search(f"{CANARY}|Kwartelslag|Oudenaarde|ergunning", everything), letter.template


def test_after_a_permission_that_was_refused_the_company_is_asked_for_times_without_a_word_why(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        link = post.last(case.contact.email, "interviews/proposed").path("/times/")
        permissions.requested(interview, clock.today())
        permissions.refused(again(interview))
        db.session.commit()
        visitors(None).open(link).lacks("ergunning").says("Wordt geregeld")
        page = visitors(case.worker).open(f"/interviews/{interview.key}/move")
        page.send("Vraag het bedrijf naar momenten")
        page = visitors(case.contact).open(f"/interviews/times/{_standing().key}")
        page.lacks("We houden dit moment vrij", "ergunning").send("Stuur deze momenten", **_typed(1, LATER))
        visitors(case.worker).open(f"/interviews/{interview.key}/move").send("Leg dit moment vast voor iedereen")
        assert clock.local(again(interview).starts_at).date() == LATER.day


def test_a_confirmed_interview_does_not_wait_for_the_companys_word(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        visitors(case.worker).open(f"/interviews/{interview.key}").says("Nog geen antwoord")
        service.confirm(again(interview))
        visitors(case.worker).open(f"/interviews/{interview.key}").lacks("Nog geen antwoord")


def test_who_has_no_account_any_more_does_not_answer_by_an_old_letter(visitor: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _asked()
        link = post.last(case.contact.email, "interviews/times").path("/times/")
        page = visitor.open(link)
        case.contact.deactivated_at = clock.now()
        db.session.commit()
        assert page.send("Stuur deze momenten", **_typed(1, LATER)).status == 409
