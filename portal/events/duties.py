"""The tasks of events: who came, whom to call afterwards, and an event that nobody comes to."""

from typing import Any

import sqlalchemy as sa

from portal.agenda.windows import workdays_after
from portal.events.models import Event, EventSeat
from portal.events.rules import rule
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import lazy
from portal.tasks import service as tasks
from portal.tasks.models import Task

KINDS = {
    "note_who_came": (
        lazy("Who came to %(event)s?"),
        lazy("Whoever came is called afterwards. That is how a visit becomes a vacancy."),
        lazy("Note who came"),
    ),
    "follow_up": (
        lazy("Call %(company)s about %(event)s"),
        lazy("The company was there. Ask what it thinks, and what comes next."),
        lazy("Note what came of it"),
    ),
    "too_few": (
        lazy("Too few companies for %(event)s"),
        lazy("The last day to answer has passed. Invite others, choose another day, or call it off."),
        lazy("Open the event"),
    ),
}


def _open(
    code: str, event: Event, subject: Event | EventSeat, days: int, at: tuple[str, dict[str, str]], **words: Any
) -> None:
    tasks.open_task(
        f"events.{code}", subject, due=workdays_after(clock.today(), days), at=at, owner_id=event.organiser_id,
        programme_id=event.programme_id, event=event.title, **words,
    )  # fmt: skip


def over(event: Event) -> None:
    """It is over and nobody said who came."""
    tasks.close("events.too_few", event)
    _open("note_who_came", event, event, rule("note_workdays"), ("events.came", {"key": event.key}))


def too_few(event: Event) -> None:
    _open("too_few", event, event, 0, ("events.show", {"key": event.key}))


def enough(event: Event) -> None:
    tasks.close("events.too_few", event)


def noted(event: Event) -> None:
    tasks.close("events.note_who_came", event)
    tasks.close("events.too_few", event)


def call_afterwards(event: Event, seat: EventSeat) -> None:
    if seat.followed_on is None:
        _open(
            "follow_up", event, seat, rule("follow_up_workdays"),
            ("events.after", {"key": event.key, "seat": seat.key}), company=seat.employer.organisation.name,
        )  # fmt: skip


def called(seat: EventSeat) -> None:
    tasks.close("events.follow_up", seat)


def taken_over(event: Event, person_id: int) -> None:
    """What waits for the organiser waits for the new one."""
    mine = sa.select(EventSeat.id).where(EventSeat.event_id == event.id)
    about = sa.or_(
        sa.and_(Task.subject_kind == Event.__tablename__, Task.subject_id == event.id),
        sa.and_(Task.subject_kind == EventSeat.__tablename__, Task.subject_id.in_(mine)),
    )
    theirs = sa.update(Task).where(about, Task.kind.like("events.%"), Task.closed_at.is_(None))
    db.session.execute(theirs.values(owner_id=person_id, owner_key=f"person:{person_id}"))


def settled(event: Event) -> None:
    """Called off: nothing of it waits any more."""
    tasks.close(None, event, "called off")
