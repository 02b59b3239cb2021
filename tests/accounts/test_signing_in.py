"""Coming in, going out, and staying out."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal.accounts import service
from portal.accounts.roles import Role
from portal.foundation import clock
from tests.factories import a_person
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


def test_a_person_signs_in_and_out(visitor: Visitor) -> None:
    a_person("lien@example.org", password="een zin die niemand raadt")
    page = visitor.open("/sign-in").send(email="lien@example.org", password="een zin die niemand raadt")
    assert page.path == "/"
    visitor.open("/me").says("lien@example.org")
    visitor.open("/").send("Afmelden")
    assert visitor.open("/me").path == "/sign-in"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(visitor: Visitor) -> None:
    a_person("lien@example.org", password="een zin die niemand raadt")
    known = visitor.open("/sign-in").send(email="lien@example.org", password="fout")
    unknown = visitor.open("/sign-in").send(email="niemand@example.org", password="fout")
    assert known.status == unknown.status == 422
    assert known.text.replace("lien@", "") == unknown.text.replace("niemand@", "")


def test_the_sixth_try_waits_a_quarter_of_an_hour(visitor: Visitor) -> None:
    a_person("lien@example.org", password="een zin die niemand raadt")
    with time_machine.travel("2026-11-20 10:01:00+00:00", tick=False) as at:
        for _ in range(5):
            assert visitor.open("/sign-in").send(email="lien@example.org", password="fout").status == 422
        assert (
            visitor.open("/sign-in").send(email="lien@example.org", password="een zin die niemand raadt").status == 429
        )
        at.shift(timedelta(minutes=15))
        assert visitor.open("/sign-in").send(email="lien@example.org", password="een zin die niemand raadt").path == "/"


def test_a_new_password_by_letter_ends_every_sign_in(visitor: Visitor, visitors: Any, post: Any) -> None:
    person = a_person("lien@example.org", password="een zin die niemand raadt")
    elsewhere = visitors(person)
    visitor.open("/password").send(email="lien@example.org")
    way = post.last("lien@example.org").path("/password/")
    visitor.open(way).send(password="een heel andere zin")
    assert elsewhere.open("/me").path == "/sign-in"
    assert visitor.open("/sign-in").send(email="lien@example.org", password="een heel andere zin").path == "/"
    visitor.open(way, status=410)


def test_asking_for_a_strangers_password_tells_nothing_and_sends_nothing(visitor: Visitor, post: Any) -> None:
    visitor.open("/password").send(email="niemand@example.org").says("Kijk in je mailbox")
    assert post.all() == []


def test_a_closed_account_ends_at_the_next_request(visitors: Any) -> None:
    person = a_person("lien@example.org")
    lien = visitors(person)
    lien.open("/me")
    service.deactivate(person)
    assert lien.open("/me").path == "/sign-in"


def test_a_workers_page_locks_after_a_quarter_of_an_hour(visitors: Any) -> None:
    with time_machine.travel("2026-11-20 10:00:00+00:00", tick=False) as at:
        lien = visitors(a_person("lien@example.org", role=Role.PROJECT_WORKER))
        at.shift(timedelta(minutes=14))
        assert lien.open("/me").path == "/me"
        at.shift(timedelta(minutes=16))
        assert lien.open("/me").path == "/sign-in"
        assert clock.now().minute == 30
