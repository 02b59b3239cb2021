"""A company is asked to become an ambassador once: when a start has held for thirteen weeks, or by a wish of its own."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.aftercare import questions
from portal.aftercare import service as aftercare
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.aftercare.rules import Given
from portal.ambassadors.models import AmbassadorState, Wish
from portal.foundation import clock
from portal.foundation.database import db
from portal.placements import service as placements
from portal.placements.models import Placement, PlacementState
from portal.tasks.models import Task
from tests.ambassadors.factories import a_contact, an_ambassador
from tests.factories import a_person
from tests.placements.factories import Cast, a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
ADMIN = "baas@soetaert.example"


def a_company_at_work(weeks: int = 13) -> tuple[Cast, Placement]:
    """A bakery with an admin beside its contact, and somebody who began there so many weeks ago."""
    cast = a_cast()
    a_contact(cast.employer, ADMIN, name="Bart Soetaert")
    placement = a_placement(
        cast, clock.today() - timedelta(weeks=weeks), state=PlacementState.ONGOING,
    )  # fmt: skip
    return cast, placement


def reaches_13_weeks(placement: Placement) -> None:
    placements.advance(placement, clock.today())
    db.session.commit()


def says(placement: Placement, choice: str, moment: str = "week13") -> None:
    """The company's form of this moment, with its answer to the question."""
    check_in = CheckIn(
        placement_id=placement.id, candidate_id=placement.candidate_id, voice=Voice.EMPLOYER, moment=moment, week=13,
        channel="form", planned_for=clock.today(), due=clock.today(), state=CheckInState.DUE,
    )  # fmt: skip
    check_in.placement = placement
    db.session.add(check_in)
    db.session.flush()
    aftercare.answer(check_in, [Given("become_ambassador", None, choice, "")], by="link")
    db.session.commit()


def asked() -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.kind == "ambassadors.become")))


def test_a_start_that_held_for_13_weeks_asks_the_companys_admin(visitors: Any, post: Any) -> None:
    cast, placement = a_company_at_work()
    reaches_13_weeks(placement)
    letter = post.last(ADMIN, "ambassadors/become")
    assert letter.subject == "Wil Bakkerij Soetaert ambassadeur worden?"
    assert post.to(cast.contact.email, "ambassadors/become") == []
    baas = visitors(_admin())
    page = (
        baas.open("/").follow("Lees wat het is").says("Wil Bakkerij Soetaert ambassadeur worden?", "Lees het charter")
    )
    page.follow("Lees het charter").send("Onderteken", signed_name="Bart Soetaert", agreed=True)
    baas.open("/").lacks("Lees wat het is")


def _admin() -> Any:
    from portal.accounts.models import Person

    return db.session.scalars(sa.select(Person).where(Person.email == ADMIN)).one()


def test_it_says_nothing_of_anybody_who_works_there(visitors: Any, post: Any) -> None:
    _cast, placement = a_company_at_work()
    reaches_13_weeks(placement)
    letter = post.last(ADMIN, "ambassadors/become")
    for said in (
        letter.subject,
        letter.text,
        visitors(_admin()).open("/").text,
        visitors(_admin()).open("/network").text,
    ):
        assert "Karim" not in said and "Benali" not in said and "Bakkersgast" not in said


def test_a_second_start_asks_no_second_time(post: Any) -> None:
    cast, first = a_company_at_work()
    reaches_13_weeks(first)
    second = a_placement(cast, clock.today() - timedelta(weeks=13), state=PlacementState.ONGOING)
    reaches_13_weeks(second)
    assert len(post.all("ambassadors/become")) == 1
    assert len(asked()) == 1


def test_a_start_of_12_weeks_asks_nothing(post: Any) -> None:
    _cast, placement = a_company_at_work(12)
    reaches_13_weeks(placement)
    assert asked() == [] and post.all("ambassadors/become") == []


@pytest.mark.parametrize("moment", ["week13", "week26"])
def test_a_wish_in_the_companys_own_form_asks_too(post: Any, moment: str) -> None:
    _cast, placement = a_company_at_work(12)
    says(placement, "tell_me", moment)
    assert len(post.to(ADMIN, "ambassadors/become")) == 1
    assert db.session.scalars(sa.select(Wish)).one().because == "wish"


@pytest.mark.parametrize("moment", ["week13", "week26"])
def test_both_forms_ask_it(moment: str) -> None:
    assert "become_ambassador" in {one.code for one in questions.asked(Voice.EMPLOYER, moment)}


def test_a_no_in_a_form_keeps_the_invitation_away(post: Any) -> None:
    _cast, placement = a_company_at_work()
    says(placement, "no")
    reaches_13_weeks(placement)
    assert asked() == [] and post.all("ambassadors/become") == []


def test_a_wish_after_the_letter_opens_the_task_and_writes_no_second_letter(post: Any) -> None:
    _cast, placement = a_company_at_work()
    reaches_13_weeks(placement)
    says(placement, "later")
    assert [one.outcome for one in asked()] == ["later"]
    says(placement, "tell_me", "week26")
    assert len(asked()) == 2 and asked()[-1].closed_at is None
    assert len(post.all("ambassadors/become")) == 1


@pytest.mark.parametrize(("button", "said"), [("Misschien later", "later"), ("Nee, bedankt", "no")])
def test_an_admin_answers_with_one_press(visitors: Any, post: Any, button: str, said: str) -> None:
    _cast, placement = a_company_at_work()
    reaches_13_weeks(placement)
    baas = visitors(_admin())
    page = baas.open("/network").send(button).says("Je antwoord is bewaard", "Lees het charter")
    assert button not in page.text
    assert db.session.scalars(sa.select(Wish)).one().answer == said
    baas.open("/").lacks("Lees wat het is")


def test_a_contact_who_is_no_admin_does_not_answer_for_the_company(visitors: Any, post: Any) -> None:
    cast, placement = a_company_at_work()
    reaches_13_weeks(placement)
    page = visitors(cast.contact).open("/network")
    assert "Misschien later" not in page.text
    assert visitors(cast.contact).client.post("/network/not-now").status_code in {400, 403}


def test_an_ambassador_is_not_asked(post: Any) -> None:
    cast, placement = a_company_at_work()
    an_ambassador(cast.employer, cast.contact)
    reaches_13_weeks(placement)
    says(placement, "tell_me")
    assert asked() == [] and post.all("ambassadors/become") == []


def test_who_left_is_not_asked_either_but_may_sign(visitors: Any, post: Any) -> None:
    cast, placement = a_company_at_work()
    ambassador = an_ambassador(cast.employer, cast.contact)
    ambassador.move_to(AmbassadorState.ENDED)
    db.session.commit()
    reaches_13_weeks(placement)
    assert asked() == []
    visitors(cast.contact).open("/network").says("Lees het charter")


def test_the_justice_assistants_form_says_nothing_about_it(post: Any) -> None:
    """Only the company's own words count, whoever types them in."""
    cast, placement = a_company_at_work(12)
    check_in = CheckIn(
        placement_id=placement.id, candidate_id=placement.candidate_id, voice=Voice.EMPLOYEE, moment="week13", week=13,
        channel="form", planned_for=clock.today(), due=clock.today(), state=CheckInState.DUE,
    )  # fmt: skip
    check_in.placement = placement
    db.session.add(check_in)
    db.session.flush()
    aftercare.answer(check_in, [Given("become_ambassador", None, "tell_me", "")], by="worker")
    db.session.commit()
    assert asked() == [] and cast.employer.id


def test_a_company_without_an_admin_gets_no_letter_and_still_finds_it(post: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, clock.today() - timedelta(weeks=13), state=PlacementState.ONGOING)
    reaches_13_weeks(placement)
    assert post.all("ambassadors/become") == [] and len(asked()) == 1
    late = a_person("late@soetaert.example")
    db.session.add(
        Membership(
            person_id=late.id,
            role=Role.EMPLOYER_ADMIN,
            organisation_id=cast.employer.organisation_id,
            since=clock.today(),
        )
    )
    db.session.commit()
    assert asked()[0].organisation_id == cast.employer.organisation_id
