"""The certificate and the badge say what is true today, and of a former ambassador nothing but that it is no longer."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.ambassadors.models import AmbassadorState, Level
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import date_long, speaking
from tests.ambassadors.factories import a_contact, who
from tests.ambassadors.test_questions import a_peer

pytestmark = pytest.mark.usefixtures("app")


def test_a_badge_leads_to_a_page_that_says_whether_it_is_valid(visitors: Any, visitor: Any) -> None:
    peer = a_peer("Molen Vergote")
    page = visitors(who(peer)).open("/network/recognition")
    snippet = page.tree.xpath("//textarea[@id='snippet']")[0].text
    assert "<script" not in snippet
    link, picture = snippet.split('href="')[1].split('"')[0], snippet.split('src="')[1].split('"')[0]
    assert link.endswith(f"/verify/{peer.key}")
    assert picture.endswith("/badge/engaged-nl.svg")
    visitor.open(f"/verify/{peer.key}").says("Molen Vergote is ambassadeur", "Vandaag geldig", str(clock.today().year))
    visitor.open("/verify/neverexisted", status=404)


@pytest.mark.parametrize("how", ["ended", "paused", "blocked"])
def test_a_former_one_reads_no_longer_and_nothing_else(visitor: Any, post: Any, how: str) -> None:
    peer = a_peer("Molen Vergote")
    if how == "blocked":
        db.session.get_one(Employer, peer.employer_id).state = EmployerState.BLOCKED
    elif how == "paused":
        peer.move_to(AmbassadorState.PAUSED)
    else:
        peer.state = AmbassadorState.ENDED
    db.session.commit()
    page = visitor.open(f"/verify/{peer.key}").says("Deze badge is niet langer geldig")
    page.lacks("Vergote").lacks("Betrokken")


def test_what_a_badge_says_aloud_is_set_as_its_language_sets_it(visitors: Any) -> None:
    me = visitors(who(a_peer("Molen Vergote")))
    for code, colon in (("nl", ": "), ("fr", "\u00a0: "), ("en", ": ")):
        page = me.open(f"/network/recognition?badge={code}")
        assert page.tree is not None
        said = page.tree.xpath("//main//img[contains(@src, '/badge/')]/@alt")[0]
        assert colon in said and said in page.tree.xpath("//textarea|//pre|//code")[0].text_content()


def test_a_badge_is_the_same_picture_for_everybody_and_may_be_kept(visitor: Any) -> None:
    for level in Level:
        for code in ("nl", "fr", "en"):
            answer = visitor.client.get(f"/badge/{level.value}-{code}.svg")
            assert answer.status_code == 200
            assert answer.mimetype == "image/svg+xml"
            assert answer.headers["Cache-Control"] == "public, max-age=86400"
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            drawing = ElementTree.fromstring(answer.get_data(as_text=True))
            assert not [one for one in drawing.iter() if one.tag.endswith(("script", "image", "use"))]
            again = visitor.client.get(
                f"/badge/{level.value}-{code}.svg", headers={"If-None-Match": answer.headers["ETag"]}
            )
            assert again.status_code == 304
    assert visitor.client.get("/badge/engaged-de.svg").status_code == 404
    assert visitor.client.get("/badge/king-nl.svg").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Ambassadeur 20"), ("fr", "Entreprise ambassadrice 20"), ("en", "Ambassador 20")]
)
def test_the_certificate_is_in_the_language_of_its_company(visitors: Any, language: str, words: str) -> None:
    peer = a_peer("Molen Vergote")
    who(peer).language = language
    db.session.commit()
    paper = visitors(who(peer)).open("/network/certificate.pdf")
    assert paper.response.mimetype == "application/pdf"
    assert words in paper.html
    assert "Molen Vergote" in paper.html
    assert f"/verify/{peer.key}" in paper.html.replace("\n", "")
    assert b"/MarkInfo" in paper.response.get_data() or b"StructTreeRoot" in paper.response.get_data()
    assert paper.response.headers["Content-Disposition"] == "attachment; filename=doorstart-ambassador.pdf"


def test_who_rests_or_left_has_no_certificate(visitors: Any) -> None:
    peer = a_peer("Molen Vergote")
    visitor = visitors(who(peer))
    peer.move_to(AmbassadorState.PAUSED)
    db.session.commit()
    visitor.open("/network/certificate.pdf", status=404)
    visitor.open("/network/recognition").says("het certificaat rust").lacks("certificate.pdf")


def test_a_company_is_an_ambassador_since_its_first_day_also_after_a_colleague_took_over(visitor: Any) -> None:
    peer = a_peer("Molen Vergote")
    company = db.session.get_one(Employer, peer.employer_id)
    seat = db.session.scalars(sa.select(Membership).where(Membership.role == Role.AMBASSADOR)).one()
    today = clock.today()
    seat.since, seat.until = today - timedelta(days=400), today - timedelta(days=1)
    accounts.seat(a_contact(company), Role.AMBASSADOR, organisation_id=company.organisation_id)
    # Long before, it was one for a while and left: that is not counted along.
    former = accounts.seat(who(peer), Role.AMBASSADOR, organisation_id=company.organisation_id)
    former.since, former.until = today - timedelta(days=2000), today - timedelta(days=1500)
    db.session.commit()
    with speaking("nl"):
        visitor.open(f"/verify/{peer.key}").says(date_long(today - timedelta(days=400)))
