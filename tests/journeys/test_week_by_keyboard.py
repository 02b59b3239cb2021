"""The week of moments and my own week, on a phone's width, without a mouse and without a finger: the keyboard alone.

Each step is kept as a picture where JOURNEY_SHOTS names a folder. At each step the focus is where a reader expects it, it
can be seen, nothing lies over it, and axe has nothing to say.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from portal.accounts import passwords
from portal.agenda import busy, hours, service
from portal.agenda.hours import Weekly
from portal.agenda.windows import Span
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews.models import Interview
from tests.accounts.steps import a_sheet
from tests.interviews.factories import NOW, Case, a_confirmed, an_interest
from tests.journeys.traveller import RULES, Traveller

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("post")]
PASSWORD = "een lange zin om mee binnen te komen"
# What is left of the worker's list of codes.
PAPER: list[str] = []
# Where the focus is, whether it can be seen, and whether something lies over it. A slot's own input is invisible: what
# stands for it is the face beside it.
FOCUS = """() => {
  const field = document.activeElement;
  const face = field.matches('.slot input') ? field.nextElementSibling : field;
  const style = getComputedStyle(face), box = face.getBoundingClientRect();
  const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
  const over = document.elementFromPoint(x, y);
  return {
    tag: field.tagName, name: field.name || '', value: field.value || '', href: field.getAttribute('href') || '',
    text: (field.labels?.[0]?.innerText || field.innerText || '').replace(/\\s+/g, ' ').trim(),
    checked: !!field.checked, seen: field.matches(':focus-visible'),
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
    inside: box.top >= 0 && box.bottom <= innerHeight && box.width > 0,
    free: !!over && (face === over || face.contains(over) || over.contains(face) || over === field),
  };
}"""


@dataclass
class Keyboard:
    """Somebody who has nothing but keys."""

    phone: Traveller
    shots: Path | None

    @property
    def page(self) -> Any:
        return self.phone.page

    def focus(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        return found

    def press(self, *keys: str) -> dict[str, Any]:
        """Press, and look at where that leads: never to something that cannot be seen."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_load_state()
            here = self.focus()
            if here["tag"] != "BODY":
                assert here["seen"] and here["ring"], f"{key}: no ring at {here}"
                assert here["inside"] and here["free"], f"{key}: out of sight: {here}"
        return self.focus()

    def tab_to(self, *, text: str = "", name: str = "", most: int = 60) -> dict[str, Any]:
        """Tab on until there; every stop on the way is one that can be seen."""
        for _ in range(most):
            here = self.press("Tab")
            if (text and text in here["text"]) or (name and here["name"] == name):
                return here
        raise AssertionError(f"Tab never reached {text or name} on {self.page.url}")

    def enter(self) -> None:
        """Follow or send, and start again at the top of what comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """A picture of what is in sight, and axe on all of the page."""
        if self.shots is not None:
            number = len(list(self.shots.glob("week-by-keyboard-*"))) + 1
            self.page.screenshot(path=self.shots / f"week-by-keyboard-{number:02d}-{name}-390.png")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url} is {wide} pixels too wide"
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    with time_machine.travel(NOW, tick=True):
        case = an_interest(permission=False)
        case.worker.password_hash = passwords.hashed(PASSWORD)
        PAPER[:] = a_sheet(case.worker)
        for weekday in (0, 1, 3):
            hours.add(case.worker.id, Weekly(weekday, time(8), time(18)))
        db.session.commit()
        yield case


@pytest.fixture
def keyboard(chromium: Browser, address: str, case: Case, shots: Path | None) -> Iterator[Keyboard]:
    """Signed in, also by keys."""
    email = case.worker.email
    db.session.rollback()
    one = Keyboard(Traveller(chromium, address), shots)
    one.page.goto(f"{address}/sign-in")
    one.tab_to(name="email")
    one.page.keyboard.type(email)
    one.tab_to(name="password")
    one.page.keyboard.type(PASSWORD)
    one.enter()
    one.tab_to(name="code")
    one.page.keyboard.type(PAPER.pop())
    one.enter()
    yield one
    one.phone.close()


def test_a_moment_is_chosen_and_held_with_keys_alone(keyboard: Keyboard, case: Case, post: Any) -> None:
    way = f"/interviews/plan/{case.interest.key}"
    db.session.rollback()
    keyboard.page.goto(keyboard.phone.address + way)
    keyboard.look("the-week-of-moments")

    assert keyboard.press("Tab")["text"].startswith("Naar de inhoud"), "the first stop leads past the menu"
    keyboard.tab_to(text="Week erna")
    keyboard.look("the-week-after")
    keyboard.enter()
    first = keyboard.tab_to(name="slot")
    keyboard.look("the-first-moment")
    assert "gaat mee" in first["text"], "who comes along is said with the hour"

    second = keyboard.press("ArrowDown")
    assert second["checked"] and second["value"] != first["value"]
    chosen = keyboard.press("ArrowRight")
    assert chosen["checked"] and chosen["value"] not in {first["value"], second["value"]}
    keyboard.look("a-moment-chosen")
    back = keyboard.press("ArrowUp")
    assert back["value"] == second["value"], "the arrows go both ways"
    keyboard.press("ArrowDown")

    keyboard.tab_to(text="Leg dit moment vast")
    keyboard.look("hold-it")
    keyboard.enter()
    keyboard.look("held")
    held = db.session.scalars(sa.select(Interview)).one()
    assert held.starts_at is not None
    assert chosen["value"].startswith(f"{held.starts_at:%Y%m%dT%H%M}")
    db.session.rollback()


def test_the_list_of_moments_works_as_well(keyboard: Keyboard, case: Case) -> None:
    way = f"/interviews/plan/{case.interest.key}"
    db.session.rollback()
    keyboard.page.goto(keyboard.phone.address + way)
    keyboard.tab_to(text="Toon als lijst")
    keyboard.enter()
    keyboard.tab_to(name="slot")
    chosen = keyboard.press("ArrowDown")
    assert chosen["checked"]
    keyboard.look("a-moment-from-the-list")


def test_my_week_is_read_and_left_with_tab_and_enter(keyboard: Keyboard, case: Case, post: Any) -> None:
    interview = a_confirmed(case)
    with acting.as_(case.worker.id, "project_worker"):
        day = date(2026, 11, 19)
        service.be_away(
            case.worker.id, starts_at=clock.at(day, time(12, 30)), ends_at=clock.midnight(date(2026, 11, 20))
        )
        busy.take_in(case.worker.id, [Span(clock.at(day, time(9)), clock.at(day, time(10, 30)))])
    key = interview.key
    db.session.commit()
    keyboard.page.goto(f"{keyboard.phone.address}/agenda?day=2026-11-16")
    keyboard.phone.says("Gesprek bij Transport Nys", "Bezet in mijn andere agenda", "Afwezig", "Mijn uren")
    keyboard.look("my-week")
    keyboard.tab_to(text="Week erna")
    keyboard.enter()
    keyboard.phone.says("Week van 23 november 2026")
    keyboard.look("my-week-after")
    keyboard.tab_to(text="Deze week")
    keyboard.enter()
    keyboard.tab_to(text="Toon als lijst")
    keyboard.enter()
    keyboard.tab_to(text="Gesprek bij Transport Nys")
    keyboard.look("my-week-as-a-list")
    keyboard.enter()
    assert keyboard.page.url.endswith(f"/interviews/{key}")


def test_the_team_week_reads_by_the_day_on_a_phone(keyboard: Keyboard, case: Case) -> None:
    from tests.interviews.factories import a_worker

    a_worker("Karim")
    db.session.commit()
    keyboard.page.goto(f"{keyboard.phone.address}/agenda/team?day=2026-11-16")
    tops = keyboard.page.evaluate(
        "() => [...document.querySelectorAll('.team-week thead th, .team-week td')].filter(e => e.offsetHeight > 4)"
        ".map(e => [Math.round(e.getBoundingClientRect().top), e.innerText.trim().split('\\n')[0]]).sort((a, b) => a[0] - b[0])"
    )
    read = [text for _top, text in tops]
    assert [one.partition(" ")[0] for one in read[::3]] == ["ma", "di", "wo", "do", "vr"], read
    assert read[1:3] == ["Karim Claes", "Lien Claes"]
    keyboard.tab_to(name="region")
    keyboard.look("the-team-week")
