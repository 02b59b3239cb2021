"""What the team finds beside its tasks: the talks that come, where people stand, what came in; the administrator's own."""

from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.foundation.database import db
from tests.factories import a_person
from tests.interviews.factories import CANARY, NOW, a_coordinator, a_requested, a_worker, an_interest

pytestmark = pytest.mark.usefixtures("app")


def test_a_workers_home_shows_the_next_talk_and_where_people_stand(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        db.session.commit()
        page = visitors(case.worker).open("/").says("Volgende gesprekken", "Transport Nys", "Eén persoon is onderweg")
        page.says("Sinds vrijdag: ", "één bedrijf met interesse").lacks(CANARY)
        assert f"/interviews/{interview.key}" in page.response.text
        assert len(page.queries) <= 8
        whole = visitors(a_coordinator(case.programme)).open("/").says("Volgende gesprekken", "Eén persoon is onderweg")
        assert len(whole.queries) <= 8


def test_another_workers_home_shows_none_of_it(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        a_requested(case)
        db.session.commit()
        page = visitors(a_worker("Karim", case.programme)).open("/")
        page.says("Er is geen gesprek gepland", "Er is nog niemand onderweg").lacks("bedrijf met interesse")


def test_the_administrators_home_shows_who_signs_in_and_what_leaves(visitors: Any, post: Any) -> None:
    page = visitors(a_person(role=Role.ADMINISTRATOR)).open("/")
    page.says("Eén persoon kan zich aanmelden", "Geen uitnodiging wacht op antwoord", "Alle brieven zijn vertrokken")
    assert len(page.queries) <= 8
