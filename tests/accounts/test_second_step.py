"""A password alone opens nothing to staff and partners: an app, a list on paper, and what happens around them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service
from portal.accounts.models import Authenticator, Factor, OneTimeCode, SignIn
from portal.accounts.roles import SECOND_STEP, Role
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from tests.accounts.steps import PASSWORD, an_app, code, codes_on, sign_in
from tests.factories import a_person
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
NOON = "2026-11-20 11:00:00+00:00"


def lien(**more: Any) -> Any:
    return a_person("lien@example.org", **{"password": PASSWORD, "role": Role.PROJECT_WORKER, **more})


def a_list(visitor: Visitor) -> list[str]:
    return codes_on(visitor.open("/me/second/printed").send("Maak de lijst"))


# --- Beginning one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SECOND_STEP)
def test_staff_and_partners_begin_a_second_step_before_anything_opens(visitor: Visitor, role: Role) -> None:
    sign_in(visitor, lien(role=role)).says("Kies je tweede stap")
    for path in ("/me", "/accounts", "/companies", "/referrals", "/people"):
        answer = visitor.client.get(path)
        assert answer.status_code in {303, 404}, path
        assert answer.status_code == 404 or answer.location == "/sign-in"
    assert visitor.open("/sign-in").path == "/me/second"


def test_an_app_is_added_by_its_first_code_and_asked_for_the_next_time(visitor: Visitor, post: Any) -> None:
    person = lien()
    page = sign_in(visitor, person).follow("Voeg een app toe")
    assert page.tree is not None
    assert page.tree.xpath("//main//*[local-name()='svg']"), "the square that the app reads"
    secret = page.tree.xpath("//p[@class='code-words num']")[0].text_content().replace(" ", "").strip()
    page.send("Voeg deze app toe", code="000000").says("Deze code past niet")
    page = page.send("Voeg deze app toe", code=code(secret))
    assert page.path == "/"
    assert "app met codes" in post.last("lien@example.org", "accounts/second_changed").text
    kept = db.session.scalars(sa.select(Authenticator)).one()
    assert secret not in str(db.session.execute(sa.text("SELECT secret FROM authenticator")).scalar())
    visitor.open("/").send("Afmelden")
    kept.last_step -= 2
    page = sign_in(visitor, person).says("De tweede stap")
    assert page.send("Ga verder", code=code(secret)).path == "/"


def test_opening_the_page_of_an_app_writes_nothing_down(visitor: Visitor) -> None:
    sign_in(visitor, lien())
    visitor.open("/me/second/app")
    assert db.session.scalars(sa.select(Authenticator)).all() == []


def test_the_secret_of_one_persons_page_is_worth_nothing_to_another(visitors: Any) -> None:
    one, other = visitors(lien()), visitors(a_person(role=Role.PSD))
    page = one.open("/me/second/app")
    assert page.tree is not None
    stolen = page.tree.xpath("//input[@name='secret']/@value")[0]
    other.open("/me/second/app").send("Voeg deze app toe", secret=stolen, code="123456").says("stond te lang open")


def test_without_a_telephone_a_list_on_paper_suffices(visitor: Visitor, post: Any) -> None:
    person = lien(role=Role.PSD)
    page = sign_in(visitor, person).follow("Maak een lijst")
    sheet = page.send("Maak de lijst")
    codes = codes_on(sheet)
    assert len(set(codes)) == 40
    sheet.send("Ga verder", code="ABC-DEFGH").says("Deze code past niet")
    page = visitor.open("/me/second/printed/first").send("Ga verder", code=codes[0])
    assert page.path == "/"
    visitor.open("/").send("Afmelden")
    page = sign_in(visitor, person).send("Ga verder", code=codes[7].lower().replace("-", " "))
    assert page.path == "/"
    page.says("38 codes op je lijst")
    assert post.to("lien@example.org", "accounts/second_changed")


def test_a_list_that_was_never_shown_to_lie_there_locks_nobody_out(visitor: Visitor, post: Any) -> None:
    person = lien()
    sign_in(visitor, person)
    lost = a_list(visitor)
    visitor.open("/me/second").send("Stop en begin opnieuw")
    sign_in(visitor, person).says("Kies je tweede stap")
    fresh = a_list(visitor)
    first = visitor.open("/me/second/printed/first")
    first.send("Ga verder", code=lost[0]).says("past niet")
    assert first.send("Ga verder", code=fresh[0]).path == "/"


# --- Taking it --------------------------------------------------------------------------------------------------------


def test_between_the_password_and_the_second_step_nobody_begins_another_one(visitor: Visitor) -> None:
    """A stolen password must not be enough to add a second step of the thief's own."""
    sign_in(visitor, an_app(lien())).says("De tweede stap")
    for path in (
        "/me/second",
        "/me/second/app",
        "/me/second/passkey",
        "/me/second/printed",
        "/me/second/recovery",
        "/me",
    ):
        assert visitor.open(path).path == "/sign-in/second", path
    token = visitor.open("/sign-in/second").tree.xpath("//input[@name='csrf_token']/@value")[0]  # type: ignore[union-attr]
    answer = visitor._ask(
        lambda: visitor.client.post("/me/second/printed", data={"csrf_token": token, "once": "x" * 20, "press": "y"})
    )
    assert answer.response.location == "/sign-in"
    assert db.session.scalars(sa.select(OneTimeCode)).all() == []


def test_half_a_sign_in_ends_after_a_quarter_of_an_hour(visitor: Visitor) -> None:
    with time_machine.travel(NOON, tick=False) as at:
        sign_in(visitor, an_app(lien())).says("De tweede stap")
        at.shift(timedelta(minutes=16))
        assert visitor.open("/sign-in/second").path == "/sign-in"


@pytest.mark.engine
def test_a_code_is_good_once_and_half_a_minute_early_or_late(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        person = an_app(lien())
        for half_minutes, works in ((-2, False), (2, False), (-1, True), (-1, False), (0, True), (0, False), (1, True)):
            page = sign_in(visitors(), person).send("Ga verder", code=code(half_minutes=half_minutes))
            assert (page.path == "/") is works, (half_minutes, works)
            db.session.execute(sa.text("DELETE FROM attempt"))


def test_the_sixth_code_waits_a_quarter_of_an_hour(visitor: Visitor) -> None:
    with time_machine.travel("2026-11-20 11:01:00+00:00", tick=False):
        page = sign_in(visitor, an_app(lien()))
        said = [page.send("Ga verder", code="000000").status for _ in range(5)]
        assert said == [422] * 5
        assert page.send("Ga verder", code=code()).status == 429, "the right one waits as well"


def test_what_stood_in_the_cookie_before_the_second_step_opens_nothing_after_it(visitor: Visitor) -> None:
    page = sign_in(visitor, an_app(lien()))
    copied = visitor.client.get_cookie("doorstart")
    assert copied is not None
    assert page.send("Ga verder", code=code()).path == "/"
    thief = Visitor(visitor.app)
    thief.client.set_cookie("doorstart", copied.value)
    assert thief.open("/me").path == "/sign-in"


@pytest.mark.engine
def test_a_code_of_paper_is_good_once(visitors: Any, post: Any) -> None:
    person = lien()
    codes = a_list(visitors(person))
    assert _confirmed(visitors(person), codes)
    assert sign_in(visitors(), person).send("Ga verder", code=codes[3]).path == "/"
    sign_in(visitors(), person).send("Ga verder", code=codes[3]).says("werd al gebruikt")


def _confirmed(visitor: Visitor, codes: list[str]) -> bool:
    return visitor.open("/me/second/printed/first").send("Ga verder", code=codes[0]).path == "/me/second"


@pytest.mark.engine
def test_a_new_list_ends_the_one_before_from_its_first_code_on(visitors: Any, post: Any) -> None:
    person = lien()
    inside = visitors(person)
    old = a_list(inside)
    assert _confirmed(inside, old)
    fresh = a_list(inside)
    assert sign_in(visitors(), person).send("Ga verder", code=old[1]).path == "/", "until then the old one counts"
    assert _confirmed(inside, fresh)
    sign_in(visitors(), person).send("Ga verder", code=old[2]).says("past niet")
    inside.open("/me").says("39 codes op papier")


def test_the_codes_are_shown_once_and_lie_there_as_marks_only(visitors: Any, post: Any) -> None:
    inside = visitors(lien())
    codes = a_list(inside)
    inside.open("/me/second/printed").lacks(*codes)
    rows = str(db.session.execute(sa.text("SELECT mark FROM one_time_code")).all())
    assert not any(one in rows or one.replace("-", "") in rows for one in codes)
    assert not any(
        one in str(db.session.execute(sa.text("SELECT details, reason FROM journal_entry")).all()) for one in codes
    )


# --- How long it counts -----------------------------------------------------------------------------------------------


def test_a_page_that_locked_asks_for_the_password_only_for_eight_hours(visitor: Visitor) -> None:
    with time_machine.travel("2026-11-20 08:00:00+00:00", tick=False) as at:
        person = an_app(lien())
        sign_in(visitor, person).send("Ga verder", code=code())
        at.shift(timedelta(minutes=20))
        assert visitor.open("/me").path == "/sign-in"
        assert sign_in(visitor, person).path == "/me", "back where it locked"
        at.shift(timedelta(hours=7, minutes=30))
        assert sign_in(visitor, person).path == "/"
        at.shift(timedelta(minutes=11))
        assert visitor.open("/me").path == "/sign-in", "eight hours since the code, though it was used a moment ago"
        sign_in(visitor, person).says("De tweede stap")


def test_the_second_step_of_this_morning_counts_in_its_own_browser_only(visitor: Visitor, visitors: Any) -> None:
    person = an_app(lien())
    sign_in(visitor, person).send("Ga verder", code=code())
    sign_in(visitors(), person).says("De tweede stap")
    visitor.open("/").send("Afmelden")
    sign_in(visitor, person).says("De tweede stap")


@pytest.mark.engine
def test_a_role_that_comes_later_asks_at_the_next_request(visitors: Any) -> None:
    person = a_person("lien@example.org", password=PASSWORD)
    here = visitors()
    assert sign_in(here, person).path == "/"
    service.seat(person, Role.COORDINATOR)
    assert here.open("/me").path == "/sign-in"
    sign_in(here, person).says("Kies je tweede stap")


def test_the_demos_door_opens_nothing_outside_the_demo(visitors: Any) -> None:
    person = lien()
    here = visitors(person)
    row = db.session.scalars(sa.select(SignIn)).one()
    here.open("/me")
    row.factor = Factor.DEMO
    assert here.open("/me").path == "/sign-in"


def test_every_change_is_journalled_without_what_it_was(visitors: Any, post: Any) -> None:
    inside = visitors(an_app(lien()))
    _confirmed(inside, a_list(inside))
    inside.open("/me/second/recovery").send("Toon me tien codes")
    inside.open("/me/second").send("Weghalen")
    said = set(db.session.scalars(sa.select(Entry.action).where(Entry.action.startswith("second_step"))))
    assert {"second_step.printed_added", "second_step.recovery_made"} <= said
    assert {"second_step.printed_removed", "second_step.app_removed"} & said
    assert clock.now()


# --- Employers, who may ------------------------------------------------------------------------------------------------


def test_somebody_without_such_a_role_may_add_one_and_take_it_away(visitor: Visitor, visitors: Any, post: Any) -> None:
    person = a_person("an@example.org", password=PASSWORD)
    elsewhere = visitors()
    assert sign_in(elsewhere, person).path == "/"
    assert sign_in(visitor, person).path == "/"
    page = visitor.open("/me").follow("Voeg een tweede stap toe").follow("Voeg een app toe")
    assert page.tree is not None
    secret = page.tree.xpath("//p[@class='code-words num']")[0].text_content().replace(" ", "").strip()
    page.send("Voeg deze app toe", code=code(secret)).says("in gebruik")
    assert elsewhere.open("/me").path == "/sign-in", "what the password alone opened elsewhere is closed"
    visitor.open("/me/second/recovery").send("Toon me tien codes")
    page = visitor.open("/me/second").send("Weghalen")
    page.says("Je meldt je aan met je wachtwoord alleen")
    assert sign_in(visitors(), person).path == "/", "the codes for emergencies went with it"


def test_the_last_way_of_who_must_have_one_stays(visitors: Any, post: Any) -> None:
    inside = visitors(an_app(lien()))
    inside.open("/me/second").send("Weghalen").says("Voeg eerst een andere manier toe", "in gebruik")


def test_a_code_for_emergencies_opens_once_and_is_told(visitors: Any, post: Any) -> None:
    person = an_app(lien())
    codes = codes_on(visitors(person).open("/me/second/recovery").send("Toon me tien codes"))
    assert len(codes) == 10
    page = sign_in(visitors(), person).send("Ga verder", code=codes[0])
    page.says("9 codes op je lijst")
    assert "noodcode" in post.last("lien@example.org", "accounts/second_changed").text
    sign_in(visitors(), person).send("Ga verder", code=codes[0]).says("werd al gebruikt")


def test_codes_for_emergencies_alone_are_no_second_step(visitors: Any) -> None:
    page: Page = visitors(lien()).open("/me/second/recovery")
    page.send("Toon me tien codes").says("Noodcodes horen naast een andere manier")
    assert db.session.scalars(sa.select(OneTimeCode)).all() == []
