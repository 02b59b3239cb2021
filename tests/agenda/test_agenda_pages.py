"""My hours, my absences and my week, as people keep them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.agenda import queries, service
from portal.foundation import clock
from portal.foundation.database import db
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")
NOW = "2026-11-16 09:00:00+00:00"


def test_hours_are_added_and_removed_and_only_mine(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        lien, karim = a_person(role=Role.PROJECT_WORKER), a_person(role=Role.PROJECT_WORKER)
        page = visitors(lien).open("/agenda/hours").says("Zolang hier niets staat")
        page = page.send("Voeg deze uren toe", weekday="1", starts="09:00", ends="12:30").says("Dinsdag", "12.30")
        window = queries.windows_of(lien.id)[0]
        stranger = visitors(karim)
        stranger.open("/agenda/hours").lacks("12.30")
        stranger.open(f"/agenda/hours/{window.id}/skip", status=404)
        page.send("Weghalen").says("Zolang hier niets staat")


def test_an_end_before_the_beginning_is_refused_with_what_was_typed(visitors: Any) -> None:
    page = visitors(a_person(role=Role.PROJECT_WORKER)).open("/agenda/hours")
    refused = page.send("Voeg deze uren toe", weekday="1", starts="12:00", ends="09:00")
    assert refused.status == 422
    refused.says("Het einde komt voor het begin")
    assert refused.tree.xpath("//input[@name='starts']")[0].get("value") == "12:00"


def test_a_series_that_ends_keeps_the_weeks_that_passed() -> None:
    with time_machine.travel(NOW, tick=False) as at:
        lien = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
        window = service.add_window(lien.id, weekday=1, starts=clock.local(clock.now()).time(), ends=_noon())
        db.session.commit()
        first = clock.today()
        at.shift(timedelta(days=21))
        service.end_window(window)
        db.session.commit()
        weekly = queries.hours_of(a_programme().id, lien.id)[lien.id].windows[0]
        assert len(list(weekly.days(first, first + timedelta(days=60)))) == 3


def _noon() -> Any:
    from datetime import time

    return time(12)


def test_my_week_says_when_i_am_away(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        lien = a_person(role=Role.PROJECT_WORKER)
        browser = visitors(lien)
        browser.open("/agenda").says("Mijn uren", "Week van 16 november 2026").lacks("Afwezig")
        browser.open("/agenda/away").send("Noteer mijn afwezigheid", begins_on="2026-11-18", ends_on="2026-11-18")
        browser.open("/agenda?day=2026-11-16").says("Afwezig")
        browser.open("/agenda?day=9999-99-99").says("Week van 16 november 2026")
        browser.open("/agenda/hours").send("Intrekken")
        browser.open("/agenda").lacks("Afwezig")
