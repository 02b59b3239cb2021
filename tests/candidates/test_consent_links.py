"""An agreement asked by link: read, answered, taken back; and a link that opens nothing tells nothing."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.candidates import consent_requests, consents
from portal.candidates.models import Consent, ConsentRequest, Referral
from portal.candidates.states import Channel, Purpose
from portal.candidates.timeline import SENTENCES
from portal.foundation import acting, clock
from portal.foundation.database import db
from tests.candidates.consenting import EMAIL, asked, say, somebody, stands, tasks_of
from tests.candidates.factories import a_candidate, a_coordinator
from tests.candidates.test_partners import main
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


# --- By link --------------------------------------------------------------------------------------------------------


def test_a_letter_asks_in_the_own_language_and_gives_nothing_away(visitors: Any, visitor: Visitor, post: Any) -> None:
    worker, candidate = somebody(language="fr")
    page = visitors(worker).open(f"/people/{candidate.key}/consents/ask")
    page.send("Make the link", purpose="aftercare", how="letter").says("The letter is on its way", "by e-mail")
    letter = post.last(EMAIL, "candidates/consent")
    for secret in ("Karim", "Haddad", "Oudenaarde", "suivi", "detent", "emploi"):
        assert secret.casefold() not in f"{letter.subject} {letter.text}".casefold()
    asking = visitor.open(letter.path("/agree/"))
    assert asking.tree.get("lang") == "fr"
    asking.says("pendant six mois").lacks("Karim", "Haddad", "Oudenaarde", worker.name)
    say(asking, "yes")
    given = stands(candidate, Purpose.AFTERCARE)
    assert given is not None and (given.channel, given.language, given.recorded_by) == (Channel.LINK, "fr", None)
    assert {"consent.asked", "consent.refused", "consent.scan_read"} <= set(SENTENCES)


def test_without_an_address_the_link_is_handed_over(visitors: Any, visitor: Visitor) -> None:
    worker, candidate = somebody(email=None)
    page = visitors(worker).open(f"/people/{candidate.key}/consents/ask")
    page.send("Make the link", purpose="aftercare", how="letter").says("We have no e-mail address of this person")
    assert db.session.query(ConsentRequest).count() == 0
    sheet = page.send("Make the link", purpose="aftercare", how="hand")
    address = sheet.tree.xpath("//p[@class='address']")[0].text_content()
    visitor.open("/" + address.split("/", 3)[3]).says("zes maanden opvolgen")
    visitors(a_coordinator()).open(sheet.path, status=404)


def test_another_language_is_chosen_on_the_page_and_kept_with_the_answer(visitor: Visitor) -> None:
    worker, candidate = somebody()
    page = visitor.open(asked(worker, candidate)).says("zes maanden")
    visitor.client.set_cookie("language", "en")
    say(visitor.open(page.path).says("six months"), "yes").says("What you agreed to")
    given = stands(candidate, Purpose.AFTERCARE)
    assert given is not None
    assert (given.language, consents.as_given(given)) == ("en", consents.text(Purpose.AFTERCARE, "en"))


def test_the_worker_hears_of_the_answer(visitors: Any, visitor: Visitor) -> None:
    worker, candidate = somebody()
    say(visitor.open(asked(worker, candidate)), "yes")
    lien: Visitor = visitors(worker)
    lien.open("/").says("answered about an agreement")
    page = lien.open(f"/people/{candidate.key}/agreements").says("said yes", "by link", "zes maanden opvolgen")
    page.send("I have read it")
    assert consent_requests.TASK not in tasks_of(candidate)


def test_a_no_changes_nothing_that_partners_see(visitors: Any, visitor: Visitor) -> None:
    worker, candidate = somebody()
    referral = db.session.query(Referral).one()
    tom: Visitor = visitors(db.session.get_one(Person, referral.referrer_id))
    before = main(tom.open(f"/referrals/{referral.key}"))
    way = asked(worker, candidate)
    assert say(visitor.open(way), "no").status == 200
    assert stands(candidate, Purpose.AFTERCARE) is None
    assert main(tom.open(f"/referrals/{referral.key}")) == before
    visitors(worker).open(f"/people/{candidate.key}/agreements").says("said no")
    assert consent_requests.TASK in tasks_of(candidate)


def test_each_purpose_is_taken_back_by_the_same_link(visitor: Visitor) -> None:
    worker, candidate = somebody()
    for purpose in (Purpose.PROFILE, Purpose.AFTERCARE, Purpose.JUSTICE_CONTACT):
        consents.give(candidate.id, purpose, channel=Channel.PAPER)
    way = asked(worker, candidate, None)
    for purpose in (Purpose.PROFILE, Purpose.AFTERCARE, Purpose.JUSTICE_CONTACT, Purpose.PROCESSING):
        given = stands(candidate, purpose)
        assert given is not None
        page = visitor.open(way).lacks("Karim", "Haddad")
        form = next(f for f in page.tree.xpath("//form") if f"/{given.id}/withdraw" in f.get("action", ""))
        visitor.post(form.get("action"), list(form.form_values()))
        assert stands(candidate, purpose) is None
    assert {"candidates.stop", consent_requests.TASK} <= tasks_of(candidate)


# --- Links that open nothing -----------------------------------------------------------------------------------------


def test_every_link_that_is_not_open_has_the_same_page(visitor: Visitor) -> None:
    worker, candidate = somebody()
    used, newer = asked(worker, candidate), asked(worker, candidate)
    with acting.as_(worker.id, "project_worker"):
        other = links.make("password", worker, reader=f"person:{worker.id}", expires=clock.now() + timedelta(days=1))
    db.session.commit()
    number = newer.removeprefix("/agree/").partition("-")[0]
    ways = [
        used,
        f"/agree/{links.token_of(other)}",
        "/agree/nonsense",
        f"/agree/{number}-{'0' * 40}",
        "/agree/999999-ab",
    ]
    with time_machine.travel(clock.now() + timedelta(days=31)):
        ways_late = [visitor.open(newer, status=410).text]
    pages = {visitor.open(way, status=410).text for way in ways} | set(ways_late)
    assert len(pages) == 1
    for way in ways:
        assert visitor.post(f"{way}/1/withdraw", []).status in {400, 410}


@pytest.mark.engine
def test_an_answer_is_given_once(visitor: Visitor) -> None:
    worker, candidate = somebody()
    page = visitor.open(asked(worker, candidate))
    say(page, "no")
    say(page, "yes")
    second = page.visitor.open(page.path)
    assert stands(candidate, Purpose.AFTERCARE) is None
    assert not second.tree.xpath("//input[@name='agrees']")


def test_a_link_takes_back_nothing_of_somebody_else(visitor: Visitor) -> None:
    worker, candidate = somebody()
    other = a_candidate(worker, first_name="Samira")
    theirs = consents.standing(other.id, Purpose.PROCESSING)
    assert theirs is not None
    page = visitor.open(asked(worker, candidate, None))
    form = page.tree.xpath("//main//form")[0]
    assert visitor.post(f"{page.path}/{theirs.id}/withdraw", list(form.form_values())).status == 404
    assert stands(other, Purpose.PROCESSING) is not None


def test_opening_a_link_changes_nothing(visitor: Visitor) -> None:
    worker, candidate = somebody()
    way = asked(worker, candidate)
    before = db.session.query(Consent).count()
    visitor.open(way)
    visitor.open(way)
    assert db.session.query(Consent).count() == before
    assert db.session.scalars(sa.select(PersonalLink.used_at)).one() is None
