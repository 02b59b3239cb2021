"""Companies with somebody who answers, and an event that asks them."""

from datetime import date, time
from typing import Any

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events import planning, queries, seats
from portal.events.answers import EventAnswer
from portal.events.models import Event, EventSeat
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme
from tests.factories import a_person, a_programme

# Monday morning in Brussels.
NOW = "2026-11-16 09:00:00+00:00"
THURSDAY = date(2026, 12, 10)


def a_worker(name: str = "Lien", programme: Programme | None = None) -> Person:
    return a_person(role=Role.PROJECT_WORKER, first_name=name, last_name="Claes", programme=programme or a_programme())


def a_company(
    name: str, *, state: EmployerState = EmployerState.ACTIVE, programme: Programme | None = None, language: str = "nl"
) -> tuple[Employer, Person]:  # fmt: skip
    organisation = Organisation(kind=Kind.COMPANY, name=name)
    db.session.add(organisation)
    db.session.flush()
    employer = Employer(organisation_id=organisation.id, programme_id=(programme or a_programme()).id, state=state)
    db.session.add(employer)
    db.session.commit()
    person = a_person(
        f"{name.split()[-1].lower()}@werk.example", role=Role.EMPLOYER_ADMIN, organisation=organisation, first_name="An",
        last_name=name.split()[-1], language=language,
    )  # fmt: skip
    return employer, person


def said(**changed: Any) -> EventAnswer:
    whole: dict[str, Any] = {
        "kind": "company_visit", "title": "Bezoek aan de bakkerij", "words": "We kijken mee in het atelier.", "bring": "Stevige schoenen.",
        "day": THURSDAY, "starts": time(10), "ends": time(11, 30), "place": "", "street": "Kaai 4", "postcode": "9000",
        "municipality": "Gent", "seats": 6, "answer_by": None, "open": False,
    }  # fmt: skip
    return EventAnswer(**{**whole, **changed})


def an_event(organiser: Person, **changed: Any) -> Event:
    event = planning.plan(a_programme().id, organiser.id, said(**changed))
    db.session.commit()
    return queries.by_id(event.id)


def asked(event: Event, *companies: Employer) -> list[EventSeat]:
    """These companies have the letter."""
    whole = queries.by_id(event.id, lock=True)
    found = {one.employer.id: one.employer for one in queries.may_be_asked(whole)}
    seats.invite(whole, [found[one.id] for one in companies])
    db.session.commit()
    return [seat for one in companies if (seat := queries.seat_of(whole, one.id)) is not None]


def again(event: Event) -> Event:
    db.session.expire_all()
    return queries.by_id(event.id)
