"""Visits: one in a prison that was, one at a bakery to come with a waiting list, and a meeting that is open to all."""

from datetime import date, time
from typing import Any

from portal.accounts.roles import Role
from portal.cli.demo.world import DAY, World, working
from portal.employers.states import EmployerState
from portal.events import planning, queries, seats
from portal.events.answers import EventAnswer
from portal.events.models import Event, EventSeat
from portal.events.rules import TimeTaken
from portal.events.states import EventKind, EventState, SeatState
from portal.foundation import acting, clock
from portal.foundation.database import db

_S = SeatState
# What came of the prison visit, company by company; the last one was not there.
AFTER = (
    ("vacancy", "Zoekt twee mensen voor de inpak."),
    ("later", "Bespreekt het met de ploegbazen."),
    ("talk", ""),
    None,
)


def write(world: World) -> None:
    hilde = world.staff["hilde"]
    with acting.as_(hilde.id, Role.COORDINATOR):
        _in_prison(world, hilde.id)
        _at_the_bakery(world, hilde.id)
        _for_everybody(world, hilde.id)


def _companies(world: World) -> list[Any]:
    """Those of the programme that may be asked, the first of the list first."""
    programme = world.programmes["brug"].id
    active = [one for one in world.companies.values() if one.employer.programme_id == programme]
    return [one for one in active if one.employer.state in (EmployerState.ACTIVE, EmployerState.VERIFIED)]


def _said(world: World, day: date, **more: Any) -> EventAnswer:
    whole: dict[str, Any] = {
        "kind": "company_visit", "bring": "", "day": day, "starts": time(10), "ends": time(11, 30), "place": "", "street": "",
        "postcode": "", "municipality": "", "seats": 6, "answer_by": None, "open": False,
    }  # fmt: skip
    return EventAnswer(**{**whole, **more})


def _planned(world: World, organiser_id: int, days: int, **more: Any) -> Event:
    """On the first working day from then on on which the organiser is free."""
    day = working(world.ahead(days))
    for _try in range(10):
        try:
            event = planning.plan(world.programmes["brug"].id, organiser_id, _said(world, day, **more))
            return queries.by_id(event.id, lock=True)
        except TimeTaken:
            db.session.expunge_all()
            day = working(day + DAY)
    raise RuntimeError("the organiser of the demo is never free")


def _in_prison(world: World, organiser_id: int) -> None:
    place = next(one for one in world.places.values() if one.site.kind == "prison")
    day = working(world.ago(20), back=True)
    event = Event(
        programme_id=world.programmes["brug"].id, organiser_id=organiser_id, kind=EventKind.PRISON_VISIT, state=EventState.HELD,
        title="Kijken in de werkplaatsen", words="Een rondgang langs de werkplaatsen en een gesprek met de werkmeester.",
        bring="Breng je identiteitskaart mee. Telefoons blijven buiten.", site_id=place.site.id,
        starts_at=clock.at(day, time(13, 30)), ends_at=clock.at(day, time(15)), answer_by=world.ago(27), seats=6,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    for company, after in zip(_companies(world)[1:], AFTER, strict=False):
        seat = EventSeat(
            event_id=event.id, employer_id=company.employer.id, person_id=company.admin.id, asked_at=clock.at(world.ago(30), time(9)),
            state=_S.STAYED_AWAY if after is None else _S.CAME, people=1, names=company.admin.name,
        )  # fmt: skip
        if after is not None:
            seat.outcome, seat.outcome_note, seat.followed_on = after[0], after[1], world.ago(15)
        db.session.add(seat)


def _at_the_bakery(world: World, organiser_id: int) -> None:
    host = world.companies["soetaert"]
    event = _planned(
        world, organiser_id, 16, title="Meekijken in de bakkerij", place=f"workplace:{host.workplace.key}", seats=3, starts=time(9),
        ends=time(10, 30), bring="Stevige schoenen; een schort krijg je ter plaatse.",
        words="De zaakvoerder vertelt hoe het eerste halfjaar ging, wat moeilijk was en wat ze nu anders doet.",
    )  # fmt: skip
    asked = [one for one in _companies(world) if one.employer.id != host.employer.id][:6]
    known = {one.employer.id: one.employer for one in queries.may_be_asked(event)}
    seats.invite(event, [known[one.employer.id] for one in asked if one.employer.id in known])
    for company in asked[1:5]:
        seat = queries.seat_of(event, company.employer.id)
        if seat is not None:
            seats.comes(event, seat, people=1, names=company.admin.name)


def _for_everybody(world: World, organiser_id: int) -> None:
    event = _planned(
        world, organiser_id, 30, kind="meeting", title="Koffie en vragen", open=True, street="Coupure 12", postcode="9000",
        municipality="Gent", starts=time(9), ends=time(10, 30),
        words="Twee werkgevers vertellen, een projectmedewerker beantwoordt wat je nooit durfde te vragen.",
    )  # fmt: skip
    seats.announce(event)
