"""Somebody who decides in another company's name, two who decide at once, and who left but still holds a letter."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import joining
from portal.employers.join_models import JoinRequest
from portal.employers.join_states import JoinState, JoinWay
from portal.employers.models import Employer
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD, sign_in
from tests.employers.factories import a_contact, an_employer
from tests.employers.inviting import asks_colleague
from tests.employers.test_joining import asks, whole
from tests.factories import a_person, a_programme
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _programme(app: Any) -> None:
    a_programme()
    db.session.commit()


def role_of(person_id: int) -> list[Role]:
    return list(db.session.scalars(sa.select(Membership.role).where(Membership.person_id == person_id)))


def test_an_admin_of_another_company_makes_nobody_an_admin_here(visitors: Any, post: Any) -> None:
    """Who reads letters for two companies looks after the team of one of them only."""
    here, elsewhere = an_employer(), an_employer("Bakkerij Elders")
    a_contact(here, email="els@verlinden.example")
    reader = a_contact(elsewhere, email="dirk@elders.example")
    accounts.seat(reader, Role.EMPLOYER_CONTACT, organisation_id=here.organisation_id)
    asker = a_person("an@delieve.example", first_name="An", last_name="De Lieve")
    request = joining.ask(whole(here), asker, JoinWay.LETTER, asked_of=reader)
    db.session.commit()
    page = visitors(reader).open(f"/company/requests/{request.key}")
    assert "employer_admin" not in page.html
    data = [(k, v) for k, v in page.form("Ja, dit is een collega").form_values() if k != "role"]
    visitors(reader).post(page.path, [*data, ("role", "employer_admin")])
    page.visitor.post(page.path, [*data, ("role", "employer_admin")])
    assert Role.EMPLOYER_ADMIN not in role_of(asker.id)


@pytest.mark.engine
def test_a_yes_and_a_no_at_once_are_one_answer(app: Flask, post: Any) -> None:
    employer = an_employer()
    people = [a_contact(employer) for _ in range(4)]
    request = asks(employer)
    ids, asker, path = [one.id for one in people], request.person_id, f"/company/requests/{request.key}"
    number, start, said = request.id, Barrier(4), []
    db.session.commit()

    def press(me: int, button: str) -> None:
        with app.app_context():
            page = Visitor(app).become(db.session.get_one(Person, me)).open(path)
            start.wait()
            said.append(page.send(button).status)
            db.session.remove()

    buttons = ["Ja, dit is een collega", "Nee, ik ken deze persoon niet"] * 2
    presses = [Thread(target=press, args=pair) for pair in zip(ids, buttons, strict=True)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    db.session.expire_all()
    state = db.session.get_one(JoinRequest, number).state
    letters = [one.template for one in post.to("an@delieve.example")]
    assert len(said) == 4 and 500 not in said
    if state is JoinState.JOINED:
        assert (role_of(asker), letters) == ([Role.EMPLOYER_CONTACT], ["employers/joined"])
    else:
        assert (state, role_of(asker), letters) == (JoinState.REFUSED, [], ["employers/not_joined"])


def test_who_was_refused_is_not_asked_again_by_signing_up_anew(visitors: Any, post: Any) -> None:
    """A no of the company stands: the same mailbox puts no second question before it, by number nor by a letter."""
    employer = an_employer()
    admin = a_contact(employer)
    request = asks(employer)
    visitors(admin).open(f"/company/requests/{request.key}").send("Nee, ik ken deze persoon niet")
    from tests.employers.factories import number_of
    from tests.employers.test_signing_up import sign_up

    sign_up(visitors(), number=number_of(employer), email="an@delieve.example")
    assert db.session.scalars(sa.select(JoinRequest.state)).all() == [JoinState.REFUSED]
    assert db.session.scalar(sa.select(Employer.id).where(Employer.id != employer.id)) is None


@pytest.mark.parametrize("way", ["asked to join", "was invited"])
def test_who_joins_where_a_second_step_is_demanded_takes_it_first(way: str, visitors: Any, post: Any) -> None:
    """Somebody was signed in by the password alone before the seat came: that sign-in opens nothing of the company."""
    a_programme().employers_second_step = True
    employer = an_employer()
    admin = a_contact(employer)
    person = a_person("an@delieve.example", first_name="An", last_name="De Lieve", password=PASSWORD)
    browser = visitors()
    assert sign_in(browser, person).path == "/"
    if way == "asked to join":
        request = joining.ask(whole(employer), person, JoinWay.NUMBER)
        db.session.commit()
        visitors(admin).open(f"/company/requests/{request.key}").send("Ja, dit is een collega", role="employer_contact")
    else:
        asks_colleague(visitors(admin), "an@delieve.example")
        visitors().open(post.last("an@delieve.example").path("/team/")).send("Ja, ik doe mee")
    assert browser.open("/company").path == "/sign-in"
    assert sign_in(browser, db.session.get_one(Person, person.id)).path == "/me/second"


def test_no_company_writes_to_a_whole_list_of_addresses_as_colleagues(visitors: Any, post: Any) -> None:
    """Anybody can sign up a company: its door for colleagues is no way to write to everybody, nor to sound out who is known."""
    admin = a_contact(an_employer())
    browser = visitors(admin)
    form = browser.open("/company/team/new")
    data = [
        (k, v) for k, v in form.form().form_values() if k not in {"once", "email", "first_name", "last_name", "role"}
    ]
    more = [("first_name", "Jan"), ("last_name", "Lijstje"), ("role", "employer_contact")]
    statuses = [
        browser.post(
            "/company/team/new", [*data, *more, ("email", f"jan{n}@lijst.example"), ("once", f"eenmalig-{n}-woord")]
        ).status
        for n in range(42)
    ]
    assert statuses[:40] == [200] * 40 and statuses[40:] == [429] * 2
