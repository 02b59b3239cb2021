"""The pages that everybody may read, in three languages; and each person's home."""

import re
import tomllib
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.ambassadors.words_models import PeerWords, WordsFrom, WordsState
from portal.config import ROOT
from portal.employers import service
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.site.cards import cards_for
from tests.employers.factories import a_contact, an_employer
from tests.factories import a_person, a_programme
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")

PAGES = (
    "/", "/for-employers", "/ambassadors", "/answers", "/answers/safety", "/privacy", "/accessibility", "/contact", "/stories",
    "/sign-up", "/sign-up/sent?concern=safety", "/sign-in", "/password", "/password/sent",
)  # fmt: skip
ENGLISH = re.compile(r"\b(the|your|you|with|and|company|sign up|we call|read)\b", re.IGNORECASE)
DUTCH = re.compile(r"\b(het|jouw|bedrijf|wordt|meld|wachtwoord|niet)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_one_language(visitor: Visitor, path: str) -> None:
    visitor.client.set_cookie("language", "nl")
    assert not ENGLISH.findall(visitor.open(path).text)
    visitor.client.set_cookie("language", "fr")
    french = visitor.open(path).text
    assert not ENGLISH.findall(french) and not DUTCH.findall(french)
    visitor.client.set_cookie("language", "en")
    assert not DUTCH.findall(visitor.open(path).text)


def test_the_front_page_switches_its_language_and_keeps_it(visitor: Visitor) -> None:
    assert visitor.open("/").h1 == "Kijk eerst naar wat iemand kan."
    assert visitor.open("/").send("Français").h1 == "Regardez d'abord ce que la personne sait faire."
    assert visitor.open("/").send("English").h1 == "Look first at what somebody can do."
    visitor.open("/for-employers").says("How it works")


def test_every_link_of_the_front_page_and_its_foot_leads_somewhere(visitor: Visitor) -> None:
    page = visitor.open("/")
    assert page.tree is not None
    paths = {str(a.get("href")).removeprefix("http://localhost") for a in page.tree.xpath("//a[@href]")}
    for path in sorted(paths):
        if path.startswith("/"):
            visitor.open(path)
    assert {"/privacy", "/accessibility", "/contact", "/sign-up", "/for-employers"} <= paths


def test_a_testimonial_stands_there_only_when_a_company_gave_it(visitor: Visitor) -> None:
    visitor.open("/").says("Vraag het aan een ander bedrijf").lacks("<blockquote")
    employer = an_employer(state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    story = Ambassador(employer_id=employer.id, person_id=contact.id, named_publicly=True)
    story.state = AmbassadorState.ACTIVE
    said = PeerWords(
        employer_id=employer.id, person_id=contact.id, came_from=WordsFrom.WRITTEN, original="", on_wall=True,
        texts={"nl": "Die vonden we."}, signed={"nl": "Dirk Verlinden, Garage Verlinden"}, state=WordsState.ASKED,
    )  # fmt: skip
    db.session.add_all([story, said])
    db.session.commit()
    visitor.open("/").lacks("Die vonden we.")
    visitor.open("/stories").says("Hier vertelde nog niemand een verhaal").lacks("<blockquote")
    said.state, said.agreed_at, said.agreed_hash = WordsState.AGREED, clock.now(), "0" * 64
    story.named_publicly = False
    db.session.commit()
    visitor.open("/").lacks("Die vonden we.")
    story.named_publicly = True
    db.session.commit()
    visitor.open("/").says("Die vonden we.", "Dirk Verlinden, Garage Verlinden")
    visitor.open("/ambassadors").says("Die vonden we.")
    told = (
        visitor.open("/")
        .follow("Verhalen")
        .says("Verhalen van bedrijven", "Die vonden we.", "Dirk Verlinden, Garage Verlinden")
    )
    assert len(told.queries) <= 8
    visitor.open("/stories?language=fr").says("Personne n'a encore témoigné ici").lacks("Die vonden we.")
    visitor.open("/?language=fr").lacks("<blockquote", "Die vonden we.")


def test_a_summary_of_errors_is_set_as_its_language_sets_it(visitor: Visitor) -> None:
    """French has a space before a colon, which begins no line."""
    for code, colon in (("nl", ":"), ("fr", "\u00a0:"), ("en", ":")):
        page = visitor.open(f"/sign-in?language={code}").send(email="", password="")
        assert page.tree is not None
        first = page.tree.xpath("//div[@class='summary']//a")[0].text_content()
        label = page.tree.xpath("//label[@for='email']")[0].text_content().strip()
        assert first.startswith(f"{label}{colon} "), first


def test_contact_names_the_programmes_to_call(visitor: Visitor) -> None:
    a_programme()
    db.session.commit()
    visitor.open("/contact").says("Doorstart Gent", "09 000 00 00")


def test_every_answer_has_its_page_with_source_and_mark(visitor: Visitor) -> None:
    library = tomllib.loads((ROOT / "portal" / "answers" / "library.toml").read_text(encoding="utf-8"))["answers"]
    index = visitor.open("/answers")
    for one in library:
        index.says(one["question"]["nl"])
        page = visitor.open(f"/answers/{one['slug']}").says("Bron: ", "Wie je hierover belt")
        assert ("een jurist heeft het nog niet nagelezen" in page.text) == one["needs_counsel"]
    visitor.open("/answers/none", status=404)


def test_home_says_how_much_waits_in_words(visitors: Any) -> None:
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    lien.open("/").says("Dag Lien. Er wacht niets op jou.", "Geen enkel bedrijf wacht op een telefoontje")
    for n in range(11):
        employer = an_employer(f"Bedrijf {n}", state=EmployerState.REGISTERED)
        found = db.session.scalar(
            db.select(Employer).options(db.joinedload(Employer.organisation)).where(Employer.id == employer.id)
        )
        service.ask_for_a_call(found)
        db.session.commit()
        if n == 0:
            one = lien.open("/").says("Eén ding wacht op jou", "Eén bedrijf wacht op een telefoontje")
        if n == 4:
            lien.open("/").says("Vijf dingen wachten op jou")
    many = lien.open("/").says("11 dingen wachten op jou")
    assert len(one.queries) == len(many.queries) <= 8


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EmployerState.REGISTERED, "We bellen je binnen twee werkdagen"),
        (EmployerState.VERIFIED, "Er staat geen vacature open"),
        (EmployerState.BLOCKED, "De account van je bedrijf staat stil"),
    ],
)
def test_an_employers_home_says_where_the_company_stands(visitors: Any, state: EmployerState, words: str) -> None:
    page = visitors(a_contact(an_employer(state=state))).open("/").says(words)
    assert len(page.queries) <= 8


def test_no_home_shows_more_than_three_cards(app: Any) -> None:
    from portal.foundation.access import Viewer

    with app.test_request_context("/"):
        assert len(cards_for(Viewer(person_id=1))) == 1
