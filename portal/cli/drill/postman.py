"""One worker at a time, in a process of its own that is killed where the drill says; and the mail server that it meets."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.cli.drill.talk import take_mail
from portal.foundation.database import db
from portal.foundation.mailer import mail
from portal.outbox.delivery import deliver

AT_COMMITS = (
    "before the commit of the claim",
    "after the commit of the claim",
    "rendered, before connecting",
    "before the commit that it left",
    "after the commit that it left",
)
_PATIENCE = 30.0


@dataclass
class Walk:
    """What one worker came to: the letters that the server accepted from it, and those still not written off."""

    killed: bool = False
    accepted: list[str] = field(default_factory=list)
    in_window: list[str] = field(default_factory=list)
    seconds: float = 0.0


class _Reached(Exception):
    pass


class Postman:
    """Starts workers of this portal, one after another."""

    def __init__(self, app: Flask, not_written_off: Callable[[list[str]], list[str]]) -> None:
        self.app, self.not_written_off = app, not_written_off
        self.usual = 0.2

    def walk(self, boundary: str, *, after: float | None = None, letters: int = 1) -> Walk:
        """A worker that is killed at this boundary, or after so many seconds; or not at all, when it never comes there."""
        walk = Walk()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            tell, told = os.pipe()
            go, let_go = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(tell)
                os.close(let_go)
                _work(self.app, listener.getsockname()[1], letters, told, go)
            os.close(told)
            os.close(go)
            began = time.monotonic()
            _kill_after(pid, after)
            try:
                _accompany(_Side(pid, boundary, listener, tell, let_go, walk))
            except _Reached:
                os.kill(pid, signal.SIGKILL)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                os.close(tell)
                os.close(let_go)
                walk.killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        walk.seconds = time.monotonic() - began
        if not walk.killed and len(walk.accepted) == 1:
            self.usual = 0.8 * self.usual + 0.2 * walk.seconds
        if walk.killed and walk.accepted:
            walk.in_window = self.not_written_off(walk.accepted)
        return walk


def _kill_after(pid: int, seconds: float | None) -> None:
    if seconds is not None:
        signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.0001))


@dataclass(frozen=True)
class _Side:
    """All that the parent has of one worker."""

    pid: int
    boundary: str
    listener: socket.socket
    tell: int
    let_go: int
    walk: Walk

    def at(self, name: str) -> None:
        if name == self.boundary:
            raise _Reached

    def hear(self) -> bool:
        """The worker waits at a commit; False when it has ended."""
        said = os.read(self.tell, 1)
        if said:
            self.at(AT_COMMITS[said[0]])
            os.write(self.let_go, b".")
        return bool(said)


def _accompany(side: _Side) -> None:
    """Let the worker go from boundary to boundary until it ends. Raises _Reached where it is to die."""
    while True:
        awaited: list[int | socket.socket] = [side.tell, side.listener]
        ready = select.select(awaited, [], [], _PATIENCE)[0]
        if not ready:
            os.kill(side.pid, signal.SIGKILL)
            raise RuntimeError("a worker of the drill hangs")
        if side.tell in ready:
            try:
                if not side.hear():
                    return
            except BrokenPipeError:
                return
        else:
            connection, _ = side.listener.accept()
            with connection:
                try:
                    take_mail(connection, side.at, side.walk.accepted.append)
                except OSError:
                    continue  # The worker was killed in the middle of a sentence.


def _work(app: Flask, port: int, letters: int, told: int, go: int) -> None:
    """The worker: the portal's own delivery, which says where it is and waits to be let go on."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        with app.app_context():
            app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port)
            mail.init_app(app)
            _say_where(told, go)
            deliver(letters)
    finally:
        os._exit(0)


def _say_where(told: int, go: int) -> None:
    """Listen to the database session: it says all that happens around its commits."""
    where = _Where(told, go)
    event.listen(db.engine, "after_cursor_execute", where.executed)
    event.listen(db.session, "before_commit", where.before_commit)
    event.listen(db.session, "after_commit", where.after_commit)
    event.listen(db.session, "after_soft_rollback", where.after_rollback)


@dataclass
class _Where:
    """How far a worker has come, as its database session tells; each commit waits until it is let go on."""

    told: int
    go: int
    claimed: bool = False
    commits: int = 0

    def executed(self, _conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.claimed = self.claimed or statement.startswith("UPDATE letter")

    def before_commit(self, _session: Any) -> None:
        self._stop_at(3 if self.commits else 0)

    def after_commit(self, _session: Any) -> None:
        self._stop_at(4 if self.commits else 1)
        self.commits += self.claimed

    def after_rollback(self, _session: Any, _previous: Any) -> None:
        if self.commits == 1:
            self._stop_at(2)

    def _stop_at(self, number: int) -> None:
        """Nothing is told before a letter is claimed: then there is none for it, and it ends by itself."""
        if not self.claimed:
            return
        os.write(self.told, bytes([number]))
        if not os.read(self.go, 1):
            os._exit(0)
