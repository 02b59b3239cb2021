"""A second web process and a second worker may be added, and one of each may fail: nothing is lost, nothing is done twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.competences import catalogue
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import permissions
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.journal.models import Entry
from portal.outbox.models import Letter, LetterState, ShownLetter
from tests.house.fleet import Fleet
from tests.interviews.factories import CANARY, Case, a_requested, again, an_interest
from tests.wire import FarVisitor

pytestmark = pytest.mark.engine("postgresql")


@pytest.fixture
def fleet(portal: Flask, tmp_path: Path) -> Iterator[Fleet]:
    """Nothing runs yet; whatever is started ends with the test. The database is empty, as where it was just created."""
    with portal.app_context():
        db.session.execute(sa.text("DROP SCHEMA public CASCADE"))
        db.session.execute(sa.text("CREATE SCHEMA public"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        started = Fleet(portal.extensions["doorstart"], tmp_path)
        try:
            yield started
        finally:
            started.end()
            db.session.remove()
            db.engine.dispose()


def _awaiting_permission() -> tuple[Case, Interview]:
    """A talk whose moment is held and whose permission was asked for."""
    catalogue.load()
    case = an_interest()
    interview = a_requested(case)
    with acting.as_(case.worker.id, "project_worker"):
        permissions.requested(interview, clock.today())
    db.session.commit()
    return case, again(interview)


def _until(true: Callable[[], bool], fleet: Fleet, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, fleet.said()
        time.sleep(0.2)


def _waiting() -> int:
    db.session.rollback()
    waiting = sa.select(sa.func.count(Letter.id)).where(Letter.state == LetterState.WAITING)
    return db.session.scalar(waiting) or 0


def _shown(subject: str = "") -> list[ShownLetter]:
    db.session.rollback()
    return [one for one in db.session.scalars(sa.select(ShownLetter)) if subject in one.subject]


def _twice_at_once(visitor: FarVisitor, page: Any, button: str) -> list[Any]:
    """A double click, of which the balancer gives each half to another server."""
    form = page.form(button)
    path, values = form.get("action"), form.form_values()
    with ThreadPoolExecutor(2) as hands:
        return list(hands.map(lambda _: visitor.post(path, values), range(2)))


def test_two_web_processes_and_two_workers_are_one_portal(fleet: Fleet) -> None:
    fleet.run("migrate")
    case, interview = _awaiting_permission()
    servers = [fleet.web(), fleet.web()]
    workers = [fleet.worker(), fleet.worker("--no-periodic")]
    fleet.ready(*servers)
    address = f"/interviews/{interview.key}"
    an = FarVisitor(servers).step_into(case.contact.email)
    an.open(address).lacks(CANARY)

    # The worker confirms, each page from another server than the one before; a double click reaches both at once.
    lien = FarVisitor(servers).step_into(case.worker.email)
    page = lien.open(address).follow("Noteer het antwoord")
    needed = permissions.needed_span(again(interview))
    page = page.send(
        "Noteer het antwoord", outcome="granted", begins=f"{clock.local(needed.start):%H}:00", until="23:00"
    )
    page.says("Bevestig dit gesprek")
    clicked = _twice_at_once(lien, page, "Bevestig dit gesprek")
    assert [one.status for one in clicked] == [200, 200], fleet.said()
    assert set(lien.client.asked) == set(servers)
    assert again(interview).state is InterviewState.CONFIRMED
    confirmed = sa.select(sa.func.count(Entry.id)).where(Entry.action == "interview.confirmed")
    assert db.session.scalar(confirmed) == 1
    for _server in servers:
        an.open(address).says(CANARY).lacks("Kwartelslag")
    assert set(an.client.asked) == set(servers)

    # Each who is invited gets one letter, whichever worker sends it.
    _until(lambda: _waiting() == 0, fleet)
    invited = [one for one in _shown() if one.calendar]
    assert Counter(one.address for one in invited) == {case.worker.email: 1, case.contact.email: 1}
    for one in invited:
        calendar = icalendar.Calendar.from_ical(one.calendar)
        assert (calendar["METHOD"], calendar.events[0]["UID"]) == ("REQUEST", interview.uid)

    # A server fails, and the worker that keeps the clock: who was signed in still is, and letters leave.
    fleet.kill(servers[0])
    fleet.kill(workers[0])
    lien.client.ask_only(servers[1])
    before = len(_shown())
    lien.open(address).follow("Het gaat niet door").send(reason="illness")
    _until(lambda: len(_shown()) == before + 2, fleet)
    assert again(interview).state is InterviewState.CANCELLED
    assert _waiting() == 0
