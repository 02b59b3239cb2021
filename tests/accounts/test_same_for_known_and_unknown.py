"""Nobody learns from an answer, from what it costs, or from a clock whether somebody is known here."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import passwords
from portal.accounts.models import PersonalLink
from portal.cli.drill import timing
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.outbox.models import Letter
from tests.accounts.steps import PASSWORD
from tests.factories import a_person
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
KNOWN, UNKNOWN, CLOSED, NEW = "lien@example.org", "niemand@example.org", "weg@example.org", "pas@example.org"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often a password is looked at, which takes longer than all the rest."""
    seen: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        hash = passwords._hasher.hash

        def verify(self, kept: str, password: str) -> bool:
            seen.append(password)
            return verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return seen


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often the worker is woken, which writes to the queue."""
    seen: list[str] = []
    monkeypatch.setattr(jobs, "wake", seen.append)
    return seen


@pytest.fixture(autouse=True)
def people() -> None:
    a_person(KNOWN, password=PASSWORD)
    a_person(CLOSED, password=PASSWORD).deactivated_at = clock.now()
    invited = a_person(NEW)
    invited.confirmed_at = None
    db.session.commit()


def cost(page: Page) -> list[str]:
    """The kinds of statements, in order; undoing and keeping a part are each one word to the database."""
    return [" ".join(one.split()[:3]) for one in page.queries if not one.startswith("ROLLBACK TO")]


def test_signing_in_looks_at_one_password_and_asks_the_same_whoever_it_is(visitors: Any, hashes: list[str]) -> None:
    costs = []
    for email in (KNOWN, UNKNOWN, CLOSED, NEW):
        page = visitors().open("/sign-in").send(email=email, password="fout")
        costs.append((page.status, cost(page), len(hashes)))
        hashes.clear()
    assert costs[0][2] == 1
    assert all(one == costs[0] for one in costs), costs


@pytest.mark.engine
def test_asking_for_a_password_writes_the_same_and_leaves_a_letter_for_who_is_here_only(
    visitors: Any, woken: list[str], post: Any
) -> None:
    costs = []
    for email in (KNOWN, UNKNOWN, CLOSED):
        page = visitors().open("/password").send(email=email)
        costs.append((page.path, page.text, cost(page), list(woken)))
        woken.clear()
    assert costs[0][3] == ["outbox.deliver"]
    for one in costs:
        assert one == costs[0]
    assert [one.to for one in post.all()] == [KNOWN]
    assert len(db.session.scalars(sa.select(PersonalLink)).all()) == 1
    assert len(db.session.scalars(sa.select(Letter)).all()) == 1


def test_the_drill_asks_each_door_and_finds_the_same_answers(portal: Flask, post: Any) -> None:
    """The time itself is measured over 1,000 tries by the drill (docs/privacy.md); here the processor's over ten."""
    with portal.app_context():
        timing.lay_out(20)
        found = list(timing.measure(portal, 10, 1, time.thread_time))
    assert [one.name for one in found] == [
        "sign in", "forgotten password", "sign up: the address", "sign up: the number",
    ]  # fmt: skip
    assert all(one.difference < timing.PROMISED for one in found), found


def test_a_door_that_tells_is_found(portal: Flask, monkeypatch: pytest.MonkeyPatch, post: Any) -> None:
    from portal.accounts import service

    ask = service.ask_new_password

    def slower(email: str) -> None:
        ask(email)
        if email.startswith("known"):
            passwords.hashed("and some work more")

    monkeypatch.setattr(service, "ask_new_password", slower)
    with portal.app_context():
        timing.lay_out(20)
        client = portal.test_client()
        token = timing._form(client, "/password").fields["csrf_token"]
        found = timing.at(client, timing.doors(client)[1], token, 10, random.Random(1), time.thread_time)
    assert not found.kept


def test_a_visitor_who_is_nobody_is_told_nothing(visitor: Visitor) -> None:
    visitor.open("/password").send(email=UNKNOWN).says("Kijk in je mailbox")
