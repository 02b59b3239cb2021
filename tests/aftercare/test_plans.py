"""A coordinator changes the plan and the rules; a worker adds a contact, keeps a draft and says how the answers came."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.aftercare import nightly
from portal.aftercare.models import Alert, CheckIn
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.placements.models import Placement
from portal.programmes import queries as programmes
from portal.programmes.models import Template, TemplateKind
from tests.aftercare.test_forms import EMPLOYEE
from tests.factories import a_person
from tests.placements.factories import a_cast, a_start

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def at() -> Any:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as traveller:
        yield traveller


def the(placement: Placement, moment: str, voice: str) -> CheckIn:
    wanted = (CheckIn.placement_id == placement.id, CheckIn.moment == moment, CheckIn.voice == voice)
    return db.session.scalars(sa.select(CheckIn).where(*wanted)).one()


def test_the_plan_gets_a_new_version_and_a_plan_that_runs_keeps_its_own(visitors: Any, at: Any, post: Any) -> None:
    cast = a_cast()
    before = a_start(cast)
    boss = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    page = boss.open("/aftercare").follow("Het nazorgplan")
    assert len(page.queries) <= 8
    page.says("Week 2", "Waarom verander je het plan?")
    # Week 2 becomes a call for the employer, week 3 goes, and there is a form on day 31.
    page = page.send(
        m3_employer="call", m4_employee="", m14_days="30", m14_employer="form", first="2", second="4", because="Sneller"
    )
    page.says("Het plan is veranderd", "versie 2", "Sneller")
    after = a_start(a_cast())
    assert the(before, "week2", "employer").channel == "form" and the(before, "week3", "employee").state == "planned"
    assert the(after, "week2", "employer").channel == "call"
    assert the(after, "day31", "employer").due == date(2026, 10, 28)
    assert (
        db.session.scalar(sa.select(CheckIn).where(CheckIn.placement_id == after.id, CheckIn.moment == "week3")) is None
    )
    assert (before.plan_version, after.plan_version) == (1, 2)
    for day in ("2026-10-12", "2026-10-14", "2026-10-15"):
        at.move_to(f"{day} 00:20:00+00:00")
        nightly.daily()
        db.session.commit()
    sent = [one.template for one in post.to(cast.contact.email)]
    assert sent.count("aftercare/reminder") == 1, "three working days, as the plan of its own start says"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"m3_days": "7"}, "Er is al een ander moment op deze dag"),
        ({"m14_employer": "form"}, "Geef het aantal dagen"),
        ({"first": "5", "second": "3"}, "komt na de eerste"),
        ({"m3_days": "4000"}, "Geef een getal van"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(visitors: Any, values: dict[str, str], says: str) -> None:
    a_cast()
    boss = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    page = boss.open("/aftercare/plan").send(because="Zomaar", **values)
    assert page.status == 422
    page.says(says)
    assert db.session.scalars(sa.select(Template.id).where(Template.version > 1)).all() == []


def test_a_rule_is_switched_off_and_the_clock_is_the_programmes(visitors: Any, at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    boss = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    rules = programmes.template(cast.employer.programme_id, TemplateKind.ALERT_RULES)["rules"]
    number = next(at for at, rule in enumerate(rules) if rule["kind"] == "overdue")
    page = boss.open("/aftercare/rules").send(**{f"r{number}_threshold": "8", "days": "1", "because": "Korter"})
    page.says("De regels zijn veranderd")
    boss.open("/aftercare/rules").send(r3_on=False, because="Wij bellen toch")
    book = programmes.template(cast.employer.programme_id, TemplateKind.ALERT_RULES)
    assert (book["version"], book["rules"][3]["off"], book["answer_working_days"]) == (3, True, 1)
    for day in ("2026-10-12", "2026-10-21", "2026-10-22"):
        at.move_to(f"{day} 00:20:00+00:00")
        nightly.daily()
        db.session.commit()
    alert = db.session.scalars(
        sa.select(Alert).where(Alert.check_in_id == the(placement, "week2", "employer").id)
    ).one()
    assert (alert.rule, alert.due) == ("no_answer", date(2026, 10, 23))


def test_only_a_coordinator_changes_the_plan(visitors: Any) -> None:
    cast = a_cast()
    for person in (cast.worker, cast.contact):
        for path in ("/aftercare/plan", "/aftercare/rules"):
            visitors(person).open(path, status=403)


def test_a_contact_is_added_and_never_on_a_day_with_another_form(visitors: Any, at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    lien = visitors(cast.worker)
    add = f"/aftercare/{placement.key}/add"
    lien.open(add).send(voice="employer", channel="form", day="2026-10-12").says("al een ander formulier")
    lien.open(add).send(voice="employer", channel="form", day="2026-10-11").says("Kies een werkdag")
    lien.open(add).send(voice="employer", channel="form", day="2026-10-14").says("Het contact is toegevoegd")
    lien.open(add).send(voice="employee", channel="call", day="2026-10-14").says("Het contact is toegevoegd")
    at.move_to("2026-10-14 00:20:00+00:00")
    nightly.daily()
    db.session.commit()
    assert the(placement, "extra1", "employee").state == "due"
    visitors(cast.worker).open(f"/aftercare/{placement.key}").says("Extra contact 1")
    visitors(a_person("karim@example.org", role=Role.PROJECT_WORKER)).open(add, status=404)


def test_a_moved_form_never_lands_on_another_form_of_the_same_job(visitors: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    week4 = the(placement, "week4", "employer")
    page = visitors(cast.worker).open(f"/aftercare/moment/{week4.key}/move").send(day="2026-10-12")
    page.says("al een ander formulier")
    db.session.refresh(week4)
    assert week4.due == date(2026, 10, 26)


def test_a_form_half_typed_is_kept_and_tells_how_it_came(visitors: Any, at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    at.move_to("2026-11-23 07:00:00+00:00")
    form = the(placement, "week8", "employee")
    lien = visitors(cast.worker)
    page = lien.open(f"/aftercare/moment/{form.key}/answers").send("Bewaar als ontwerp", welcome="4")
    page.says("is bewaard")
    db.session.refresh(form)
    assert form.state == "planned" and "welcome" in (form.draft or "")
    raw = db.session.scalar(sa.text("select draft from check_in where id = :id").bindparams(id=form.id))
    assert "welcome" not in str(raw), "sealed in the database"
    page = lien.open(f"/aftercare/moment/{form.key}").follow("Verder met het ontwerp")
    assert dict(page.form("Antwoorden bewaren").form_values())["welcome"] == "4"
    page.send("Antwoorden bewaren", **EMPLOYEE | {"welcome": "4"}, came="paper")
    db.session.refresh(form)
    assert (str(form.state), form.answered_by) == ("done", "paper") and not form.draft
    assert db.session.scalars(sa.select(Entry.action).where(Entry.action == "check_in.draft")).all() == [
        "check_in.draft"
    ]


def test_what_an_alert_is_about_follows_the_number_of_its_rule_and_stays_as_it_was_said(
    visitors: Any, at: Any, post: Any
) -> None:
    cast = a_cast()
    placement = a_start(cast)
    boss = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    rules = programmes.template(cast.employer.programme_id, TemplateKind.ALERT_RULES)["rules"]
    low = next(number for number, rule in enumerate(rules) if rule["code"] == "low_score")
    boss.open("/aftercare/rules").says("Een score van 2 of lager").send(
        **{f"r{low}_threshold": "3", "because": "Strenger"}
    )
    boss.open("/aftercare/rules").says("Een score van 3 of lager").lacks("Een score van 2 of lager")
    week8 = the(placement, "week8", "employee")
    week8.state = "due"
    db.session.commit()
    lien = visitors(cast.worker)
    lien.open(f"/aftercare/moment/{week8.key}/answers").send(**EMPLOYEE | {"welcome": "3"})
    lien.open(f"/aftercare/{placement.key}").says("Een score van 3 of lager")
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.rule, alert.threshold) == ("low_score", 3)
    boss.open("/aftercare/rules").send(**{f"r{low}_threshold": "1", "because": "Milder"})
    lien.open(f"/aftercare/alert/{alert.key}").says("Een score van 3 of lager")


def test_a_moment_that_is_moved_keeps_the_questions_of_its_own(visitors: Any, at: Any, post: Any) -> None:
    """Week 13 asks for the contract plan and the closing week for the whole: also when they are a week later."""
    boss = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    cast = a_cast()
    page = boss.open("/aftercare/plan").send(m9_days="98", m13_days="189", because="Een week later")
    page.says("Het plan is veranderd", "Week 14", "Week 27").lacks("week13")
    placement = a_start(cast)
    codes = {one.moment for one in db.session.scalars(sa.select(CheckIn).where(CheckIn.placement_id == placement.id))}
    assert {"week14-week13", "week27-week26"} <= codes
    assert the(placement, "week14-week13", "employer").due == date(2027, 1, 4)
    moment = the(placement, "week27-week26", "employer")
    moment.state = "due"
    db.session.commit()
    visitors(cast.worker).open(f"/aftercare/moment/{moment.key}/answers").says("Week 27", "opnieuw")
    template = programmes.template(cast.employer.programme_id, TemplateKind.AFTERCARE_PLAN)
    closing = [one["code"] for one in template["moments"] if one["closing"]]
    assert closing == ["week27-week26"]
    boss.open("/aftercare/plan").send(m13_days="182", because="Toch zoals het was")
    template = programmes.template(cast.employer.programme_id, TemplateKind.AFTERCARE_PLAN)
    assert template["moments"][-1]["code"] == "week26", "back in its own week it is itself again"
