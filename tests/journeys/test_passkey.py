"""A passkey on a telephone: begun at the first sign-in, shown alone the next time, and after the password; the list on paper
for who has no telephone; and what stands there without a script."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from portal.accounts.roles import Role
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD
from tests.factories import a_person
from tests.journeys.traveller import Traveller

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("post")]
EMAIL = "lien@example.org"


@pytest.fixture
def here(app: Flask) -> Iterator[str]:
    """The portal by the name that keys answer for: browsers give passkeys to https and to localhost only."""
    a_person(EMAIL, role=Role.PROJECT_WORKER, password=PASSWORD)
    db.session.rollback()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    settings = app.extensions["doorstart"]
    address = f"http://localhost:{server.server_port}"
    app.extensions["doorstart"] = replace(settings, public_url=address)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()
    app.extensions["doorstart"] = settings


def a_key(me: Traveller) -> tuple[Any, str]:
    """The telephone's own key, opened by a finger that is always there."""
    line = me.context.new_cdp_session(me.page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return line, str(line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])


def by_password(me: Traveller) -> Traveller:
    return me.open("/sign-in").fill(email=EMAIL, password=PASSWORD).press("Aanmelden", exact=True)


def sign_out(me: Traveller) -> None:
    me.page.locator("details.menu summary").click()
    me.press("Afmelden")


def with_a_key(me: Traveller, button: str, here: str) -> None:
    """The key answers in its own time, and the page then goes on by itself: it is looked at once it is there."""
    me.page.get_by_role("button", name=button).first.click()
    me.page.wait_for_url(f"{here}/")
    me.look()


def test_a_passkey_is_begun_and_shown_on_a_phone(chromium: Browser, here: str, shots: Path | None) -> None:
    me = Traveller(chromium, here, shots=shots)
    line, key = a_key(me)
    by_password(me).says("Kies je tweede stap")
    with_a_key(me.follow("Voeg een passkey toe").fill(name="mijn telefoon"), "Voeg de passkey toe", here)
    assert len(line.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    me.open("/me").says("1 passkey", "Chrome, Linux", "deze browser")
    me.open("/me/second").says("mijn telefoon")

    sign_out(me)
    with_a_key(me.open("/sign-in"), "Meld je aan met een passkey", here)

    sign_out(me)
    by_password(me).says("De tweede stap")
    with_a_key(me, "Gebruik een passkey of beveiligingssleutel", here)

    sign_out(me)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    me.open("/sign-in").page.get_by_role("button", name="Meld je aan met een passkey").click()
    me.page.get_by_text("Dat lukte niet").wait_for()
    assert me.path == "/sign-in"


def test_a_phone_of_somebody_else_opens_nothing(chromium: Browser, here: str) -> None:
    me = Traveller(chromium, here)
    a_key(me)
    me.open("/sign-in").page.get_by_role("button", name="Meld je aan met een passkey").click()
    me.page.get_by_text("Dat lukte niet").wait_for()


def test_the_list_on_paper_is_printed_and_typed_over(chromium: Browser, here: str, shots: Path | None) -> None:
    me = by_password(Traveller(chromium, here, shots=shots))
    me.follow("Maak een lijst").press("Maak de lijst")
    codes = me.page.locator(".code-list li").all_inner_texts()
    assert len(codes) == 40
    me.fill(code=codes[0]).press("Ga verder").says("Je lijst geldt vanaf nu")
    sign_out(me)
    by_password(me).fill(code=codes[1]).press("Ga verder").says("38 codes op je lijst")


def test_without_a_script_the_other_ways_are_there(chromium: Browser, here: str) -> None:
    page = chromium.new_context(java_script_enabled=False, locale="nl-BE").new_page()
    page.goto(f"{here}/sign-in")
    assert not page.get_by_role("button", name="Meld je aan met een passkey").is_visible()
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    page.get_by_role("link", name="Voeg een app toe").click()
    assert page.get_by_role("button", name="Voeg deze app toe").is_visible()
    page.goto(f"{here}/me/second/passkey")
    assert page.get_by_role("link", name="Kies een andere manier").is_visible()
