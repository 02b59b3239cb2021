"""A mail server that hangs up rudely gets no letter twice, and one that never answers keeps nobody waiting."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.cli.drill.talk import take_mail
from portal.foundation import mailer
from portal.foundation.database import db
from portal.outbox import delivery
from portal.outbox.models import Letter, LetterState
from tests.factories import a_person

RUDE, SILENT = "QUIT read, before its answer", "MAIL FROM read, before its answer"


class _HangsUp(Exception):
    pass


class BadServer:
    """Takes mail as a server does, and at one step hangs up or falls silent."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.step, self.accepted = "", list[str]()
        self.awake = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    take_mail(connection, self._at, self.accepted.append)
                except (_HangsUp, OSError):
                    continue

    def _at(self, step: str) -> None:
        if step == self.step == SILENT:
            self.awake.wait(30)
        if step == self.step:
            raise _HangsUp

    def end(self) -> None:
        self.awake.set()
        self.listener.close()


@pytest.fixture
def server(app: Flask, post: object) -> Iterator[BadServer]:
    bad = BadServer()
    with closing(bad.listener):
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=bad.port, MAIL_ANSWER_WITHIN=1.0)
        mailer.mail.init_app(app)
        accounts.ask_new_password(a_person("els@example.org").email)
        db.session.commit()
        yield bad
        bad.end()
        app.config["MAIL_ANSWER_WITHIN"] = mailer.ANSWER_WITHIN


def test_an_accepted_letter_has_left_however_the_server_says_goodbye(server: BadServer) -> None:
    server.step = RUDE
    assert delivery.deliver() == 1
    assert db.session.scalars(sa.select(Letter.state)).one() is LetterState.SENT
    assert len(server.accepted) == 1


def test_a_server_that_falls_silent_is_left_and_asked_again_later(server: BadServer) -> None:
    server.step = SILENT
    assert delivery.deliver() == 0
    letter = db.session.scalars(sa.select(Letter)).one()
    assert (letter.state, letter.attempts, letter.lease) == (LetterState.WAITING, 1, None)
    assert server.accepted == []


def test_a_letter_is_one_workers_for_longer_than_a_server_may_take() -> None:
    answers = 13  # Greeting, EHLO, STARTTLS, EHLO, AUTH in three, MAIL, RCPT, DATA, the letter, QUIT; and connecting.
    assert delivery.LEASE.total_seconds() > answers * mailer.ANSWER_WITHIN
