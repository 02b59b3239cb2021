"""The worker's day in a real browser, on a phone: notes that outlive a lost connection, a server that goes down and comes
back, a sign-in that ends and another device; and one sheet of paper."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from werkzeug.serving import BaseWSGIServer, make_server

from portal.accounts import passwords
from portal.accounts.models import SignIn
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.day_models import InterviewNote
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from tests.accounts.steps import a_sheet
from tests.interviews.factories import NOW, Case, a_confirmed, an_interest
from tests.interviews.test_day import a_sit_day, a_visit
from tests.journeys.traveller import Traveller

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("post")]
PASSWORD = "een lange zin om mee binnen te komen"
STORED = """async () => [
    localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
    (await navigator.serviceWorker.getRegistrations()).length,
]"""
# What is left of the worker's list of codes.
PAPER: list[str] = []
NOT_SENT = "Nog niet verzonden"


class House:
    """The portal on a port of its own, that can go down and come back."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.server: BaseWSGIServer | None = None
        self.up()

    def up(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    house = House(app)
    yield house
    house.down()


@pytest.fixture
def talk(app: Flask) -> Iterator[tuple[Case, Interview]]:
    """An interview that began twenty minutes ago."""
    with time_machine.travel(NOW, tick=True) as at:
        case = an_interest(permission=False)
        case.worker.password_hash = passwords.hashed(PASSWORD)
        PAPER[:] = a_sheet(case.worker)
        case.contact.phone = "09 123 45 67"
        interview = a_confirmed(case)
        assert interview.starts_at is not None
        at.move_to(interview.starts_at + timedelta(minutes=20), tick=True)
        yield case, interview


def enter(page: Page, house: House, case: Case) -> None:
    email = case.worker.email
    # Nothing of this process may be in the house's way: it writes from threads of its own.
    db.session.rollback()
    page.goto(f"{house.address}/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    page.wait_for_load_state()
    if page.url.endswith("/sign-in/second"):
        page.locator("[name=code]").fill(PAPER.pop())
        page.get_by_role("button", name="Ga verder").click()
        page.wait_for_load_state()


def a_phone(chromium: Browser, house: House, case: Case, *, shots: Path | None = None, dark: bool = False) -> Traveller:
    phone = Traveller(chromium, house.address, shots=shots, dark=dark)
    enter(phone.page, house, case)
    return phone.open("/agenda/day")


def look_again(phone: Traveller) -> None:
    """The same page in another state."""
    phone.looked_at.clear()
    phone.look()


def words_on_file() -> str:
    found = db.session.scalar(sa.select(InterviewNote.words)) or ""
    db.session.rollback()
    return found


def state(page: Page, words: str) -> None:
    expect(page.locator(".note-state p:not([hidden])")).to_contain_text(words, timeout=20_000)


def test_notes_outlive_a_lost_connection_and_a_server_that_goes_down(
    chromium: Browser, house: House, talk: tuple[Case, Interview], shots: Path | None
) -> None:
    phone = a_phone(chromium, house, talk[0], shots=shots)
    page, area = phone.page, phone.page.locator("textarea[name=words]")
    area.press_sequentially("Rustig begonnen.")
    state(page, "Verzonden en bewaard om")
    assert words_on_file() == "Rustig begonnen."

    phone.context.set_offline(True)
    area.press_sequentially(" Kent de heftruck goed.")
    state(page, f"{NOT_SENT} – 4 woorden wachten op deze pagina.")
    assert page.locator(".note-state [data-note=waiting] svg").is_visible()
    look_again(phone)
    phone.context.set_offline(False)
    state(page, "Verzonden en bewaard om")
    assert words_on_file() == "Rustig begonnen. Kent de heftruck goed."

    house.down()
    area.press_sequentially(" Belt")
    state(page, f"{NOT_SENT} – Eén woord wacht op deze pagina.")
    area.press_sequentially(" maandag.")
    house.up()
    state(page, "Verzonden en bewaard om")
    assert words_on_file() == "Rustig begonnen. Kent de heftruck goed. Belt maandag."
    assert page.evaluate(STORED) == [0, 0, 0, 0, 0]
    for url, body in phone.bodies:
        assert "no-store" in body, url
    phone.close()


def test_the_browser_asks_before_words_are_lost_and_a_press_lets_them_leave_first(
    chromium: Browser, house: House, talk: tuple[Case, Interview]
) -> None:
    phone = a_phone(chromium, house, talk[0])
    page, asked = phone.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    phone.context.set_offline(True)
    page.locator("textarea[name=words]").press_sequentially("Onderweg getypt")
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.locator("textarea[name=words]").input_value() == "Onderweg getypt"
    phone.context.set_offline(False)
    state(page, "Verzonden en bewaard om")

    page.locator("textarea[name=words]").press_sequentially(" en goed afgerond.")
    page.get_by_text("Wie was er?").click()
    page.get_by_role("button", name="Alle drie waren er").click()
    expect(page.get_by_text("Genoteerd.")).to_be_visible()
    assert asked == ["beforeunload"]
    assert words_on_file() == "Onderweg getypt en goed afgerond."
    assert db.session.scalar(sa.select(Interview.state)) is InterviewState.HELD
    db.session.rollback()
    phone.close()


def test_a_sign_in_that_ends_costs_no_word(chromium: Browser, house: House, talk: tuple[Case, Interview]) -> None:
    phone = a_phone(chromium, house, talk[0])
    page, area = phone.page, phone.page.locator("textarea[name=words]")
    db.session.execute(sa.update(SignIn).values(ended_at=clock.now()))
    db.session.commit()
    area.press_sequentially("Sterk in ploeg")
    state(page, "Je bent niet meer aangemeld – 3 woorden wachten op deze pagina.")
    look_again(phone)
    assert words_on_file() == ""
    with phone.context.expect_page() as opened:
        page.get_by_role("link", name="Meld je opnieuw aan in een ander tabblad").click()
    other = opened.value
    enter(other, house, talk[0])
    assert other.url.endswith("/note")
    assert other.locator("textarea[name=words]").input_value() == "Sterk in ploeg"
    other.close(run_before_unload=False)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    state(page, "Verzonden en bewaard om")
    area.press_sequentially(", ook met nieuwe mensen.")
    state(page, "Verzonden en bewaard om")
    assert words_on_file() == "Sterk in ploeg, ook met nieuwe mensen."
    phone.close()


def test_two_devices_show_both_and_overwrite_nothing(
    chromium: Browser, house: House, talk: tuple[Case, Interview], shots: Path | None
) -> None:
    phone, desk = (a_phone(chromium, house, talk[0], shots=shots, dark=True) for _device in range(2))
    desk.page.locator("textarea[name=words]").press_sequentially("Op kantoor.")
    state(desk.page, "Verzonden en bewaard om")
    phone.page.locator("textarea[name=words]").press_sequentially("Op de parking.")
    clash = phone.page.locator("[data-clash]")
    expect(clash).to_contain_text("Op kantoor.", timeout=20_000)
    assert phone.page.locator("textarea[name=words]").input_value() == "Op de parking."
    assert words_on_file() == "Op kantoor."
    look_again(phone)
    clash.get_by_role("button", name="Voeg beide samen").click()
    state(phone.page, "Verzonden en bewaard om")
    assert words_on_file() == "Op de parking.\n\nOp kantoor."
    phone.close()
    desk.close()


def test_without_a_script_the_same_page_posts(chromium: Browser, house: House, talk: tuple[Case, Interview]) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="nl-BE")
    page = context.new_page()
    enter(page, house, talk[0])
    page.goto(f"{house.address}/agenda/day")
    page.locator("textarea[name=words]").fill("Zonder script")
    page.get_by_role("button", name="Bewaar de notities").click()
    expect(page.get_by_text("Je notities zijn bewaard.")).to_be_visible()
    assert words_on_file() == "Zonder script"
    page.get_by_text("Komt er iemand later?").click()
    page.get_by_role("button", name="20 minuten").first.click()
    expect(page.get_by_text("Bel ook: 09 123 45 67.")).to_be_visible()
    page.get_by_text("Wie was er?").click()
    page.get_by_role("button", name="Alle drie waren er").click()
    expect(page.get_by_text("Verbeter wie er was")).to_be_visible()
    context.close()


def test_a_full_day_stands_on_one_sheet(
    chromium: Browser, house: House, talk: tuple[Case, Interview], shots: Path | None
) -> None:
    case, interview = talk
    assert interview.starts_at is not None
    day = clock.local(interview.starts_at).date()
    others: list[Any] = [an_interest(case.worker, permission=False, name=f"Bedrijf {n}") for n in range(5)]
    a_sit_day(case.worker, day, others[0].candidate, others[1].candidate)
    for other in others[2:]:
        a_visit(other, day)
    phone = a_phone(chromium, house, case)
    phone.open("/agenda/day/paper")
    paper = phone.page.pdf(prefer_css_page_size=True)
    if shots is not None:
        (shots / "day.pdf").write_bytes(paper)
    sheet = PdfReader(io.BytesIO(paper))
    assert len(sheet.pages) == 1
    text = sheet.pages[0].extract_text()
    for words in ("Transport Nys", "An Nys", "Bedrijf 4", "Kaai 4"):
        assert words in text
    phone.close()
