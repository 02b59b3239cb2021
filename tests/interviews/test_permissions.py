"""The leave for an interview: what was asked, of whom, the answer with its hours, kept beside what stands; its deadlines."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from portal.agenda.windows import Span, workdays_after, workdays_before
from portal.candidates.handles import handle
from portal.candidates.models import WorkConstraints
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import duties, outcome, permission_duties, permission_history, permissions, service
from portal.interviews.models import Interview
from portal.interviews.permission_models import Outcome, PermissionRequest
from portal.interviews.states import PermissionState, Presence
from portal.journal.models import Entry
from portal.programmes import regimes
from portal.tasks.models import Task
from tests.interviews.factories import (
    NOW,
    Case,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app", "post")


def rows() -> list[PermissionRequest]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(PermissionRequest).order_by(PermissionRequest.id)))


def waiting(interview: Interview) -> list[str]:
    found = sa.select(Task).where(
        Task.subject_kind == "interview", Task.subject_id == interview.id, Task.closed_at.is_(None)
    )
    return sorted(one.kind.removeprefix("interviews.") for one in db.session.scalars(found))


def asked(case: Case, **how: Any) -> Interview:
    interview = a_requested(case)
    with acting.as_(case.worker.id, "project_worker"):
        permissions.requested(interview, clock.today(), **how)
    db.session.commit()
    return again(interview)


def test_what_was_asked_stands_there_of_whom_by_whom_and_how(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        needed = permissions.needed_span(interview)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission").says("Aan wie heb je ze gevraagd?")
        page.send("Ze is aangevraagd", office="management", channel="letter").says(
            "Wat gevraagd en geantwoord is",
            "Directie van de instelling",
            "Brief op papier",
            "Lien Claes",
            "5 werkdagen",
        )
        row = rows()[0]
    assert (row.office, row.channel, row.asked_by, row.lead_days) == ("management", "letter", case.worker.id, 5)
    assert (row.needed_from, row.needed_until, row.starts_at) == (needed.start, needed.end, interview.starts_at)
    assert row.outcome is Outcome.WAITING and row.file_by == again(interview).permission.file_by


def test_a_prison_is_asked_through_its_psychosocial_service_unless_told_otherwise(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        page = visitors(case.worker).open(f"/interviews/{a_requested(case).key}/permission")
        page.send("Ze is aangevraagd").says("Psychosociale dienst", "E-mail")


def test_granted_with_its_hours_and_its_conditions(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = asked(case, office="psd", channel="email")
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
        page = page.send(
            "Noteer het antwoord",
            outcome="granted",
            begins="07:00",
            until="17:00",
            conditions=["always_accompanied", "call_on_arrival"],
        )
        page.says("toegestaan", "07.00 – 17.00", "Bellen bij aankomst", "blijft er de hele tijd bij")
        row = rows()[0]
    assert row.outcome is Outcome.GRANTED and row.conditions == ["always_accompanied", "call_on_arrival"]
    assert again(interview).permission.state is PermissionState.GRANTED


def test_hours_that_are_too_narrow_are_refused_with_the_sentence(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = asked(case)
        needed = permissions.needed_span(interview)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
        start, end = clock.local(interview.starts_at), clock.local(interview.ends_at)
        page = page.send("Noteer het antwoord", outcome="granted", begins=f"{start:%H:%M}", until=f"{end:%H:%M}")
        page.says("te kort", f"{clock.local(needed.start):%H.%M}", "Minder uren dan nodig?")
        assert rows()[0].outcome is Outcome.WAITING
        assert again(interview).permission.state is PermissionState.REQUESTED


def test_refused_with_a_coded_reason_that_only_staff_reads(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = asked(case, office="psd", channel="email")
        lien = visitors(case.worker)
        page = lien.open(f"/interviews/{interview.key}/permission/answer")
        page.send("Noteer het antwoord", outcome="refused", reason="too_short").says("Ander moment")
        lien.open(f"/interviews/{interview.key}").says("geweigerd", "De toegestane uren zijn te kort")
        secret = ("geweigerd", "ergunning", "te kort", "Psychosociale", "instelling")
        visitors(case.contact).open(f"/interviews/{interview.key}").lacks(*secret)
        letter = post.last(case.contact.email, "interviews/must_move")
        assert not [word for word in secret if word in letter.text + letter.subject + letter.html]
    assert (rows()[0].outcome, rows()[0].reason) == (Outcome.REFUSED, "too_short")


def test_taken_back_keeps_what_was_granted(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/revoked")
        page.send("Noteer dat ze ingetrokken is", reason="house_cannot").says("Ander moment")
        page = visitors(case.worker).open(f"/interviews/{interview.key}")
        page.says("ingetrokken op 16 november 2026", "Het kan die dag niet in het huis")
        row = rows()[0]
    assert row.outcome is Outcome.REVOKED and row.covers_from is not None and row.ended_on is not None


def test_asking_again_keeps_the_old_request_and_its_answer(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = asked(case, office="psd", channel="email")
        with acting.as_(case.worker.id, "project_worker"):
            permissions.refused(interview, "other_hours")
            service.move(again(interview), slots_of(case, interview=interview)[1][5])
            permissions.requested(again(interview), clock.today(), office="management", channel="phone")
            db.session.commit()
            service.move(again(interview), slots_of(case, interview=interview)[1][12])
            permissions.requested(again(interview), clock.today(), office="registry", channel="letter")
            permissions.granted(again(interview), permissions.needed_span(again(interview)))
            db.session.commit()
        assert [one.outcome for one in rows()] == [Outcome.REFUSED, Outcome.DROPPED, Outcome.GRANTED]
        page = visitors(case.worker).open(f"/interviews/{interview.key}")
        order = [page.text.index(one) for one in ("Griffie", "Directie van de instelling", "Psychosociale dienst")]
        assert order == sorted(order)
        page.says("niet meer gebruikt", "Niet op deze uren")
        assert len({one.starts_at for one in rows()}) == 3


def test_a_cancelled_interview_waits_for_no_answer(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = asked(case)
        with acting.as_(case.worker.id, "project_worker"):
            service.cancel(interview, "employer_unavailable")
        db.session.commit()
        assert rows()[0].outcome is Outcome.DROPPED


@pytest.mark.engine
def test_only_one_request_is_under_way_and_granted_means_hours(app: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        interview = asked(an_interest())
        needed = permissions.needed_span(interview)
        for change in (
            lambda: permission_history.begin(interview, needed, clock.today(), office="psd", channel="email"),
            _grant_without_hours,
        ):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                change()


def _grant_without_hours() -> None:
    db.session.execute(sa.update(PermissionRequest).values(outcome="granted"))


# --- Deadlines become tasks ---------------------------------------------------------------------------------


def test_not_filed_by_its_day_becomes_a_task() -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest()
        interview = a_requested(case, slot=20)
        db.session.commit()
        file_by = again(interview).permission.file_by
        assert file_by is not None and permission_duties.look() == 0
        at.move_to(clock.at(file_by, clock.local(clock.now()).time()) + timedelta(days=1))
        assert permission_duties.look() == 1 and permission_duties.look() == 1
        assert waiting(interview) == ["file_late"]
        task = db.session.scalars(sa.select(Task).where(Task.kind == "interviews.file_late")).one()
        assert task.owner_id == case.worker.id and task.words is not None and "Zebedeus" not in str(task.words)
        with acting.as_(case.worker.id, "project_worker"):
            permissions.requested(again(interview), clock.today())
        db.session.commit()
        assert waiting(interview) == ["permission_answer"]


def test_no_answer_three_working_days_before_becomes_a_task_in_place_of_the_reminder() -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest()
        interview = a_requested(case, slot=40)
        with acting.as_(case.worker.id, "project_worker"):
            permissions.requested(interview, clock.today())
        db.session.commit()
        day = clock.local(again(interview).starts_at).date()
        at.move_to(clock.at(workdays_before(day, 4), clock.local(clock.now()).time()))
        assert permission_duties.look() == 0 and waiting(interview) == ["permission_answer"]
        at.move_to(clock.at(workdays_before(day, 3), clock.local(clock.now()).time()))
        assert permission_duties.look() == 1 and waiting(interview) == ["permission_late"]
        with acting.as_(case.worker.id, "project_worker"):
            permissions.granted(again(interview), permissions.needed_span(again(interview)))
        db.session.commit()
        assert waiting(interview) == ["confirm"] and permission_duties.look() == 0


def test_who_goes_along_knows_when_the_granted_hours_end() -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest()
        interview = a_confirmed(case)
        task = db.session.scalars(sa.select(Task).where(Task.kind == "interviews.back_by")).one()
        assert task.owner_id == interview.companion_id
        assert task.words["time"] == f"{clock.local(interview.permission.covers_until):%H.%M}"
        at.move_to(interview.starts_at + timedelta(minutes=5))
        outcome.record_presence(again(interview), {one.party: Presence.PRESENT for one in interview.participants})
        db.session.commit()
        assert "back_by" not in waiting(interview)


def test_without_leave_there_is_no_hour_to_be_back() -> None:
    with time_machine.travel(NOW, tick=False):
        a_confirmed(an_interest(permission=False))
        assert db.session.scalars(sa.select(Task).where(Task.kind == "interviews.back_by")).all() == []


def test_every_deadline_has_words_without_a_name() -> None:
    assert set(permission_duties.KINDS) == {"file_late", "permission_late", "back_by"}
    assert not set(permission_duties.KINDS) & set(duties.KINDS)


# --- Who reads it -------------------------------------------------------------------------------------------


def test_only_staff_of_the_case_notes_anything(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        for path in ("permission", "permission/answer", "permission/revoked"):
            visitors(case.contact).open(f"/interviews/{interview.key}/{path}", status=403)
            visitors(a_worker("Karim")).open(f"/interviews/{interview.key}/{path}", status=404)
        visitors(a_coordinator()).open(f"/interviews/{interview.key}/permission/revoked").says("ingetrokken")


def test_the_page_costs_the_same_with_one_request_and_with_many(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        lien = visitors(case.worker)
        few = len(lien.open(f"/interviews/{interview.key}").queries)
        span = Span(interview.starts_at, interview.ends_at)
        for n in range(30):
            db.session.add(
                PermissionRequest(
                    interview_id=interview.id, candidate_id=case.candidate.id, asked_on=workdays_after(clock.today(), n),
                    asked_by=case.worker.id, starts_at=span.start, needed_from=span.start, needed_until=span.end, outcome=Outcome.REFUSED,
                    reason="not_yet", conditions=[],
                )
            )  # fmt: skip
        db.session.commit()
        assert len(lien.open(f"/interviews/{interview.key}").queries) == few <= 8


def test_each_step_is_in_the_journal() -> None:
    with time_machine.travel(NOW, tick=False):
        interview = a_confirmed(an_interest())
        with acting.as_(interview.worker_id, "project_worker"):
            permissions.revoked(again(interview), "not_said")
        db.session.commit()
        actions = list(db.session.scalars(sa.select(Entry.action).order_by(Entry.id)))
    steps = [one for one in actions if one.startswith("permission.")]
    assert steps == ["permission.requested", "permission.granted", "permission.revoked"]


def test_a_request_under_way_keeps_the_days_it_was_reckoned_with_and_the_next_plan_takes_the_new_ones() -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        noted = db.session.scalars(
            sa.select(WorkConstraints).where(WorkConstraints.candidate_id == case.candidate.id)
        ).one()
        noted.answers = {"regime": "electronic_monitoring"}
        interview = asked(case, office="house_of_justice", channel="email")
        before = (interview.permission.file_by, interview.permission.lead_days)
        assert before[1] == 5 and handle(case.candidate.id).lead_days == 5
        rule = replace(regimes.standard("electronic_monitoring"), lead_days=9, source="Brief")
        regimes.write(rule, programme_id=case.programme.id)
        db.session.commit()
        interview = again(interview)
        assert (interview.permission.file_by, interview.permission.lead_days) == before
        assert (rows()[0].file_by, rows()[0].lead_days) == before
        assert slots_of(case, interview=interview)[0].question.lead_workdays == 9
        with acting.as_(case.worker.id, "project_worker"):
            service.move(again(interview), slots_of(case, interview=interview)[1][0])
        assert again(interview).permission.lead_days == 9
