"""Names and words that are code to somebody: on the public pages, in papers, in the badge, in what search engines read."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import lxml.etree
import pytest
from pypdf import PdfReader

from portal.ambassadors import recognition
from portal.ambassadors.models import Ambassador
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.events import queries, seats
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Organisation
from tests.ambassadors.factories import a_company, an_ambassador, an_invitation, who
from tests.ambassadors.test_fairs import a_fair, way_of
from tests.ambassadors.test_words import said
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.events.factories import a_worker, an_event

pytestmark = pytest.mark.usefixtures("app", "post")
SLY = (
    "</script><script>alert('hallo')</script>", "\"><img src=x onerror=alert('hallo')>", "=HYPERLINK(\"http://kwaad.example\")",
    "#eval(\"1+1\") $x$ @cite *vet* <label> //weg", "{{ 7*7 }}{% raise %}%(company)s{0}", "]]><!--<svg/onload=alert('hallo')>",
    "\u202eneergekeerd\u2066", "A & B < C > D \\ ' \" `", "𝕏 🜲 ཨོཾ",
)  # fmt: skip


def harmless(page: Any) -> None:
    """Nothing of a name became an element or an attribute."""
    assert page.tree is not None
    assert not page.tree.xpath("//*[@onerror or @onload]"), page.path
    for one in page.tree.xpath("//script[not(@src)]"):
        assert "alert" not in (one.text or "") or one.get("type") == "application/ld+json"
    assert not page.tree.xpath("//img[@src='x' or @src='http://localhost/x']"), page.path
    assert "49" not in "".join(page.tree.xpath("//h1//text()")), page.path


def renamed(company_id: int, name: str) -> None:
    organisation = db.session.get_one(Organisation, db.session.get_one(Employer, company_id).organisation_id)
    organisation.name = name
    db.session.commit()


@pytest.mark.parametrize("name", SLY)
def test_the_network_shows_a_sly_name_as_a_name(name: str, visitors: Any, post: Any) -> None:
    ambassador: Ambassador = an_ambassador(a_company("Molen"))
    person = who(ambassador)
    said(ambassador, on_wall=True, signed=f"{name} Molen"[:120])
    fair = a_fair(ambassador)
    fair.words, fair.name = name, name
    ambassador.named_publicly, person.first_name, person.last_name = True, name[:80], name[:80]
    renamed(ambassador.employer_id, name)
    sent = an_invitation(ambassador, "jan@garage.example", name)
    an, stranger = visitors(person), visitors()
    key = db.session.get_one(Ambassador, ambassador.id).key
    for path in ("/companies-that-are-in", f"/verify/{key}", way_of(fair)):
        harmless(stranger.open(path))
    for path in ("/network", "/network/recognition", "/network/fairs", f"/network/fairs/{fair.key}", f"/network/invitations/{sent.key}"):  # fmt: skip
        harmless(an.open(path))
    letter = an.client.get(f"/network/invitations/{sent.key}/letter").get_data(as_text=True)
    assert "<script>alert" not in letter and "<img src=x" not in letter and "<svg/onload" not in letter
    for path in ("/network/certificate.pdf", f"/network/fairs/{fair.key}/card", "/network/charter/file"):
        answer = an.client.get(path)
        assert answer.status_code == 200, path
        read = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.get_data())).pages)
        assert "eval" in read if "eval" in name and "card" not in path else True
    plain = post.last("jan@garage.example")
    assert "\n" not in plain.subject and "\r" not in plain.subject
    for level in ("engaged", "active", "pioneer"):
        badge = stranger.client.get(f"/badge/{level}-nl.svg").get_data()
        assert lxml.etree.fromstring(badge).tag.endswith("svg")
    assert recognition.behind(key).company == name


@pytest.mark.parametrize("name", SLY)
@pytest.mark.parametrize("shows", ["named", "unnamed"])
def test_a_public_job_says_a_sly_name_as_data(name: str, shows: str, visitors: Any) -> None:
    employer = an_employer("Molen", state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy: Vacancy = a_vacancy(employer, contact, state=VacancyState.OPEN, title=name[:80])
    vacancy.tasks, vacancy.public, vacancy.expires_on = name, shows, clock.today() + timedelta(days=9)
    renamed(employer.id, f"Molen {name}")
    stranger = visitors()
    page = stranger.open(f"/jobs/{vacancy.key}")
    harmless(page)
    [data] = page.tree.xpath("//script[@type='application/ld+json']")
    posting = json.loads(data.text)
    assert (posting["title"], posting["description"]) == (name[:80], name)
    assert ("Molen" in page.html) is (shows == "named"), "a company that stays unnamed stands nowhere on it"
    harmless(stranger.open("/jobs"))
    lxml.etree.fromstring(stranger.client.get("/sitemap.xml").get_data())
    visitors(contact).open("/me/letters/preview")


@pytest.mark.parametrize("name", SLY)
def test_a_visit_shows_a_sly_title_as_a_title(name: str, visitors: Any, post: Any) -> None:
    worker = a_worker()
    event = an_event(worker, open=True, title=name, words=name, bring=name, day=clock.today() + timedelta(days=20))
    seats.announce(queries.by_id(event.id, lock=True))
    db.session.commit()
    for browser, path in ((visitors(), "/visits"), (visitors(worker), f"/events/{event.key}"), (visitors(worker), f"/events/{event.key}/list")):  # fmt: skip
        harmless(browser.open(path))


@pytest.mark.parametrize("to", ["//kwaad.example", "https://kwaad.example", "/\\kwaad.example", "\t//kwaad.example", "javascript:alert(1)"])  # fmt: skip
def test_no_way_in_leads_out(to: str, visitors: Any) -> None:
    from tests.accounts.steps import PASSWORD, sign_in
    from tests.factories import a_person

    browser, person = visitors(), a_person("an@example.org", password=PASSWORD)
    with browser.client.session_transaction() as session:
        session["next"], session["then"] = to, to
    page = sign_in(browser, person)
    assert page.response.request.host == "localhost" and page.status == 200
    proved = browser.open("/me/prove").send(password=PASSWORD)
    assert proved.response.request.host == "localhost" and proved.path == "/me"
