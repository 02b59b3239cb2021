"""What a process of its own does in the tests of many at once: build the portal from the same settings, then, round by
round, wait for the others and act. One process plays all rounds, since building a portal costs more than any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import create_app
from portal.agenda.holds import AlreadyTaken
from portal.agenda.slots import slot_at
from portal.config import Settings
from portal.foundation.access import Seat, Viewer
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import planning, queries, service
from portal.interviews.states import Mode


@dataclass(frozen=True)
class Wish:
    """One thing to do in a round: book this interest at this moment, or (without a moment) confirm this interview."""

    round: str
    viewer: Viewer
    key: str
    start: str = ""
    companion: int = 0


def play(settings: Settings, wishes: Sequence[Wish], ready: Any, said: Any) -> None:
    """Do each of the wishes at the same time as the other processes do theirs."""
    app = create_app(settings)
    for wish in wishes:
        with app.app_context():
            said.put((wish.round, _book(wish, ready) if wish.start else _confirm(wish, ready)))
            db.session.remove()
    with app.app_context():
        db.engine.dispose()


def _book(wish: Wish, ready: Any) -> str:
    interest, case = queries.interest_to_plan(wish.viewer, wish.key)
    found = planning.search(interest.vacancy, interest.contact_id, case, Mode.AT_COMPANY)
    slot = slot_at(found.question, datetime.fromisoformat(wish.start), wish.companion)
    # Everybody saw the moment free; nothing is held or locked while they wait for each other.
    db.session.rollback()
    ready.wait()
    interest, case = queries.interest_to_plan(wish.viewer, wish.key, lock=True)
    try:
        if slot is None:
            return "saw it taken"
        service.request(interest, case, slot, mode=Mode.AT_COMPANY)
        db.session.commit()
    except AlreadyTaken as error:
        db.session.rollback()
        return f"refused {error.status}"
    return "done"


def _confirm(wish: Wish, ready: Any) -> str:
    ready.wait()
    try:
        service.confirm(queries.staff_interview(wish.viewer, wish.key, lock=True))
        db.session.commit()
    except WrongState as error:
        db.session.rollback()
        return f"refused {error.status}"
    return "done"


def a_viewer(person_id: int, programme_id: int) -> Viewer:
    return Viewer(person_id, seats=(Seat("project_worker", programme_id=programme_id),))
