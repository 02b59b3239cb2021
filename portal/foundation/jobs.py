"""Work outside a request: rooms register what runs on a wake-up, each minute and each night; Huey runs it.

QUEUE_URL chooses where Huey keeps its queue: SQLite (embedded), PostgreSQL or Redis. It only wakes: what must be done
stands in the database, so a queue that is lost loses nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from flask import Flask
from huey import PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey, TaskWrapper

from portal.config import Settings
from portal.foundation.logs import log

Job = Callable[[], object]
on_wake: dict[str, Job] = {}
each_minute: dict[str, Job] = {}
each_night: dict[str, Job] = {}

_waker: list[TaskWrapper] = []

Listener = Callable[[int, int], object]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(done: int, whole: int) -> None:
    """How far a long job is, to whoever watches it."""
    listener = _listener.get()
    if listener is not None:
        listener(done, whole)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Hear how far the jobs of a block are."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def queue_for(settings: Settings) -> Huey:
    """The queue that QUEUE_URL names. Raises ValueError for a kind that Huey cannot serve."""
    url = urlsplit(settings.queue)
    if url.scheme == "sqlite":
        return SqliteHuey("doorstart", filename=url.path, results=False, timeout=10)
    if url.scheme.startswith("postgres"):
        return PostgresHuey("doorstart", dsn=settings.queue.replace("+psycopg", "", 1), results=False)
    if url.scheme.startswith("redis"):
        return RedisHuey("doorstart", url=settings.queue, results=False)
    raise ValueError(f"QUEUE_URL begins with sqlite, postgresql or redis, not {url.scheme}")


def set_up(app: Flask, settings: Settings) -> None:
    """Bind this app's jobs to its queue. In tests nothing is queued: the test runs the jobs itself."""
    _waker.clear()
    if settings.mode == "test" and not settings.queue_url:
        return
    queue = queue_for(settings)
    app.extensions["doorstart_queue"] = queue

    @queue.task(name="wake")
    def wake_task(name: str) -> None:
        run(app, name, on_wake[name])

    @queue.periodic_task(crontab(minute="*"), name="minute")
    def minute() -> None:
        for name, job in each_minute.items():
            run(app, name, job)

    @queue.periodic_task(crontab(minute="15", hour="2"), name="night")
    def night() -> None:
        for name, job in each_night.items():
            run(app, name, job)

    _waker.append(wake_task)


def run(app: Flask, name: str, job: Job) -> None:
    """One job in a context of its own; its failure is logged and stops no other."""
    with app.app_context():
        try:
            job()
        except Exception as error:
            log.exception("job failed", job=name, kind=type(error).__name__)


def wake(name: str) -> None:
    """Ask the worker to look now. A queue that is down only costs time: the worker looks every minute anyway."""
    for task in _waker:
        try:
            task(name)
        except Exception as error:
            log.warning("queue is down", job=name, kind=type(error).__name__)
