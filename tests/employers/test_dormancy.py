"""After months without a word: one friendly letter, then rest; back with one press. Never where something goes on."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers import dormancy, service
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")
BEGAN = "2026-03-02 09:00:00+00:00"


@pytest.fixture
def at() -> Any:
    with time_machine.travel(BEGAN, tick=False) as moment:
        yield moment


def a_company() -> tuple[Employer, Person, Vacancy]:
    employer = an_employer(state=EmployerState.ACTIVE)
    employer.verified_at = clock.now()
    contact = a_contact(employer)
    return employer, contact, a_vacancy(employer, contact, state=VacancyState.OPEN)


def night(at: Any, day: str) -> None:
    at.move_to(f"{day} 01:15:00+00:00")
    dormancy.look()
    db.session.commit()


def state(employer: Employer) -> EmployerState:
    return db.session.get_one(Employer, employer.id).state


def letters(post: Any) -> list[Any]:
    """The letters since the last look."""
    found = post.all(dormancy.LETTER)
    db.session.query(Letter).update({"state": LetterState.SENT})
    db.session.commit()
    return list(found)


def test_one_letter_after_six_months_then_rest_and_nothing_more(at: Any, post: Any) -> None:
    employer, contact, vacancy = a_company()
    night(at, "2026-09-01")
    assert letters(post) == []
    night(at, "2026-09-03")
    letter = post.last(contact.email, dormancy.LETTER)
    assert "Garage Verlinden" in letter.text and "We zijn er nog" in letter.text and "21 dagen" in letter.text
    for day in ("2026-09-04", "2026-09-12", "2026-09-23"):
        night(at, day)
        assert state(employer) is EmployerState.ACTIVE
    night(at, "2026-09-24")
    assert state(employer) is EmployerState.DORMANT
    assert db.session.get_one(Vacancy, vacancy.id).state is VacancyState.ON_HOLD
    for day in ("2026-10-24", "2027-03-24", "2028-03-24"):
        night(at, day)
    assert letters(post) == [], "one letter a silence, never a second"


def test_the_worker_hears_that_a_company_rests_and_a_call_closes_the_task(at: Any, visitors: Any, post: Any) -> None:
    employer, _contact, _vacancy = a_company()
    lien = a_person(role=Role.PROJECT_WORKER)
    employer.worker_id = lien.id
    db.session.commit()
    night(at, "2026-09-03")
    night(at, "2026-09-24")
    page = visitors(lien)
    page.open("/").says("Garage Verlinden is stil geworden")
    page.open(f"/companies/{employer.key}").send("Bewaar de nota", note="Ze bellen in de lente terug.")
    assert db.session.scalar(sa.select(Task.id).where(Task.kind == dormancy.TASK, Task.closed_at.is_(None))) is None
    page.open(f"/companies/{employer.key}").send("Ze zijn er nog: laat ze weer meedoen").says("doet weer mee")


def test_the_link_shows_and_the_button_acts(at: Any, visitor: Any, post: Any) -> None:
    employer, contact, vacancy = a_company()
    night(at, "2026-09-03")
    path = post.last(contact.email, dormancy.LETTER).path("/still-here/")
    night(at, "2026-09-24")
    page = visitor.open(path).says("Je bedrijf rust")
    assert state(employer) is EmployerState.DORMANT, "a mail scanner that opens the link wakes nobody"
    page.send("We zijn er nog").says("Je bedrijf doet mee")
    assert state(employer) is EmployerState.ACTIVE
    assert db.session.get_one(Vacancy, vacancy.id).state is VacancyState.ON_HOLD
    visitor.open(path, status=410)


def test_saying_so_before_it_rests_gives_six_months_of_peace(at: Any, visitor: Any, post: Any) -> None:
    employer, contact, _vacancy = a_company()
    night(at, "2026-09-03")
    visitor.open(post.last(contact.email, dormancy.LETTER).path("/still-here/")).says("Eén klik, en alles blijft").send(
        "We zijn er nog"
    )
    for day in ("2026-09-24", "2027-03-01"):
        night(at, day)
        assert state(employer) is EmployerState.ACTIVE and letters(post) == []
    night(at, "2027-03-05")
    assert len(letters(post)) == 1


def test_signing_in_is_a_sign_of_life_and_a_company_that_rests_says_so_on_its_page(
    at: Any, visitors: Any, post: Any
) -> None:
    employer, contact, _vacancy = a_company()
    night(at, "2026-09-03")
    accounts.open_sign_in(contact)
    night(at, "2026-09-24")
    assert state(employer) is EmployerState.ACTIVE
    night(at, "2027-03-25")
    night(at, "2027-04-25")
    assert state(employer) is EmployerState.DORMANT
    els = visitors(contact)
    els.open("/").says("Je bedrijf rust")
    els.open("/company").send("We zijn er nog").says("Fijn dat je terug bent")
    assert state(employer) is EmployerState.ACTIVE


def test_a_call_with_the_worker_is_no_silence(at: Any, post: Any) -> None:
    employer, _contact, _vacancy = a_company()
    lien = a_person(role=Role.PROJECT_WORKER)
    at.move_to("2026-08-20 09:00:00+00:00")
    with acting.as_(lien.id, Role.PROJECT_WORKER):
        service.note_call(employer, "Zoeken iemand tegen de winter.")
    night(at, "2026-09-24")
    assert letters(post) == []


def test_a_company_that_rests_is_shown_nobody(at: Any, visitors: Any, post: Any) -> None:
    _employer, contact, vacancy = a_company()
    night(at, "2026-09-03")
    night(at, "2026-09-24")
    els = visitors(contact)
    els.open(f"/vacancies/{vacancy.key}/profiles").says("Deze vacature staat niet open")
    assert len(els.open("/company").queries) <= 8


def test_a_letter_that_waits_does_not_leave_once_the_company_is_back(at: Any, post: Any) -> None:
    employer, _contact, _vacancy = a_company()
    at.move_to("2026-09-03 01:15:00+00:00")
    dormancy.look()
    dormancy.wake(employer)
    db.session.commit()
    assert letters(post) == []


@pytest.mark.parametrize(
    "before", [EmployerState.LEAD, EmployerState.REGISTERED, EmployerState.VERIFIED, EmployerState.BLOCKED]
)
def test_only_active_companies_are_asked(at: Any, post: Any, before: EmployerState) -> None:
    employer, _contact, _vacancy = a_company()
    employer.state = before
    db.session.commit()
    for day in ("2026-09-03", "2026-12-03"):
        night(at, day)
    assert state(employer) is before and letters(post) == []


def test_a_blocked_company_is_not_woken_by_an_old_letter(at: Any, visitor: Any, post: Any) -> None:
    employer, contact, _vacancy = a_company()
    night(at, "2026-09-03")
    path = post.last(contact.email, dormancy.LETTER).path("/still-here/")
    employer.state = EmployerState.BLOCKED
    db.session.commit()
    visitor.open(path, status=410)


def test_months_are_those_of_the_calendar() -> None:
    from datetime import date

    assert dormancy.months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert dormancy.months_before(date(2028, 8, 31), 6) == date(2028, 2, 29)
    assert dormancy.months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert dormancy.months_before(date(2026, 12, 31), 12) == date(2025, 12, 31)


@pytest.mark.engine
def test_a_thousand_companies_are_looked_at_in_a_few_questions(at: Any, post: Any, app: Any) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    asked: list[str] = []

    def count(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    for number in range(20):
        one = an_employer(f"Bedrijf {number:03d}", state=EmployerState.ACTIVE)
        one.verified_at = clock.now() + timedelta(days=170)
    db.session.commit()
    at.move_to("2026-09-03 01:15:00+00:00")
    event.listen(Engine, "before_cursor_execute", count)
    try:
        dormancy.look()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len(asked) <= 4
