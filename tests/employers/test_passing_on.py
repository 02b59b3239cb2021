"""A letter to a company that was passed on: a colleague without an account answers it as itself, and nothing leaks."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers.join_models import JoinRequest
from portal.employers.join_states import JoinState
from portal.foundation.database import db
from portal.showcase.models import Interest
from tests.factories import a_person
from tests.showcase.test_proposals import Stage
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "een zin die niemand raadt"


@pytest.fixture
def stage(visitors: Any) -> Stage:
    """A proposal to Els, whose company has a house of its own for mail."""
    made = Stage(visitors)
    made.els.email = "els@verlinden.example"
    db.session.merge(made.els)
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == made.els.id)).one()
    seat.since = seat.since
    db.session.flush()
    from portal.employers import duplicates

    duplicates._keep(db.session(), {made.employer.organisation_id})
    db.session.commit()
    made.propose()
    return made


def way(post: Any) -> str:
    """The address under the button of the letter that Els passes on."""
    return str(post.last("els@verlinden.example", "showcase/proposed").path("/colleague/"))


def answers(visitor: Visitor, path: str, email: str) -> Page:
    page = visitor.open(path)
    return page.send("Ga verder", first_name="Bram", last_name="Hoekstraatje", email=email)


def confirm(visitor: Visitor, post: Any, email: str) -> Page:
    visitor.open(post.last(email, "accounts/confirm").path("/confirm/")).send(password=PASSWORD)
    return visitor.open("/sign-in").send(email=email, password=PASSWORD)


def test_a_colleague_of_the_house_answers_with_one_press(stage: Stage, visitor: Visitor, post: Any) -> None:
    sent = answers(visitor, way(post), "bram@verlinden.example").says("Kijk in je mailbox")
    assert sent.path == "/colleague/sent"
    page = confirm(visitor, post, "bram@verlinden.example")
    assert page.path == f"/proposals/{stage.interest().key}", "signing in leads to what the letter asked"
    bram = db.session.scalars(sa.select(Person).where(Person.email == "bram@verlinden.example")).one()
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == bram.id)).one()
    assert (seat.role, seat.organisation_id) == (Role.EMPLOYER_CONTACT, stage.employer.organisation_id)
    assert stage.interest().contact_id == bram.id
    told = post.last("els@verlinden.example", "employers/colleague_answers")
    assert "Bram Hoekstraatje" in told.text and "bram@verlinden.example" in told.text
    page.lacks("Quirijntje", "Zonderland")
    answered = page.send("Bewaar het antwoord" if "Bewaar het antwoord" in page.text else None, said="yes")
    assert answered.status == 200
    assert db.session.get_one(Interest, stage.interest().id).employer_answered_at is not None


def test_the_link_itself_shows_nothing_of_the_letter(stage: Stage, visitor: Visitor, post: Any) -> None:
    page = visitor.open(way(post))
    page.says("Deze brief ging naar Els van Garage Verlinden")
    interest = stage.interest()
    page.lacks("Quirijntje", "Zonderland", interest.code, stage.vacancy.title, interest.key)
    assert stage.interest().contact_id == stage.els.id, "a visit changes nothing"


def test_somebody_of_another_house_waits_for_the_companys_yes(
    stage: Stage, visitors: Any, visitor: Visitor, post: Any
) -> None:
    answers(visitor, way(post), "bram@gmail.com")
    confirm(visitor, post, "bram@gmail.com")
    visitor.open(f"/proposals/{stage.interest().key}", status=403)
    request = db.session.scalars(sa.select(JoinRequest)).one()
    assert request.state is JoinState.WAITING
    letter = post.last("els@verlinden.example", "employers/wants_to_join")
    page = visitors(stage.els).open(letter.path("/company/requests/"))
    page.says("Een brief aan Els", "hoort niet bij het maildomein")
    page.send("Ja, dit is een collega", role="employer_contact")
    assert stage.interest().contact_id == request.person_id
    visitor.open(f"/proposals/{stage.interest().key}").lacks("Quirijntje", "Zonderland")


def test_a_no_shows_nothing_ever(stage: Stage, visitors: Any, visitor: Visitor, post: Any) -> None:
    answers(visitor, way(post), "vreemd@gmail.com")
    confirm(visitor, post, "vreemd@gmail.com")
    request = db.session.scalars(sa.select(JoinRequest)).one()
    visitors(stage.els).open(f"/company/requests/{request.key}").send("Nee, ik ken deze persoon niet")
    visitor.open(f"/proposals/{stage.interest().key}", status=403)
    assert stage.interest().contact_id == stage.els.id


def test_a_known_address_gets_the_same_page_and_another_letter(
    stage: Stage, visitor: Visitor, visitors: Any, post: Any
) -> None:
    a_person("oud@elders.example")
    new = answers(visitor, way(post), "nieuw@elders.example")
    known = answers(visitors(), way(post), "oud@elders.example")
    assert (known.path, known.status, known.text) == (new.path, new.status, new.text)
    assert post.last("oud@elders.example").template == "employers/already"


def test_a_colleague_with_an_account_takes_it_over_with_one_press(stage: Stage, visitors: Any, post: Any) -> None:
    from portal.organisations.models import Organisation

    house = db.session.get_one(Organisation, stage.employer.organisation_id)
    colleague = a_person("piet@verlinden.example", role=Role.EMPLOYER_CONTACT, organisation=house)
    piet = visitors(colleague)
    piet.open(f"/proposals/{stage.interest().key}", status=404)
    page = piet.open(way(post)).send("Ik antwoord op deze brief")
    assert page.path == f"/proposals/{stage.interest().key}"
    assert stage.interest().contact_id == colleague.id


def test_what_was_answered_waits_for_nobody(stage: Stage, visitor: Visitor, post: Any) -> None:
    path = way(post)
    stage.asked().send(None, said="yes")
    visitor.open(path).says("Er wacht niets op jou")


def test_letters_of_other_kinds_and_other_readers_carry_no_such_way(stage: Stage, post: Any) -> None:
    carried = {letter.template for letter in post.all() if "/colleague/" in letter.text}
    assert carried == {"showcase/proposed"}


def test_who_left_the_company_passes_nothing_on(stage: Stage, visitor: Visitor, post: Any) -> None:
    path = way(post)
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == stage.els.id)).one()
    db.session.delete(seat)
    db.session.commit()
    visitor.open(path, status=410)


def test_a_letter_that_asks_for_times_is_the_colleagues_as_well(visitor: Visitor, post: Any) -> None:
    """The contact of the talk that is planned is then who answered; a visit of the colleague names nobody."""
    import time_machine

    from portal.interviews.models import Proposal
    from tests.interviews.test_who_proposes import CANARY, NOW, _asked

    with time_machine.travel(NOW, tick=False):
        case, row = _asked()
        contact, key, number, code = case.contact.email, row.key, row.id, row.interest.code
        page = visitor.open(post.last(contact, "interviews/times").path("/colleague/"))
        page.lacks(CANARY, code).send(
            "Ga verder", first_name="Bram", last_name="Hoekstraatje", email="bram@elders.example"
        )
        landed = confirm(visitor, post, "bram@elders.example")
        assert landed.status in {403, 404}, "another house: the company decides first"
        request = db.session.scalars(sa.select(JoinRequest)).one()
        asked_of = db.session.scalars(sa.select(Person).where(Person.email == contact)).one()
        Visitor(visitor.app).become(asked_of).open(f"/company/requests/{request.key}").send("Ja, dit is een collega")
        changed = db.session.get_one(Proposal, number)
        assert changed.contact_id == db.session.get_one(Interest, changed.interest_id).contact_id == request.person_id
        visitor.open(f"/interviews/times/{key}").says("Wanneer past een gesprek?").lacks(CANARY)
