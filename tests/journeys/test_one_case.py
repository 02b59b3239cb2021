"""One accompanied interview, end to end, in a real browser: the case that every room takes part in.

The demo's people walk it: a new employer, a VDAB consultant, two project workers, a coordinator, and somebody whose name
no byte may carry to the employer before the interview is confirmed.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser

from portal.foundation import clock
from tests.journeys.traveller import PostOffice, Traveller

pytestmark = pytest.mark.journey

LIEN = "lien.claes@brugwerk.example"
KARIM = "karim.haddou@brugwerk.example"
INES = "ines.verbeke@brugwerk.example"
HILDE = "hilde.martens@brugwerk.example"
AN = "an.declerck@partner.example"
BAKER = "marleen.baeck@bandenhuis.example"
PEER = "joris.peer@fietsenwinkel.example"
FIRST, LAST = "Zjefke", "Quaghebeur"


def company_number(base: int) -> str:
    """A number with a right checksum in a range that nobody uses."""
    return f"0{base:07d}{97 - base % 97:02d}"


class Case:
    """The walk, step by step; each step leaves what the next one needs."""

    def __init__(self, browser: Browser, address: str, post: PostOffice, *, width: int, dark: bool = False, shots: Path | None = None) -> None:  # fmt: skip
        self.post = post
        self.anyone = Traveller(browser, address, width=width, dark=dark, shots=shots)
        self.employer = Traveller(browser, address, width=width, dark=dark, shots=shots)

    def walk(self) -> None:
        with time_machine.travel(clock.now(), tick=True) as self.clock:
            self._walk()

    def _walk(self) -> None:
        self.sign_up_and_verify()
        self.write_a_vacancy()
        self.refer()
        self.screen()
        self.agree_a_plan()
        self.write_the_profile()
        self.publish()
        self.mark_interest()
        self.plan_the_interview()
        self.meet_and_decide()
        self.start_and_follow_up()
        self.invite_a_peer()
        self.look_at_the_figures()

    def sign_up_and_verify(self) -> None:
        """1. The front page in three languages, a sign-up with a checked number, a letter, a call, a verification."""
        me = self.employer
        me.open("/").says("Kijk eerst naar")
        me.press("Français").says("Regardez d'abord")
        me.press("English").says("Look first")
        me.press("Nederlands")
        me.open("/sign-up").fill(number="0123456789").send().says("Dit ondernemingsnummer klopt niet")
        me.fill(number=company_number(123456)).send().says("Vul de rest zelf in")
        me.fill(
            name="Bandenhuis Baeck", section="G", size="micro", street="Kortrijksesteenweg 1",
            postcode="9000", municipality="Gent", first_name="Marleen", last_name="Baeck", email=BAKER, phone="09 222 22 22",
            shifts=["day"], forms_offered=["permanent", "ibo"], concerns=["transport"],
        )  # fmt: skip
        me.send().says("Kijk in je mailbox")
        me.open(self.post.link(BAKER, "/confirm/"))
        me.fill(password="een zin over banden").send()
        me.fill(email=BAKER, password="een zin over banden").send().says("Dag Marleen")
        lien = self.anyone.become(LIEN)
        self.task("Bandenhuis Baeck", "/companies/").says("0012.345.6")
        lien.fill(note="Gebeld met Marleen: zoekt twee mensen, begrijpt hoe het werkt.").send()
        lien.says("Bandenhuis Baeck")

    def task(self, text: str, way: str = "") -> Traveller:
        """Open what waits for whoever is signed in: the line that says this and leads there."""
        self.anyone.open("/")
        line = self.anyone.page.locator("main li", has_text=text).filter(
            has=self.anyone.page.locator(f"a[href*='{way}']")
        )
        line.first.get_by_role("link").last.click()
        return self.anyone.look()

    def write_a_vacancy(self) -> None:
        """2. The vacancy: the occupation first, then what it asks."""
        me = self.employer
        me.open("/vacancies/new?occupation=tyre_fitting").fill(
            title="Bandenmonteur in de werkplaats", tasks="Banden wisselen en uitbalanceren, klanten helpen.",
            hours_week="38", hours_from="08:00", hours_until="17:00", forms=["permanent", "ibo"], extract="no", must=["mount_tyres"],
        )  # fmt: skip
        me.send().says("Bandenmonteur in de werkplaats")

    def refer(self) -> None:
        """3a. A VDAB consultant refers somebody from a prison; the worker accepts."""
        an = self.anyone.become(AN).open("/referrals/new")
        places = an.page.locator("select[name=place] option").all_inner_texts()
        oudenaarde = next(text for text in places if "Oudenaarde" in text)
        an.page.locator("select[name=place]").select_option(label=oudenaarde)
        an.fill(
            first_name=FIRST, last_name=LAST, birth_date="1991-04-12", language="nl", motive="Wil opnieuw met de handen werken.",
            reach="Via de PSD.", consent=True,
        )  # fmt: skip
        an.send().says(LAST)
        ines = self.anyone.become(INES)
        ines.open("/people/referrals")
        ines.page.locator("main tr, main li", has_text="Oudenaarde").last.get_by_role("link").first.click()
        ines.look().says("An Declerck")
        ines.send().says(f"{FIRST} {LAST}")
        self.person = re.findall(r"/people/([^/]+)", ines.path)[0]

    def screen(self) -> None:
        """3b. The screening on the next sit-day, kept as a draft at every step, and the plan agreed with the person."""
        ines = self.anyone
        ines.send()
        self.forward(days=4)
        ines.become(INES)
        self.task(FIRST, "/screenings/")

        ines.fill(talents="Kan goed uitleggen.", occupation="tyre_fitting", wishes="Vast werk, overdag.").send()
        ines.fill(
            level_mount_tyres="3",
            evidence_mount_tyres="Deed dit drie jaar.",
            level_work_safely="3",
            level_repair_tyres="2",
        )
        ines.send()
        ines.fill(
            experience_band="3_to_5_years", availability_band="within_3_months", hours_band="day", hours_week="38",
            region="east_flanders", mobility=["bike", "public_transport"], licence="b", forms=["permanent", "ibo"], language_nl="explains",
            support=["worker_at_interview", "aftercare"],
        ).send()  # fmt: skip
        ines.fill(light_identity_papers="green", light_right_to_work="green", light_transport="amber").send()
        ines.fill(regime="exit_permit").send()

    def agree_a_plan(self) -> None:
        """3c. The plan, agreed on paper: the trajectory counts."""
        ines = self.anyone.send()
        ines.open(f"/people/{self.person}/plan/write").fill(
            goal="Binnen drie maanden aan het werk als bandenmonteur.", step_1_text="Fiets laten nakijken", step_1_owner="worker",
            step_1_due=self.day(14),
        )  # fmt: skip
        ines.send()
        ines.fill(channel="paper", on=self.day(0)).send()

    def day(self, ahead: int) -> str:
        """A date from the portal's today on, as a form takes it."""
        return (clock.today() + timedelta(days=ahead)).isoformat()

    def write_the_profile(self) -> None:
        """3d. The profile: the check shows what it finds, a second person reads, the candidate approves on paper."""
        ines = self.anyone.open(f"/people/{self.person}/profile")
        sentences = {
            "headline": "Monteert banden snel en legt het rustig uit",
            "evidence_mount_tyres": "Deed dit drie jaar, ook bij bestelwagens.",
            "own_words": "Als iets rammelt, wil ik weten waarom.",
        }
        ines.fill(**sentences | {"evidence_mount_tyres": f"{FIRST} deed dit drie jaar in een garage in Aalst."})
        ines.press("Bewaar en controleer").says(FIRST, "Aalst")
        ines.fill(**sentences).press("Bewaar en controleer")
        ines.send()
        karim = self.anyone.become(KARIM)
        self.find_task("/profiles-to-read/", sentences["headline"])
        karim.fill(
            verdict_headline="approve", verdict_evidence_mount_tyres="approve", verdict_own_words="approve"
        ).send()
        ines = self.anyone.become(INES).open(f"/people/{self.person}/profile/sheet").says(sentences["headline"])
        ines.open(f"/people/{self.person}/profile/approval").fill(channel="paper", agreed=True).send()

    def find_task(self, way: str, text: str) -> Traveller:
        """Open the one of several tasks of the same kind whose page says this."""
        links = self.anyone.page.locator(f"main li a[href*='{way}']")
        ways = list(dict.fromkeys(str(link.get_attribute("href")) for link in links.all()))
        for way in ways:
            if text in self.anyone.open(way).page.locator("main").inner_text():
                return self.anyone
        raise AssertionError(f"no task {way!r} says {text!r}")

    def publish(self) -> None:
        """3e. The coordinator releases a batch of five changes at least."""
        self.anyone.become(HILDE).open("/batches").send()

    def mark_interest(self) -> None:
        """4. Cards, the blind profile for this vacancy, interest for reasons of the job; nobody's name in any byte."""
        me = self.employer
        me.open("/sign-in").fill(email=BAKER, password="een zin over banden").send()
        me.open("/vacancies").follow("Bandenmonteur in de werkplaats").follow("Bekijk profielen")
        cards = me.path
        for number in range(me.page.locator("main .cards form button, main .cards a.btn").count()):
            me.page.locator("main .cards form button, main .cards a.btn").nth(number).click()
            me.look()
            if "Monteert banden snel" in me.page.locator("main").inner_text():
                break
            me.open(cards)
        me.says("Monteert banden snel en legt het rustig uit")
        me.follow("Ik heb interesse").fill(reasons=["competences", "hours"], note="Past goed bij ons werk.").send()
        self.nobody_was_named()

    def nobody_was_named(self) -> None:
        """Nothing that the employer received holds the name, the site or the referrer."""
        for url, body in self.employer.bodies:
            for secret in (FIRST, LAST, "Oudenaarde", "Declerck", "1991"):
                assert secret not in body, f"{secret} reached the employer at {url}"

    def plan_the_interview(self) -> None:
        """5. The candidate agrees; a slot that fits everybody, the permission asked and granted, all confirmed."""
        ines = self.anyone.become(INES)
        self.task("Bandenhuis Baeck", "/interests/")
        ines.fill(channel="in_person", said="yes").send()
        self.task("Bandenhuis Baeck", "/interviews/plan/")
        ines.page.locator("[name=slot]").first.evaluate("slot => slot.click()")
        ines.send().says("wacht op de vergunning")
        self.interview = ines.path
        ines.follow("Vraag de vergunning aan").send()
        ines.open(f"{self.interview}/file-letter").open(self.interview)
        ines.follow("Noteer het antwoord").fill(outcome="granted", begins="06:00", until="18:00").send()
        self.nobody_was_named()
        ines.send().says("bevestigd")
        for reader in (BAKER, INES):
            letter = self.post.last(reader, self.interview)
            assert letter.calendar is not None
            assert "METHOD:REQUEST" in letter.calendar
            assert LAST not in letter.calendar + letter.html + letter.subject
        ines.open(f"{self.interview}/sheet").says("Bandenhuis Baeck")

    def meet_and_decide(self) -> None:
        """6. The name appears to that one contact; the interview is held; scores, and an offer that the candidate hears."""
        me = self.employer
        me.open(self.interview).says(FIRST).says("Ines Verbeke")
        assert LAST not in me.page.content(), "only what the candidate allowed"
        self.forward_to(self.post.starts_of(self.interview) + timedelta(hours=2))
        ines = self.anyone.become(INES).open(f"{self.interview}/presence")
        ines.fill(candidate="present", contact="present", companion="present").send()
        self.come_back()
        scores = {name: "4" for name in ("skills", "learning", "motivation", "communication", "hours", "safety")}
        me.open(f"{self.interview}/scorecard")
        me.fill(**scores, **{f"{name}_evidence": "Gezien aan de proefopstelling." for name in scores}).send()
        me.follow("Geef je antwoord").follow("We bieden de job aan")
        me.fill(form="permanent", hours_week="38", starts_on=self.day(5), stands_until=self.day(10)).send()
        ines.become(INES)
        self.task("Bandenhuis Baeck", "/tell").says("wil je graag aannemen")
        ines.fill(reply="accepted").send()

    def start_and_follow_up(self) -> None:
        """7. The start; 26 weeks appear; the employer's week 2 with one score of 2; the alert, closed with a note."""
        ines = self.anyone
        self.task("Bandenhuis Baeck", "/placements/")
        ines.fill(
            starts_on=self.day(5), form="permanent", hours_week="38", disclosure="none", vdab_registered_on=self.day(0),
            aftercare_consent=True,
        )  # fmt: skip
        ines.press("Start vastleggen").says("26 weken")
        self.forward(days=19)
        me = self.employer
        me.context.clear_cookies()
        way = self.post.link(BAKER, "/form/")
        me.open(way)
        scores = {
            one: "4"
            for one in (
                "attendance",
                "quality",
                "safety",
                "teamwork",
                "asks_for_help",
                "colleagues_reactions",
                "enough_support",
            )
        }
        me.fill(**scores, pace="2", unexplained_absences="0", keep="yes", this_week="Het tempo komt nog.").send()
        gone = me.page.goto(me.address + way)
        assert gone is not None
        assert gone.status == 410, "a form is sent once"
        ines.become(INES)
        self.task("Bandenhuis Baeck", "/aftercare/alert/").says("2")
        ines.fill(note="Gebeld met Marleen: het tempo komt met de weken, we kijken in week 4 opnieuw.").send()

    def invite_a_peer(self) -> None:
        """8. The charter, its approval, a letter to a peer, a sign-up through it, and the funnel that moves."""
        self.come_back()
        me = self.employer.open("/network/charter").fill(signed_name="Marleen Baeck", agreed=True).send()
        self.anyone.become(HILDE)
        self.task("Bandenhuis Baeck", "/network/ambassadors/").fill(decision="approve").send()
        self.come_back()
        me.open("/network/invite").fill(
            company_name="Fietsen Peer", contact_name="Joris Peer", email=PEER, language="nl"
        ).send()
        me.send()
        peer = Traveller.like(me)
        peer.open(self.post.link(PEER, "/invited/")).says("Marleen")
        peer.fill(number=company_number(123457)).press("Vul in", exact=True)
        peer.fill(
            name="Fietsen Peer", section="G", size="micro", street="Brugsepoort 2", postcode="9000",
            municipality="Gent", first_name="Joris", last_name="Peer", email=PEER, phone="09 333 33 33", shifts=["day"],
            forms_offered=["permanent"],
        )  # fmt: skip
        peer.send().says("Kijk in je mailbox")
        peer.close()
        me.open("/network").says("Fietsen Peer", "aangemeld")
        for secret in (LAST, "Oudenaarde"):
            assert secret not in me.page.content()

    def look_at_the_figures(self) -> None:
        """9. Trajectories against 80 a year, activation against 30%, and the journal of this case."""
        hilde = self.anyone.become(HILDE).open("/figures").says("van 80")
        hilde.says("30%", "van 80")
        hilde.open(f"/people/{self.person}/journal").says("Een signaal werd afgesloten", "Gestart op het werk")
        for url, body in self.employer.bodies:
            assert LAST not in body, f"the last name reached the employer at {url}"

    def come_back(self) -> None:
        """The employer signs in again: the day is another one."""
        self.employer.context.clear_cookies()
        self.employer.open("/sign-in").fill(email=BAKER, password="een zin over banden").send()

    def forward_to(self, moment: datetime) -> None:
        self.clock.move_to(moment)

    def forward(self, **by: float) -> None:
        """Let time go on."""
        self.clock.shift(timedelta(**by))


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)], ids=["phone", "desk, dark"])
def test_one_accompanied_interview_end_to_end(
    demo_app: Flask,
    address: str,
    chromium: Browser,
    post_office: PostOffice,
    shots: Path | None,
    width: int,
    dark: bool,
) -> None:
    Case(chromium, address, post_office, width=width, dark=dark, shots=shots).walk()
