"""Events in somebody's own calendar and day: the organiser's, and those of a company that comes."""

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.agenda.day import Asked, Door, Stop
from portal.agenda.messages import CalendarEvent
from portal.agenda.service import Described
from portal.employers.models import Employer
from portal.events import letters, shown
from portal.events.models import Event, EventSeat
from portal.events.queries import PLACED
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _
from portal.programmes.models import SiteKind

MOST = 100
_STANDS = (EventState.DRAFT, EventState.ANNOUNCED, EventState.HELD)


def items(viewer: Viewer, since: datetime, until: datetime) -> Iterator[CalendarEvent]:
    """As in the letters: one name, one number, one text."""
    takes_part = (
        sa.select(EventSeat.event_id)
        .join(Employer, Employer.id == EventSeat.employer_id)
        .where(EventSeat.person_id == viewer.me, EventSeat.state.in_([SeatState.COMING, SeatState.CAME]))
        .where(Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
    )
    organises = sa.and_(Event.organiser_id == viewer.me, Event.programme_id.in_(viewer.programmes(*STAFF)))
    statement = (
        sa.select(Event)
        .options(*PLACED)
        .where(sa.or_(organises, Event.id.in_(takes_part)), Event.state.in_(_STANDS))
        .where(Event.starts_at >= since, Event.starts_at < until)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )
    for event in db.session.scalars(statement):
        yield letters.calendar_event(event, viewer.language)


def of_day(asked: Asked) -> Iterator[Stop]:
    """The viewer's own events of that day; for a coordinator who asks for the team, those of everybody."""
    programmes = asked.viewer.programmes(Role.COORDINATOR) if asked.team else asked.viewer.programmes(*STAFF)
    statement = (
        sa.select(Event)
        .options(*PLACED)
        .where(Event.programme_id.in_(programmes), Event.state.in_(_STANDS))
        .where(Event.starts_at >= asked.since, Event.starts_at < asked.until)
        .order_by(Event.starts_at, Event.id)
    )
    if not asked.team:
        statement = statement.where(Event.organiser_id == asked.viewer.me)
    yield from (_stop(event) for event in db.session.scalars(statement))


def _stop(event: Event) -> Stop:
    place, began, key = event.site or event.workplace, event.starts_at <= clock.now(), event.key
    return Stop(
        key=f"event-{event.key}", kind=shown.kind(event), title=event.title, url=url_for("events.show", key=key),
        worker_id=event.organiser_id, worker=event.organiser.name, starts_at=event.starts_at, ends_at=event.ends_at,
        place=shown.municipality(event), address=shown.where(event),
        postcode=place.postcode if place is not None else event.postcode,
        no_phone=event.site is not None and event.site.kind == SiteKind.PRISON, over=event.state is EventState.HELD,
        bring=(Door(_("The list of who comes"), url_for("events.attendants", key=key), "print"),),
        next=Door(_("Note who came"), url_for("events.came", key=key)) if began else None,
    )  # fmt: skip


def described(ids: Collection[int]) -> dict[int, Described]:
    """In the organiser's week."""
    rows = db.session.execute(sa.select(Event.id, Event.key, Event.title).where(Event.id.in_(list(ids))))
    return {row.id: Described(row.title, url_for("events.show", key=row.key)) for row in rows}
