"""Somebody who left, a company that was stopped, and one that nobody has called yet: none of them takes a seat."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.employers import queries as companies
from portal.employers import team
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events import queries, seats
from portal.events.models import EventSeat
from portal.events.states import SeatState
from portal.foundation import acting
from portal.foundation.database import db
from portal.organisations.models import Organisation
from tests.events.factories import NOW, a_company, a_worker, an_event, asked
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as travels:
        yield travels


def state(seat: EventSeat) -> SeatState:
    db.session.expire_all()
    return db.session.get_one(EventSeat, seat.id).state


@pytest.mark.engine
def test_the_link_of_a_stopped_company_takes_no_seat(visitors: Any, post: Any, at: Any) -> None:
    company, an = a_company("Bedrijf Aerts")
    [seat] = asked(an_event(a_worker()), company)
    way = post.last(an.email, "events/invitation").path("/visit/")
    page = visitors().open(way)
    db.session.get_one(Employer, company.id).state = EmployerState.BLOCKED
    db.session.commit()
    page.send("Verstuur het antwoord", comes="yes", people="2", names="An Aerts en Jef Bogaert")
    visitors().open(way, status=410)
    assert state(seat) is SeatState.INVITED


@pytest.mark.engine
def test_who_left_the_company_answers_no_more_by_the_old_letter_and_who_takes_over_does(
    visitors: Any, post: Any, at: Any
) -> None:
    company, an = a_company("Bedrijf Aerts")
    house = db.session.get_one(Organisation, company.organisation_id)
    bo = a_person("bo@werk.example", role=Role.EMPLOYER_ADMIN, organisation=house, first_name="Bo")
    event = an_event(a_worker())
    [seat] = asked(event, company)
    way = post.last(an.email, "events/invitation").path("/visit/")
    page = visitors().open(way)
    at.shift(timedelta(days=1))
    loaded = companies.team(db.session.get_one(Employer, company.id))
    with acting.as_(bo.id, "employer_admin"):
        mine = next(one for one in loaded if one.person_id == an.id)
        team.leave(db.session.get_one(Employer, company.id), mine, successor=bo.key)
    db.session.commit()
    page.send("Verstuur het antwoord", comes="yes", people="2", names="Wie er niet meer werkt")
    visitors().open(way, status=410)
    assert state(seat) is SeatState.INVITED
    visitors(bo).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1").says("Je komt")
    assert post.last(bo.email, "events/seat")
    assert len(post.to(an.email)) == 1


def test_a_letter_that_waits_is_not_for_somebody_whose_seat_in_the_team_ended(
    visitors: Any, post: Any, at: Any
) -> None:
    company, an = a_company("Bedrijf Aerts")
    asked(an_event(a_worker()), company)
    for membership in companies.team(db.session.get_one(Employer, company.id)):
        db.session.delete(membership)
    db.session.commit()
    assert post.to(an.email) == []


def test_a_company_that_nobody_called_yet_asks_for_no_seat(visitors: Any, post: Any, at: Any) -> None:
    """Anybody with a company number can sign up; a prison visit is for companies that a worker has spoken with."""
    event = an_event(a_worker(), open=True, title="Bezoek binnen de muren")
    seats.announce(queries.by_id(event.id, lock=True))
    db.session.commit()
    company, an = a_company("Bedrijf Aerts", state=EmployerState.REGISTERED)
    page = visitors(an).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="2", names="X Y")
    page.says("We bellen je eerst")
    assert db.session.query(EventSeat).filter_by(employer_id=company.id).count() == 0
