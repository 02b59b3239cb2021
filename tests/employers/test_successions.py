"""An administrator ends a contact's seat or closes the account: somebody is asked who takes over what it held."""

from typing import Any

import pytest

from portal.accounts import administration
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.queries import current_memberships
from portal.accounts.roles import Role
from portal.ambassadors.models import Ambassador
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.ambassadors import factories as network
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.employers.test_team import a_team
from tests.factories import a_person, a_programme
from tests.placements.factories import a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
ASKED = "employers.who_takes_over"


def waiting() -> list[Task]:
    return list(db.session.query(Task).filter_by(kind=ASKED, closed_at=None))


def an_administrator() -> Person:
    return a_person("beheer@example.org", role=Role.ADMINISTRATOR)


def seat_since_last_year(person: Person) -> Membership:
    seat = db.session.query(Membership).filter_by(person_id=person.id).one()
    seat.since = clock.today().replace(year=clock.today().year - 1)
    db.session.commit()
    return seat


@pytest.mark.engine
@pytest.mark.parametrize("how", ["Sluit deze account af", "Stop deze rol"])
def test_the_other_admin_is_asked_who_takes_over_and_chooses(visitors: Any, post: Any, how: str) -> None:
    employer, admin, (dewulf,) = a_team()
    vacancy = a_vacancy(employer, dewulf, state=VacancyState.OPEN)
    seat_since_last_year(dewulf)
    visitors(an_administrator()).open(f"/accounts/{dewulf.key}").send(how)
    (task,) = waiting()
    assert (task.role, task.organisation_id) == (Role.EMPLOYER_ADMIN, employer.organisation_id)
    els = visitors(admin)
    els.open("/").says("Collega0 Dewulf spreekt niet meer voor")
    page = els.open(task.address).says("Wie neemt het over?", "Collega0 Dewulf")
    assert len(page.queries) <= 8
    page.send("Draag over", successor=admin.key)
    assert db.session.get_one(Vacancy, vacancy.id).contact_id == admin.id
    assert waiting() == []
    els.open(task.address).says("Er wacht niets")


def test_without_an_admin_the_worker_is_asked_and_names_one(visitors: Any, post: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    lien = a_person("lien@example.org", role=Role.PROJECT_WORKER, programme=a_programme())
    employer.worker_id = lien.id
    a_vacancy(employer, admin, state=VacancyState.OPEN)
    db.session.commit()
    administration.close(admin)
    db.session.commit()
    (task,) = waiting()
    assert task.owner_id == lien.id
    page = visitors(lien).open(task.address).says("Niemand anders beheert het team")
    assert page.send("Draag over", successor=dewulf.key).status == 409
    visitors(lien).open(task.address).send("Draag over", successor=dewulf.key, becomes_admin=True)
    assert [one.role for one in current_memberships(dewulf.id)] == [Role.EMPLOYER_ADMIN]
    assert db.session.query(Vacancy).one().contact_id == dewulf.id and waiting() == []


def test_where_nobody_is_left_the_worker_reads_what_to_do(visitors: Any) -> None:
    employer = an_employer(state=EmployerState.ACTIVE)
    alone = a_contact(employer)
    lien = a_person("lien@example.org", role=Role.PROJECT_WORKER, programme=a_programme())
    a_vacancy(employer, alone, state=VacancyState.OPEN)
    administration.close(alone)
    db.session.commit()
    (task,) = waiting()
    assert (task.owner_id, task.role) == (None, Role.PROJECT_WORKER)
    visitors(lien).open(task.address).says("Er is niemand om over te nemen", "Bel het bedrijf")


def test_who_held_nothing_or_still_speaks_for_the_company_asks_nobody(post: Any) -> None:
    employer, _admin, (dewulf, other) = a_team(2)
    administration.close(dewulf)
    a_vacancy(employer, other, state=VacancyState.OPEN)
    old = seat_since_last_year(other)
    accounts.seat(other, Role.EMPLOYER_ADMIN, organisation_id=employer.organisation_id)
    administration.take_seat_away(old)
    db.session.commit()
    assert waiting() == []


def test_an_ambassador_whose_account_is_closed_is_followed_by_a_colleague(visitors: Any, post: Any) -> None:
    """Also days later, when the closed seat is over; and nobody is named in public meanwhile."""
    ambassador = network.an_ambassador()
    company, gone = ambassador.employer_id, network.who(ambassador)
    ambassador.named_publicly = True
    employer = db.session.get_one(Employer, company)
    colleague = network.a_contact(employer, "bo@example.org", name="Bo Claes")
    administration.close(gone)
    db.session.commit()
    assert not db.session.get_one(Ambassador, ambassador.id).named_publicly
    for seat in db.session.query(Membership).filter_by(person_id=gone.id):
        seat.since = seat.until = clock.today().replace(year=clock.today().year - 1)
    db.session.commit()
    (task,) = waiting()
    visitors(colleague).open(task.address).says("An Maes").send("Draag over", successor=colleague.key)
    assert db.session.get_one(Ambassador, ambassador.id).person_id == colleague.id
    assert Role.AMBASSADOR in [one.role for one in current_memberships(colleague.id)]
    assert waiting() == []


def test_a_job_that_runs_gets_another_contact(visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, clock.today())
    cast.vacancy.state = VacancyState.CLOSED
    boss = a_contact(cast.employer)
    administration.close(cast.contact)
    db.session.commit()
    (task,) = waiting()
    visitors(boss).open(task.address).send("Draag over", successor=boss.key)
    db.session.refresh(placement)
    assert placement.contact_id == boss.id and waiting() == []


def test_the_page_makes_nobody_an_admin_where_somebody_looks_after_the_team(visitors: Any, post: Any) -> None:
    """Neither while something waits, nor by sending the form once more when nothing does."""
    employer, _admin, (dewulf, other) = a_team(2)
    a_vacancy(employer, dewulf, state=VacancyState.OPEN)
    lien = visitors(a_person("lien@example.org", role=Role.PROJECT_WORKER, programme=a_programme()))
    administration.close(dewulf)
    db.session.commit()
    page = lien.open(f"/companies/{employer.key}/take-over")
    hidden = [one for one in page.form("Draag over").form_values() if one[0] == "csrf_token"]
    for _again in range(2):
        lien.post(page.path, [*hidden, ("successor", other.key), ("becomes_admin", "y")])
        assert [one.role for one in current_memberships(other.id)] == [Role.EMPLOYER_CONTACT]
    assert db.session.query(Vacancy).one().contact_id == other.id


def test_nobody_else_opens_the_page(visitors: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    visitors(dewulf).open("/company/team/take-over", status=403)
    visitors(admin).open(f"/companies/{employer.key}/take-over", status=403)
    elsewhere = a_person("ver@example.org", role=Role.PROJECT_WORKER, programme=a_programme("Elders"))
    visitors(elsewhere).open(f"/companies/{employer.key}/take-over", status=404)
