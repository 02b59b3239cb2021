"""Workers that are killed while they deliver: at every commit, at every step of SMTP, and at any moment.

Each process plays the mail server for one worker at a time, so that it knows exactly how far that worker had come. A
letter counts as accepted when the server has read all of it, whether or not the worker lives to hear so.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts import service as accounts
from portal.cli.drill import scratch
from portal.cli.drill.children import lanes, own, watch
from portal.cli.drill.postman import AT_COMMITS, Postman
from portal.cli.drill.talk import AT_SMTP
from portal.foundation.database import db
from portal.outbox import service as outbox
from portal.outbox.models import Letter, LetterState
from portal.outbox.render import render

ANY_MOMENT = "at any moment"
BOUNDARIES = (*AT_COMMITS[:3], *AT_SMTP, *AT_COMMITS[3:], ANY_MOMENT)
_TEMPLATE = "accounts/password"


@dataclass(frozen=True)
class Wishes:
    kills: int
    processes: int
    lease: float
    seed: int
    until: float


@dataclass
class Seen:
    """What the mail servers saw: letters by Message-ID, kills by boundary, and those inside the window.

    The window: the server had accepted the letter, and the portal had not yet written down that it left.
    """

    arrived: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    windows: Counter[str] = field(default_factory=Counter)
    window_of: Counter[str] = field(default_factory=Counter)
    slow: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Seen") -> None:
        for name in self.__dict__:
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True)
class Judgement:
    letters: int
    arrived: int
    lost: int
    waiting: int
    duplicates: int
    unexplained: int
    strangers: int


def kill_on(app: Flask, wishes: Wishes) -> tuple[Seen, bool, float]:
    """Kill so many workers, then let the rest be delivered; what was seen, whether in time, and how many seconds it took."""
    _leave_letters(max(20, wishes.kills // 4))
    folder = Path(app.extensions["doorstart"].instance)
    done = own.Array("q", wishes.processes, lock=False)
    shares = [wishes.kills // wishes.processes + (n < wishes.kills % wishes.processes) for n in range(wishes.processes)]
    began = time.monotonic()
    with lanes(_kill_on, [(app, lane, share, wishes, done, folder) for lane, share in enumerate(shares)]) as processes:
        in_time = watch(processes, done, wishes.kills, "kills", wishes.until)
    seen = Seen()
    for path in sorted(folder.glob("lane-*.json")):
        seen.add(Seen(**{name: Counter(counts) for name, counts in json.loads(path.read_text()).items()}))
    return seen, in_time, time.monotonic() - began


def _leave_letters(number: int) -> None:
    """One reader, many letters; rendered once here, so that no worker pays for compiling the template."""
    reader = accounts.new_person(
        email="reader@localhost.localdomain", first_name="Ada", last_name="Lezer", language="nl"
    )
    values = {"link": "http://localhost/"}
    for _ in range(number):
        outbox.leave(_TEMPLATE, to=accounts.recipient(reader), values=values)
    db.session.commit()
    render(_TEMPLATE, "nl", values)
    scratch.let_go()


def _kill_on(app: Flask, lane: int, share: int, wishes: Wishes, done: Any, folder: Path) -> None:
    """Kill one worker after another; then deliver what is left, with nobody killed."""
    seen, chance = Seen(), Random(f"{wishes.seed}-{lane}")
    postman = Postman(app, lambda ids: _not_written_off(engine, ids))
    engine = scratch.engine_of(app)
    order = _in_turn(chance)
    boundary = next(order)
    while done[lane] < share and time.monotonic() < wishes.until:
        if _one(postman, seen, boundary, chance, wishes.lease):
            done[lane] += 1
            boundary = next(order)
    while _waiting(engine) and time.monotonic() < wishes.until + 20:
        _one(postman, seen, "", chance, wishes.lease)
    (folder / f"lane-{lane}.json").write_text(json.dumps(seen.__dict__))


def _in_turn(chance: Random) -> Iterator[str]:
    """Every boundary as often as any other; each process begins elsewhere."""
    names = list(BOUNDARIES)
    chance.shuffle(names)
    return cycle(names)


def _one(postman: Postman, seen: Seen, boundary: str, chance: Random, lease: float) -> bool:
    """One worker's life; the one that nobody kills delivers all that it finds. Whether it was killed."""
    after = chance.uniform(0, postman.usual) if boundary == ANY_MOMENT else None
    walk = postman.walk(boundary, after=after, letters=1 if boundary else 10)
    seen.arrived.update(walk.accepted)
    seen.slow["workers"] += len(walk.accepted) <= 1 and walk.seconds > lease
    if walk.killed:
        seen.kills[boundary] += 1
        seen.windows[boundary] += len(walk.in_window)
        seen.window_of.update(walk.in_window)
    elif not walk.accepted:
        # Every letter is still some dead worker's: their leases run out by themselves.
        time.sleep(0.1)
    return walk.killed


def _not_written_off(engine: sa.Engine, ids: list[str]) -> list[str]:
    with engine.connect() as connection:
        return list(
            connection.scalars(
                sa.select(Letter.message_id).where(Letter.message_id.in_(ids), Letter.state != LetterState.SENT)
            )
        )


def _waiting(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        waiting = sa.select(sa.func.count(Letter.id)).where(Letter.state == LetterState.WAITING)
        return connection.scalar(waiting) or 0


def judge(engine: sa.Engine, seen: Seen) -> Judgement:
    """Compare what left with what arrived."""
    with engine.connect() as connection:
        rows = connection.execute(sa.select(Letter.message_id, Letter.state)).all()
    ours = {row.message_id for row in rows}
    waiting = {row.message_id for row in rows if row.state is LetterState.WAITING}
    twice = {one: n - 1 for one, n in seen.arrived.items() if n > 1}
    return Judgement(
        letters=len(ours), arrived=len(ours & set(seen.arrived)), lost=len(ours - waiting - set(seen.arrived)),
        waiting=len(waiting), duplicates=sum(twice.values()),
        unexplained=sum(max(0, more - seen.window_of[one]) for one, more in twice.items()),
        strangers=len(set(seen.arrived) - ours),
    )  # fmt: skip
