"""A colleague takes a seat with a yes of its own; a company that invites learns nothing of whom the portal knows."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import joining, team_invitations
from portal.employers.join_models import JoinRequest, TeamInvitation
from portal.employers.join_states import JoinState, JoinWay, TeamInvitationState
from portal.employers.states import EmployerState
from portal.foundation import jobs
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD
from tests.ambassadors.test_refusals import PEER, refused
from tests.employers.factories import a_contact, an_employer
from tests.employers.inviting import asks_colleague
from tests.factories import a_person
from tests.interviews.test_clients_of_agencies import loaded
from tests.visitor import Page

pytestmark = pytest.mark.usefixtures("app")
NEW = "ria@elders.example"
LETTER = "employers/join_the_team"


def seats(person: Person) -> list[tuple[Role, int | None]]:
    rows = db.session.execute(
        sa.select(Membership.role, Membership.organisation_id).where(Membership.person_id == person.id)
    )
    return [(role, number) for role, number in rows]


def states() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(TeamInvitation.state).order_by(TeamInvitation.id)))


def test_a_new_colleague_says_yes_under_a_name_and_password_of_its_own(visitors: Any, post: Any) -> None:
    employer = an_employer("Drukkerij Ver")
    admin = a_contact(employer)
    asks_colleague(visitors(admin), NEW).says("De brief is onderweg", "Ria Elders", NEW, "nog geen")
    assert db.session.scalar(sa.select(Person.id).where(Person.email == NEW)) is None
    letter = post.last(NEW, LETTER)
    assert "Drukkerij Ver" in letter.subject and admin.name in letter.subject
    page = visitors().open(letter.path("/team/")).says("Drukkerij Ver", NEW, "Er begint niets voor jouw ja")
    assert page.send("Ja, ik doe mee", password="kort").status == 422
    page.send("Ja, ik doe mee", first_name="Maria", last_name="Elders", password=PASSWORD).says("Meld je aan")
    person = db.session.scalars(sa.select(Person).where(Person.email == NEW)).one()
    assert person.name == "Maria Elders" and person.confirmed_at is not None
    assert seats(person) == [(Role.EMPLOYER_CONTACT, employer.organisation_id)]
    visitors(admin).open("/company/team").says("Maria Elders").lacks("Ria Elders", "Uitgenodigd")
    visitors().open(letter.path("/team/"), status=410)


def test_who_has_an_account_says_yes_and_speaks_for_both(visitors: Any, post: Any) -> None:
    own, other = an_employer("Bakkerij Elders"), an_employer("Drukkerij Ver")
    ria = a_contact(own, email=NEW)
    asks_colleague(visitors(a_contact(other)), NEW)
    hers = visitors(ria)
    # Before the yes she is of her own company alone.
    hers.open("/company").says("Bakkerij Elders").lacks("Drukkerij Ver")
    page = hers.open(post.last(NEW, LETTER).path("/team/")).says("Je hebt al een account op dit adres")
    assert "Wachtwoord" not in page.html
    page.send("Ja, ik doe mee").says("Je hoort nu bij het team van Drukkerij Ver")
    assert {number for _role, number in seats(ria)} == {own.organisation_id, other.organisation_id}


def test_a_company_that_invites_reads_the_same_of_a_known_and_an_unknown_address(visitors: Any, post: Any) -> None:
    """The same page, the same queries, the same letter: with an account or none, confirmed, closed, or a colleague elsewhere."""
    known = a_person("ria1@elders.example", first_name="Maria")
    closed = a_person("ria2@elders.example", first_name="Gesloten")
    accounts.deactivate(closed)
    waits = accounts.new_person(email="ria3@elders.example", first_name="Wacht", last_name="Nog", language="fr")
    a_contact(an_employer("Bakkerij Elders"), email="ria4@elders.example")
    db.session.commit()
    seen = []
    for number in range(1, 6):
        email = f"ria{number}@elders.example"
        company = an_employer("Drukkerij Ver")
        admin = a_contact(company)
        admin.first_name, admin.last_name = "Els", "Ver"
        db.session.commit()
        browser = visitors(admin)
        form = browser.open("/company/team/new")
        answer = form.send(
            "Verstuur de uitnodiging", first_name="Ria", last_name="Elders", email=email, role="employer_contact"
        )
        team = browser.open("/company/team")
        letter = post.last(email, LETTER)
        seen.append(
            (
                len(answer.queries), len(team.queries), team.text.replace(email, "…"), letter.subject,
                len(letter.text.splitlines()),
            )
        )  # fmt: skip
    assert len(set(seen)) == 1
    assert not seats(known) and not seats(waits)


def test_inviting_never_asks_who_has_an_account(visitors: Any, post: Any) -> None:
    """Not even a query is spent on it, so the time it takes tells nothing."""
    browser = visitors(a_contact(an_employer()))
    form = browser.open("/company/team/new")
    sent = browser.post("/company/team/new", _filled(form, NEW), follow=False)
    asked = [one for one in sent.queries if "person.email =" in one.replace('"', "")]
    assert sent.status == 303 and asked == []


def _filled(page: Page, email: str) -> list[tuple[str, str]]:
    given = {"first_name": "Ria", "last_name": "Elders", "email": email, "role": "employer_contact"}
    return [(k, v) for k, v in page.form().form_values() if k not in given] + list(given.items())


def test_a_no_is_one_press_and_stays(visitors: Any, post: Any) -> None:
    admin = a_contact(an_employer())
    asks_colleague(visitors(admin), NEW)
    page = visitors().open(post.last(NEW, LETTER).path("/team/"))
    page.send("Nee, ik doe niet mee").says("Bedankt voor je antwoord")
    assert states() == [TeamInvitationState.DECLINED]
    assert db.session.scalar(sa.select(Person.id).where(Person.email == NEW)) is None
    visitors(admin).open("/company/team").says("zei nee").lacks("/again")
    asks_colleague(visitors(admin), NEW.upper(), status=422).says("Dit adres is al uitgenodigd")
    key = db.session.scalars(sa.select(TeamInvitation.key)).one()
    other = visitors(a_contact(an_employer("Bedrijf Grijpgraag")))
    for way in ("again", "withdraw"):
        token = other.open("/company/team/new").form().fields["csrf_token"]
        sent = other.post(
            f"/company/team/invitations/{key}/{way}", {"csrf_token": token, "once": f"eenmalig-{way}-lang"}
        )
        assert sent.status == 404


def test_three_letters_at_most_each_with_the_only_link_that_works(visitors: Any, post: Any) -> None:
    browser = visitors(a_contact(an_employer()))
    page = asks_colleague(browser, NEW)
    first = post.last(NEW, LETTER).path("/team/")
    page = page.send("Stuur opnieuw").says("nieuwe link")
    visitors().open(first, status=410)
    visitors().open(post.last(NEW, LETTER).path("/team/"))
    page.send("Stuur opnieuw").lacks("/again")
    key = db.session.scalars(sa.select(TeamInvitation.key)).one()
    data = [
        ("csrf_token", browser.open("/company/team/new").form().fields["csrf_token"]),
        ("once", "eenmalig-te-veel-brieven"),
    ]
    browser.post(f"/company/team/invitations/{key}/again", data).says("Drie brieven is genoeg")
    assert len(post.to(NEW, LETTER)) == 3


def test_a_withdrawn_invitation_opens_nothing_and_its_letter_stays(visitors: Any, post: Any) -> None:
    browser = visitors(a_contact(an_employer()))
    page = asks_colleague(browser, NEW)
    way = post.last(NEW, LETTER).path("/team/")
    page.send("Trek in").says("De uitnodiging is ingetrokken").lacks("Uitgenodigd")
    visitors().open(way, status=410)
    assert post.to(NEW) == []
    asks_colleague(browser, NEW).says("De brief is onderweg")


def test_nobody_is_invited_twice_nor_into_its_own_team(visitors: Any, post: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer)
    browser = visitors(admin)
    asks_colleague(browser, NEW)
    asks_colleague(browser, NEW, status=422).says("Dit adres is al uitgenodigd")
    asks_colleague(browser, admin.email, status=422).says("zit al in je team")
    assert len(states()) == 1


def test_a_link_of_a_company_that_is_stopped_or_of_an_account_that_closed_leads_nowhere(
    visitors: Any, post: Any
) -> None:
    employer = an_employer()
    closed = a_person(NEW)
    asks_colleague(visitors(a_contact(employer)), NEW)
    way = post.last(NEW, LETTER).path("/team/")
    accounts.deactivate(closed)
    db.session.commit()
    visitors().open(way, status=409).says("De account van dit adres is gesloten")
    employer.state = EmployerState.BLOCKED
    db.session.commit()
    visitors().open(way, status=410)
    assert post.to(NEW) == []


def test_a_yes_settles_what_the_same_person_had_asked(visitors: Any, post: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer)
    person = a_person(NEW)
    joining.ask(loaded(employer), person, JoinWay.NUMBER)
    db.session.commit()
    asks_colleague(visitors(admin), NEW)
    visitors().open(post.last(NEW, LETTER).path("/team/")).send("Ja, ik doe mee")
    assert db.session.scalars(sa.select(JoinRequest.state)).all() == [JoinState.JOINED]
    assert len(seats(person)) == 1


def test_calling_a_mailbox_that_said_no_a_colleague_is_no_way_around(visitors: Any, visitor: Any, post: Any) -> None:
    """Nothing tells the company; a real colleague of the same house may still ask (tests/ambassadors/test_refusals.py)."""
    refused(visitor)
    stranger, house = an_employer("Drukkerij Ver"), an_employer("Garage Peer")
    asks_colleague(visitors(a_contact(stranger, email="ria@drukkerij.example")), PEER).says("De brief is onderweg")
    assert post.to(PEER) == []
    asks_colleague(visitors(a_contact(house, email="baas@garage.example")), PEER)
    assert len(post.to(PEER, LETTER)) == 1


def test_names_of_who_did_not_join_are_forgotten(visitors: Any, post: Any) -> None:
    with time_machine.travel("2026-11-16 09:00:00+00:00", tick=False) as at:
        admin = a_contact(an_employer())
        for email in (NEW, "jan@elders.example"):
            asks_colleague(visitors(admin), email)
        visitors().open(post.last(NEW, LETTER).path("/team/")).send("Nee, ik doe niet mee")
        at.shift(team_invitations.LIVES + timedelta(hours=1))
        visitors(admin).open("/company/team").says("link verlopen")
        jobs.each_night["employers.joining"]()
        assert len(states()) == 2
        at.shift(team_invitations.KEPT)
        jobs.each_night["employers.joining"]()
        assert states() == []


def test_a_stolen_database_tells_nobody_who_was_invited(visitors: Any, post: Any) -> None:
    asks_colleague(visitors(a_contact(an_employer())), NEW)
    kept = db.session.execute(sa.text("SELECT email, first_name, last_name FROM team_invitation")).one()
    assert not any(word in value for value in kept for word in ("ria", "Ria", "Elders", "elders"))
