"""Pausing until a day, coming back by itself or before, and leaving with grace."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import queries as people
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.ambassadors import invitations, queries, resting
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, InvitationState, Signature
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import colleague_left
from portal.tasks.models import Task
from tests.ambassadors.factories import (
    a_company,
    a_contact,
    a_coordinator,
    a_draft,
    an_ambassador,
    an_invitation,
    signed,
    who,
)
from tests.ambassadors.test_fairs import a_fair_link

pytestmark = pytest.mark.usefixtures("app")
PEER = "jan@garage.example"


def whole(ambassador: Ambassador) -> Ambassador:
    programme = db.session.get_one(Employer, ambassador.employer_id).programme_id
    return queries.ambassador_in([programme], ambassador.key)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_an_ambassador_pauses_until_a_day_and_comes_back_before(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an_invitation(ambassador, PEER)
    an = visitors(who(ambassador))
    page = an.open("/network").follow("Pauzeren of stoppen").send("Pauzeer tot die dag", until=in_days(40))
    page.says("op pauze tot").lacks("Nodig een bedrijf uit", "Jouw codes")
    an.open("/network/invite", status=404)
    an.open("/network/fairs", status=404)
    an.open("/network").send("Kom nu terug").says("Welkom terug")
    an.open("/network/invite")


@pytest.mark.parametrize("until", ["", "2020-01-01", "2099-01-01", "niets"])
def test_a_day_that_cannot_be_gets_a_sentence(visitors: Any, until: str) -> None:
    an = visitors(who(an_ambassador()))
    page = an.open("/network/rest").send("Pauzeer tot die dag", until=until)
    assert page.status == 422 and page.tree.xpath("//*[@id='until-error']")


def test_invitations_rest_but_who_has_a_letter_can_still_answer(visitors: Any, visitor: Any, post: Any) -> None:
    ambassador = an_ambassador()
    sent, draft = an_invitation(ambassador, PEER), a_draft(ambassador, "ria@x.example")
    way = post.last(PEER).path("/invited/")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        resting.pause(whole(ambassador), clock.today() + timedelta(days=30))
        db.session.commit()
        db.session.expire_all()
        with pytest.raises(invitations.Resting):
            invitations.remind(queries.invitation_behind(sent.id))
        with pytest.raises(invitations.Resting):
            invitations.send(queries.invitation_behind(draft.id))
        db.session.rollback()
        an = visitors(who(ambassador))
        an.open(f"/network/invitations/{sent.key}").lacks("Stuur een herinnering")
        visitor.open(way).send("Nee").says("Je zei nee")


def test_a_pause_ends_by_itself_with_a_letter(post: Any) -> None:
    ambassador = an_ambassador()
    resting.pause(whole(ambassador), clock.today() + timedelta(days=5))
    db.session.commit()
    resting.end_pauses()
    assert whole(ambassador).state is AmbassadorState.PAUSED
    with time_machine.travel(clock.now() + timedelta(days=5)):
        for _ in range(2):
            resting.end_pauses()
            db.session.commit()
    back = whole(ambassador)
    assert (back.state, back.paused_until) == (AmbassadorState.ACTIVE, None)
    assert len(post.all("ambassadors/back")) == 1


def test_leaving_takes_what_is_public_away_at_once_and_the_peers_stay(visitors: Any, visitor: Any, post: Any) -> None:
    ambassador = an_ambassador()
    ambassador.named_publicly, ambassador.quote = True, "Wij raden het iedereen aan."
    sent = an_invitation(ambassador, "came@x.example", "Garage Peer")
    invitations.registered(sent, a_company("Garage Peer", invitation=sent))
    an_invitation(ambassador, PEER)
    a_draft(ambassador, "draft@x.example")
    db.session.commit()
    visitor.open("/ambassadors").says("Bakkerij Soetaert")

    an = visitors(who(ambassador))
    page = an.open("/network/rest").says("1 uitnodiging wacht op een antwoord")
    page.send("Stop als ambassadeur", letters="withdraw", because="Geen tijd dit jaar.").says("geen ambassadeur meer")
    visitor.open("/ambassadors").lacks("Bakkerij Soetaert", "Wij raden het iedereen aan")
    left = db.session.get_one(Ambassador, ambassador.id)
    assert (left.state, left.named_publicly, left.quote) == (AmbassadorState.ENDED, False, "")
    rows = db.session.scalars(sa.select(Invitation.state).order_by(Invitation.id)).all()
    assert rows == [InvitationState.REGISTERED, InvitationState.WITHDRAWN]
    assert db.session.scalars(sa.select(Employer).where(Employer.invitation_id == sent.id)).one()
    assert post.to(PEER) == []
    assert "bedankt" in post.last(_address(ambassador), "ambassadors/left").subject.lower()


def _address(ambassador: Ambassador) -> str:
    return db.session.get_one(Person, ambassador.person_id).email


def test_letters_may_stay_by_choice(visitors: Any, visitor: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an_invitation(ambassador, PEER)
    way = post.last(PEER).path("/invited/")
    visitors(who(ambassador)).open("/network/rest").send("Stop als ambassadeur", letters="stand")
    visitor.open(way).says("An Maes van Bakkerij Soetaert nodigt je uit").send("Nee").says("Je zei nee")


def test_somebody_who_left_has_the_role_no_longer_and_nothing_waits(visitors: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert")
    ambassador = an_ambassador(company)
    db.session.execute(sa.update(Membership).values(since=clock.today() - timedelta(days=90)))
    db.session.commit()
    an = visitors(who(ambassador))
    an.open("/network/rest").send("Stop als ambassadeur", letters="stand")
    assert not people.holders(Role.AMBASSADOR, organisation_id=company.organisation_id)
    an.open("/network/invite", status=403)
    an.open("/network").says("Je tijd als ambassadeur is voorbij")
    assert db.session.scalars(sa.select(Task).where(Task.closed_at.is_(None))).all() == []


def test_who_left_signs_again_and_keeps_the_peers(visitors: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert")
    ambassador = an_ambassador(company)
    sent = an_invitation(ambassador, "came@x.example", "Garage Peer")
    invitations.registered(sent, a_company("Garage Peer", invitation=sent))
    resting.leave(whole(ambassador), withdraw_sent=False)
    db.session.commit()
    an, cor = visitors(who(ambassador)), visitors(a_coordinator())
    an.open("/network/charter").send("Onderteken", signed_name="An Maes", agreed=True)
    assert db.session.scalar(sa.select(sa.func.count(Signature.id))) == 1
    cor.open("/").follow("Lees en antwoord").send("Verstuur", decision="approve")
    an.open("/network").says("1 bedrijf uitgenodigd, 1 aangemeld", "Garage Peer")


def test_who_was_refused_once_may_sign_again_later(app: Any, post: Any) -> None:
    company = a_company()
    first = signed(company, a_contact(company))
    first.move_to(AmbassadorState.REJECTED, "Te vroeg")
    db.session.commit()
    again = signed(company, a_contact(company))
    assert (again.id, again.state) == (first.id, AmbassadorState.APPLIED)


def test_leaving_twice_is_leaving_once(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an = visitors(who(ambassador))
    page = an.open("/network/rest")
    page.send("Stop als ambassadeur", letters="stand")
    page.send("Stop als ambassadeur", letters="stand")
    assert len(post.all("ambassadors/left")) == 1


def test_a_colleague_neither_pauses_nor_leaves_for_the_ambassador(visitors: Any) -> None:
    company = a_company()
    an_ambassador(company)
    colleague = visitors(a_contact(company))
    for path in ("/network/rest", "/network/pause", "/network/leave"):
        colleague.open(path, status=403)


def test_who_leaves_the_company_leaves_the_role_to_a_colleague(visitors: Any, visitor: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert")
    ambassador = an_ambassador(company)
    sent, bo = an_invitation(ambassador, PEER), a_contact(company, name="Bo Claeys")
    way, old = a_fair_link(ambassador), who(ambassador)
    ambassador.named_publicly = True
    db.session.execute(sa.update(Membership).values(since=clock.today() - timedelta(days=90)))
    db.session.commit()
    colleague_left.send(db.session.get_one(Employer, company.id), person=old, successor=bo)
    db.session.commit()
    assert [one.id for one in people.holders(Role.AMBASSADOR, organisation_id=company.organisation_id)] == [bo.id]
    visitors(old).open(f"/network/invitations/{sent.key}", status=403)
    visitors(bo).open(f"/network/invitations/{sent.key}").says("Garage Peer")
    assert whole(ambassador).named_publicly is False
    visitor.open(way, status=410)
    visitor.open(post.last(PEER).path("/invited/")).says("Bo Claeys van Bakkerij Soetaert nodigt je uit")
