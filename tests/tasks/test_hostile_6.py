"""A letter of the week and its link tell nobody of a company where that person no longer works, and act there no more."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import digest_lines
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks import digest
from portal.tasks.models import Task
from tests.employers.factories import an_employer
from tests.tasks.test_digest import somebody

pytestmark = pytest.mark.usefixtures("app")


def moved_on() -> tuple[Employer, Person, Vacancy, Employer]:
    """An administrator ended the seat at the first company, without a hand-over; the person works at another one."""
    first, person, vacancy = somebody()
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).one()
    seat.since, seat.until = clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)
    second = an_employer("Bakkerij Elders")
    accounts.seat(person, Role.EMPLOYER_CONTACT, organisation_id=second.organisation_id)
    db.session.commit()
    return first, person, vacancy, second


def test_a_vacancy_of_the_company_of_before_stands_in_no_letter(app: Any) -> None:
    first, person, _vacancy, _second = moved_on()
    assert digest.lines_for([person.id]) == {person.id: []}
    seat = db.session.scalars(sa.select(Membership).where(Membership.organisation_id == first.organisation_id)).one()
    seat.until = None
    db.session.commit()
    assert [one.section for one in digest.lines_for([person.id])[person.id]] == ["vacancies"]


def test_call_me_asks_the_worker_of_the_company_of_today(app: Any) -> None:
    """Also where the seat of before is the newer row."""
    first, person, vacancy, _second = moved_on()
    old = db.session.scalars(sa.select(Membership).where(Membership.organisation_id == first.organisation_id)).one()
    since, until = old.since, old.until
    db.session.delete(old)
    late = accounts.seat(person, Role.EMPLOYER_CONTACT, organisation_id=first.organisation_id, since=since)
    late.until = until
    db.session.flush()
    digest_lines.call(person.id, digest.Line("vacancies", f"vacancy:{vacancy.id}", "Iets", "", "/", ""))
    said = db.session.scalars(sa.select(Task.words).where(Task.kind == digest_lines.CALL)).one()
    assert said["company"] == "Bakkerij Elders"
