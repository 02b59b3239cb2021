"""Companies that answer at the same moment: real processes, on both engines. The last seat is taken once."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import create_app
from portal.config import Settings
from portal.events import queries
from portal.events.states import SeatState
from portal.foundation import clock
from portal.foundation.database import db
from tests import forks
from tests.events.factories import a_company, a_worker, an_event, asked
from tests.visitor import Visitor

pytestmark = pytest.mark.engine
HOW_MANY = 4


def answer(settings: Settings, person_id: int, path: str, ready: Any, said: Any) -> None:
    from portal.accounts.models import Person

    app = create_app(settings)
    with app.app_context():
        visitor = Visitor(app).become(db.session.get_one(Person, person_id))
        page = visitor.open(path)
        ready.wait()
        said.put(page.send("Verstuur het antwoord", comes="yes", people="1").status)
        db.session.remove()
        db.engine.dispose()


def test_the_last_seat_is_taken_once_and_the_others_wait(portal: Flask) -> None:
    with portal.app_context():
        event = an_event(a_worker(), seats=1, day=clock.today() + timedelta(days=30))
        companies = [a_company(f"Bedrijf N{number}") for number in range(HOW_MANY)]
        asked(event, *[one for one, _ in companies])
        people, path, number = [person.id for _, person in companies], f"/events/{event.key}", event.id
        db.session.remove()
        db.engine.dispose()
    ready, said = forks.own.Barrier(HOW_MANY, timeout=60), forks.own.Queue()
    running = [
        forks.own.Process(target=answer, args=(portal.extensions["doorstart"], who, path, ready, said))
        for who in people
    ]
    for process in running:
        process.start()
    assert [said.get(timeout=90) for _ in running] == [200] * HOW_MANY
    for process in running:
        process.join(60)
    with portal.app_context():
        states = sorted(one.state for one in queries.seats(queries.by_id(number)))
        assert states == [SeatState.COMING, *[SeatState.WAITING] * (HOW_MANY - 1)]
        db.session.remove()
        db.engine.dispose()
