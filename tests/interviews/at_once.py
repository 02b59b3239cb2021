"""What a process does in the hard cases that happen at one moment: each act waits for the others where it hurts most."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from flask import Flask

from portal import create_app
from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.agenda import holds
from portal.agenda.models import HoldKind
from portal.agenda.windows import Span
from portal.config import Settings
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.interviews import (
    contacts,
    lateness,
    people,
    planning,
    proposal_queries,
    proposals,
    queries,
    reminders,
    service,
    settling,
)
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from tests.interviews.processes import a_viewer
from tests.visitor import Visitor

# How long a transaction stays open after the others were let go: they run into it.
OPEN = 0.5


@dataclass(frozen=True)
class Act:
    round: str
    name: str
    about: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Booking:
    id: int
    __tablename__ = "interview"


def play(settings: Settings, acts: Sequence[Act], ready: Any, said: Any) -> None:
    app = create_app(settings)
    for act in acts:
        with app.app_context():
            try:
                answer = ACTS[act.name](app, ready, *act.about)
            except (DomainError, NotFound) as error:
                db.session.rollback()
                answer = type(error).__name__
            said.put((act.round, act.name, answer))
            db.session.remove()
    with app.app_context():
        db.engine.dispose()


def _wait(_app: Flask, ready: Any) -> str:
    ready.wait()
    return "waited"


def _hold(_app: Flask, ready: Any, number: int, start: str, end: str) -> str:
    at = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    ready.wait()
    holds.take(
        Booking(number), HoldKind.INTERVIEW, at, [holds.Party("person:1", at), holds.Party(f"candidate:{number}", at)]
    )
    db.session.commit()
    return "done"


def _send_the_form(app: Flask, ready: Any, worker_id: int, key: str, slot: str) -> str:
    visitor = Visitor(app).become(db.session.get_one(Person, worker_id))
    page = visitor.open(f"/interviews/plan/{key}")
    ready.wait()
    answer = page.send("Leg dit moment vast", slot=slot)
    return f"{answer.status} {answer.path}"


def _remind(_app: Flask, ready: Any) -> str:
    ready.wait()
    return str(reminders.send_due())


def _confirm(_app: Flask, ready: Any, viewer: Any, key: str, *, keeps_open: bool = False) -> str:
    if not keeps_open:
        ready.wait()
    service.confirm(queries.staff_interview(viewer, key, lock=True))
    return _commit(ready, keeps_open)


def _leave(_app: Flask, ready: Any, person_id: int, *, keeps_open: bool = False) -> str:
    if not keeps_open:
        ready.wait()
    accounts.deactivate(db.session.get_one(Person, person_id))
    db.session.flush()
    return _commit(ready, keeps_open)


def _change(_app: Flask, ready: Any, viewer: Any, key: str, companion: int) -> str:
    interview: Interview = queries.staff_interview(viewer, key, lock=True)
    assert interview.starts_at is not None
    assert interview.ends_at is not None
    free = planning.free_companions(settling.search(interview), Span(interview.starts_at, interview.ends_at))
    people.change_companion(interview, free[companion])
    return _commit(ready, True)


def _answer(_app: Flask, ready: Any, key: str, day: str) -> str:
    window = Window(date.fromisoformat(day), clock_time(9), clock_time(12))
    ready.wait()
    proposals.answer(proposal_queries.one(Proposal.key == key, lock=True), seen="asked", windows=[window])
    return _commit(ready, False)


def _answer_again(_app: Flask, ready: Any, key: str, day: str) -> str:
    window = Window(date.fromisoformat(day), clock_time(9), clock_time(12))
    ready.wait()
    proposals.answer(proposal_queries.one(Proposal.key == key, lock=True), seen="preferred", windows=[window])
    return _commit(ready, False)


def _settle(_app: Flask, ready: Any, viewer: Any, key: str, slot: str) -> str:
    ready.wait()
    row, case = proposal_queries.of_staff(viewer, key)
    settling.settle(row, case, slot)
    return _commit(ready, False)


def _move(_app: Flask, ready: Any, viewer: Any, key: str, seen: int, slot: str) -> str:
    ready.wait()
    interview = queries.staff_interview(viewer, key, lock=True)
    lateness.check(interview, seen)
    service.move(interview, planning.chosen(settling.search(interview), slot))
    return _commit(ready, False)


def _confirm_seen(_app: Flask, ready: Any, viewer: Any, key: str, seen: int) -> str:
    ready.wait()
    interview = queries.staff_interview(viewer, key, lock=True)
    lateness.check(interview, seen)
    service.confirm(interview)
    return _commit(ready, False)


def _other_contact(_app: Flask, ready: Any, viewer: Any, key: str, seen: int, contact: int) -> str:
    ready.wait()
    interview = queries.staff_interview(viewer, key, lock=True)
    lateness.check(interview, seen)
    person = db.session.get_one(Person, contact)
    people.change_contact(interview, person, contacts.free(interview, [person])[contact])
    return _commit(ready, False)


def _take_over(_app: Flask, ready: Any, viewer: Any, key: str, seen: int, colleague: int) -> str:
    ready.wait()
    interview = queries.staff_interview(viewer, key, lock=True)
    lateness.check(interview, seen)
    assert interview.starts_at is not None
    assert interview.ends_at is not None
    free = planning.free_companions(settling.search(interview), Span(interview.starts_at, interview.ends_at))
    people.hand_over(interview, free[colleague])
    return _commit(ready, False)


def _commit(ready: Any, keeps_open: bool) -> str:
    if keeps_open:
        ready.wait()
        time.sleep(OPEN)
    db.session.commit()
    return "done"


ACTS: dict[str, Callable[..., str]] = {
    "wait": _wait,
    "hold": _hold,
    "send the form": _send_the_form,
    "remind": _remind,
    "confirm": _confirm,
    "confirm, not yet committed": lambda *about: _confirm(*about, keeps_open=True),
    "leave": _leave,
    "leave, not yet committed": lambda *about: _leave(*about, keeps_open=True),
    "change, not yet committed": _change,
    "answer": _answer,
    "answer again": _answer_again,
    "settle": _settle,
    "move": _move,
    "confirm what was seen": _confirm_seen,
    "another contact": _other_contact,
    "take over": _take_over,
}
__all__ = ["ACTS", "Act", "a_viewer", "play"]
