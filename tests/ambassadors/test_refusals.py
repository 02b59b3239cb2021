"""An invitation that was refused stays refused: against every later spelling, sender, way in and import."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors import asking, invitations, queries, resting, said_no
from portal.ambassadors.models import Ambassador, DoNotAsk, Invitation, InvitationState
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox.models import Letter
from tests.ambassadors.factories import (
    a_company,
    a_contact,
    a_draft,
    an_ambassador,
    an_answer,
    an_invitation,
)
from tests.ambassadors.test_fairs import a_fair_link, sign_up
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")
PEER = "jan.peeters@garage.example"
SPELLINGS = (
    PEER, "JAN.PEETERS@GARAGE.EXAMPLE", "Jan.Peeters@Garage.example", "jan.peeters+beurs@garage.example", "jan.peeters+@garage.example",
    "jan.peeters@garage.example.", " jan.peeters@garage.example ", "ｊａｎ.peeters@garage.example", "jan.pee\u200bters@garage.example",
    "jan.peeters@ga\u00adrage.example",
)  # fmt: skip


def refused(visitor: Any, address: str = PEER) -> Ambassador:
    """The first ambassador asks, and the peer says no with one click."""
    first = an_ambassador()
    an_invitation(first, address)
    letter = db.session.scalars(sa.select(Letter).where(Letter.template == "ambassadors/invitation")).one()
    from tests.postbox import Postbox

    way = Postbox(visitor.app)._read(letter).path("/invited/")
    assert visitor.open(way).send("Nee").status == 200
    mine = sa.select(Invitation).where(Invitation.ambassador_id == first.id)
    assert db.session.scalars(mine).one().state is InvitationState.DECLINED
    return first


def letters() -> int:
    return db.session.scalar(sa.select(sa.func.count(Letter.id)).where(Letter.state != "cancelled")) or 0


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_ambassador_asks_in_vain_however_the_address_is_spelt(visitor: Any, post: Any, spelling: str) -> None:
    refused(visitor)
    with pytest.raises(invitations.NotWrittenTo):
        invitations.write(an_ambassador(a_company("Drukkerij Ver")), an_answer(spelling))
    db.session.rollback()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("jan.peeters@gmail.com", "janpeeters+x@googlemail.com"),
        ("jan@bäckerei.example", "jan@xn--bckerei-5wa.example"),
        ("JAN@BÄCKEREI.example", "jan@ba\u0308ckerei.example"),
    ],
)
def test_two_spellings_that_reach_one_mailbox_are_one(first: str, second: str) -> None:
    assert said_no.mark_of(first) == said_no.mark_of(second)


@pytest.mark.parametrize("other", ["jan@garage.example", "jan.peeters@garage.test", "j.anpeeters@garage.example"])
def test_somebody_else_is_somebody_else(visitor: Any, post: Any, other: str) -> None:
    refused(visitor)
    assert invitations.write(an_ambassador(a_company("Drukkerij Ver")), an_answer(other)).id


def test_it_stays_refused_after_years(visitor: Any, post: Any) -> None:
    refused(visitor)
    with time_machine.travel(clock.now() + timedelta(days=4000)), pytest.raises(invitations.NotWrittenTo):
        invitations.write(an_ambassador(a_company("Drukkerij Ver")), an_answer(PEER))
    db.session.rollback()


def test_it_stays_refused_after_the_first_ambassador_left(visitor: Any, post: Any) -> None:
    first = refused(visitor)
    mine = queries.ambassador_in([_programme(first)], first.key)
    resting.leave(mine, withdraw_sent=True)
    db.session.commit()
    with pytest.raises(invitations.NotWrittenTo):
        invitations.write(an_ambassador(a_company("Drukkerij Ver")), an_answer("JAN.peeters+2@garage.example"))
    db.session.rollback()


def _programme(ambassador: Ambassador) -> int:
    return db.session.get_one(Employer, ambassador.employer_id).programme_id


def test_the_same_ambassador_asks_in_vain_too(visitor: Any, post: Any) -> None:
    first = refused(visitor)
    with pytest.raises(invitations.NotWrittenTo):
        invitations.write(first, an_answer(PEER))
    db.session.rollback()


def test_a_draft_of_another_one_is_not_sent_any_more(visitor: Any, post: Any) -> None:
    draft = a_draft(an_ambassador(a_company("Drukkerij Ver")), "Jan.Peeters+oud@garage.example")
    refused(visitor)
    with pytest.raises(invitations.NotWrittenTo):
        invitations.send(queries.invitation_behind(draft.id))
    db.session.rollback()


def test_no_reminder_follows_a_no_that_came_by_another_way(post: Any) -> None:
    """As after a backup was put back: the row still waits, and the no is kept apart from it."""
    sent = an_invitation(an_ambassador(), PEER)
    db.session.add(DoNotAsk(address_mark=said_no.mark_of(PEER)))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=10)), pytest.raises(invitations.AnsweredAlready):
        invitations.remind(queries.invitation_behind(sent.id))
    db.session.rollback()
    assert post.to(PEER) == []


def test_by_a_fair_it_comes_in_by_its_own_will_and_the_no_still_stands(visitor: Any, visitors: Any, post: Any) -> None:
    refused(visitor)
    other = an_ambassador(a_company("Drukkerij Ver"))
    page = visitors().open(a_fair_link(other))
    assert sign_up(page, email=PEER).status == 200
    # One letter, which it asked for itself: to confirm the address. Nobody invited or reminded it.
    assert [one.template for one in post.to(PEER)] == ["accounts/confirm"]
    assert said_no.said_no(PEER)
    with pytest.raises(invitations.NotWrittenTo):
        invitations.write(other, an_answer(PEER))
    db.session.rollback()


def test_whoever_signs_up_after_all_is_let_in(visitor: Any, visitors: Any, post: Any) -> None:
    refused(visitor)
    assert sign_up(visitors().open("/sign-up"), email=PEER).status == 200
    assert db.session.scalars(sa.select(Person).where(Person.email == PEER)).one()


def test_the_operators_import_asks_in_vain(app: Flask, visitor: Any, post: Any, tmp_path: Path) -> None:
    refused(visitor)
    a_programme()
    db.session.commit()
    before = letters()
    sheet = tmp_path / "companies.csv"
    sheet.write_text(
        "number,name,street,postcode,municipality,contact_first_name,contact_last_name,contact_email\n"
        "0403.170.701,Garage Peer,Kerkstraat 1,9000,Gent,Jan,Peeters,Jan.Peeters+import@garage.example\n"
    )
    done = app.test_cli_runner().invoke(
        args=["import", "companies", str(sheet), "--programme", "Doorstart Gent", "--invite"]
    )
    assert "said no" in done.output and letters() == before
    assert db.session.scalar(sa.select(Person.id).where(Person.last_name == "Peeters")) is None


def test_calling_somebody_a_colleague_is_no_way_around(visitor: Any, post: Any) -> None:
    """An ambassador's own company invites the address into its team: the letter is not sent, and nothing tells it."""
    refused(visitor)
    company = a_company("Drukkerij Ver")
    a_contact(company, "ria@drukkerij.example")
    accounts.invite(
        email=PEER, first_name="Jan", last_name="Peeters", language="nl", role=Role.EMPLOYER_CONTACT,
        organisation_id=company.organisation_id,
    )  # fmt: skip
    db.session.commit()
    assert post.to(PEER) == []


def test_a_real_colleague_at_the_same_firm_may_be_welcomed(visitor: Any, post: Any) -> None:
    refused(visitor)
    company = a_company("Garage Peer")
    a_contact(company, "baas@garage.example")
    accounts.invite(
        email=PEER, first_name="Jan", last_name="Peeters", language="nl", role=Role.EMPLOYER_CONTACT,
        organisation_id=company.organisation_id,
    )  # fmt: skip
    db.session.commit()
    assert [one.template for one in post.to(PEER)] == ["accounts/welcome"]


def test_a_mailbox_of_anybodys_makes_no_colleague(visitor: Any, post: Any) -> None:
    refused(visitor, "jan@gmail.com")
    company = a_company("Drukkerij Ver")
    a_contact(company, "ria@gmail.com")
    accounts.invite(
        email="jan@gmail.com", first_name="Jan", last_name="Peeters", language="nl", role=Role.EMPLOYER_ADMIN,
        organisation_id=company.organisation_id,
    )  # fmt: skip
    db.session.commit()
    assert post.to("jan@gmail.com") == []


def test_who_comes_to_work_for_the_programme_gets_its_letter(visitor: Any, post: Any) -> None:
    refused(visitor)
    accounts.invite(
        email=PEER,
        first_name="Jan",
        last_name="Peeters",
        language="nl",
        role=Role.PROJECT_WORKER,
        programme_id=a_programme().id,
    )
    db.session.commit()
    assert [one.template for one in post.to(PEER)] == ["accounts/welcome"]


def test_who_signed_up_after_all_is_not_written_to_become_an_ambassador(visitor: Any, post: Any) -> None:
    """The page of today shows the question; a letter would be another time of asking."""
    refused(visitor)
    company = a_company("Garage Peer")
    jan = a_contact(company, PEER)
    asking._ask(_whole(company), asking._wish(company), asking.WEEK_13)
    db.session.commit()
    assert post.to(PEER) == []
    visitor.become(jan).open("/").says("Wil Garage Peer ambassadeur worden?")


def _whole(company: Employer) -> Employer:
    return asking._company(company.id)


def test_a_no_holds_no_name_and_no_address(visitor: Any, post: Any) -> None:
    refused(visitor)
    kept = db.session.scalars(sa.select(DoNotAsk)).one()
    assert len(kept.address_mark) == 64 and "garage" not in kept.address_mark
    row = db.session.scalars(sa.select(Invitation)).one()
    assert (row.address, row.contact_name, row.words) == (None, "", "")


def test_saying_no_twice_says_no_once(visitor: Any, post: Any) -> None:
    an_invitation(an_ambassador(), PEER)
    way = post.last(PEER).path("/invited/")
    page = visitor.open(way)
    page.send("Nee").says("Je zei nee")
    page.send("Nee").says("Je zei nee")
    assert db.session.scalar(sa.select(sa.func.count(DoNotAsk.id))) == 1


def test_opening_the_letters_link_is_no_answer(visitor: Any, post: Any) -> None:
    """A mail scanner opens every link: only the button says no."""
    sent = an_invitation(an_ambassador(), PEER)
    way = post.last(PEER).path("/invited/")
    visitor.open(way)
    assert visitor.client.get(f"{way}/decline").status_code in {404, 405}
    db.session.expire_all()
    assert db.session.get_one(Invitation, sent.id).state is InvitationState.SENT


def test_somebody_unknown_is_asked(post: Any) -> None:
    a_person("known@x.example")
    an_invitation(an_ambassador(), PEER)
    assert len(post.to(PEER)) == 1
    with pytest.raises(invitations.NotWrittenTo):
        invitations.write(an_ambassador(a_company()), an_answer("Known+beurs@x.example"))
    db.session.rollback()
