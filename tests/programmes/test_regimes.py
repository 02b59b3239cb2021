"""What a regime asks is data: with a source and a date, in versions, for all, for a programme, for one place."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.journal.models import Entry
from portal.programmes import regimes
from portal.programmes.models import RegimeRule
from tests.candidates.factories import a_coordinator, a_place
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")
NOW = "2026-11-16 09:00:00+00:00"


def a_rule(regime: str = "closed", days: int = 30, **other: object) -> regimes.Rule:
    given = {
        "regime": regime, "permission_needed": True, "lead_days": days, "hours_from": None, "hours_until": None,
        "source": "Brief van de directie", "source_date": date(2026, 11, 2), "checked_on": date(2026, 11, 2),
    }  # fmt: skip
    return regimes.Rule(**{**given, **other})  # type: ignore[arg-type]


def test_every_regime_that_can_be_chosen_has_a_rule_with_a_source_and_a_date() -> None:
    assert regimes.codes() == list(options("candidates", "detention_regimes"))
    for code in regimes.codes():
        rule = regimes.standard(code)
        assert len(rule.source) > 40 and rule.source_date <= date(2026, 11, 22) and rule.version == 0
    closed, monitored, free = (
        regimes.standard(one) for one in ("closed", "electronic_monitoring", "conditional_release")
    )
    assert (closed.permission_needed, closed.lead_days) == (True, 20)
    assert (monitored.permission_needed, monitored.lead_days) == (True, 5)
    assert (free.permission_needed, free.lead_days) == (False, 0)


def test_the_narrowest_rule_counts() -> None:
    with time_machine.travel(NOW, tick=False):
        programme, other = a_programme(), a_programme("Elders")
        here, there = a_place(name="Gevangenis van Gent").site, a_place(name="Gevangenis van Ieper").site
        regimes.write(a_rule(days=21), programme_id=None)
        assert regimes.book(programme.id).rule("closed", here.id).lead_days == 21
        regimes.write(a_rule(days=22), programme_id=programme.id)
        regimes.write(a_rule(days=23), programme_id=None, site=here)
        regimes.write(a_rule(days=24), programme_id=programme.id, site=here)
        book = regimes.book(programme.id)
        assert [book.rule("closed", place).lead_days for place in (None, there.id, here.id)] == [22, 22, 24]
        assert [regimes.book(other.id).rule("closed", place).lead_days for place in (None, there.id, here.id)] == [
            21,
            21,
            23,
        ]
        assert [one.lead_days for one in book.at_places("closed")] == [24]
        regimes.write(book.rule("closed", here.id), programme_id=programme.id, site=here, withdrawn=True)
        assert regimes.book(programme.id).rule("closed", here.id).lead_days == 23


def test_a_change_is_a_new_version_and_says_who_and_when() -> None:
    with time_machine.travel(NOW, tick=False):
        programme, griet = a_programme(), a_coordinator()
        with acting.as_(griet.id, "coordinator"):
            first = regimes.write(a_rule(days=25), programme_id=programme.id)
            second = regimes.write(a_rule(days=28), programme_id=programme.id)
        assert (first.version, second.version, second.changed_by) == (1, 2, griet.id)
        assert [one.lead_days for one in regimes.history("closed", [programme.id])] == [28, 25]
        assert regimes.history("closed", [a_programme("Elders").id]) == []
        noted = db.session.scalars(sa.select(Entry).where(Entry.action == "regime.written")).all()
        assert [one.details["days"] for one in noted if one.details] == [25, 28]


def test_hours_that_are_turned_and_a_source_of_tomorrow_are_refused() -> None:
    with time_machine.travel(NOW, tick=False):
        with pytest.raises(regimes.HoursTurned):
            regimes.write(a_rule(hours_from=time(12), hours_until=time(9)), programme_id=None)
        with pytest.raises(regimes.NotOfToday):
            regimes.write(a_rule(source_date=clock.today() + timedelta(days=1)), programme_id=None)
        assert db.session.scalars(sa.select(RegimeRule)).all() == []


def test_a_source_grows_old_after_a_year_and_a_check_makes_it_young() -> None:
    with time_machine.travel(NOW, tick=False) as at:
        programme = a_programme()
        regimes.write(a_rule(), programme_id=programme.id)
        assert regimes.book(programme.id).stale == []
        at.move_to("2027-10-20 09:00:00+00:00")
        assert regimes.book(programme.id).stale == []
        at.move_to("2027-11-20 09:00:00+00:00")
        old = regimes.book(programme.id).stale
        assert len(old) == len(regimes.codes())
        closed = next(one for one in old if one.regime == "closed")
        regimes.still_right(closed, programme_id=programme.id)
        fresh = regimes.book(programme.id).rule("closed")
        assert not fresh.stale and fresh.source_date == date(2026, 11, 2) and fresh.checked_on == clock.today()
        assert len(regimes.book(programme.id).stale) == len(regimes.codes()) - 1


def test_the_rules_of_a_programme_are_one_query(app: object) -> None:
    programme, place = a_programme(), a_place().site
    for code in regimes.codes():
        regimes.write(replace(regimes.standard(code), source="Brief"), programme_id=programme.id)
        regimes.write(replace(regimes.standard(code), source="Brief"), programme_id=programme.id, site=place)
    book = regimes.book(programme.id)
    assert len(book.every()) == 2 * len(regimes.codes())
