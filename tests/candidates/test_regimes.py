"""A coordinator keeps the regimes up; what changes reaches the cases it counts for, and no request under way."""

from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.candidates import leave, possible, regime_hooks, screenings
from portal.candidates.handles import handle
from portal.candidates.models import Candidate, WorkConstraints
from portal.foundation import acting
from portal.foundation.database import db
from portal.programmes import regimes
from portal.programmes import service as places
from portal.programmes.models import RegimeRule, Site
from portal.tasks.models import Task
from tests.candidates.factories import a_candidate, a_coordinator, a_place, a_worker
from tests.factories import a_person, a_programme
from tests.programmes.test_regimes import NOW, a_rule

pytestmark = pytest.mark.usefixtures("app")


def a_case(regime: str = "electronic_monitoring", worker: Any = None, **answers: Any) -> Candidate:
    candidate = loaded(a_candidate(worker or a_worker()))
    screenings.note_constraints(candidate, {"regime": regime, **answers})
    db.session.commit()
    return candidate


def loaded(candidate: Candidate) -> Candidate:
    """The case with its place, as every page loads it."""
    wanted = sa.select(Candidate).where(Candidate.id == candidate.id).options(joinedload(Candidate.site))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def kept(candidate: Candidate) -> WorkConstraints:
    db.session.expire_all()
    return db.session.scalars(sa.select(WorkConstraints).where(WorkConstraints.candidate_id == candidate.id)).one()


def an_administrator() -> Any:
    return a_person(role=Role.ADMINISTRATOR, first_name="Ada", language="en")


# --- The page ----------------------------------------------------------------------------------------------


def test_a_coordinator_writes_down_what_a_regime_asks_with_its_source_and_date(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        candidate = a_case()
        griet = visitors(a_coordinator())
        page = (
            griet.open("/places")
            .follow("Regimes")
            .says("Electronic monitoring", "5 working days", "ships with the portal", "1 November 2026")
        )
        page = griet.open("/regimes/electronic_monitoring").send(
            "Keep", needed="yes", days="8", hours_from="09:00", hours_until="15:00", source="Brief van het Vlaams Centrum ET",
            source_date="2026-11-10",
        )  # fmt: skip
        page.says(
            "Kept.",
            "8 working days",
            "9:00 – 15:00",
            "Brief van het Vlaams Centrum ET",
            "10 November 2026",
            "16 November 2026",
        )
        page = griet.open("/regimes/electronic_monitoring")
        page.says("What was written down before", "Griet Maes", "permission, 8 working days ahead", "everywhere")
        case = handle(candidate.id)
    assert (case.permission_needed, case.lead_days) == (True, 8)


def test_a_place_may_differ_and_be_the_same_again(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        candidate, place = a_case("closed"), a_place().site.key
        griet = visitors(a_coordinator())
        assert kept(candidate).lead_days == 15
        griet.open("/regimes/closed").send(
            "Keep",
            place=place,
            needed="yes",
            days="25",
            source="Afspraak met de directie",
            source_date="2026-11-10",
        ).says("Gevangenis van Oudenaarde", "25 working days", "20 working days")
        assert kept(candidate).lead_days == 25
        page = griet.open(f"/regimes/closed?place={place}").says("For: Gevangenis van Oudenaarde")
        page.send("It no longer differs here").says("The same counts there as everywhere again.").lacks(
            "25 working days"
        )
        assert kept(candidate).lead_days == 15
        griet.open("/regimes/closed").says("taken back: the wider rule counts again")


def test_an_administrator_writes_what_counts_for_all_and_a_programme_goes_first(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        candidate = a_case()
        visitors(an_administrator()).open("/regimes/electronic_monitoring").says("Write down").send(
            "Keep", needed="yes", days="7", source="Omzendbrief", source_date="2026-10-01"
        ).says("for all programmes", "7 working days")
        assert kept(candidate).lead_days == 7
        griet = visitors(a_coordinator())
        griet.open("/regimes").says("for all programmes")
        griet.open("/regimes/electronic_monitoring").send(
            "Keep", needed="yes", days="9", source="Telefoon met de dienst", source_date="2026-11-01"
        )
        assert kept(candidate).lead_days == 9
        visitors(an_administrator()).open("/regimes").says("7 working days").lacks("Telefoon met de dienst")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours_from": "12:00", "hours_until": "09:00"}, "The end comes before the beginning."),
        ({"source_date": "2026-12-01"}, "A source is from today or earlier."),
        ({"source": ""}, "Fill this in."),
        ({"days": "200"}, "Give a number from 0 to 90."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(visitors: Any, wrong: dict[str, str], sentence: str) -> None:
    with time_machine.travel(NOW, tick=False):
        given = {"needed": "yes", "days": "8", "source": "Brief", "source_date": "2026-11-10", **wrong}
        visitors(a_coordinator()).open("/regimes/closed").send("Keep", **given).says(sentence)
        assert db.session.scalars(sa.select(RegimeRule)).all() == []


def test_who_is_not_meant_does_not_get_in(visitors: Any) -> None:
    elsewhere = a_place(a_programme("Elders"), name="Gevangenis van Ieper").site.key
    for person in (a_worker(), a_person(role=Role.PSD, first_name="Tom")):
        for path in ("/regimes", "/regimes/closed"):
            visitors(person).open(path, status=403)
    griet = visitors(a_coordinator())
    griet.open("/regimes/nonsense", status=404)
    griet.open("/regimes/closed?place=nowhere", status=404)
    griet.open(f"/regimes/closed?place={elsewhere}", status=404)


def test_the_pages_cost_the_same_with_few_rules_and_with_many(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        griet, programme = a_coordinator(), a_programme()
        regimes.write(a_rule(), programme_id=programme.id)
        visitor = visitors(griet)
        few = [len(visitor.open(path).queries) for path in ("/regimes", "/regimes/closed")]
        for n in range(30):
            regimes.write(a_rule(), programme_id=programme.id, site=a_place(name=f"Gevangenis {n}").site)
        db.session.commit()
        many = [len(visitor.open(path).queries) for path in ("/regimes", "/regimes/closed")]
    assert many == few and max(few) <= 8


# --- The cases ---------------------------------------------------------------------------------------------


def test_a_change_reaches_the_cases_of_that_regime_and_that_programme_only() -> None:
    with time_machine.travel(NOW, tick=False):
        lien, programme = a_worker(), a_programme()
        monitored, closed = a_case(worker=lien), a_case("closed", worker=lien)
        away = a_case(worker=a_worker("Nora"))
        away.programme_id = a_programme("Elders").id
        db.session.commit()
        assert regimes.write(a_rule("electronic_monitoring", 11), programme_id=programme.id).version == 1
        db.session.commit()
        assert [kept(one).lead_days for one in (monitored, closed, away)] == [11, 15, 5]


def test_a_regime_that_no_longer_asks_leave_asks_none_of_its_cases() -> None:
    with time_machine.travel(NOW, tick=False):
        candidate = a_case()
        regimes.write(a_rule("electronic_monitoring", 4, permission_needed=False), programme_id=candidate.programme_id)
        db.session.commit()
        found = handle(candidate.id)
    assert (found.permission_needed, found.lead_days) == (False, 0)


def test_a_places_own_days_reach_its_cases_at_once() -> None:
    candidate = a_case("closed")
    site = db.session.get_one(Site, candidate.site_id)
    places.set_lead_days(site, 27)
    db.session.commit()
    assert kept(candidate).lead_days == 27


def test_what_was_told_about_this_person_goes_before_every_rule() -> None:
    with time_machine.travel(NOW, tick=False):
        candidate = a_case()
        row = kept(candidate)
        row.lead_days = row.lead_told = 3
        db.session.commit()
        regimes.write(a_rule("electronic_monitoring", 11), programme_id=candidate.programme_id)
        screenings.renew_constraints(kept(candidate), loaded(candidate), {"regime": "electronic_monitoring"})
        db.session.commit()
        assert kept(candidate).lead_days == 3
        screenings.renew_constraints(kept(candidate), loaded(candidate), {"regime": "closed"})
        db.session.commit()
        assert (kept(candidate).lead_days, kept(candidate).lead_told) == (15, None)


def test_the_hours_of_a_regime_count_where_nobody_noted_a_persons_own() -> None:
    with time_machine.travel(NOW, tick=False):
        candidate, own = a_case(), a_case(outside_hours="morning")
        rule = a_rule("electronic_monitoring", 5, hours_from=time(10), hours_until=time(14))
        regimes.write(rule, programme_id=candidate.programme_id)
        db.session.commit()
        assert possible.conditions(kept(candidate), None).hours == (time(10), time(14))
        assert possible.conditions(kept(own), None).hours[0] != time(10)


def test_the_earliest_day_follows_the_rule(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        lien = a_worker()
        candidate = a_case(worker=lien)
        path = f"/people/{candidate.key}/constraints"
        visitors(lien).open(path).says("The permission takes 5 working days.")
        regimes.write(a_rule("electronic_monitoring", 12), programme_id=candidate.programme_id)
        db.session.commit()
        visitors(lien).open(path).says("The permission takes 12 working days.")


def test_the_rule_of_a_prison_is_its_own_days_unless_a_rule_names_it() -> None:
    with time_machine.travel(NOW, tick=False):
        place, programme = a_place(), a_programme()
        assert leave.of("closed", place.site, regimes.book(programme.id)).lead_days == 15
        assert leave.of("electronic_monitoring", place.site, regimes.book(programme.id)).lead_days == 5
        regimes.write(a_rule(days=40), programme_id=programme.id)
        assert leave.of("closed", place.site, regimes.book(programme.id)).lead_days == 15
        assert leave.of("closed", None, regimes.book(programme.id)).lead_days == 40
        regimes.write(a_rule(days=41), programme_id=programme.id, site=place.site)
        assert leave.of("closed", place.site, regimes.book(programme.id)).lead_days == 41


# --- The task ----------------------------------------------------------------------------------------------


def test_a_source_older_than_a_year_becomes_one_task_of_the_coordinator_until_all_are_checked(visitors: Any) -> None:
    def open_tasks() -> list[Task]:
        db.session.expire_all()
        wanted = sa.select(Task).where(Task.kind == "candidates.check_regimes", Task.closed_at.is_(None))
        return list(db.session.scalars(wanted))

    with time_machine.travel(NOW, tick=False) as at:
        a_coordinator()
        assert regime_hooks.ask_tonight() == 0 and open_tasks() == []
        at.move_to("2027-11-20 09:00:00+00:00")
        assert regime_hooks.ask_tonight() == 1 and regime_hooks.ask_tonight() == 1
        (task,) = open_tasks()
        assert (task.role, task.words["count"], task.address) == (Role.COORDINATOR, "10", "/regimes")
        griet = visitors(a_coordinator())
        griet.open("/").says("Regimes to check: 10")
        griet.open("/regimes").says("10 regimes were not checked for a year.", "to check")
        codes = regimes.codes()
        for code in codes[:-1]:
            griet.open(f"/regimes/{code}").send("It is still right").says("Noted: checked today.")
        assert len(open_tasks()) == 1
        griet.open(f"/regimes/{codes[-1]}").send("It is still right")
        assert open_tasks() == []
        with acting.as_(None, "night"):
            assert regime_hooks.ask_tonight() == 0


def test_a_check_keeps_the_source_and_its_date(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        visitors(a_coordinator()).open("/regimes/closed").send("It is still right")
        row = db.session.scalars(sa.select(RegimeRule)).one()
    assert (row.source_date, row.checked_on, row.lead_days) == (date(2026, 11, 1), date(2026, 11, 16), 20)
