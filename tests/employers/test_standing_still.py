"""What waits with a company that stands still, because it is another one or was blocked, is waited for where it goes on."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import duplicates, joining, service
from portal.employers.join_models import JoinRequest
from portal.employers.join_states import JoinState, JoinWay
from portal.employers.models import CallNote, Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.employers.test_joining import asks, whole
from tests.factories import a_person
from tests.presses import at_once

pytestmark = pytest.mark.usefixtures("app")
CONTACT = Role.EMPLOYER_CONTACT


def roles(person: Person, employer: Employer) -> list[Role]:
    db.session.expire_all()
    seats = sa.select(Membership.role).where(Membership.person_id == person.id)
    return list(db.session.scalars(seats.where(Membership.organisation_id == employer.organisation_id)))


def two_that_are_one() -> tuple[Employer, Employer, Person]:
    """A company with an admin, the newer sign-up of the same one, and who asked to join the newer one."""
    stays, newer = an_employer("Garage Verlinden"), an_employer("Verlinden", state=EmployerState.REGISTERED)
    a_contact(newer, email="els@verlinden.example")
    request = asks(newer)
    db.session.commit()
    return stays, newer, db.session.get_one(Person, request.person_id)


def merged(newer: Employer, stays: Employer) -> None:
    duplicates.merge(whole(newer), whole(stays), ask=False)
    db.session.commit()


def join_tasks() -> list[tuple[int | None, str | None]]:
    rows = db.session.execute(
        sa.select(Task.owner_id, Task.role).where(Task.kind == joining.TASK, Task.closed_at.is_(None))
    )
    return [(owner, role) for owner, role in rows]


def test_who_asked_to_join_a_sign_up_that_is_another_company_asks_that_one(visitors: Any, post: Any) -> None:
    """Else the night gives a worker a question about a company that stands still, and a yes leads nowhere."""
    stays, newer, asker = two_that_are_one()
    admin = a_contact(stays, email="dirk@verlinden.example")
    merged(newer, stays)
    assert join_tasks() == [(admin.id, None)]
    assert "Garage Verlinden" in post.last(admin.email, "employers/wants_to_join").text
    request = db.session.scalars(sa.select(JoinRequest)).one()
    assert (request.employer_id, request.state) == (stays.id, JoinState.WAITING)
    visitors(admin).open(f"/company/requests/{request.key}").send("Ja, dit is een collega", role=CONTACT.value)
    assert roles(asker, stays) == [CONTACT]


def test_who_is_there_already_or_asked_both_asks_once(visitors: Any, post: Any) -> None:
    stays, newer, asker = two_that_are_one()
    admin = a_contact(stays, email="dirk@verlinden.example")
    joining.ask(whole(stays), asker, JoinWay.NUMBER)
    db.session.commit()
    merged(newer, stays)
    assert join_tasks() == [(admin.id, None)]
    assert db.session.scalars(sa.select(JoinRequest.employer_id)).all() == [stays.id]


def test_a_question_whose_address_was_not_confirmed_yet_is_put_to_the_one_that_stayed(post: Any) -> None:
    stays, newer, asker = two_that_are_one()
    admin = a_contact(stays, email="dirk@verlinden.example")
    db.session.execute(sa.update(JoinRequest).values(state=JoinState.ASKED))
    asker.confirmed_at = None
    db.session.commit()
    merged(newer, stays)
    assert join_tasks() == []
    accounts.confirm(db.session.get_one(Person, asker.id))
    db.session.commit()
    assert join_tasks() == [(admin.id, None)]


@pytest.mark.engine("postgresql")
def test_workers_who_verify_one_company_at_once_verify_it_once(app: Flask, post: Any) -> None:
    """One letter and one note: what the first decided, the others find."""
    employer = an_employer(state=EmployerState.REGISTERED)
    admin = a_contact(employer)
    path = f"/companies/{employer.key}/verify"
    workers = [a_person(role=Role.PROJECT_WORKER).id for _ in range(4)]
    said = at_once(app, *[(one, path, "Bevestig dit bedrijf", {"note": "Alles klopt."}) for one in workers])
    assert len(said) == 4 and 500 not in said
    assert len(post.to(admin.email, "employers/verified")) == 1
    assert db.session.scalar(sa.select(sa.func.count(CallNote.id))) == 1


def test_a_company_that_waited_for_its_call_waits_for_it_again_once_unblocked(visitors: Any, post: Any) -> None:
    employer = an_employer(state=EmployerState.REGISTERED)
    worker = visitors(a_person(role=Role.PROJECT_WORKER))
    a_contact(employer)
    service.ask_for_a_call(whole(employer))
    db.session.commit()
    page = worker.open(f"/companies/{employer.key}/block")
    page.send("Blokkeer dit bedrijf", because="other", reason="Bleek een misverstand.")
    waits = sa.select(sa.func.count()).where(Task.kind == "employers.verify", Task.closed_at.is_(None))
    assert db.session.scalar(waits) == 0
    worker.open(f"/companies/{employer.key}/unblock").send("Deblokkeer dit bedrijf", reason="Opgelost.")
    assert db.session.scalar(waits) == 1


@pytest.mark.engine("postgresql")
def test_a_vacancy_that_is_closed_stays_closed_beside_a_pause_of_the_same_moment(app: Flask) -> None:
    """Two colleagues look at one vacancy: what was closed with a reason does not stand on hold with it."""
    employer = an_employer(state=EmployerState.ACTIVE)
    admins = [a_contact(employer), a_contact(employer)]
    vacancy = a_vacancy(employer, admins[0], state=VacancyState.OPEN)
    path = f"/vacancies/{vacancy.key}"
    ways = [
        (admins[0].id, f"{path}/close", "Sluit deze vacature af", {"reason": "filled_elsewhere"}),
        (admins[1].id, path, "Zet op pauze", {}),
    ]
    db.session.commit()
    said = at_once(app, *ways)
    found = db.session.query(Vacancy).one()
    assert len(said) == 2 and 500 not in said
    assert (found.state, found.closed_because) == (VacancyState.CLOSED, "filled_elsewhere")
