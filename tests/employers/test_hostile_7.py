"""Who looks after one team is a colleague in another, and invitations that outlive whoever sent them."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import digest_lines, team_invitations
from portal.employers.join_models import JoinRequest, TeamInvitation
from portal.employers.join_states import TeamInvitationState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Organisation
from tests.accounts.steps import PASSWORD
from tests.employers.factories import a_contact, an_employer
from tests.employers.inviting import asks_colleague
from tests.employers.test_joining import asks
from tests.factories import a_person
from tests.presses import at_once
from tests.showcase.test_proposals import Stage
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
NEW = "ria@elders.example"
LETTER = "employers/join_the_team"
CONTACT, ADMIN = Role.EMPLOYER_CONTACT, Role.EMPLOYER_ADMIN


def roles(person: Person, employer: Employer) -> list[Role]:
    db.session.expire_all()
    seats = sa.select(Membership.role).where(Membership.person_id == person.id)
    return list(db.session.scalars(seats.where(Membership.organisation_id == employer.organisation_id)))


def a_colleague_here_and_admin_elsewhere() -> tuple[Employer, Person]:
    """Somebody who is a contact of one company, and was made an admin by another one since."""
    here, elsewhere = an_employer("Garage Verlinden"), an_employer("Bakkerij Elders")
    a_contact(here, email="els@verlinden.example")
    both = a_contact(here, role=CONTACT, email="dirk@verlinden.example")
    accounts.seat(both, ADMIN, organisation_id=elsewhere.organisation_id)
    db.session.commit()
    return here, both


@pytest.mark.parametrize(
    "path", ["team/new", "team/check", "facts", "reach", "sites/new", "team/{me}/role", "team/{me}/leave", "vacancies"]
)
def test_an_admin_elsewhere_looks_after_nothing_where_it_is_a_contact(path: str, visitors: Any) -> None:
    """Any company can make somebody its admin: that opens no page for admins of another one."""
    _here, both = a_colleague_here_and_admin_elsewhere()
    path = "/vacancies/new" if path == "vacancies" else "/company/" + path.format(me=both.key)
    browser = visitors(both)
    browser.open("/company").says("Garage Verlinden")
    browser.open(path, status=404)


def test_nobody_makes_itself_an_admin_by_being_one_elsewhere(visitors: Any) -> None:
    here, both = a_colleague_here_and_admin_elsewhere()
    admin = visitors(db.session.scalars(sa.select(Person).where(Person.email == "els@verlinden.example")).one())
    page = admin.open(f"/company/team/{both.key}/role")
    given = {"role": ADMIN.value, "csrf_token": ""}
    browser = visitors(both)
    given["csrf_token"] = browser.open("/company").form("Afmelden").fields["csrf_token"]
    data = [(k, v) for k, v in page.form().form_values() if k not in given]
    assert browser.post(page.path, [*data, *given.items()]).status == 404
    assert roles(both, here) == [CONTACT]


# --- Invitations that outlive whoever sent them -----------------------------------------------------------------------


def invited_by(visitors: Any, employer: Employer, role: Role = ADMIN) -> Person:
    """An admin invites the address NEW as an admin too."""
    inviter = a_contact(employer, email="dirk@verlinden.example")
    form = visitors(inviter).open("/company/team/new")
    form.send("Verstuur de uitnodiging", first_name="Ria", last_name="Elders", email=NEW, role=role.value)
    return inviter


@pytest.mark.parametrize("gone", ["left", "became a contact", "closed"])
def test_an_invitation_counts_while_its_sender_looks_after_the_team(gone: str, visitors: Any, post: Any) -> None:
    """Else whoever has to go keeps a way back in, with a seat as an admin for an address of its own."""
    employer = an_employer()
    els = a_contact(employer, email="els@verlinden.example")
    inviter = invited_by(visitors, employer)
    way = post.last(NEW, LETTER).path("/team/")
    visitors().open(way)
    browser = visitors(els)
    if gone == "left":
        browser.open(f"/company/team/{inviter.key}/leave").send(successor=els.key)
    elif gone == "became a contact":
        browser.open(f"/company/team/{inviter.key}/role").send(role=CONTACT.value)
    else:
        accounts.deactivate(db.session.get_one(Person, inviter.id))
        db.session.commit()
    visitors().open(way, status=410)
    # Who looks after the team now sees it, and sends it in its own name, or withdraws it.
    browser.open("/company/team").says("Ria Elders", "link verlopen").send("Stuur opnieuw")
    letter = post.last(NEW, LETTER)
    assert els.name in letter.subject
    visitors().open(letter.path("/team/")).send(
        "Ja, ik doe mee", first_name="Ria", last_name="Elders", password=PASSWORD
    )
    assert roles(db.session.scalars(sa.select(Person).where(Person.email == NEW)).one(), employer) == [ADMIN]


def test_a_letter_of_a_sender_who_left_is_not_sent(visitors: Any, post: Any) -> None:
    employer = an_employer()
    els = a_contact(employer, email="els@verlinden.example")
    inviter = invited_by(visitors, employer)
    visitors(els).open(f"/company/team/{inviter.key}/leave").send(successor=els.key)
    assert post.to(NEW) == []


@pytest.mark.engine
def test_a_yes_and_a_no_to_an_invitation_at_once_are_one_answer(app: Flask, post: Any, visitors: Any) -> None:
    employer = an_employer()
    person = a_person(NEW, first_name="Ria")
    asks_colleague(visitors(a_contact(employer)), NEW)
    path = post.last(NEW, LETTER).path("/team/")
    db.session.commit()
    said = at_once(app, *[(None, path, one, {}) for one in ("Ja, ik doe mee", "Nee, ik doe niet mee")] * 2)
    seats = roles(person, employer)
    state = db.session.scalars(sa.select(TeamInvitation.state)).one()
    assert len(said) == 4 and 500 not in said
    assert (state, seats) in [(TeamInvitationState.JOINED, [CONTACT]), (TeamInvitationState.DECLINED, [])]


@pytest.mark.engine("postgresql")
def test_a_no_does_not_undo_a_yes_of_the_same_moment(app: Flask, post: Any, visitors: Any, monkeypatch: Any) -> None:
    """Two who hold the link: the no had read the invitation as open, and a yes is kept before it writes."""
    employer = an_employer()
    person = a_person(NEW, first_name="Ria")
    asks_colleague(visitors(a_contact(employer)), NEW)
    path, keeps = post.last(NEW, LETTER).path("/team/"), team_invitations.decline
    no = visitors().open(path)
    said: list[int] = []

    def yes() -> None:
        with app.app_context():
            said.append(Visitor(app).open(path).send("Ja, ik doe mee").status)
            db.session.remove()

    def late(*given: Any) -> None:
        monkeypatch.setattr(team_invitations, "decline", keeps)
        other = Thread(target=yes)
        other.start()
        other.join()
        keeps(*given)

    monkeypatch.setattr(team_invitations, "decline", late)
    no.send("Nee, ik doe niet mee")
    assert (said, roles(person, employer)) == ([200], [CONTACT])
    assert db.session.scalars(sa.select(TeamInvitation.state)).one() is TeamInvitationState.JOINED


@pytest.mark.engine("postgresql")
def test_a_yes_of_both_sides_at_once_is_one_seat(app: Flask, post: Any, visitors: Any) -> None:
    """She asked to join and was invited as well: she says yes while an admin does."""
    employer = an_employer()
    admin = a_contact(employer)
    request = asks(employer, NEW)
    asks_colleague(visitors(admin), NEW)
    ways = [
        (db.session.get_one(Person, request.person_id).id, post.last(NEW, LETTER).path("/team/"), "Ja, ik doe mee", {}),
        (admin.id, f"/company/requests/{request.key}", "Ja, dit is een collega", {}),
    ]
    db.session.commit()
    said = at_once(app, *ways)
    assert len(said) == 2 and 500 not in said
    assert roles(db.session.get_one(Person, ways[0][0]), employer) == [CONTACT]


def test_letters_are_counted_also_when_they_were_withdrawn(visitors: Any, post: Any) -> None:
    """Withdrawing and inviting anew is no way to write to a colleague again and again."""
    browser = visitors(a_contact(an_employer()))
    for _ in range(team_invitations.MOST_LETTERS):
        asks_colleague(browser, NEW).send("Trek in")
    asks_colleague(browser, NEW, status=409).says("Drie brieven is genoeg")


@pytest.mark.parametrize(
    "other",
    [
        "RIA@elders.example",
        "ria@elders.example.",
        "ria@ELDERS.example",
        "ria+beurs@elders.example",
        "ｒia@elders.example",
    ],
)
def test_who_said_no_is_not_asked_again_by_another_spelling(other: str, visitors: Any, post: Any) -> None:
    browser = visitors(a_contact(an_employer()))
    asks_colleague(browser, NEW)
    visitors().open(post.last(NEW, LETTER).path("/team/")).send("Nee, ik doe niet mee")
    page = browser.open("/company/team/new").send(
        "Verstuur de uitnodiging", first_name="Ria", last_name="Elders", email=other, role=CONTACT.value
    )
    assert page.status == 422
    assert len(db.session.scalars(sa.select(TeamInvitation.id)).all()) == 1


def test_a_link_that_was_passed_on_tells_its_holder_to_sign_in_as_the_invited(visitors: Any, post: Any) -> None:
    """Somebody else who is signed in gets no seat, and reads why its own pages stay as they are."""
    employer, elsewhere = an_employer(), an_employer("Bakkerij Elders")
    ria = a_person(NEW, first_name="Ria", last_name="Elders")
    stranger = a_contact(elsewhere, email="jan@bakkerij.example")
    asks_colleague(visitors(a_contact(employer)), NEW)
    browser = visitors(stranger)
    page = browser.open(post.last(NEW, LETTER).path("/team/"))
    page.send("Ja, ik doe mee")
    assert roles(stranger, employer) == [] and roles(ria, employer) == [CONTACT]


# --- One person, two companies ----------------------------------------------------------------------------------------


def test_who_speaks_for_two_companies_says_which_one_the_pages_are_about(visitors: Any, post: Any) -> None:
    own, other, strange = an_employer("Bakkerij Elders"), an_employer("Drukkerij Ver"), an_employer("Molen Stil")
    ria = a_contact(own, email=NEW)
    asks_colleague(visitors(a_contact(other)), NEW)
    browser = visitors(ria)
    browser.open("/company").lacks("Ga naar dit bedrijf")
    joined = browser.open(post.last(NEW, LETTER).path("/team/")).send("Ja, ik doe mee")
    joined.says("Je hoort nu bij het team van Drukkerij Ver", "Je spreekt ook voor", "Bakkerij Elders")
    assert joined.h1.startswith("Drukkerij Ver")
    browser.open("/company/team/new", status=404)
    back = browser.open("/company").send("Ga naar dit bedrijf").says("De pagina's gaan nu over Bakkerij Elders")
    assert back.h1.startswith("Bakkerij Elders")
    browser.open("/company/team/new")
    data = [(k, v) for k, v in back.form("Ga naar dit bedrijf").form_values() if k != "once"]
    once = ("once", "eenmalig-naar-een-ander")
    assert browser.post(f"/company/speak-for/{strange.key}", [*data, once]).status == 404
    twice = [(k, v) for k, v in browser.open("/company").form("Ga naar dit bedrijf").form_values()]
    for _ in range(2):
        pressed = browser.post(f"/company/speak-for/{other.key}", twice)
        assert (pressed.status, pressed.h1.startswith("Drukkerij Ver")) == (200, True)
    browser.open("/company").send("Ga naar dit bedrijf")
    # Another browser begins with the one of always, and who left there is back with the other.
    assert visitors(ria).open("/company").h1.startswith("Bakkerij Elders")
    browser.open("/company").send("Ga naar dit bedrijf")
    db.session.execute(sa.delete(Membership).where(Membership.organisation_id == other.organisation_id))
    db.session.commit()
    assert browser.open("/company").lacks("Ga naar dit bedrijf").h1.startswith("Bakkerij Elders")


def test_a_letter_that_was_passed_on_leads_to_the_company_that_it_asks(visitors: Any, visitor: Any, post: Any) -> None:
    """Its reader speaks for an older company as well: a colleague joins neither that one, nor does it hear of the letter."""
    other = an_employer("Bakkerij Elders")
    stage = Stage(visitors)
    els = db.session.get_one(Person, stage.els.id)
    els.email = "els@verlinden.example"
    accounts.seat(els, CONTACT, organisation_id=other.organisation_id)
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == els.id)).first()
    assert seat is not None and seat.organisation_id == stage.employer.organisation_id
    db.session.commit()
    stage.employer.organisation = db.session.get_one(Organisation, stage.employer.organisation_id)
    company = stage.employer.name
    stage.propose()
    page = visitor.open(post.last("els@verlinden.example", "showcase/proposed").path("/colleague/"))
    page.says(company).lacks("Bakkerij Elders")
    page.send("Ga verder", first_name="Bram", last_name="Hoekstraatje", email="bram@verlinden.example")
    assert db.session.scalars(sa.select(JoinRequest.employer_id)).all() == [stage.employer.id]


def test_who_left_a_company_that_rests_reads_the_letter_of_the_week_of_the_new_one(post: Any) -> None:
    before, now = an_employer("Bakkerij Elders", state=EmployerState.DORMANT), an_employer()
    moved, stayed, both = a_contact(now), a_contact(before), a_contact(now)
    left = accounts.seat(moved, CONTACT, organisation_id=before.organisation_id)
    left.since, left.until = date(2025, 1, 1), date(2025, 6, 30)
    accounts.seat(both, CONTACT, organisation_id=before.organisation_id)
    db.session.commit()
    quiet = db.session.scalars(digest_lines.resting([moved.id, stayed.id, both.id])).all()
    assert quiet == [stayed.id]


def test_who_also_speaks_for_a_company_on_hold_is_not_kept_from_the_other(visitors: Any, post: Any) -> None:
    own, other = an_employer("Bakkerij Elders"), an_employer("Drukkerij Ver")
    ria = a_contact(own, email=NEW)
    accounts.seat(ria, Role.EMPLOYER_ADMIN, organisation_id=other.organisation_id)
    own.state = EmployerState.BLOCKED
    db.session.commit()
    assert visitors(ria).open("/company").lacks("Ga naar dit bedrijf").h1.startswith("Drukkerij Ver")
    other.state = EmployerState.BLOCKED
    db.session.commit()
    visitors(ria).open("/company", status=403)


def test_a_yes_tells_first_which_sign_up_it_confirms_as_well(visitors: Any, post: Any) -> None:
    """Somebody typed this address to sign up another company; only its reader is told, before the yes."""
    company, stranger = an_employer("Drukkerij Ver"), an_employer("Bedrijf Grijpgraag")
    person = accounts.new_person(email=NEW, first_name="Ria", last_name="Elders", language="nl")
    accounts.seat(person, Role.EMPLOYER_ADMIN, organisation_id=stranger.organisation_id)
    db.session.commit()
    asks_colleague(visitors(a_contact(company)), NEW).lacks("Grijpgraag")
    way = post.last(NEW, LETTER).path("/team/")
    visitors().open(way).says("Met dit adres meldde iemand Bedrijf Grijpgraag aan")
    person.confirmed_at = clock.now()
    db.session.commit()
    visitors().open(way).lacks("Grijpgraag")
