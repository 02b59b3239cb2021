"""An ambassador asks a peer in; a no is a no, for everybody and for good."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.ambassadors import invitations, queries
from portal.ambassadors.models import DoNotAsk, Invitation, InvitationState
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState
from tests.ambassadors.factories import a_company, a_contact, a_draft, an_ambassador, an_invitation, who
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")
PEER = "jan@garage.example"
FORM = {
    "company_name": "Garage Peer", "contact_name": "Jan Peeters", "email": PEER,
    "words": "Wij zijn heel tevreden. Kom eens langs.",
}  # fmt: skip


def test_the_letter_is_read_before_it_leaves(visitors: Any, post: Any) -> None:
    an = visitors(who(an_ambassador()))
    preview = an.open("/network/invite").send("Bekijk de brief", **FORM)
    preview.says("Zo leest Jan Peeters het")
    assert post.all() == []
    shown = an.client.get(f"{preview.path}/letter")
    assert shown.mimetype == "text/html"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    sent = preview.send("Verstuur deze brief")
    sent.says("Garage Peer", "wacht op antwoord")
    letter = post.last(PEER)
    assert "Wij zijn heel tevreden. Kom eens langs." in letter.text
    preview_text = shown.get_data(as_text=True).replace("/invited/0", letter.path("/invited/"))
    assert preview_text == letter.html
    assert letter.subject == "An Maes van Bakkerij Soetaert nodigt je uit"


def test_a_colleague_of_the_ambassador_reads_the_network_and_meets_no_closed_door(visitors: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert", state=EmployerState.ACTIVE)
    an_invitation(an_ambassador(company), PEER)
    colleague = a_contact(company, name="Bo Maes")
    page = visitors(colleague).open("/network").says("1 bedrijf uitgenodigd").lacks("Nodig een bedrijf uit")
    assert not page.tree.xpath("//main//a[contains(@href, '/network/invit')]")


def test_a_draft_can_be_changed(visitors: Any, post: Any) -> None:
    an = visitors(who(an_ambassador()))
    preview = an.open("/network/invite").send("Bekijk de brief", **FORM)
    changed = preview.follow("Verander de tekst").send("Bekijk de brief", words="Bel me gerust. Ik vertel je meer.")
    changed.send("Verstuur deze brief")
    assert "Bel me gerust." in post.last(PEER).text
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 1


def test_one_click_says_no_and_nobody_asks_again(visitors: Any, visitor: Any, post: Any) -> None:
    an_invitation(an_ambassador(), PEER)
    way = post.last(PEER).path("/invited/")
    page = visitor.open(way).says("An Maes van Bakkerij Soetaert nodigt je uit")
    assert db.session.scalars(sa.select(Invitation)).one().state is InvitationState.SENT
    page.send("Nee").says("Je zei nee")
    declined = db.session.scalars(sa.select(Invitation)).one()
    assert (declined.state, declined.address, declined.contact_name) == (InvitationState.DECLINED, None, "")
    visitor.open(way).says("Je zei nee")
    before = len(post.all())

    with time_machine.travel(clock.now() + timedelta(days=900)):
        other = visitors(who(an_ambassador(a_company("Drukkerij Ver"))))
        for address in (PEER, "JAN@garage.example", "jan+beurs@Garage.example"):
            refused = other.open("/network/invite").send("Bekijk de brief", **{**FORM, "email": address})
            assert refused.status == 422
            refused.says("We schrijven niet naar dit adres")
    assert len(post.all()) == before


def test_every_refusal_reads_the_same(visitors: Any, visitor: Any, post: Any) -> None:
    """Said no, has an account, was asked by somebody else: the asker cannot tell which."""
    an_invitation(an_ambassador(), "no@x.example")
    visitor.open(post.last("no@x.example").path("/invited/")).send("Nee")
    an_invitation(an_ambassador(a_company()), "asked@x.example")
    a_person("known@x.example")
    other = visitors(who(an_ambassador(a_company())))
    texts = set()
    for address in ("no@x.example", "asked@x.example", "known@x.example"):
        answer = other.open("/network/invite").send("Bekijk de brief", **{**FORM, "email": address})
        texts.add((answer.status, answer.text))
    assert len(texts) == 1


def test_a_no_between_the_draft_and_the_sending_stops_it(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    draft = a_draft(ambassador, PEER)
    db.session.add(DoNotAsk(address_mark=invitations.mark_of(PEER)))
    db.session.commit()
    an = visitors(who(ambassador))
    an.open(f"/network/invitations/{draft.key}").send("Verstuur deze brief").says("We schrijven niet naar dit adres")
    assert post.all() == []


def test_a_letter_that_waits_is_not_sent_after_a_no(visitors: Any, post: Any) -> None:
    an_invitation(an_ambassador(), PEER)
    db.session.add(DoNotAsk(address_mark=invitations.mark_of(PEER)))
    assert post.to(PEER) == []


@pytest.mark.engine
def test_one_address_has_one_open_invitation(app: Any, post: Any) -> None:
    """Two drafts to one mailbox, sent at the same moment: the database lets one through."""
    first, second = a_draft(an_ambassador(), PEER), a_draft(an_ambassador(a_company()), PEER)
    first, second = queries.invitation_behind(first.id), queries.invitation_behind(second.id)
    invitations.send(first)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(Invitation).where(Invitation.id == second.id).values(state=InvitationState.SENT))
    with pytest.raises(invitations.NotWrittenTo):
        invitations.send(queries.invitation_behind(second.id))


def test_a_reminder_goes_out_twice_at_most_and_a_week_apart(visitors: Any, post: Any) -> None:
    with time_machine.travel("2026-11-02 10:00:00+00:00", tick=False) as at:
        ambassador = an_ambassador()
        sent = an_invitation(ambassador, PEER)
        for _ in range(2):
            with pytest.raises(invitations.RemindedEnough):
                invitations.remind(sent)
            at.shift(timedelta(days=7))
            an = visitors(who(ambassador))
            an.open(f"/network/invitations/{sent.key}").send("Stuur een herinnering")
        at.shift(timedelta(days=7))
        page = visitors(who(ambassador)).open(f"/network/invitations/{sent.key}")
        assert "Stuur een herinnering" not in page.text
        with pytest.raises(invitations.RemindedEnough):
            invitations.remind(db.session.get_one(Invitation, sent.id))
        assert len(post.to(PEER, "ambassadors/reminder")) == 2


def test_withdrawing_closes_the_link_and_forgets_the_address(visitors: Any, visitor: Any, post: Any) -> None:
    ambassador = an_ambassador()
    sent = an_invitation(ambassador, PEER)
    way = post.last(PEER).path("/invited/")
    visitors(who(ambassador)).open(f"/network/invitations/{sent.key}").send("Trek de uitnodiging in")
    visitor.open(way, status=410)
    letter = db.session.scalars(sa.select(Letter).where(Letter.template == "ambassadors/invitation")).one()
    assert letter.state is LetterState.CANCELLED
    assert db.session.get_one(Invitation, sent.id).address is None


def test_no_answer_in_sixty_days_closes_it(visitor: Any, post: Any) -> None:
    with time_machine.travel("2026-09-01 10:00:00+00:00", tick=False) as at:
        sent = an_invitation(an_ambassador(), PEER)
        way = post.last(PEER).path("/invited/")
        at.shift(timedelta(days=61))
        visitor.open(way, status=410)
        assert invitations.close_old() == 1
        assert db.session.get_one(Invitation, sent.id).state is InvitationState.WITHDRAWN


def test_an_invitation_never_speaks_of_a_past(visitors: Any) -> None:
    an = visitors(who(an_ambassador()))
    words = "Onze beste bakker zat in de gevangenis. Kom eens kijken."
    page = an.open("/network/invite").send("Bekijk de brief", **{**FORM, "words": words})
    assert page.status == 422
    page.says("over iemands verleden")


def test_other_peoples_invitations_do_not_exist(visitors: Any, visitor: Any, post: Any) -> None:
    sent = an_invitation(an_ambassador(), PEER)
    other = visitors(who(an_ambassador(a_company())))
    other.open(f"/network/invitations/{sent.key}", status=404)
    other.open(f"/network/invitations/{sent.key}/letter", status=404)
    visitors(a_contact(a_company())).open(f"/network/invitations/{sent.key}", status=403)
    visitor.open("/invited/1-nonsense", status=410)


def test_sounding_out_addresses_is_slowed_down(visitors: Any) -> None:
    an = visitors(who(an_ambassador()))
    with time_machine.travel(clock.now(), tick=False):
        answers = [
            an.open("/network/invite").send("Bekijk de brief", **{**FORM, "email": f"a{n}@x.example"}).status
            for n in range(62)
        ]
    assert answers[:60] == [200] * 60
    assert answers[60:] == [429] * 2
