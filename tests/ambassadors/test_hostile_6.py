"""Who left and still holds a letter, a no and every way around it, what a circle tells of one peer, and two at once."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors import asking, questions, ripple
from portal.ambassadors.models import DoNotAsk, Invitation, InvitationState
from portal.ambassadors.question_models import PeerQuestion, PeerTurn
from portal.ambassadors.routing import rule
from portal.ambassadors.words_models import PeerWords, WordsState
from portal.employers import queries as companies
from portal.employers import team
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.access import Seat, Viewer
from portal.foundation.database import db
from portal.organisations.models import Organisation
from portal.tasks import digest
from tests.ambassadors.factories import a_company, a_contact, an_ambassador, an_invitation, who
from tests.ambassadors.test_asking import a_company_at_work, reaches_13_weeks, says
from tests.ambassadors.test_fairs import sign_up
from tests.ambassadors.test_funnel_by_hand import peer
from tests.ambassadors.test_questions import WORRY, a_peer, an_asker
from tests.ambassadors.test_refusals import PEER, refused
from tests.ambassadors.test_words import said
from tests.factories import a_person
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


def leaves(company: Employer, person: Person) -> Person:
    """Somebody leaves the team; a colleague takes over."""
    house = db.session.get_one(Organisation, company.organisation_id)
    successor = a_person(role=Role.EMPLOYER_ADMIN, organisation=house, first_name="Bo", last_name="Opvolger")
    seat = next(one for one in companies.team(company) if one.person_id == person.id)
    team.leave(company, seat, successor=successor.key)
    db.session.commit()
    return successor


# --- Words in public --------------------------------------------------------------------------------------------------


def test_who_left_agrees_to_nothing_in_the_companys_name(visitors: Any, visitor: Any, post: Any) -> None:
    """The letter asks for a yes for five years; after leaving it can take the own words back, and no more."""
    ambassador = a_peer("Molen Vergote")
    words = said(ambassador, on_wall=True, agreed=False, signed="Molen Vergote")
    way = post.last("vergote@peers.example", "ambassadors/words_asked").path("/words/")
    page = visitor.open(way)
    leaves(db.session.get_one(Employer, ambassador.employer_id), who(ambassador))
    data = [(k, v) for k, v in page.form("Ja").form_values()]
    visitor.post(f"{way}/agree", data)
    assert db.session.get_one(PeerWords, words.id).state is not WordsState.AGREED
    visitors().open("/companies-that-are-in").lacks("Molen Vergote")


def test_words_that_were_agreed_to_are_taken_back_also_by_who_left(visitor: Any, post: Any) -> None:
    ambassador = a_peer("Molen Vergote")
    words = said(ambassador, on_wall=True)
    way = post.last("vergote@peers.example", "ambassadors/words_asked").path("/words/")
    leaves(db.session.get_one(Employer, ambassador.employer_id), who(ambassador))
    visitor.open(way).send("Neem")
    assert db.session.get_one(PeerWords, words.id).state is WordsState.WITHDRAWN


# --- A no stays a no --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["orange.be", "hotmail.fr", "ymail.com", "wp.pl", "laposte.net"])
def test_a_mailbox_of_anybodys_makes_no_colleague_whoever_keeps_the_list(domain: str, visitor: Any, post: Any) -> None:
    """The list of houses that anybody can have an address at is one: of who joins, and of who is asked again."""
    refused(visitor, f"jan@{domain}")
    company = a_company("Drukkerij Ver")
    a_contact(company, f"ria@{domain}")
    accounts.invite(
        email=f"jan@{domain}", first_name="Jan", last_name="Peeters", language="nl", role=Role.EMPLOYER_ADMIN,
        organisation_id=company.organisation_id,
    )  # fmt: skip
    db.session.commit()
    assert post.to(f"jan@{domain}") == []


def test_a_later_in_a_form_keeps_the_question_away_as_a_no_does(post: Any) -> None:
    _cast, placement = a_company_at_work()
    says(placement, "later")
    reaches_13_weeks(placement)
    assert post.all("ambassadors/become") == []


def test_the_letter_of_the_week_asks_nobody_who_said_no_to_a_peer(visitor: Any, post: Any) -> None:
    """The page of today shows the question; no letter does, of its own or of the week."""
    refused(visitor)
    company = a_company("Garage Peer")
    jan, ria = a_contact(company, PEER), a_contact(company, "ria@garage.example")
    whole = asking._company(company.id)
    asking._ask(whole, asking._wish(whole), asking.WEEK_13)
    db.session.commit()
    lines = digest.lines_for([jan.id, ria.id])
    assert [one.section for one in lines[ria.id]] == ["network"]
    assert lines[jan.id] == []


@pytest.mark.engine
def test_a_yes_and_a_no_to_one_invitation_at_once_are_one_answer(app: Flask, post: Any) -> None:
    """The letter was passed on: one who signed up confirms the address while another says no."""
    number = an_invitation(an_ambassador(), "jan@garage.example").id
    way = post.last("jan@garage.example").path("/invited/")
    sign_up(Visitor(app).open(way), email="jan@garage.example")
    confirm = post.last("jan@garage.example", "accounts/confirm").path("/confirm/")
    start, statuses = Barrier(2), []
    db.session.commit()

    def press(path: str, **values: str) -> None:
        with app.app_context():
            page = Visitor(app).open(path)
            start.wait()
            statuses.append(page.send(None if values else "Nee", **values).status)
            db.session.remove()

    yes = Thread(target=press, args=(confirm,), kwargs={"password": "een zin die niemand raadt"})
    presses = [yes, Thread(target=press, args=(way,))]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    db.session.expire_all()
    found = db.session.get_one(Invitation, number)
    no = db.session.scalar(sa.select(sa.func.count(DoNotAsk.id)))
    assert len(statuses) == 2 and all(one < 500 for one in statuses)
    if found.state is InvitationState.DECLINED:
        assert (found.employer_id, no) == (None, 1)
    else:
        assert (found.state, no) == (InvitationState.REGISTERED, 0) and found.employer_id is not None


def test_an_own_letter_is_no_way_to_find_out_who_is_known(visitors: Any, post: Any) -> None:
    """An ambassador invites a mailbox of its own and signs up with somebody else's address: its list reads the same whether
    that address is known or not, until its reader confirmed it."""
    ambassador = an_ambassador()
    a_person("known@elders.example")
    states = []
    for mailbox, tried, number in (
        ("een@garage.example", "known@elders.example", "0403.170.701"),
        ("twee@garage.example", "unknown@elders.example", "0417.497.106"),
    ):
        sent = an_invitation(ambassador, mailbox)
        sign_up(visitors().open(post.last(mailbox).path("/invited/")), email=tried, number=number)
        states.append(db.session.get_one(Invitation, sent.id).state)
    assert states[0] is states[1]


# --- What a circle tells ----------------------------------------------------------------------------------------------


def test_a_circle_tells_nothing_of_a_peer_that_keeps_its_progress_to_itself(app: Any, post: Any) -> None:
    """One peer, which shows nothing, became an ambassador and brought six in: the second circle may not say so."""
    mine = an_ambassador(a_company("Bakkerij Soetaert"))
    quiet = peer(mine, "Garage Zwijger", EmployerState.ACTIVE, shows=False)
    theirs = an_ambassador(quiet.employer, a_contact(quiet.employer))
    for number in range(6):
        peer(theirs, f"Bedrijf {number}", EmployerState.VERIFIED)
    rings = [one.value for one in ripple.of(mine, ("a", "b", "c")).rings]
    assert rings == [1, "<5", "<5"]
    db.session.get_one(Employer, quiet.employer.id).shows_progress = True
    db.session.commit()
    assert [one.value for one in ripple.of(mine, ("a", "b", "c")).rings] == [1, 6, "<5"]


# --- Two who ask at once ----------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_two_who_ask_at_once_fill_nobodys_hands_beyond_the_measure(app: Flask, post: Any) -> None:
    peer_id = a_peer("Molen Vergote").id
    many = rule("most_with_a_peer") + 2
    people = [(one.id, _house(one)) for one in (an_asker(f"Bakkerij N{number}") for number in range(many))]
    start = Barrier(many)
    db.session.commit()

    def ask(me: int, house: int) -> None:
        with app.app_context():
            viewer = Viewer(me, seats=(Seat(Role.EMPLOYER_ADMIN, house),))
            start.wait()
            company = companies.employer_of(viewer)
            person = db.session.get_one(Person, me)
            questions.ask(company, person, WORRY, slug="", language="nl", named=False, looked=True)
            db.session.commit()
            db.session.remove()

    asking = [Thread(target=ask, args=pair) for pair in people]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    db.session.expire_all()
    held = sa.select(sa.func.count(PeerTurn.id)).where(PeerTurn.ambassador_id == peer_id, PeerTurn.ended_how.is_(None))
    assert db.session.scalar(held) == rule("most_with_a_peer")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PeerQuestion)) == many


def _house(person: Person) -> int:
    from tests.ambassadors.test_questions import _seats

    return int(_seats(person)[0].organisation_id)
