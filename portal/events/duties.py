"""The tasks of events: who came, whom to call afterwards, and an event that nobody comes to."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import STAFF, Role
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
    "take_over": (
        lazy("%(event)s has no organiser"),
        lazy("%(who)s no longer works here. Take it over, or ask a colleague: letters name whoever organises it."),
        lazy("Open the event"),
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
    owner = event.organiser_id if _works_there(event) else None
    tasks.open_task(
        f"events.{code}", subject, due=workdays_after(clock.today(), days), at=at, owner_id=owner,
        role=None if owner else Role.COORDINATOR, programme_id=event.programme_id, event=event.title, **words,
    )  # fmt: skip


def _works_there(event: Event) -> bool:
    """Whether the organiser is still of the programme's team; else the coordinator does what waits."""
    seat = sa.select(Membership.id).join(Person, Person.id == Membership.person_id)
    seat = seat.where(Person.id == event.organiser_id, Person.deactivated_at.is_(None))
    seat = seat.where(Membership.role.in_(STAFF), Membership.programme_id == event.programme_id, *seated_today())
    return db.session.scalar(seat.limit(1)) is not None


def without_organiser(event: Event, who: str) -> None:
    """Somebody must take it over, the sooner the better: it may be this week."""
    _open("take_over", event, event, 1, ("events.show", {"key": event.key}), who=who)


def over(event: Event) -> None:
    """It is over and nobody said who came."""
    tasks.close("events.too_few", event)
    tasks.close("events.take_over", event, "begun")
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
    tasks.close("events.take_over", event)
    mine = sa.select(EventSeat.id).where(EventSeat.event_id == event.id)
    about = sa.or_(
        sa.and_(Task.subject_kind == Event.__tablename__, Task.subject_id == event.id),
        sa.and_(Task.subject_kind == EventSeat.__tablename__, Task.subject_id.in_(mine)),
    )
    theirs = sa.update(Task).where(about, Task.kind.like("events.%"), Task.closed_at.is_(None))
    db.session.execute(theirs.values(owner_id=person_id, owner_key=f"person:{person_id}", role=None))


def settled(event: Event) -> None:
    """Called off: nothing of it waits any more."""
    tasks.close(None, event, "called off")
