"""Somebody in a real browser. Every page is looked at: axe, the CSP, the width of a phone, a picture where asked."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page

from portal.foundation import jobs
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.outbox.models import ShownLetter

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # Every rule is tried; what it found in order is not described element by element, since nobody reads that.
    "resultTypes": ["violations"],
}
_LISTEN = "window.__csp = []; document.addEventListener('securitypolicyviolation', e => window.__csp.push(e.violatedDirective + ' ' + e.blockedURI));"


class Traveller:
    """One person with one browser context, at one width and in one colour scheme."""

    def __init__(self, browser: Browser, address: str, *, width: int = 390, dark: bool = False, shots: Path | None = None, locale: str = "nl-BE", touch: bool = False) -> None:  # fmt: skip
        height = 844 if width < 700 else 900
        self.browser = browser
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale=locale,
            reduced_motion="reduce", has_touch=touch,
        )  # fmt: skip
        self.context.add_init_script(_LISTEN)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.address, self.width, self.dark, self.shots = address, width, dark, shots
        self.looked_at: set[str] = set()
        self.bodies: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._keep)

    @classmethod
    def like(cls, other: Traveller) -> Traveller:
        """Somebody else with the same kind of browser."""
        return cls(other.browser, other.address, width=other.width, dark=other.dark, shots=other.shots)

    def _keep(self, response: Any) -> None:
        """Everything that this person's browser received, so that a journey can search it for a name."""
        with contextlib.suppress(Exception):
            if response.request.resource_type in {"document", "fetch", "xhr"}:
                self.bodies.append((response.url, response.text() + str(response.headers)))

    def open(self, path: str, *, look: bool = True) -> Traveller:
        answer = self.page.goto(f"{self.address}{path}" if path.startswith("/") else path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        return self.look() if look else self

    def become(self, email: str) -> Traveller:
        """Step into a role through the demo's sign-in page."""
        self.context.clear_cookies()
        self.open("/demo", look=False)
        self.page.locator(f"form:has(input[name=email][value='{email}']) button").first.click()
        self.page.wait_for_load_state()
        return self.look()

    def follow(self, text: str, *, exact: bool = False) -> Traveller:
        self.page.get_by_role("link", name=text, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def press(self, text: str, *, exact: bool = False) -> Traveller:
        self.page.get_by_role("button", name=text, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def send(self) -> Traveller:
        """Press the one obvious button of the page: the amber one, else the last form's own."""
        amber = self.page.locator("main form button.btn-next")
        (amber if amber.count() else self.page.locator("main form button")).last.click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, **values: Any) -> Traveller:
        """Fill in fields by name: text, a date, a choice, a tick or several."""
        for name, value in values.items():
            for one in value if isinstance(value, list | tuple) else [value]:
                self._fill(name, one)
        return self

    def _fill(self, name: str, value: Any) -> None:
        field: Locator = self.page.locator(f"main [name='{name}']:not([type=hidden])").first
        # Whoever looks for a question opens the fold that it stands in.
        field.evaluate("e => { const fold = e.closest('details'); if (fold) fold.open = true; }")
        kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.select_option(str(value))
        elif kind in {"radio", "checkbox"}:
            wanted = "y" if value is True else str(value)
            box = self.page.locator(f"main [name='{name}'][value='{wanted}']").first
            if not box.is_checked():
                box.evaluate("box => box.click()")
        else:
            field.fill(str(value))

    def says(self, *texts: str) -> Traveller:
        seen = " ".join(self.page.locator("body").inner_text().split())
        for text in texts:
            assert text in seen, f"{text!r} is not on {self.page.url}:\n{seen[:3000]}"
        return self

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def look(self) -> Traveller:
        """What every page owes its reader, in a real browser; once per page and state of it."""
        self.page.wait_for_load_state()
        assert not self.errors, f"{self.page.url}: {self.errors}"
        breaches = self.page.evaluate("window.__csp || []")
        assert not breaches, f"{self.page.url}: {breaches}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url} is {wide} pixels too wide at {self.width}"
        name = re.sub(r"[A-Za-z0-9_-]{12}(?=/|$)|\d+", "x", self.path.partition("?")[0])
        if name not in self.looked_at:
            self.looked_at.add(name)
            # From its top: what a scrolled page has under its bar is out of reach for a moment, as it is meant to be.
            self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
            found = Axe().run(self.page, options=RULES)
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
            self._picture(name)
        return self

    def _picture(self, name: str) -> None:
        if self.shots is not None:
            file = f"{len(list(self.shots.glob('*.png'))):03d}{name.replace('/', '_')}-{self.width}{'-dark' if self.dark else ''}.png"
            self.page.screenshot(path=self.shots / file, full_page=True)

    def close(self) -> None:
        self.context.close()


class PostOffice:
    """The worker's part, and the demo's mailbox."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def deliver(self) -> None:
        """Two of the worker's minutes: what is due leaves its letters, and every letter that waits goes out."""
        for name, job in [*jobs.each_minute.items()] * 2:
            jobs.run(self.app, name, job)

    def last(self, address: str, part: str = "") -> ShownLetter:
        """The newest letter to somebody, whose text contains a part."""
        self.deliver()
        with self.app.app_context():
            letters = db.session.scalars(
                sa.select(ShownLetter).where(ShownLetter.address == address.lower()).order_by(ShownLetter.id.desc())
            ).all()
            found = [one for one in letters if part in one.html]
            assert found, f"no letter to {address} with {part!r}: {[one.subject for one in letters]}"
            db.session.expunge_all()
            return found[0]

    def link(self, address: str, part: str) -> str:
        """The path of a link in the newest letter to somebody."""
        html = self.last(address, part).html
        links: list[str] = re.findall(r'href="https?://[^/"]+(/[^"]*)"', html)
        return next(link.replace("&amp;", "&") for link in links if part in link)

    def starts_of(self, address: str) -> datetime:
        """When an interview begins."""
        with self.app.app_context():
            found = db.session.scalar(sa.select(Interview.starts_at).where(Interview.key == address.rpartition("/")[2]))
            assert found is not None
            return found
