"""Measuring in turns: what is compared is asked alternately, in one process, so that a busy moment of the machine hits all."""

import contextvars
import cProfile
import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal import settle

Ask = Callable[[], object]


class NotCounted(click.ClickException):
    """An answer that is not what was asked for measures nothing."""


@dataclass(frozen=True)
class Taken:
    """What something took, in seconds."""

    least: float
    median: float
    most: float

    def against(self, unit: "Taken") -> "Taken":
        """As multiples of something measured in turns with it."""
        return Taken(self.least / unit.least, self.median / unit.median, self.most / unit.median)


@dataclass(frozen=True)
class Line:
    """A line of the table. `demanded`: what it must be at most (or, under `at_least`, at least); None asks nothing."""

    name: str
    taken: Taken
    unit: str
    demanded: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool:
        """By the median, since the time is the processor's own."""
        if self.demanded is None:
            return True
        return self.taken.median >= self.demanded if self.at_least else self.taken.median <= self.demanded


def bare() -> Flask:
    """The yardstick: Flask answering one short text."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    return app


def page(client: Any, path: str, holds: str, number: int, name: str = "") -> Ask:
    """A page that counts only as 200 with `holds` exactly `number` times."""

    def look() -> object:
        answer = client.get(path)
        if answer.status_code != 200:
            raise NotCounted(f"{name or path}: {answer.status_code}: not counted")
        return answer

    found = look().get_data(as_text=True).count(holds)  # type: ignore[attr-defined]
    if found != number:
        raise NotCounted(f"{name or path}: {found} × {holds!r} instead of {number}: not counted")
    return look


def in_turns(asks: Mapping[str, Ask], rounds: int, *, wall: bool = False) -> dict[str, Taken]:
    """Ask each once a round. Each request begins in a context of its own, as a server's does.

    Time of the processor, which a busy machine does not stretch; `wall` where another process does the database's part.
    """
    clock = time.perf_counter if wall else time.thread_time
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for _warm in range(min(5, rounds // 2 + 1)):
        for ask in asks.values():
            contextvars.copy_context().run(ask)
    before = gc.get_threshold()
    settle()
    for _round in range(rounds):
        for name, ask in asks.items():
            taken[name].append(contextvars.copy_context().run(_time, ask, clock))
    gc.unfreeze()
    gc.set_threshold(*before)
    return {name: Taken(min(times), statistics.median(times), max(times)) for name, times in taken.items()}


def calls(ask: Ask, rounds: int = 10) -> float:
    """How many functions one asking calls: a count, the same on every machine."""
    for _warm in range(rounds):
        contextvars.copy_context().run(ask)
    profile = cProfile.Profile()
    for _round in range(rounds):
        contextvars.copy_context().run(profile.runcall, ask)
    return sum(entry.callcount for entry in profile.getstats()) / rounds


def statements(ask: Ask) -> list[str]:
    """What one asking sends to the database, without the beginnings and ends of transactions."""
    sent: list[str] = []

    def keep(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        ask()
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
    return sent


def _time(ask: Ask, clock: Callable[[], float]) -> float:
    began = clock()
    ask()
    return clock() - began


def table(lines: list[Line]) -> str:
    """The lines, as a table in Markdown."""
    head = [
        "| what | least | median | most | unit | demanded | met |",
        "|---|---:|---:|---:|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, lines)])


def _row(line: Line) -> str:
    asked = "" if line.demanded is None else f"{'≥' if line.at_least else '≤'} {line.demanded:g}"
    met = "" if line.demanded is None else ("yes" if line.met else "**no**")
    taken = line.taken
    return (
        f"| {line.name} | {taken.least:.2f} | {taken.median:.2f} | {taken.most:.2f} | {line.unit} | {asked} | {met} |"
    )
