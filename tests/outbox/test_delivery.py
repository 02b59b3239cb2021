"""A letter is never lost and never sent twice on purpose: a real mail server, real processes, real kills."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal import create_app
from portal.accounts import service as accounts
from portal.config import Settings
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox import delivery
from portal.outbox import service as outbox
from portal.outbox.models import Letter, LetterState
from portal.tasks.models import Task
from tests import forks
from tests.factories import a_person
from tests.mail_server import MailServer, receiving

pytestmark = pytest.mark.engine


@pytest.fixture
def mail_server(app: Flask) -> Iterator[MailServer]:
    with receiving(app) as server:
        yield server


@pytest.fixture
def posting(app: Flask, mail_server: MailServer, post: Any) -> Flask:
    """The portal, with its mail going to the real server."""
    return app


def a_letter() -> None:
    person = a_person("els@example.org")
    accounts.ask_new_password(person.email)


def test_a_letter_leaves_after_the_commit_and_is_emptied(posting: Flask, mail_server: MailServer) -> None:
    a_letter()
    assert mail_server.letters == []
    db.session.commit()
    assert delivery.deliver() == 1
    assert len(mail_server.letters) == 1
    kept = db.session.scalars(sa.select(Letter)).one()
    assert (kept.state, kept.values, kept.address) == (LetterState.SENT, None, None)
    assert delivery.deliver() == 0


def test_work_that_is_undone_sends_nothing(posting: Flask, mail_server: MailServer) -> None:
    person = a_person("els@example.org")
    outbox.leave("accounts/password", to=accounts.recipient(person), values={"link": "x"})
    db.session.rollback()
    assert delivery.deliver() == 0


def test_a_mail_server_that_fails_costs_time_and_no_letter(posting: Flask, mail_server: MailServer) -> None:
    with time_machine.travel("2026-11-20 10:00:00+00:00", tick=False) as at:
        a_letter()
        db.session.commit()
        mail_server.refuses = True
        assert delivery.deliver() == 0
        assert delivery.deliver() == 0, "it waits before it tries again"
        mail_server.refuses = False
        at.shift(timedelta(minutes=2))
        assert delivery.deliver() == 1
    assert len(mail_server.letters) == 1


def test_after_72_hours_a_letter_becomes_somebodys_task(posting: Flask, mail_server: MailServer) -> None:
    with time_machine.travel("2026-11-20 10:00:00+00:00", tick=False) as at:
        a_letter()
        db.session.commit()
        mail_server.refuses = True
        for _ in range(40):
            delivery.deliver()
            at.shift(timedelta(hours=6, minutes=1))
    letter = db.session.scalars(sa.select(Letter)).one()
    assert letter.state is LetterState.GIVEN_UP
    assert db.session.scalars(sa.select(Task).where(Task.kind == "outbox.given_up")).one().closed_at is None


def test_a_reader_whose_account_was_closed_gets_nothing(posting: Flask, mail_server: MailServer) -> None:
    a_letter()
    accounts.deactivate(db.session.scalars(sa.select(accounts.Person)).one())
    db.session.commit()
    assert delivery.deliver() == 0
    assert db.session.scalars(sa.select(Letter)).one().state is LetterState.CANCELLED


def _a_worker_that_stops_before_sending(settings: Settings, claimed: Any) -> None:
    """A worker of its own that claims the letter and hangs before it reaches the mail server."""
    app = create_app(settings)
    with app.app_context():
        delivery.claim()
        claimed.set()
        time.sleep(60)


def test_a_worker_killed_between_the_commit_and_the_sending_loses_nothing(
    posting: Flask, mail_server: MailServer
) -> None:
    a_letter()
    db.session.commit()
    claimed = forks.own.Event()
    settings = replace(posting.extensions["doorstart"], extra={})
    worker = forks.own.Process(target=_a_worker_that_stops_before_sending, args=(settings, claimed))
    worker.start()
    assert claimed.wait(30)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(10)
    assert delivery.deliver() == 0, "the dead worker's lease still holds"
    later = clock.now() + delivery.LEASE + timedelta(seconds=1)
    with time_machine.travel(later, tick=True):
        assert delivery.deliver() == 1
        assert delivery.deliver() == 0
    assert len(mail_server.letters) == 1, "the letter arrives once"


def _deliver_all(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        delivery.deliver()


def test_two_workers_send_each_letter_once(posting: Flask, mail_server: MailServer) -> None:
    person = a_person("els@example.org")
    for _ in range(20):
        outbox.leave("accounts/password", to=accounts.recipient(person), values={"link": "https://example.org/x"})
    db.session.commit()
    settings = replace(posting.extensions["doorstart"], mail_server="127.0.0.1", mail_port=mail_server.port, extra={})
    workers = [forks.own.Process(target=_deliver_all, args=(settings,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(mail_server.letters) == 20
