"""A team looks after itself: roles, who leaves and what goes to whom, and four times a year who still works there."""

from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers import service, team
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person
from tests.interviews.test_clients_of_agencies import loaded

pytestmark = pytest.mark.usefixtures("app")


def a_team(number: int = 1, **more: Any) -> tuple[Employer, Person, list[Person]]:
    employer = an_employer(**more)
    admin = a_contact(employer)
    others = [a_contact(employer, role=Role.EMPLOYER_CONTACT) for _ in range(number)]
    for count, one in enumerate(others):
        one.first_name, one.last_name = f"Collega{count}", "Dewulf"
    db.session.commit()
    return employer, admin, others


def roles(employer: Employer) -> dict[int, Role]:
    db.session.expire_all()
    return {one.person_id: one.role for one in service.queries.team(employer)}


def test_the_page_shows_role_since_when_and_no_more_than_the_month_of_the_last_visit(visitors: Any) -> None:
    with time_machine.travel("2026-11-16 09:00:00+00:00", tick=False):
        _employer, admin, (dewulf,) = a_team()
        visitors(dewulf).open("/company")
        page = visitors(admin).open("/company/team").says("Collega0 Dewulf", "november 2026", "16 november 2026")
        assert len(page.queries) <= 8
        seat = page.tree.xpath("//td[@data-label='Laatst hier']")[1].text_content()
        assert seat.strip() == "november 2026"
        a_team(1)
        assert visitors(dewulf).open("/company/team").lacks("/role", "/leave")
        for path in ("role", "leave"):
            visitors(dewulf).open(f"/company/team/{admin.key}/{path}", status=403)


@pytest.mark.engine
def test_the_page_costs_the_same_for_one_and_for_thirty(visitors: Any) -> None:
    few, many = a_team(1), a_team(29)
    assert len(visitors(few[1]).open("/company/team").queries) == len(visitors(many[1]).open("/company/team").queries)


def test_a_role_changes_at_the_next_page(visitors: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    theirs = visitors(dewulf)
    theirs.open("/company/facts", status=403)
    visitors(admin).open(f"/company/team/{dewulf.key}/role").send("Bewaar deze rol", role="employer_admin").says(
        "Bewaard"
    )
    theirs.open("/company/facts")
    assert roles(employer)[dewulf.id] is Role.EMPLOYER_ADMIN


def test_the_last_admin_keeps_the_role_and_does_not_leave_without_naming_another(visitors: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    els = visitors(admin)
    page = els.open(f"/company/team/{admin.key}/role").send("Bewaar deze rol", role="employer_contact")
    assert page.status == 409 and "Iemand moet het team beheren" in page.text
    page = els.open(f"/company/team/{admin.key}/leave").says("Niemand anders beheert het team")
    assert page.send("Draag over", successor=dewulf.key).status == 409
    assert roles(employer)[admin.id] is Role.EMPLOYER_ADMIN
    els.open(f"/company/team/{admin.key}/leave").send("Draag over", successor=dewulf.key, becomes_admin=True)
    assert roles(employer) == {dewulf.id: Role.EMPLOYER_ADMIN}
    assert els.open("/company").path == "/sign-in"


def test_who_leaves_hands_over_vacancies_and_tasks_in_one_press(visitors: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    vacancy = a_vacancy(employer, dewulf, state=VacancyState.OPEN)
    employer.first_contact_id = dewulf.id
    db.session.commit()
    theirs = visitors(dewulf)
    theirs.open("/vacancies")
    page = visitors(admin).open(f"/company/team/{dewulf.key}/leave")
    assert page.send("Draag over", successor="").status == 422
    page.send("Draag over", successor=admin.key).says("Collega0 Dewulf zit niet meer in het team").lacks("/leave?")
    assert db.session.get_one(Vacancy, vacancy.id).contact_id == admin.id
    assert db.session.get_one(Employer, employer.id).first_contact_id == admin.id
    assert theirs.open("/vacancies").path == "/sign-in"


def test_nobody_takes_over_who_has_not_confirmed_or_is_of_another_company(visitors: Any, post: Any) -> None:
    employer, admin, (dewulf,) = a_team()
    _other, stranger, _more = a_team(0, name="Bakkerij Soetaert")
    invited = accounts.new_person(email="nieuw@example.org", first_name="Nieuw", last_name="Gevraagd", language="nl")
    accounts.seat(invited, Role.EMPLOYER_CONTACT, organisation_id=employer.organisation_id)
    db.session.commit()
    els = visitors(admin)
    page = els.open(f"/company/team/{dewulf.key}/leave")
    assert page.send("Draag over", successor=invited.key).status == 422
    data = [(k, v) for k, v in page.form("Draag over").form_values() if k not in ("successor", "once")]
    assert els.post(f"/company/team/{dewulf.key}/leave", [*data, ("successor", stranger.key)]).status == 422
    els.open(f"/company/team/{stranger.key}/leave", status=404)
    assert set(roles(employer)) == {admin.id, dewulf.id, invited.id}


def test_somebody_alone_is_told_what_to_do(visitors: Any) -> None:
    _employer, admin, _none = a_team(0)
    visitors(admin).open(f"/company/team/{admin.key}/leave").says(
        "Er is niemand om over te nemen", "Nodig een collega uit"
    )


@pytest.mark.engine
def test_two_admins_who_demote_each_other_at_once_leave_one(app: Flask) -> None:
    employer, admin, _none = a_team(0)
    second = a_contact(employer)
    pairs, start, said = [(admin.id, second.key), (second.id, admin.key)], Barrier(2), []
    number = employer.id

    def press(me: int, key: str) -> None:
        with app.app_context(), acting.as_(me, "employer_admin"):
            start.wait()
            company = loaded(db.session.get_one(Employer, number))
            seat = team.seat_of(company, key)
            try:
                team.change_role(company, seat, Role.EMPLOYER_CONTACT)
                db.session.commit()
                said.append("done")
            except team.LastAdmin:
                db.session.rollback()
                said.append("last")

    db.session.commit()
    presses = [Thread(target=press, args=pair) for pair in pairs]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(said) == ["done", "last"]
    assert Role.EMPLOYER_ADMIN in roles(employer).values()


# --- Four times a year ------------------------------------------------------------------------------------------------


@pytest.fixture
def at() -> Any:
    with time_machine.travel("2026-01-05 09:00:00+00:00", tick=False) as moment:
        yield moment


def night(at: Any, day: str) -> None:
    at.move_to(f"{day} 01:15:00+00:00")
    team.look()
    db.session.commit()


def letters(post: Any) -> list[Any]:
    """The letters since the last look."""
    found = post.all(team.LETTER)
    db.session.query(Letter).update({"state": LetterState.SENT})
    db.session.commit()
    return list(found)


def a_known_team() -> tuple[Employer, Person, list[Person]]:
    employer, admin, others = a_team(state=EmployerState.ACTIVE)
    employer.verified_at = clock.now()
    employer.worker_id = a_person(role=Role.PROJECT_WORKER).id
    db.session.commit()
    return employer, admin, others


def test_a_letter_every_quarter_one_reminder_then_the_workers_task(at: Any, post: Any) -> None:
    employer, admin, _others = a_known_team()
    night(at, "2026-04-04")
    assert letters(post) == []
    night(at, "2026-04-06")
    letter = letters(post)
    assert [one.to for one in letter] == [admin.email] and "de enige" not in letter[0].text
    night(at, "2026-04-12")
    assert letters(post) == []
    night(at, "2026-04-16")
    reminder = letters(post)
    assert len(reminder) == 1 and "de enige" in reminder[0].text
    for day in ("2026-04-20", "2026-04-25"):
        night(at, day)
        assert letters(post) == []
    night(at, "2026-04-26")
    assert db.session.query(Task).filter_by(kind=team.TASK, owner_id=employer.worker_id).count() == 1
    for day in ("2026-05-26", "2026-07-20"):
        night(at, day)
        assert letters(post) == []
    night(at, "2026-07-27")
    assert len(letters(post)) == 1


def test_the_link_shows_the_team_and_the_button_says_yes_for_a_quarter(at: Any, visitors: Any, post: Any) -> None:
    employer, admin, _others = a_known_team()
    night(at, "2026-04-06")
    els = visitors(admin)
    page = els.open("/company/team/check").says("Collega0 Dewulf", "Werkt hier niet meer")
    assert db.session.get_one(Employer, employer.id).team_checked_on is None and len(page.queries) <= 8
    page.send("Ja, iedereen in deze lijst werkt hier").says("Over drie maanden")
    night(at, "2026-04-17")
    assert letters(post) == []
    night(at, "2026-07-05")
    assert letters(post) == []
    night(at, "2026-07-06")
    assert len(letters(post)) == 1


def test_who_no_longer_works_here_leaves_from_that_page(at: Any, visitors: Any, post: Any) -> None:
    employer, admin, (_dewulf,) = a_known_team()
    visitors(admin).open("/company/team/check").follow("Werkt hier niet meer").send("Draag over", successor=admin.key)
    assert set(roles(employer)) == {admin.id}


@pytest.mark.parametrize("why", ["alone", "dormant", "blocked", "registered"])
def test_nobody_is_asked_where_there_is_nothing_to_ask(at: Any, post: Any, why: str) -> None:
    employer, _admin, (dewulf,) = a_known_team()
    if why == "alone":
        db.session.query(Membership).filter_by(person_id=dewulf.id).delete()
    else:
        employer.state = EmployerState(why)
    db.session.commit()
    night(at, "2026-09-06")
    assert letters(post) == []
