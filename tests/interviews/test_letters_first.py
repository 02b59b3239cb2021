"""Each press of the team that sends a letter about an interview can be read first; and it is there on the page."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.events import forms as events
from portal.foundation.database import db
from portal.foundation.forms import Form
from portal.interviews import (
    day_forms,
    forms,
    lateness,
    outcome_forms,
    permission_forms,
    proposal_forms,
)
from portal.interviews.states import DecisionState
from portal.organisations.models import Organisation
from portal.outbox.models import Letter
from tests.factories import a_person
from tests.interviews.factories import CANARY, NOW, Case, a_confirmed, again, an_interest
from tests.interviews.test_outcome import an_offer, decide, held
from tests.interviews.test_who_proposes import WEDNESDAY, _answered

pytestmark = pytest.mark.usefixtures("app")
FIRST = "Lees eerst de brieven"


def letters() -> int:
    db.session.commit()
    return db.session.query(Letter).count()


def a_colleague(case: Case) -> Any:
    company = db.session.get_one(Organisation, case.employer.organisation_id)
    return a_person(role=Role.EMPLOYER_CONTACT, first_name="Bart", last_name="Nys", organisation=company)


def test_what_the_company_prefers_is_settled_after_its_letter_was_read(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, _row = _answered(WEDNESDAY)
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}?view=list")
        form = page.form("Leg dit moment vast voor iedereen")
        before = letters()
        shown = page.visitor.post(form.get("action"), [*form.form_values(), ("letters", "read")])
        shown.says("1 brief", "Een moment voor je gesprek", "woensdag 25 november 2026")
        assert letters() == before
        assert shown.link("Nog niet: ga terug").endswith(f"/interviews/plan/{case.interest.key}?view=list")
        shown.send("Versturen").says("Het moment is voor iedereen vastgelegd")
        assert letters() == before + 1


def test_another_contact_and_the_old_one_each_read_their_own(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bart = a_colleague(case)
        interview = a_confirmed(case)
        before = letters()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/contact")
        shown = page.send(FIRST, contact=bart.key).says(
            "2 brieven", "An Nys", "Bart Nys", "wordt eruit gehaald", "nieuw"
        )
        assert (letters(), again(interview).contact_id) == (before, case.contact.id)
        shown.send("Versturen").says("Bart Nys voert het gesprek")


def test_what_was_granted_is_taken_back_after_the_letters_were_read(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        interview = a_confirmed(an_interest())
        page = visitors(interview_worker(interview)).open(f"/interviews/{interview.key}/permission/revoked")
        reason = page.tree.xpath("//select[@name='reason']/option/@value")[-1]
        shown = page.send(FIRST, reason=reason).says("2 brieven", "wordt eruit gehaald")
        shown.send("Iets veranderen").says("ingetrokken")
        assert again(interview).permission.stands


def interview_worker(interview: Any) -> Any:
    return again(interview).worker


def test_running_late_is_told_after_the_letter_was_read(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        interview = a_confirmed(an_interest(permission=False))
        at.move_to(interview.starts_at - timedelta(minutes=30))
        before = letters()
        page = visitors(interview_worker(interview)).open(f"/interviews/{interview.key}/late")
        shown = page.send(FIRST, who="candidate", minutes="20")
        shown.says("1 brief", "Ongeveer 20 minuten later").lacks(CANARY)
        assert letters() == before
        shown.send("Versturen").says("20 minuten later")
        assert letters() == before + 1


@pytest.mark.parametrize("reply", ["accepted", "declined"])
def test_the_candidates_answer_goes_to_the_company_after_it_was_read(visitors: Any, post: Any, reply: str) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, interview = held(at)
        decide(case, interview, DecisionState.OFFER, terms=an_offer())
        db.session.commit()
        before = letters()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/tell")
        reasons = page.tree.xpath("//input[@name='reasons']/@value")[:1] if reply == "declined" else []
        shown = page.send(FIRST, reply=reply, reasons=reasons)
        shown.says("1 brief", "zegt ja" if reply == "accepted" else "zegt nee").lacks(CANARY)
        decision = again(interview).decision
        assert decision is not None
        assert (letters(), decision.state) == (before, DecisionState.OFFER)
        shown.send("Versturen").says("Genoteerd")
        assert letters() == before + 1


def test_a_no_before_the_company_answers_too(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, interview = held(at)
        before = letters()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/candidate-no")
        shown = page.send(FIRST, reasons=page.tree.xpath("//input[@name='reasons']/@value")[:1])
        shown.says("1 brief").lacks(CANARY)
        assert letters() == before


PRESSES: list[type[Form[Any]]] = [
    forms.PlanForm, forms.CancelForm, proposal_forms.MovedForm, proposal_forms.TakeOverForm, proposal_forms.ContactForm,
    proposal_forms.SettlePress, proposal_forms.AskPress, lateness.MomentPress, permission_forms.PermissionForm,
    permission_forms.RevokedForm, outcome_forms.TellForm, outcome_forms.StepsOutForm, day_forms.LateForm,
]  # fmt: skip


def test_only_forms_of_the_team_are_rehearsed() -> None:
    """Who rehearses a form reads the letters to others: so it is never one of a company, a partner or a visitor."""

    def every(kind: type[Any]) -> set[type[Any]]:
        return {kind}.union(*(every(one) for one in kind.__subclasses__()))

    rehearsed = {one for one in every(Form) if one.rehearses}
    assert rehearsed == {*PRESSES, events.InviteForm, events.CancelForm}
