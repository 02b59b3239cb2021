"""Questions between companies when somebody leaves or a company is stopped: nothing waits with who is gone."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Membership, Person
from portal.ambassadors import questions
from portal.ambassadors.models import Ambassador, DoNotAsk, Invitation
from portal.ambassadors.question_models import PeerQuestion, TurnEnd
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import colleague_left
from portal.tasks.models import Task
from tests.ambassadors.factories import a_contact, an_ambassador, an_invitation
from tests.ambassadors.test_questions import ANSWER, WORRY, a_peer, an_asker, asked, turns
from tests.presses import at_once

pytestmark = pytest.mark.usefixtures("app")


def company_of(person: Person) -> Employer:
    statement = sa.select(Employer).join(Membership, Membership.organisation_id == Employer.organisation_id)
    return db.session.scalars(statement.where(Membership.person_id == person.id)).first()  # type: ignore[return-value]


def leaves(person: Person, successor: Person) -> None:
    """As the page of the team does it."""
    employer = company_of(person)
    colleague_left.send(employer, person=person, successor=successor)
    db.session.execute(
        sa.delete(Membership).where(
            Membership.person_id == person.id, Membership.organisation_id == employer.organisation_id
        )
    )
    db.session.commit()


def task_owners(kind: str) -> list[int | None]:
    return list(db.session.scalars(sa.select(Task.owner_id).where(Task.kind == kind, Task.closed_at.is_(None))))


def peer() -> tuple[Ambassador, Person, Person]:
    """An ambassador, who speaks for it, and a colleague."""
    found = a_peer("Bakkerij Soetaert")
    old = db.session.get_one(Person, found.person_id)
    return found, old, a_contact(company_of(old), "bo@peers.example", name="Bo Claeys")


def test_a_question_waits_with_whoever_took_over_from_the_peer(visitors: Any, post: Any) -> None:
    _ambassador, old, bo = peer()
    question = asked(an_asker())
    assert task_owners("ambassadors.answer_peer") == [old.id]
    leaves(old, bo)
    assert task_owners("ambassadors.answer_peer") == [bo.id]
    visitors(bo).open(f"/network/asked/{question.key}").send("Verstuur het antwoord", text=ANSWER)
    assert post.to(old.email) == []


def test_the_answer_reaches_whoever_took_over_from_the_asker(visitors: Any, post: Any) -> None:
    _ambassador, old, _bo = peer()
    asker = an_asker()
    colleague = a_contact(company_of(asker), "cas@askers.example", name="Cas Adams")
    question = asked(asker)
    leaves(asker, colleague)
    visitors(old).open(f"/network/asked/{question.key}").send("Verstuur het antwoord", text=ANSWER)
    assert post.to(asker.email, "ambassadors/question_answered") == []
    letter = post.last(colleague.email, "ambassadors/question_answered")
    page = visitors(colleague).open(letter.path("/network/questions/")).says(WORRY, ANSWER)
    assert page.status == 200


def test_who_left_finds_no_question_of_the_company_in_its_list(visitors: Any, post: Any) -> None:
    peer()
    asker, elsewhere = an_asker(), an_asker("Drukkerij Ver")
    asked(asker)
    db.session.execute(sa.delete(Membership).where(Membership.person_id == asker.id))
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == elsewhere.id)).one()
    db.session.add(
        Membership(person_id=asker.id, role=seat.role, organisation_id=seat.organisation_id, since=seat.since)
    )
    db.session.commit()
    visitors(asker).open("/network/questions").lacks(WORRY[:20])


def test_no_letter_of_a_question_reaches_a_company_that_was_stopped(post: Any) -> None:
    """What waits at sending is asked again, and the question goes on in the night."""
    _ambassador, old, _bo = peer()
    asker = an_asker()
    asked(asker)
    company_of(old).state = EmployerState.BLOCKED
    db.session.commit()
    assert post.to(old.email) == []
    questions.keep_moving()
    assert turns() == [("Bakkerij Soetaert", TurnEnd.GONE)]


def test_no_answer_is_told_to_who_left_without_anybody_taking_over(visitors: Any, post: Any) -> None:
    _ambassador, old, _bo = peer()
    asker = an_asker()
    question = asked(asker)
    page = visitors(old).open(f"/network/asked/{question.key}")
    page.send("Verstuur het antwoord", text=ANSWER)
    db.session.execute(sa.delete(Membership).where(Membership.person_id == asker.id))
    db.session.commit()
    assert post.to(asker.email) == []
    assert db.session.scalars(sa.select(PeerQuestion.state)).one() == "answered"


@pytest.mark.engine("postgresql")
def test_reminders_pressed_at_once_are_one(app: Flask, post: Any) -> None:
    """At most two, a week apart, however many windows stand open."""
    found = an_ambassador()
    sent = an_invitation(found, "ria@garage.example")
    sent.sent_at = clock.now() - timedelta(days=8)
    db.session.commit()
    press = (found.person_id, f"/network/invitations/{sent.key}", "Stuur een herinnering", {})
    said = at_once(app, *[press] * 4)
    assert len(said) == 4 and 500 not in said
    assert len(post.to("ria@garage.example", "ambassadors/reminder")) == 1


@pytest.mark.engine("postgresql")
def test_a_no_stays_a_no_beside_a_withdrawal_of_the_same_moment(app: Flask, post: Any) -> None:
    found = an_ambassador()
    sent = an_invitation(found, "ria@garage.example")
    db.session.commit()
    said = at_once(
        app,
        (found.person_id, f"/network/invitations/{sent.key}", "Trek", {}),
        (None, post.last("ria@garage.example").path("/invited/"), "Nee", {}),
    )
    state = db.session.scalars(sa.select(Invitation.state)).one()
    assert len(said) == 2 and 500 not in said
    assert (state == "declined") is bool(db.session.scalar(sa.select(sa.func.count(DoNotAsk.id))))
