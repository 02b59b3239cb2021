"""Who lost the second step is helped by somebody who knows the voice; and a programme can ask one of its companies."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import second
from portal.accounts.models import Authenticator, CodeSheet, KnownBrowser, OneTimeCode, Person, SignIn
from portal.accounts.roles import Role
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme
from tests.accounts.steps import PASSWORD, a_sheet, an_app, code, sign_in
from tests.factories import a_person, a_programme, an_operator

pytestmark = pytest.mark.usefixtures("app")


def elsewhere() -> Programme:
    found = Programme(
        organisation_id=an_operator().id, name="Doorstart Luik", period_start=date(2026, 1, 1), period_end=date(2026, 12, 31)
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    return found


def reset(helper: Any, person: Person) -> Any:
    page = helper.open(f"/accounts/{person.key}/second/reset")
    return page.send("Neem de tweede stap weg", reason="Telefoon kwijt, teruggebeld op het bekende nummer.")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_a_lost_second_step_is_taken_away_with_a_reason_and_both_are_told(visitors: Any, post: Any, role: Role) -> None:
    lost = an_app(a_person("lien@example.org", role=Role.PROJECT_WORKER, password=PASSWORD))
    inside, helper = visitors(lost), visitors(a_person("hilde@example.org", role=role, first_name="Hilde"))
    helper.open("/me").follow("Bekijk wie wat heeft").says("Lien Claes", "app met codes")
    page = helper.open(f"/accounts/{lost.key}/second/reset").send("Neem de tweede stap weg", reason="")
    assert page.status == 422
    reset(helper, lost).says("weggenomen")
    assert inside.open("/me").path == "/sign-in"
    assert "weggenomen" in post.last("lien@example.org", "accounts/second_changed").text
    assert "Lien Claes" in post.last("hilde@example.org", "accounts/second_reset").text
    entry = db.session.scalars(sa.select(Entry).where(Entry.action == "second_step.reset")).one()
    assert "Telefoon kwijt" in (entry.reason or "")
    assert db.session.scalars(sa.select(Authenticator)).all() == []
    sign_in(visitors(), lost).says("Kies je tweede stap")


def test_a_coordinator_helps_who_works_in_the_own_programme_and_nobody_else(visitors: Any) -> None:
    helper = visitors(a_person(role=Role.COORDINATOR))
    stranger = a_person("ver@example.org", role=Role.PROJECT_WORKER, programme=elsewhere(), last_name="Verhaegen")
    company = a_person("an@example.org", last_name="Soetaert")
    above = a_person("ada@example.org", role=Role.PROJECT_WORKER, last_name="Smets")
    from portal.accounts import service

    service.seat(above, Role.ADMINISTRATOR)
    db.session.commit()
    helper.open("/accounts/second").lacks("Verhaegen", "Soetaert", "Smets")
    for one in (stranger, company, above):
        helper.open(f"/accounts/{one.key}/second/reset", status=404)


def test_nobody_gets_round_the_own_page_by_this_door(visitors: Any) -> None:
    person = an_app(a_person(role=Role.ADMINISTRATOR))
    reset(visitors(person), person).says("pagina van je eigen account")
    assert db.session.scalars(sa.select(Authenticator)).one()


@pytest.mark.engine
def test_the_list_costs_the_same_at_1_and_at_30(visitors: Any) -> None:
    helper = visitors(a_person("ada@example.org", role=Role.ADMINISTRATOR))
    one = helper.open("/accounts/second")
    for n in range(29):
        an_app(a_person(f"p{n}@example.org", role=Role.PSD, last_name=f"Naam {n:02d}"))
    many = helper.open("/accounts/second")
    assert len(one.queries) == len(many.queries) <= 8
    assert len(helper.open("/me").queries) <= 8
    assert len(helper.open("/me/second").queries) <= 8


@pytest.mark.engine
def test_with_an_account_goes_what_was_kept_to_sign_in(visitors: Any, post: Any) -> None:
    person = an_app(a_person("lien@example.org", role=Role.PROJECT_WORKER, password=PASSWORD))
    sign_in(visitors(), person).send("Ga verder", code=code())
    a_sheet(person)
    visitors(a_person(role=Role.ADMINISTRATOR)).open(f"/accounts/{person.key}").send("Sluit deze account af")
    for table in (Authenticator, CodeSheet, OneTimeCode, KnownBrowser):
        assert db.session.scalars(sa.select(table)).all() == [], table


# --- Companies ----------------------------------------------------------------------------------------------------------


def a_contact(email: str, programme: Programme, number: str) -> Person:
    organisation = Organisation(kind=Kind.COMPANY, name=f"Bedrijf {number}", number=number)
    db.session.add(organisation)
    db.session.flush()
    db.session.add(
        Employer(organisation_id=organisation.id, programme_id=programme.id, state=EmployerState.VERIFIED)
    )  # fmt: skip
    return a_person(email, role=Role.EMPLOYER_ADMIN, organisation=organisation, password=PASSWORD)


@pytest.mark.engine
def test_an_administrator_demands_it_of_a_programmes_companies_and_of_no_others(visitors: Any, post: Any) -> None:
    here = a_contact("an@example.org", a_programme(), "0403170701")
    there = a_contact("bo@example.org", elsewhere(), "0417497106")
    inside, other = visitors(), visitors()
    assert len(visitors(an_app(here)).open("/me").queries) <= 8
    second.ways.forget(here.id)
    assert sign_in(inside, here).path == sign_in(other, there).path == "/"
    page = visitors(a_person(role=Role.ADMINISTRATOR)).open("/accounts/second/rules")
    assert page.tree is not None
    key = db.session.scalars(sa.select(Programme.key).where(Programme.name == "Doorstart Gent")).one()
    page.send("Bewaar", programmes=[key]).says("Bewaard")
    assert inside.open("/me").path == "/sign-in", "who came in by the password alone signs in again"
    assert other.open("/me").path == "/me"
    sign_in(inside, here).says("Kies je tweede stap")
    assert sign_in(visitors(), there).path == "/"


def test_where_a_programme_demands_it_the_last_way_of_a_contact_stays(visitors: Any) -> None:
    programme = a_programme()
    programme.employers_second_step = True
    contact = an_app(a_contact("an@example.org", programme, "0403170701"))
    inside = visitors()
    assert sign_in(inside, contact).send("Ga verder", code=code()).path == "/"
    inside.open("/me/second").send("Weghalen").says("Voeg eerst een andere manier toe")


def test_ending_what_the_password_opened_leaves_this_browser(visitors: Any) -> None:
    person = a_person(password=PASSWORD)
    here = visitors()
    sign_in(here, person)
    row = db.session.scalars(sa.select(SignIn)).one()
    second.end_without([person.id], but=row.id)
    assert here.open("/me").path == "/me"
