"""Where somebody is signed in, which browsers are known, and another address: whoever owns the account hears of it."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import browsers
from portal.accounts.models import KnownBrowser, Person
from portal.foundation import clock
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD, sign_in
from tests.factories import a_person
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"


def an(email: str = "an@example.org", **more: Any) -> Person:
    return a_person(email, password=PASSWORD, first_name="An", **more)


# --- Where one is signed in -------------------------------------------------------------------------------------------


def test_the_list_says_which_browser_since_when_and_which_is_this_one(visitors: Any, post: Any) -> None:
    person, here, there = an(), visitors(), visitors()
    sign_in(there, person, user_agent=IPHONE)
    sign_in(here, person, user_agent=FIREFOX)
    here.open("/me").says("Firefox, Windows", "Safari, iPhone", "deze browser", "sinds", "laatst gebruikt")
    here.open("/me").send("Meld daar af").says("afgemeld")
    assert there.open("/me").path == "/sign-in"
    assert here.open("/me").path == "/me"


def test_everywhere_else_at_once(visitors: Any, post: Any) -> None:
    person = an()
    here, *others = visitors(person), visitors(person), visitors(person)
    here.open("/me").send("Overal elders afmelden").says("overal elders afgemeld")
    assert [one.open("/me").path for one in others] == ["/sign-in"] * 2
    here.open("/me").lacks("Overal elders afmelden")


def test_a_sign_in_that_fell_asleep_or_got_half_way_is_not_in_the_list(visitors: Any) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        person = an()
        visitors(person)
        at.shift(timedelta(hours=13))
        visitors(person).open("/me").lacks("Meld daar af")


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox, Windows"), (IPHONE, "Safari, iPhone"), (EDGE, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_a_browser_is_called_what_a_person_calls_it(agent: str, name: str) -> None:
    assert browsers.called(agent) == name


# --- Browsers that are new ---------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_another_browser_is_told_by_letter_the_first_and_a_known_one_are_not(visitors: Any, post: Any) -> None:
    person, laptop, phone = an(language="fr"), visitors(), visitors()
    sign_in(laptop, person, user_agent=FIREFOX)
    laptop.open("/").send("Se déconnecter")
    sign_in(laptop, person)
    assert post.to("an@example.org") == []
    sign_in(phone, person, user_agent=IPHONE)
    letter = post.last("an@example.org", "accounts/new_browser")
    assert "Safari, iPhone" in letter.text
    assert "navigateur que nous ne connaissions pas" in letter.text
    assert len(post.to("an@example.org")) == 1


def test_no_more_than_a_few_such_letters_a_day(visitors: Any, post: Any) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        person = an()
        for _ in range(6):
            sign_in(visitors(), person)
            at.shift(timedelta(minutes=16))
        assert len(post.to("an@example.org", "accounts/new_browser")) == browsers.LETTERS_A_DAY - 1
        at.shift(timedelta(days=1))
        sign_in(visitors(), person)
        assert len(post.to("an@example.org", "accounts/new_browser")) == browsers.LETTERS_A_DAY


def test_what_is_kept_of_a_browser_says_nothing_and_links_no_two_people(visitor: Visitor, post: Any) -> None:
    for email in ("an@example.org", "bo@example.org"):
        sign_in(visitor, an(email), user_agent=FIREFOX)
        visitor.open("/").send("Afmelden")
    word = visitor.client.get_cookie("doorstart-browser")
    assert word is not None
    assert word.http_only
    marks = db.session.scalars(sa.select(KnownBrowser.mark)).all()
    assert len(set(marks)) == 2
    assert word.value not in marks
    assert post.all("accounts/new_browser") == []


def test_a_browser_that_was_away_for_over_a_year_is_forgotten(visitor: Visitor) -> None:
    sign_in(visitor, an())
    db.session.execute(sa.update(KnownBrowser).values(last_used_at=clock.now() - timedelta(days=401)))
    browsers.forget_old()
    assert db.session.scalars(sa.select(KnownBrowser)).all() == []


# --- Another address ---------------------------------------------------------------------------------------------------


def ask(visitor: Visitor, new: str = "an.nieuw@example.com") -> None:
    visitor.open("/me/address").send(email=new).says("twee brieven onderweg")


@pytest.mark.engine
def test_an_address_changes_once_the_new_one_answered_and_both_are_told(visitors: Any, post: Any) -> None:
    person = an()
    inside = visitors(person)
    ask(inside)
    assert "a…@example.com" in post.last("an@example.org", "accounts/address_asked").text
    way = post.last("an.nieuw@example.com", "accounts/address_new").path("/address/")
    visitors().open(way).says("Is dit je nieuwe adres?")
    assert db.session.get_one(Person, person.id).email == "an@example.org", "a link shows, a button acts"
    visitors().open(way).send("Ja, gebruik dit adres")
    assert db.session.get_one(Person, person.id).email == "an.nieuw@example.com"
    assert post.last("an@example.org", "accounts/address_was_old")
    assert post.last("an.nieuw@example.com", "accounts/address_is_new")
    visitors().open(way, status=410)
    assert sign_in(visitors(), person).path == "/"


def test_the_old_address_stops_a_change_and_signs_everybody_out(visitors: Any, post: Any) -> None:
    person = an()
    thief = visitors(person)
    ask(thief, "dief@example.net")
    way = post.last("an@example.org", "accounts/address_asked").path("/keep")
    confirm = post.last("dief@example.net").path("/address/")
    visitors().open(way).says("Heb je geen ander adres gevraagd?")
    visitors().open(way).send("Houd mijn oude adres").says("Je oude adres blijft")
    assert thief.open("/me").path == "/sign-in"
    visitors().open(confirm, status=410)
    assert post.last("an@example.org").template == "accounts/password"


def test_the_old_address_turns_a_change_back_for_a_fortnight(visitors: Any, post: Any) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        person = an()
        ask(visitors(person), "dief@example.net")
        visitors().open(post.last("dief@example.net").path("/address/")).send("Ja, gebruik dit adres")
        way = post.last("an@example.org", "accounts/address_was_old").path("/keep")
        at.shift(timedelta(days=13))
        visitors().open(way).send("Houd mijn oude adres")
        assert db.session.get_one(Person, person.id).email == "an@example.org"
        assert post.last("an@example.org").template == "accounts/password"
        at.shift(timedelta(days=2))
        visitors().open(way, status=410)


def test_whether_somebody_has_the_new_address_is_told_to_its_reader_only(visitors: Any, post: Any) -> None:
    an("bo@example.org")
    pages = []
    for who, new in ((an(), "bo@example.org"), (an("di@example.org"), "cy@example.org")):
        page = visitors(who).open("/me/address").send(email=new)
        pages.append((page.status, page.path, page.text.replace("di@", "an@"), len(page.queries)))
    assert pages[0] == pages[1]
    assert "heeft zelf al een account" in post.last("bo@example.org").text
    assert post.last("cy@example.org").template == "accounts/address_new"
    assert post.last("an@example.org").template == post.last("di@example.org").template == "accounts/address_asked"


def test_an_address_that_somebody_else_took_meanwhile_is_refused(visitors: Any, post: Any) -> None:
    person = an()
    ask(visitors(person))
    an("an.nieuw@example.com")
    visitors().open(post.last("an.nieuw@example.com").path("/address/")).send("Ja").says("niet meer gebruikt worden")
    assert db.session.get_one(Person, person.id).email == "an@example.org"


def test_only_the_last_address_that_was_asked_for_can_be_confirmed(visitors: Any, post: Any) -> None:
    inside = visitors(an())
    ask(inside, "een@example.com")
    ask(inside, "twee@example.com")
    visitors().open(post.last("een@example.com").path("/address/"), status=410)
    visitors().open(post.last("twee@example.com").path("/address/")).send("Ja")


def test_the_own_address_again_is_said_beside_the_field(visitors: Any) -> None:
    visitors(an()).open("/me/address").send(email="AN@example.org ").says("het adres dat je al hebt")


# --- Showing again who it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/me/address", "/me/second/app", "/me/second/passkey", "/me/second/printed", "/me/second/recovery"]
)
def test_a_page_that_stood_open_changes_the_account_only_after_the_password(
    visitors: Any, path: str, post: Any
) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        inside = visitors(an())
        at.shift(timedelta(minutes=16))
        page = inside.open(path).says("Nog één keer je wachtwoord")
        page.send(password="fout").says("Dit is niet je wachtwoord")
        assert page.send(password=PASSWORD).path == path


def test_a_button_that_stood_open_does_nothing_without_the_password(visitors: Any) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        inside = visitors(an())
        page = inside.open("/me/address")
        at.shift(timedelta(minutes=16))
        page.send(email="dief@example.net").says("Nog één keer je wachtwoord")
