"""The three forms of aftercare by their personal links, on a phone, in Dutch, French and English: the employer and the justice
assistant by keys alone, the employee by touch. Each is sent, thanked for, and closed; the worker then reads every line.

Each page is kept as a picture where JOURNEY_SHOTS names a folder.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Locator
from werkzeug.serving import make_server

from portal.accounts import links, passwords
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.aftercare import nightly, service
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.candidates import consents
from portal.candidates.states import Channel, Purpose
from portal.foundation.database import db
from portal.placements.models import Placement
from tests.accounts.steps import a_sheet
from tests.factories import a_person
from tests.journeys.traveller import Traveller
from tests.placements.factories import Cast, a_cast, a_start

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("post")]
PASSWORD = "een lange zin om mee binnen te komen"
# The worker's printed codes: the second step at signing in.
PAPER: list[str] = []
START, WEEK_8 = "2026-09-28 07:00:00+00:00", "2026-11-23 08:00:00+00:00"
COMPANIES = {"nl": "Bakkerij Soetaert", "fr": "Boulangerie Lambert", "en": "Northern Bakery"}
SENT = {"nl": "Het is verstuurd", "fr": "C'est envoyé", "en": "It is sent"}
CLOSED = {"nl": "Deze link werkt niet meer", "fr": "Ce lien ne fonctionne plus", "en": "This link is no longer open"}
TITLES = {
    Voice.EMPLOYER: {"nl": "nieuwe collega", "fr": "la personne que vous avez engagée", "en": "new colleague"},
    Voice.JUSTICE_ASSISTANT: {"nl": "Past het uurrooster nog?", "fr": "L'horaire convient-il encore", "en": "Does the schedule still fit?"},
}  # fmt: skip
WORDS = {
    "nl": "Meer uitleg bij de oven, graag.",
    "fr": "Plus d'explications près du four.",
    "en": "More explanation at the oven.",
}
# What the focus stands on, and whether it can be seen.
FOCUS = """() => {
  const field = document.activeElement, style = getComputedStyle(field);
  const face = field.closest('.score-pick')?.querySelector('.score-face');
  const ring = one => one && ((getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2)
    || getComputedStyle(one).boxShadow !== 'none');
  return {tag: field.tagName, type: field.type || '', name: field.name || '', ring: !!(ring(field) || ring(face) || ring(field.closest('label'))),
    submit: field.matches('main form button'), asked: !!field.closest('.asked')};
}"""


@dataclass
class Story:
    """One start in one language: who is asked, and by which link."""

    language: str
    key: str
    ways: dict[Voice, str]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def worker(app: Flask) -> Person:
    """One project worker who has all three; her own language is Dutch."""
    person = a_person("lien@example.org", role=Role.PROJECT_WORKER)
    person.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return person


@pytest.fixture
def stories(worker: Person, post: Any) -> Iterator[list[Story]]:
    """In week 8 all three voices are asked: two by letter, the employee by the sheet that the worker hands over."""
    with time_machine.travel(START, tick=False) as traveller:
        starts = [_begin(worker, language) for language in COMPANIES]
        traveller.move_to("2026-11-23 00:20:00+00:00")
        nightly.daily()
        db.session.commit()
        traveller.move_to(WEEK_8)
        PAPER[:] = a_sheet(worker)
        yield [_asked(cast, placement, post) for cast, placement in starts]


def _begin(worker: Person, language: str) -> tuple[Cast, Placement]:
    cast = a_cast(worker, COMPANIES[language])
    cast.contact.language = language
    justice = a_person(f"justitie-{language}@example.org", role=Role.JUSTICE_ASSISTANT, language=language)
    placement = a_start(cast, language=language, justice_assistant=justice)
    consents.give(placement.candidate_id, Purpose.JUSTICE_CONTACT, channel=Channel.PAPER, language=language)
    for one in db.session.scalars(
        sa.select(CheckIn).where(CheckIn.placement_id == placement.id, CheckIn.moment != "week8")
    ):
        if one.state == CheckInState.PLANNED and one.week < 8:
            service.skip(one, "niet voor deze test")
    db.session.commit()
    return cast, placement


def _asked(cast: Cast, placement: Placement, post: Any) -> Story:
    language = cast.contact.language
    ways = {
        Voice.EMPLOYER: post.last(cast.contact.email, "aftercare/form").path("/form/"),
        Voice.JUSTICE_ASSISTANT: post.last(f"justitie-{language}@example.org", "aftercare/form").path("/form/"),
    }
    own = (CheckIn.placement_id == placement.id, CheckIn.moment == "week8", CheckIn.voice == Voice.EMPLOYEE)
    url = links.url_of(service.hand_over(db.session.scalars(sa.select(CheckIn).where(*own)).one()))
    db.session.commit()
    return Story(language, placement.key, {**ways, Voice.EMPLOYEE: "/form/" + url.rpartition("/form/")[2]})


def _pictured(page: Any) -> None:
    """Each pictogram is only for the eye, and stands beside its question in words."""
    for one in page.locator(".asked").all():
        assert one.locator("svg").first.get_attribute("aria-hidden") == "true"
        assert len(one.locator("legend, label").first.inner_text().strip()) > 3


def _by_keys(phone: Traveller, words: str) -> None:
    """From the top of the page to the button, with Tab, Space, arrows and letters; every stop can be seen."""
    page, answered, dates = phone.page, set(), set()
    for _stop in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        # The parts of a date (day, month, year, its calendar) are drawn by the browser itself.
        assert here["ring"] or here["tag"] == "BODY" or here["name"] in dates, f"no ring at {here} on {page.url}"
        dates |= {here["name"]} if here["type"] == "date" else set()
        if here["submit"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if not here["asked"] or here["name"] in answered:
            continue
        answered.add(here["name"])
        if here["type"] == "radio":
            # The last of a row of scores is the best one; of a choice the first is.
            page.keyboard.press("Space")
            if page.locator(f"input[name='{here['name']}']").count() == 5:
                page.keyboard.press("ArrowRight")
                page.keyboard.press("ArrowRight")
                page.keyboard.press("ArrowRight")
        elif here["type"] == "number" or here["name"] == "unexplained_absences":
            page.keyboard.type("0")
        elif here["tag"] == "TEXTAREA":
            page.keyboard.type(words)
    raise AssertionError(f"the keys never reached the button of {page.url}")


def _by_touch(phone: Traveller, words: str) -> None:
    """A finger on an answer of each question; a target is as large as a finger."""
    page = phone.page
    for one in page.locator(".asked").all():
        picks = one.locator("label:has(input[type=radio]), input[type=radio] + label")
        if picks.count():
            _touched(picks.nth(3 if picks.count() == 5 else 0))
        elif one.locator("textarea").count():
            one.locator("textarea").tap()
            page.keyboard.type(words)
    with page.expect_navigation():
        page.locator("main form button").last.tap()


def _touched(target: Locator) -> None:
    box = target.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 24, f"too small for a finger: {box}"
    target.tap()


def _walk(story: Story, voice: Voice, phone: Traveller) -> None:
    way = story.ways[voice]
    phone.open(way)
    assert phone.page.locator("html").get_attribute("lang") == story.language
    if voice in TITLES:
        phone.says(TITLES[voice][story.language])
    _pictured(phone.page)
    (_by_touch if voice is Voice.EMPLOYEE else _by_keys)(phone, WORDS[story.language])
    phone.look().says(SENT[story.language])
    assert WORDS[story.language] not in phone.page.content(), "what was sent is not shown again"
    assert phone.page.goto(f"{phone.address}{way}").status == 410
    phone.says(CLOSED[story.language])


def _read_in_a_browser(story: Story, desk: Traveller) -> None:
    desk.open("/sign-in", look=False)
    desk.fill(email="lien@example.org", password=PASSWORD)
    desk.page.get_by_role("button", name="Aanmelden", exact=True).click()
    desk.page.wait_for_load_state()
    desk.page.locator("[name=code]").fill(PAPER.pop())
    desk.page.get_by_role("button", name="Ga verder").click()
    desk.page.wait_for_url(lambda url: "sign-in" not in url)
    desk.open(f"/aftercare/{story.key}").says(COMPANIES[story.language])
    assert WORDS[story.language] in " ".join(desk.page.locator("main").text_content().split())
    desk.close()
    db.session.rollback()


@pytest.mark.parametrize("language", list(COMPANIES))
def test_three_forms_are_filled_in_and_the_worker_reads_them(
    chromium: Browser,
    address: str,
    stories: list[Story],
    worker: Person,
    visitors: Any,
    shots: Path | None,
    language: str,
) -> None:
    story = next(one for one in stories if one.language == language)
    db.session.rollback()
    for voice in Voice:
        phone = Traveller(chromium, address, shots=shots, touch=voice is Voice.EMPLOYEE)
        _walk(story, voice, phone)
        phone.close()
    if language == "nl":
        _read_in_a_browser(story, Traveller(chromium, address, shots=shots))
    visitors(worker).open(f"/aftercare/{story.key}").says(WORDS[language], "4", "Ja")
    rows = db.session.scalars(
        sa.select(CheckIn).join(Placement).where(Placement.key == story.key, CheckIn.moment == "week8")
    )
    assert {one.voice: (one.state, one.answered_by) for one in rows} == {
        voice: (CheckInState.DONE, "link") for voice in Voice
    }
