"""Somebody else at the same moment: another contact of the company, and a colleague who takes the whole interview over."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import holds
from portal.agenda import service as agenda
from portal.agenda.models import Hold
from portal.agenda.windows import Span
from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import contacts, people, planning, proposal_queries, proposals, service
from portal.interviews.models import Interview, Proposal, Reveal
from portal.interviews.states import InterviewState
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.tasks.models import Task
from tests.factories import a_person
from tests.interviews.factories import (
    CANARY,
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

pytestmark = pytest.mark.usefixtures("app")
_I = InterviewState


def _colleague(case: Case, name: str = "Bert") -> Person:
    company = db.session.get_one(Organisation, case.employer.organisation_id)
    return a_person(role=Role.EMPLOYER_CONTACT, first_name=name, last_name="Maes", organisation=company)


def _give(interview: Interview, contact: Person) -> Interview:
    interview = again(interview)
    people.change_contact(interview, contact, contacts.free(interview, [contact])[contact.id])
    return again(interview)


def _parties(interview: Interview) -> set[str]:
    return {hold.party for hold in holds.of(interview)}


def _open_tasks(person: Person) -> set[str]:
    db.session.commit()
    mine = sa.select(Task.kind).where(Task.owner_id == person.id, Task.closed_at.is_(None))
    return {kind.partition(".")[2] for kind in db.session.scalars(mine)}


# --- Another contact of the company ---------------------------------------------------------------------------------


@pytest.mark.engine
def test_case_16_another_contact_cancel_to_the_old_request_to_the_new_nothing_to_the_rest(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = a_confirmed(case)
        sequence, before = interview.sequence, len([one for one in post.all() if one.calendar])
        interview = _give(interview, bert)
        new = [one for one in post.all() if one.calendar][before:]
        assert [(one.to, one.calendar["method"]) for one in new] == [
            (case.contact.email, "CANCEL"),
            (bert.email, "REQUEST"),
        ]
        assert all(f"SEQUENCE:{sequence + 1}" in one.calendar["ics"] for one in new)
        assert "STATUS:CANCELLED" not in new[0].calendar["ics"], "the interview itself goes on"
        assert post.to(case.worker.email)[-1].template == "interviews/invitation"
        assert interview.state is _I.CONFIRMED
        assert _parties(interview) == {
            f"person:{bert.id}", f"person:{case.worker.id}", f"candidate:{case.candidate.id}",
        }  # fmt: skip
        assert {one.party for one in interview.participants} == _parties(interview)


def test_case_16_the_old_contacts_time_is_free_again_and_the_new_ones_is_taken(app: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = _give(a_confirmed(case), bert)
        at = Span(interview.starts_at, interview.ends_at)
        other = an_interest(permission=False, name="Bakkerij Joos")
        second = a_requested(other, slot=5)
        held = holds.move(second, next(iter(holds.of(second))).kind, at, [holds.Party(f"person:{case.contact.id}", at)])
        assert held
        with pytest.raises(holds.AlreadyTaken):
            holds.move(second, next(iter(holds.of(second))).kind, at, [holds.Party(f"person:{bert.id}", at)])


def test_case_16_the_name_closes_for_the_old_contact_and_opens_for_the_new_one(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = a_confirmed(case)
        visitors(case.contact).open(f"/interviews/{interview.key}").says(CANARY)
        page = visitors(case.worker).open(f"/interviews/{interview.key}").follow("Andere contactpersoon")
        page.send("Geef het gesprek aan deze contactpersoon", contact=bert.key).says("Bert Maes voert het gesprek")
        visitors(case.contact).open(f"/interviews/{interview.key}", status=404)
        visitors(bert).open(f"/interviews/{interview.key}").says(CANARY)
        reveals = {one.person_id: one.ends_at for one in db.session.scalars(sa.select(Reveal))}
        assert reveals == {case.contact.id: clock.now(), bert.id: None}
        noted = {entry.action for entry in db.session.scalars(sa.select(Entry))}
        assert {"interview.contact_changed", "interview.identity_closed", "interview.identity_opened"} <= noted


def test_case_16_without_consent_the_name_opens_for_nobody(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = a_confirmed(case)
        given = consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id)
        assert given is not None
        consents.withdraw(given)
        interview = _give(interview, bert)
        visitors(bert).open(f"/interviews/{interview.key}").lacks(CANARY).says("De naam hoor je in het gesprek zelf")


def test_case_16_before_the_confirmation_the_new_contact_is_asked_whether_the_moment_suits(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = a_requested(case)
        late = visitors(case.contact).open(f"/interviews/{interview.key}").follow("Past het, of liever")
        interview = _give(interview, bert)
        assert post.last(bert.email).template == "interviews/proposed"
        assert post.last(case.contact.email).template == "interviews/other_contact"
        assert post.last(case.contact.email).calendar is None
        assert db.session.scalar(sa.select(sa.func.count(Reveal.id))) == 0
        answer = late.send("Dit past voor ons")
        assert answer.status == 409
        answer.says("Een collega van je voert dit gesprek nu").lacks("Bert")
        service.confirm(again(interview))
        assert post.last(bert.email, "interviews/invitation").calendar["method"] == "REQUEST"


def test_case_16_only_somebody_active_of_the_company_who_is_free_then_can_be_chosen(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert, carla, dirk = (_colleague(case, name) for name in ("Bert", "Carla", "Dirk"))
        interview = a_confirmed(case)
        agenda.be_away(bert.id, starts_at=interview.starts_at, ends_at=interview.ends_at)
        dirk.deactivated_at = clock.now()
        db.session.commit()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/contact")
        page.says("Carla Maes", "Dan niet vrij: Bert Maes").lacks("Dirk")
        assert page.tree.xpath("//input[@name='contact']/@value") == [carla.key]
        assert len(page.queries) <= 8
        refused = page.send("Geef het gesprek aan deze contactpersoon", contact=bert.key)
        assert refused.status == 422
        assert again(interview).contact_id == case.contact.id


def test_case_16_a_contact_who_was_booked_meanwhile_keeps_the_interview_where_it_was(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert = _colleague(case)
        interview = a_confirmed(case)
        blocked = contacts.free(again(interview), [bert])[bert.id]
        other = a_requested(an_interest(permission=False, name="Bakkerij Joos"), slot=9)
        holds.move(other, next(iter(holds.of(other))).kind, blocked, [holds.Party(f"person:{bert.id}", blocked)])
        db.session.commit()
        with pytest.raises(holds.AlreadyTaken):
            people.change_contact(again(interview), bert, blocked)
        db.session.rollback()
        assert again(interview).contact_id == case.contact.id
        assert f"person:{case.contact.id}" in _parties(interview)


def test_the_companys_own_people_and_strangers_do_not_change_the_contact(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        visitors(case.contact).open(f"/interviews/{interview.key}/contact", status=403)
        visitors(a_worker("Karim")).open(f"/interviews/{interview.key}/contact", status=404)


# --- A colleague takes it over --------------------------------------------------------------------------------------


def test_a_colleague_takes_the_whole_interview_over_in_one_page(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        before = len(post.all())
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion")
        page.send("Kies deze collega", companion=karim.key, whole=True).says(
            "Karim Claes neemt het gesprek vanaf nu over"
        )
        interview = again(interview)
        assert (interview.worker_id, interview.companion_id) == (karim.id, karim.id)
        assert [(one.to, one.calendar["method"]) for one in post.all()[before:]] == [
            (case.worker.email, "CANCEL"),
            (karim.email, "REQUEST"),
        ]
        assert _open_tasks(case.worker) == set()
        assert {"sheet", "presence"} <= _open_tasks(karim)
        assert "interview.handed_over" in {entry.action for entry in db.session.scalars(sa.select(Entry))}
        visitors(karim).open(f"/interviews/{interview.key}").says(CANARY)
        visitors(case.worker).open(f"/interviews/{interview.key}", status=404)
        visitors(a_coordinator()).open(f"/interviews/{interview.key}").says(CANARY)


def test_without_the_tick_a_colleague_goes_along_and_the_case_keeps_its_steps(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion")
        page.send("Kies deze collega", companion=karim.key).says("Karim Claes gaat mee")
        interview = again(interview)
        assert (interview.worker_id, interview.companion_id) == (case.worker.id, karim.id)
        assert "sheet" in _open_tasks(case.worker)
        assert _open_tasks(karim) == {"presence"}


def test_whoever_goes_along_already_can_take_the_rest_over_and_no_letter_leaves(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        found, _slots = slots_of(case, interview=interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        before = len(post.all())
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion").says("Karim Claes (gaat al mee)")
        page.send("Kies deze collega", companion=karim.key, whole=True)
        assert again(interview).worker_id == karim.id
        assert len(post.all()) == before


def test_answers_that_wait_to_be_settled_move_along(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_requested(case)
        db.session.commit()
        row = proposal_queries.one(Proposal.interview_id == interview.id)
        later = clock.today() + timedelta(days=23)
        from datetime import time

        from portal.interviews.preferred import Window

        proposals.answer(row, seen="asked", windows=[Window(later, time(9), time(12))])
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion")
        page.send("Kies deze collega", companion=karim.key, whole=True)
        assert {"settle", "confirm"} <= _open_tasks(karim)
        page = visitors(karim).open(f"/interviews/{interview.key}/move")
        page.send("Leg dit moment vast voor iedereen")
        assert clock.local(again(interview).starts_at).date() == later


def test_after_it_is_called_off_the_cases_own_worker_plans_again(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        found, _slots = slots_of(case, interview=interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.hand_over(again(interview), free[karim.id])
        service.cancel(again(interview), "illness")
        assert "plan" in _open_tasks(case.worker)
        assert _open_tasks(karim) == {"tell_change"}


def test_a_colleague_who_is_not_free_cannot_take_it_over(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        interview = a_confirmed(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion")
        agenda.be_away(karim.id, starts_at=interview.starts_at, ends_at=interview.ends_at)
        db.session.commit()
        assert page.send("Kies deze collega", companion=karim.key, whole=True).status in {409, 422}
        assert again(interview).worker_id == case.worker.id
        assert db.session.scalar(sa.select(sa.func.count(Hold.id))) == 3
