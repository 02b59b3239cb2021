"""A real SMTP server of the tests, and what its letters are to the mail program that opens them."""

import email
import email.message
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

Message = email.message.EmailMessage


class MailServer:
    """A real SMTP server that keeps what it accepts, and can be told to refuse."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuses = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 try again later"
        self.letters.append(envelope)
        return "250 OK"

    def opened(self) -> list[Message]:
        """What came in since the last time, as a mail program reads it."""
        came, self.letters = self.letters, []
        return [opened(one) for one in came]


def opened(envelope: Any) -> Message:
    """A letter as a mail program reads it."""
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


@contextmanager
def receiving(app: Flask) -> Iterator[MailServer]:
    """The portal's mail goes to a real server."""
    from portal.foundation.mailer import mail

    server = MailServer()
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=server.port)
    mail.init_app(app)
    yield server
    server.controller.stop()
