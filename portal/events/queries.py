"""Reading events: staff those of their programmes, a company those that it was asked to or that are open to all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.employers import standings
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events.models import Event, EventSeat
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.organisations.models import Organisation, Workplace
from portal.programmes.models import ProgrammeSite, Site, SiteKind

MOST = 100
# Which companies may be asked: those that a worker has called.
ASKED = (EmployerState.VERIFIED, EmployerState.ACTIVE, EmployerState.DORMANT)
PLACED = (
    joinedload(Event.site),
    joinedload(Event.workplace),
    joinedload(Event.organiser),
    joinedload(Event.host).joinedload(Employer.organisation),
)


def coming() -> sa.ScalarSelect[int]:
    """How many companies come, beside each event of a query."""
    return (
        sa.select(sa.func.count(EventSeat.id))
        .where(EventSeat.event_id == Event.id, EventSeat.state.in_([SeatState.COMING, SeatState.CAME]))
        .correlate(Event)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Listed:
    """An event in a list; for a company with its own seat."""

    event: Event
    coming: int
    seat: EventSeat | None = None


def of_staff(viewer: Viewer, *, past: bool) -> Sequence[Listed]:
    """The events of the viewer's programmes: those to come, the soonest first; or those that are over, newest first."""
    over = sa.or_(Event.ends_at < clock.now(), Event.state.in_([EventState.HELD, EventState.CANCELLED]))
    statement = (
        sa.select(Event, coming())
        .options(*PLACED)
        .where(Event.programme_id.in_(viewer.programmes(*STAFF)), over if past else sa.not_(over))
        .order_by(Event.starts_at.desc() if past else Event.starts_at, Event.id)
        .limit(MOST)
    )
    return [Listed(event, number) for event, number in db.session.execute(statement)]


def of_company(employer: Employer) -> Sequence[Listed]:
    """What a company was asked to or can ask for, and where it was, the soonest first."""
    mine = sa.and_(EventSeat.event_id == Event.id, EventSeat.employer_id == employer.id)
    soon = sa.and_(Event.state == EventState.ANNOUNCED, Event.open, Event.starts_at > clock.now())
    statement = (
        sa.select(Event, coming(), EventSeat)
        .outerjoin(EventSeat, mine)
        .options(*PLACED)
        .where(Event.programme_id == employer.programme_id, Event.state != EventState.DRAFT)
        .where(sa.or_(EventSeat.id.is_not(None), soon), Event.starts_at > clock.now() - timedelta(days=365))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )
    return [Listed(event, number, seat) for event, number, seat in db.session.execute(statement)]


def for_staff(viewer: Viewer, key: str, *, lock: bool = False) -> Event:
    """One event of the viewer's programmes. Raises NotFound."""
    return _one(Event.key == key, Event.programme_id.in_(viewer.programmes(*STAFF)), lock=lock)


def for_company(employer: Employer, key: str) -> tuple[Event, EventSeat | None]:
    """One event that this company may read, with its seat. Raises NotFound."""
    event = _one(Event.key == key, Event.programme_id == employer.programme_id, Event.state != EventState.DRAFT)
    seat = seat_of(event, employer.id)
    if seat is None and not event.open:
        raise NotFound()
    return event, seat


def seat_of(event: Event, employer_id: int) -> EventSeat | None:
    found: EventSeat | None = db.session.scalar(
        _whole_seat().where(EventSeat.event_id == event.id, EventSeat.employer_id == employer_id)
    )
    return found


def by_id(event_id: int, *, lock: bool = False) -> Event:
    return _one(Event.id == event_id, lock=lock)


def _one(*where: Any, lock: bool = False) -> Event:
    if lock:
        # The row first, by itself: what it joins is read after whoever was before us is done.
        db.session.execute(sa.select(Event.id).where(*where).with_for_update())
    statement = sa.select(Event).options(*PLACED).where(*where).execution_options(populate_existing=lock)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def _whole_seat() -> sa.Select[Any]:
    company = joinedload(EventSeat.employer).joinedload(Employer.organisation)
    return sa.select(EventSeat).options(company, joinedload(EventSeat.person))


def seats(event: Event) -> Sequence[EventSeat]:
    """The companies of an event: those that come first, in the order in which they answered."""
    order = sa.case(
        {SeatState.COMING.value: 0, SeatState.CAME.value: 0, SeatState.WAITING.value: 1, SeatState.INVITED.value: 2},
        value=sa.cast(EventSeat.state, sa.String), else_=3,
    )  # fmt: skip
    return db.session.scalars(
        _whole_seat().where(EventSeat.event_id == event.id).order_by(order, EventSeat.asked_at, EventSeat.id)
    ).all()


def seat(event: Event, key: str) -> EventSeat:
    """One company's seat at this event. Raises NotFound."""
    found = db.session.scalar(_whole_seat().where(EventSeat.event_id == event.id, EventSeat.key == key))
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Choice:
    """A company that can be asked, with its standing in the network."""

    employer: Employer
    standing: str


def may_be_asked(event: Event) -> Sequence[Choice]:
    """The companies of the programme that have an account and no seat yet: ambassadors first."""
    taken = sa.select(EventSeat.employer_id).where(EventSeat.event_id == event.id)
    statement = (
        sa.select(Employer, standings.standing())
        .join(Employer.organisation)
        .options(contains_eager(Employer.organisation))
        .where(Employer.programme_id == event.programme_id, Employer.state.in_(ASKED), Employer.id.not_in(taken))
        .where(sa.exists().where(Membership.organisation_id == Employer.organisation_id, *_speaks()))
        .order_by(sa.case((standings.standing() == standings.Standing.AMBASSADOR.value, 0), else_=1), Organisation.name)
        .limit(200)
    )
    return [Choice(employer, standing) for employer, standing in db.session.execute(statement)]


def speakers(organisations: Sequence[int]) -> dict[int, Person]:
    """Who answers for each of these organisations: its admin, else its first contact."""
    statement = (
        sa.select(Membership.organisation_id, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id.in_(organisations), Person.deactivated_at.is_(None), *_speaks())
        .order_by(Membership.role != Role.EMPLOYER_ADMIN, Membership.id)
    )
    found: dict[int, Person] = {}
    for organisation_id, person in db.session.execute(statement):
        found.setdefault(int(organisation_id or 0), person)
    return found


def _speaks() -> tuple[Any, ...]:
    today = clock.today()
    ends = sa.or_(Membership.until.is_(None), Membership.until >= today)
    return (Membership.role.in_(EMPLOYERS), Membership.since <= today, ends)


def still_speaks(seat_id: int) -> bool:
    """Whether the person of a seat speaks for its company today, and the company is not stopped."""
    statement = (
        sa.select(EventSeat.id)
        .join(Employer, Employer.id == EventSeat.employer_id)
        .join(Person, Person.id == EventSeat.person_id)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .where(EventSeat.id == seat_id, Membership.person_id == EventSeat.person_id, *_speaks())
        .where(Employer.state != EmployerState.BLOCKED, Person.deactivated_at.is_(None))
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def seated_for(employer_id: int) -> sa.Select[int]:
    """In whose name a company's seats at events to come stand."""
    return (
        sa.select(EventSeat.person_id)
        .join(Event, Event.id == EventSeat.event_id)
        .where(EventSeat.employer_id == employer_id, Event.starts_at > clock.now())
        .where(EventSeat.state.in_((SeatState.INVITED, SeatState.WAITING, SeatState.COMING)))
    )


def seats_held_by(employer: Employer, person: Person) -> Sequence[EventSeat]:
    """The seats at events to come that stand in somebody's name for a company."""
    return db.session.scalars(
        sa.select(EventSeat)
        .join(Event, Event.id == EventSeat.event_id)
        .where(EventSeat.employer_id == employer.id, EventSeat.person_id == person.id, Event.starts_at > clock.now())
    ).all()


def places(programmes: Sequence[int]) -> list[tuple[str, str]]:
    """Where an event can be: the prisons and centres of the programme, and the sites of its companies."""
    sites = db.session.scalars(
        sa.select(Site)
        .join(ProgrammeSite, ProgrammeSite.site_id == Site.id)
        .where(ProgrammeSite.programme_id.in_(programmes), Site.kind.in_([SiteKind.PRISON, SiteKind.CENTRE]))
        .order_by(Site.municipality, Site.id)
    ).all()
    companies = db.session.execute(
        sa.select(Workplace.key, Organisation.name, Workplace.municipality)
        .join(Organisation, Organisation.id == Workplace.organisation_id)
        .join(Employer, Employer.organisation_id == Organisation.id)
        .where(Employer.programme_id.in_(programmes), Employer.state.in_(ASKED))
        .order_by(Organisation.name, Workplace.id)
        .limit(500)
    )
    known = {f"site:{one.key}": one.label for one in sites}
    known |= {f"workplace:{row.key}": f"{row.name}, {row.municipality}" for row in companies}
    return list(known.items())


def site(key: str) -> Site | None:
    return db.session.scalar(sa.select(Site).where(Site.key == key))


def workplace(key: str) -> tuple[Workplace, int] | None:
    """A company's site, with the company."""
    row = db.session.execute(
        sa.select(Workplace, Employer.id)
        .join(Employer, Employer.organisation_id == Workplace.organisation_id)
        .where(Workplace.key == key)
    ).first()
    return (row[0], row[1]) if row is not None else None


def public(limit: int = 20) -> Sequence[Event]:
    """The events that anybody may know of: announced, open, and to come."""
    return db.session.scalars(
        sa.select(Event)
        .options(*PLACED)
        .where(Event.state == EventState.ANNOUNCED, Event.open, Event.starts_at > clock.now())
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    ).all()


def visited() -> sa.Select[int, datetime]:
    """The companies that came to an event, with its day: (employer_id, starts_at)."""
    return (
        sa.select(EventSeat.employer_id, Event.starts_at)
        .join(Event, Event.id == EventSeat.event_id)
        .where(EventSeat.state == SeatState.CAME)
    )
