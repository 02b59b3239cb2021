"""An organiser who leaves the team is replaced by somebody's deed, and a company that comes again is in its calendar again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar

from portal.accounts import administration
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.agenda.models import HoldCell
from portal.events import nightly
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.events.factories import NOW, a_company, a_worker, again, an_event, asked
from tests.factories import a_person, a_programme

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def waiting() -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.closed_at.is_(None), Task.kind.like("events.%"))))


def seat_of(person: Person) -> Membership:
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).one()
    seat.since = clock.today() - timedelta(days=300)
    db.session.commit()
    return seat


@pytest.mark.parametrize("how", ["closed", "elsewhere", "no seat"])
def test_the_coordinator_is_asked_to_see_to_it_and_takes_it_over(visitors: Any, post: Any, at: Any, how: str) -> None:
    lien, hilde = a_worker(), a_person(role=Role.COORDINATOR, programme=a_programme())
    event = an_event(lien)
    seat = seat_of(lien)
    if how == "elsewhere":
        accounts.seat(lien, Role.PROJECT_WORKER, programme_id=a_programme("Elders").id)
    if how == "closed":
        administration.close(lien)
    else:
        administration.take_seat_away(seat)
    db.session.commit()
    (task,) = waiting()
    assert (task.kind, task.role, task.programme_id) == ("events.take_over", Role.COORDINATOR, a_programme().id)
    me = visitors(hilde)
    me.open("/").says("Bezoek aan de bakkerij heeft geen organisator")
    me.open(task.address).send("Ik organiseer het vanaf nu").says("Jij organiseert het vanaf nu")
    assert again(event).organiser_id == hilde.id and waiting() == []
    assert set(db.session.scalars(sa.select(HoldCell.party))) == {f"person:{hilde.id}"}


def test_who_stays_in_the_programme_keeps_the_event(at: Any) -> None:
    lien = a_worker()
    an_event(lien)
    old = seat_of(lien)
    accounts.seat(lien, Role.COORDINATOR, programme_id=a_programme().id)
    administration.take_seat_away(old)
    db.session.commit()
    assert waiting() == []


def test_what_the_organiser_still_had_to_note_is_the_coordinators(visitors: Any, post: Any, at: Any) -> None:
    """Of what is over already, and of what was over before anybody took it over."""
    lien, hilde = a_worker(), a_person(role=Role.COORDINATOR, programme=a_programme())
    first, second = an_event(lien), an_event(lien, title="Gevangenis", starts=clock.local(clock.now()).time().replace(hour=15), ends=clock.local(clock.now()).time().replace(hour=16))  # fmt: skip
    company, _person = a_company("Bedrijf Aerts")
    asked(first, company)
    at.move_to(first.ends_at + timedelta(minutes=5))
    nightly.run()
    assert [one.owner_id for one in waiting()] == [lien.id]
    asked_for = again(second)
    administration.close(lien)
    db.session.commit()
    assert {(one.kind, one.role) for one in waiting()} == {
        ("events.note_who_came", Role.COORDINATOR), ("events.take_over", Role.COORDINATOR),
    }  # fmt: skip
    visitors(hilde).open("/").says("Wie was er op")
    asked(asked_for, company)
    at.move_to(asked_for.ends_at + timedelta(minutes=5))
    nightly.run()
    assert [one.kind for one in waiting()] == ["events.note_who_came"] * 2
    assert {one.role for one in waiting()} == {Role.COORDINATOR}


def test_a_company_that_comes_again_is_in_its_calendar_again(visitors: Any, post: Any, at: Any) -> None:
    """A calendar that forgot an appointment takes it back by a higher number only (RFC 5546)."""
    event = an_event(a_worker())
    company, person = a_company("Bedrijf Aerts")
    asked(event, company)
    me = visitors(person)
    numbers = []
    for comes in ("yes", "no", "yes"):
        me.open(f"/events/{event.key}").send("Verstuur het antwoord", comes=comes, people="1")
        letter = post.last(person.email, "events/seat" if comes == "yes" else "events/left")
        message = Calendar.from_ical(letter.calendar["ics"])
        numbers.append((str(message["METHOD"]), int(message.walk("VEVENT")[0]["SEQUENCE"])))
    assert numbers == [("REQUEST", 0), ("CANCEL", 0), ("REQUEST", 1)]
    me.open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1")
    assert again(event).sequence == 1, "a second yes changes no calendar"
