"""Consent: per purpose, on paper or by link, in the words that were read; taken back, it is gone at the next request."""

import contextvars
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import links
from portal.aftercare.models import CheckIn, Voice
from portal.aftercare.queries import PURPOSE as AFTERCARE_FORM
from portal.candidates import consents, identities
from portal.candidates.models import Candidate
from portal.candidates.states import Channel, Purpose
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.journal.models import Entry
from portal.outbox.models import Letter, LetterState
from tests.aftercare.test_weeks import night
from tests.candidates.consenting import EMAIL, asked, say, somebody, stands, take_back, tasks_of
from tests.candidates.factories import a_coordinator, a_partner, a_worker
from tests.foundation.test_scans import CANARY, a_picture
from tests.interviews.factories import CANARY as NAME
from tests.interviews.factories import NOW, a_confirmed, an_interest
from tests.placements.factories import a_cast, a_start
from tests.showcase.factories import a_company, a_vacancy
from tests.showcase.test_staying_blind import a_team, listings, open_listing, people_out
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
# The words that people have agreed to. A text that changes gets a new version and leaves the old one in [[earlier]].
READ = {
    ("processing", 1): "1f35fdac474a", ("profile", 1): "6f04a0aeb831", ("identity", 1): "2fe288d6cfdd", ("aftercare", 1): "c36ec05edb7c", ("justice_contact", 1): "60aaf549cd0e",
    ("identity_client", 1): "8128f5a3510e",
}  # fmt: skip


# --- The words ------------------------------------------------------------------------------------------------------


def test_a_text_never_changes_without_a_new_version() -> None:
    """The hash of every version in every language, as people have read it."""
    file = load("candidates", "consent_texts")
    texts = {(one["code"], one["version"]): one["text"] for one in [*file["consents"], *file.get("earlier", [])]}
    assert set(texts) == set(READ)
    for which, words in texts.items():
        every = "|".join(words[code] for code in ("nl", "fr", "en"))
        assert hashlib.sha256(every.encode()).hexdigest()[:12] == READ[which], which


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_consent_is_shown_as_it_was_given_and_its_hash_fits(purpose: Purpose, language: str) -> None:
    _worker, candidate = somebody()
    given = consents.give(candidate.id, purpose, channel=Channel.PAPER, language=language)
    words = consents.as_given(given)
    assert words == consents.text(purpose, language)
    assert hashlib.sha256(str(words).encode()).hexdigest() == given.text_hash


def test_an_earlier_version_is_still_shown_word_for_word(monkeypatch: pytest.MonkeyPatch, visitors: Any) -> None:
    _worker, candidate = somebody()
    given = consents.give(candidate.id, Purpose.AFTERCARE, channel=Channel.PAPER, language="nl")
    old = dict(load("candidates", "consent_texts")["consents"][3])
    new = {**old, "version": 2, "text": dict.fromkeys(("nl", "fr", "en"), "Twaalf maanden.")}
    monkeypatch.setattr(consents, "_entry", lambda purpose: new)
    monkeypatch.setattr(consents, "load", lambda *_: {"earlier": [old]})
    assert "zes maanden" in str(consents.as_given(given))
    assert consents.as_given(consents.give(candidate.id, Purpose.AFTERCARE, channel=Channel.PAPER)) == "Twaalf maanden."
    given.text_hash = "0" * 64
    assert consents.as_given(given) is None


# --- On paper -------------------------------------------------------------------------------------------------------


def test_an_agreement_on_paper_keeps_its_scan_without_what_the_camera_wrote(visitors: Any) -> None:
    worker, candidate = somebody()
    lien: Visitor = visitors(worker)
    path = f"/people/{candidate.key}"
    lien.open(f"{path}/consents/new").follow("Follow-up after the start").says("zes maanden opvolgen", "handtekening")
    page = lien.open(f"{path}/consents/new")
    hidden = {name: page.tree.xpath(f"//main//input[@name='{name}']/@value")[0] for name in ("csrf_token", "once")}
    values = [*hidden.items(), ("purpose", "aftercare"), ("channel", "paper")]
    bad = lien.post(page.path, [*values, ("scan", (io.BytesIO(b"<html>"), "karim.pdf"))])
    assert bad.status == 422 and stands(candidate, Purpose.AFTERCARE) is None
    broken = lien.post(page.path, [*values, ("scan", (io.BytesIO(a_picture("JPEG")[:90]), "karim.jpg"))])
    assert broken.status == 422 and stands(candidate, Purpose.AFTERCARE) is None
    photo = a_picture("JPEG")
    lien.post(page.path, [*values, ("scan", (io.BytesIO(photo), "karim-haddad.jpg"))]).says("The agreement is kept")
    given = stands(candidate, Purpose.AFTERCARE)
    assert given is not None and (given.channel, given.text_version, given.language) == (Channel.PAPER, 1, "nl")
    sheet = f"{path}/consents/{given.id}/scan"
    db.session.commit()
    got = contextvars.Context().run(lambda: lien.client.get(sheet))
    assert got.data.startswith(b"\xff\xd8\xff") and CANARY.encode() in photo and CANARY.encode() not in got.data
    assert got.headers["Content-Disposition"] == "attachment; filename=sheet.jpg"
    assert db.session.scalar(sa.select(sa.func.count()).where(Entry.action == "consent.scan_read")) == 1
    for stranger in (a_worker("Jonas"), a_coordinator()):
        visitors(stranger).open(sheet, status=404)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_sheet_is_printed_for_each_purpose_and_language_with_its_version(purpose: Purpose, visitors: Any) -> None:
    worker, candidate = somebody(language="fr")
    lien: Visitor = visitors(worker)
    for code in ("nl", "fr", "en"):
        page = lien.open(f"/people/{candidate.key}/consents/sheet/{purpose.value}?in={code}")
        page.says(consents.text(purpose, code).replace("\N{NO-BREAK SPACE}", " "), "1 ·")
    lien.open(f"/people/{candidate.key}/consents/sheet/nonsense", status=404)


# --- Withdrawal works at the next request ------------------------------------------------------------------------------


@pytest.mark.engine
def test_who_stops_the_guidance_ends_every_consent_and_every_letter_that_waits(
    visitors: Any, visitor: Visitor, post: Any
) -> None:
    worker, candidate = somebody()
    for purpose in (Purpose.PROFILE, Purpose.AFTERCARE):
        consents.give(candidate.id, purpose, channel=Channel.PAPER)
    page = visitors(worker).open(f"/people/{candidate.key}/consents/ask")
    page.send("Make the link", purpose="justice_contact", how="letter")
    way = asked(worker, candidate, None)
    assert post.to(EMAIL)
    with acting.as_(None, "visitor"):
        consents.withdraw(consents.standing(candidate.id, Purpose.PROCESSING))  # type: ignore[arg-type]
    db.session.commit()
    assert [stands(candidate, one) for one in Purpose] == [None] * 5
    assert post.to(EMAIL) == []
    letter = db.session.scalars(sa.select(Letter)).one()
    assert (letter.state, letter.values, letter.address) == (LetterState.CANCELLED, None, None)
    assert "candidates.stop" in tasks_of(candidate)
    visitor.open(way).says("ingetrokken op").lacks("Karim")


def test_a_letter_about_an_answered_question_does_not_leave(visitors: Any, visitor: Visitor, post: Any) -> None:
    worker, candidate = somebody()
    page = visitors(worker).open(f"/people/{candidate.key}/consents/ask")
    page.send("Make the link", purpose="aftercare", how="letter")
    way = post.last(EMAIL).path("/agree/")
    say(visitor.open(way), "yes")
    assert post.to(EMAIL) == []


def test_a_profile_that_is_taken_back_by_link_is_gone_at_the_next_request(
    visitors: Any, visitor: Visitor, post: Any
) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(6, lien, sam)[0]
    listing = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    company: Visitor = visitors(els)
    open_listing(company, listing)
    company.open(f"/profiles/{listing.key}")
    take_back(visitor, lien, db.session.get_one(Candidate, profile.candidate_id), Purpose.PROFILE)
    company.open(f"/profiles/{listing.key}", status=404)
    company.open(f"/vacancies/{vacancy.key}/profiles").lacks(listing.code)


@pytest.mark.parametrize("purpose", [Purpose.IDENTITY, Purpose.PROCESSING])
def test_a_name_that_is_taken_back_by_link_is_gone_at_the_next_request(
    purpose: Purpose, visitors: Any, visitor: Visitor, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        consents.give(case.candidate.id, Purpose.PROCESSING, channel=Channel.PAPER)
        path = f"/interviews/{a_confirmed(case).key}"
        an: Visitor = visitors(case.contact)
        an.open(path).says(NAME)
        page = visitor.open(asked(case.worker, case.candidate, None)).lacks(NAME, "Transport Nys")
        given = consents.standing(case.candidate.id, purpose, case.employer.id if purpose == Purpose.IDENTITY else None)
        assert given is not None
        form = next(f for f in page.tree.xpath("//form") if f"/{given.id}/withdraw" in f.get("action", ""))
        visitor.post(form.get("action"), list(form.form_values()))
        an.open(path).lacks(NAME)
        assert identities.revealed(case.candidate.id, case.employer.id, client_id=None) is None


def test_aftercare_that_is_taken_back_closes_the_employees_own_link(visitor: Visitor, post: Any) -> None:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as at:
        cast = a_cast()
        placement = a_start(cast)
        candidate = db.session.get_one(Candidate, placement.candidate_id)
        consents.give(candidate.id, Purpose.AFTERCARE, channel=Channel.PAPER)
        check_in = db.session.scalars(
            sa.select(CheckIn).where(CheckIn.voice == Voice.EMPLOYEE, CheckIn.channel == "form").order_by(CheckIn.due)
        ).first()
        assert check_in is not None
        night(at, check_in.due.isoformat())
        link = links.make(
            AFTERCARE_FORM, check_in, reader=f"candidate:{candidate.id}", expires=clock.now() + timedelta(days=30)
        )
        db.session.commit()
        way = f"/form/{links.token_of(link)}"
        visitor.open(way)
        take_back(visitor, cast.worker, candidate, Purpose.AFTERCARE)
        visitor.open(way, status=410).says("Deze link werkt niet meer")
        assert all(letter.to == cast.contact.email for letter in post.all())


# --- Who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["/agreements", "/consents/new", "/consents/ask", "/consents/sheet/profile"])
def test_another_worker_and_a_partner_find_no_agreements(part: str, visitors: Any) -> None:
    _worker, candidate = somebody()
    visitors(a_worker("Jonas")).open(f"/people/{candidate.key}{part}", status=404)
    visitors(a_partner()).open(f"/people/{candidate.key}{part}", status=403)


def test_a_coordinator_reads_agreements_and_changes_none(visitors: Any) -> None:
    _worker, candidate = somebody()
    griet: Visitor = visitors(a_coordinator())
    griet.open(f"/people/{candidate.key}/agreements").says("Guidance and data", "stands").lacks(
        "takes this back", "Ask by link"
    )
    griet.open(f"/people/{candidate.key}/consents/ask", status=404)


def test_agreements_cost_the_same_at_one_and_at_thirty(visitors: Any, visitor: Visitor) -> None:
    worker, candidate = somebody()
    way = asked(worker, candidate, None)
    lien: Visitor = visitors(worker)
    path = f"/people/{candidate.key}/agreements"
    costs = [len(lien.open(path).queries), len(visitor.open(way).queries)]
    for _ in range(29):
        consents.give(candidate.id, Purpose.AFTERCARE, channel=Channel.PAPER)
    db.session.commit()
    assert costs == [len(lien.open(path).queries), len(visitor.open(way).queries)]
    assert max(costs) <= 8
