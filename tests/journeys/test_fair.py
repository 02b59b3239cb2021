"""A fair: an ambassador shows a code, a baker scans it, and from there to a first interview, on a phone (issue 6).

Nobody sends the baker a letter to ask: people recruit people. Every page is looked at by axe, at the width of a phone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from playwright.sync_api import Browser

from portal.accounts.models import Person
from portal.ambassadors import fairs
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerQuestion, PeerTurn
from portal.candidates.models import Candidate
from portal.foundation import clock
from portal.foundation.database import db
from portal.showcase.models import Interest
from tests.journeys.test_one_case import company_number
from tests.journeys.traveller import PostOffice, Traveller

pytestmark = pytest.mark.journey
DIRK = "dirk.verlinden@verlinden.example"
LIEN = "lien.claes@brugwerk.example"
HILDE = "hilde.martens@brugwerk.example"
BAKER = "griet.deeg@zuurdesem.example"
SECRET = "een zin over zuurdesem"  # nosec


class Fair:
    """The walk. The baker's own telephone is one browser; everybody else's is another."""

    def __init__(self, app: Flask, browser: Browser, address: str, post: PostOffice, shots: Path | None) -> None:
        self.app, self.post = app, post
        self.baker = Traveller(browser, address, width=390, shots=shots, touch=True)
        self.other = Traveller(browser, address, width=390, shots=shots, touch=True)

    def walk(self) -> None:
        with time_machine.travel(clock.now(), tick=True) as self.clock:
            code = self.show_a_code()
            self.scan_and_sign_up(code)
            self.be_called()
            self.ask_a_worry()
            self.open_a_vacancy()
            self.mark_interest()
            self.receive_an_interview()
            self.count_in_the_funnel()

    def show_a_code(self) -> str:
        """1. At the fair: a code on the ambassador's telephone, made for the day."""
        dirk = self.other.become(DIRK).open("/network/fairs/new")
        dirk.fill(name="Jobbeurs Gent", most="10", shows_name=True).send().says("Je code is klaar", "Jobbeurs Gent")
        url = str(dirk.page.locator(".code-address").inner_text()).strip()
        with self.app.app_context():
            assert fairs.square(url) in _plain(dirk.page.content()), "the square says the address that stands below it"
        return urlsplit(url).path

    def scan_and_sign_up(self, code: str) -> None:
        """2. The baker scans it: greeted in the ambassador's name, signed up on the same page."""
        me = self.baker.open(code).says("Dirk Verlinden")
        me.fill(number=company_number(234567)).press("Vul in")
        me.fill(
            name="Zuurdesem Deeg", section="C", size="micro", street="Kouter 1", postcode="9000",
            municipality="Gent", first_name="Griet", last_name="Deeg", email=BAKER, phone="09 222 22 33", shifts=["day"],
            forms_offered=["permanent"],
        )  # fmt: skip
        me.send().says("Kijk in je mailbox")
        me.open(self.post.link(BAKER, "/confirm/")).fill(password=SECRET).send()
        me.fill(email=BAKER, password=SECRET).send().says("Dag Griet")

    def be_called(self) -> None:
        """3. A worker calls and verifies."""
        lien = self.other.become(LIEN)
        self.task("Zuurdesem Deeg", "/companies/")
        lien.fill(note="Gebeld met Griet: zoekt iemand voor de vroege shift.").send().says("Zuurdesem Deeg")

    def task(self, text: str, way: str) -> None:
        """Open what waits for whoever is signed in: the line that says this and leads there."""
        page = self.other.open("/").page
        line = page.locator("main li", has_text=text).filter(has=page.locator(f"a[href*='{way}']"))
        line.first.get_by_role("link").last.click()
        self.other.look()

    def ask_a_worry(self) -> None:
        """4. A worry, where its answer stands; a company that did it answers, and the baker reads it."""
        me = self.baker.open("/answers/colleagues").follow("Vraag het")
        me.fill(text="Hoe reageerde jouw ploeg de eerste week?").send().says("Je vraag is onderweg")
        mine = me.path
        with self.app.app_context():
            turn = sa.select(Person.email).join(Ambassador, Ambassador.person_id == Person.id).join(PeerTurn)
            peer = db.session.scalars(turn.join(PeerQuestion).order_by(PeerTurn.id.desc())).first()
        assert peer
        self.other.become(peer)
        self.task("vraag", "/network/asked/")
        self.other.fill(text="Rustig. We zeiden wat we bij elke starter zeggen.").send().says("Bedankt")
        me.open(mine).says("We zeiden wat we bij elke starter zeggen")

    def open_a_vacancy(self) -> None:
        """5. A vacancy of five minutes."""
        self.baker.open("/vacancies/new?occupation=bakery_helper").fill(
            title="Hulp in de bakkerij", tasks="Deeg afwegen, broden vormen, de oven laden.", hours_week="38", hours_from="08:30",
            hours_until="16:30", forms=["permanent"], extract="no",
        )  # fmt: skip
        self.baker.send().says("Hulp in de bakkerij")

    def mark_interest(self) -> None:
        """6. Cards without names; interest for reasons of the job."""
        self.other.become(HILDE).open("/batches").send()
        me = self.baker.open("/vacancies").follow("Hulp in de bakkerij").follow("Bekijk profielen")
        me.page.locator("main .cards form button, main .cards a.btn").first.click()
        me.look().follow("Ik heb interesse").fill(reasons=["competences"], note="Past bij ons werk.").send()

    def receive_an_interview(self) -> None:
        """7. The candidate agrees, a moment that fits everybody, the permission where one is needed: the baker is invited."""
        with self.app.app_context():
            found = sa.select(Person.email).join(Candidate, Candidate.worker_id == Person.id)
            worker = db.session.scalar(
                found.join(Interest, Interest.candidate_id == Candidate.id).order_by(Interest.id.desc()).limit(1)
            )
        their = self.other.become(str(worker))
        self.task("Zuurdesem Deeg", "/interests/")
        their.fill(channel="in_person", said="yes").send()
        self.task("Zuurdesem Deeg", "/interviews/plan/")
        their.page.locator("[name=slot]").first.evaluate("slot => slot.click()")
        their.send()
        interview = their.path
        if (
            "vergunning" in their.page.locator("main").inner_text()
            and their.page.get_by_role("link", name="Vraag de vergunning aan").count()
        ):
            their.follow("Vraag de vergunning aan").send()
            their.open(interview).follow("Noteer het antwoord").fill(
                outcome="granted", begins="00:00", until="23:45"
            ).send()
        their.send().says("bevestigd")
        letter = self.post.last(BAKER, interview)
        assert letter.calendar is not None and "METHOD:REQUEST" in letter.calendar
        self.baker.context.clear_cookies()
        self.baker.open("/sign-in").fill(email=BAKER, password=SECRET).send()
        self.baker.open(interview).says("Hulp in de bakkerij")

    def count_in_the_funnel(self) -> None:
        """8. The ambassador reads that one company came by the code; nothing about anybody's way."""
        self.clock.shift(timedelta(minutes=5))
        dirk = self.other.become(DIRK).open("/network/fairs").says("Jobbeurs Gent")
        dirk.follow("Jobbeurs Gent").says("1 van 10")
        assert "Hulp in de bakkerij" not in dirk.page.content()


def _plain(html: str) -> str:
    """As the server wrote it: a browser writes an empty element out."""
    return re.sub(r"></(path|rect)>", "/>", html)


def test_from_a_code_at_a_fair_to_a_first_interview(
    demo_app: Flask, address: str, chromium: Browser, post_office: PostOffice, shots: Path | None
) -> None:
    Fair(demo_app, chromium, address, post_office, shots).walk()
