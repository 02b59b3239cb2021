"""Many processes that book the same few people at once: taken, moved and given back through the portal's own holds."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask

from portal.agenda import holds
from portal.agenda.models import HoldKind
from portal.agenda.windows import Span
from portal.cli.drill import scratch
from portal.cli.drill.children import lanes, own, watch
from portal.cli.drill.overlaps import Booked
from portal.foundation.database import db

# Few people and one week, so that most attempts meet somebody who is taken already.
WORKERS, CONTACTS, CANDIDATES = 6, 6, 8
MONDAY = datetime(2027, 3, 22, 8, tzinfo=UTC)
DAYS, QUARTERS_A_DAY = 5, 32
STANDING = 96
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Booking:
    """What time is held for: as an interview, of which holds only ask the table and the number."""

    id: int
    __tablename__: ClassVar[str] = "interview"


@dataclass
class Said:
    """What one process did: its attempts by answer, and the bookings that it still has."""

    taken: int = 0
    moved: int = 0
    refused: int = 0
    released: int = 0
    waited: int = 0
    stumbled: Counter[str] = field(default_factory=Counter)
    standing: dict[int, Booked] = field(default_factory=dict)

    @property
    def attempts(self) -> int:
        return self.taken + self.moved + self.refused


@dataclass(frozen=True)
class Wishes:
    attempts: int
    processes: int
    seed: int
    until: float


def rush(app: Flask, wishes: Wishes) -> tuple[list[Said], bool, float]:
    """Let them all book; what each says, whether they got through in time, and how many seconds it took."""
    folder = Path(app.extensions["doorstart"].instance)
    done = own.Array("q", wishes.processes, lock=False)
    shares = [
        wishes.attempts // wishes.processes + (n < wishes.attempts % wishes.processes) for n in range(wishes.processes)
    ]
    began = time.monotonic()
    each = [(app, lane, share, wishes, done, folder) for lane, share in enumerate(shares)]
    with lanes(_book_on, each) as processes:
        in_time = watch(processes, done, wishes.attempts, "attempts", wishes.until)
        failed = sum(process.exitcode not in (0, None) for process in processes)
    took = time.monotonic() - began
    heard = [_read(folder / f"lane-{lane}.json") for lane in range(wishes.processes)]
    return [one for one in heard if one is not None], in_time and not failed, took


def _book_on(app: Flask, lane: int, share: int, wishes: Wishes, done: Any, folder: Path) -> None:
    said, chance = Said(), Random(f"{wishes.seed}-{lane}")
    numbers = iter(range(lane * 10_000_000 + 1, (lane + 1) * 10_000_000))
    room = max(2, STANDING // wishes.processes)
    with app.app_context():
        while said.attempts + sum(said.stumbled.values()) < share and time.monotonic() < wishes.until:
            if said.standing and chance.random() < 0.2:
                _attempt(said, chance, chance.choice(list(said.standing)), move=True)
            else:
                _attempt(said, chance, next(numbers), move=False)
            if len(said.standing) > room or (said.standing and chance.random() < 0.01):
                _release(said, chance.choice(list(said.standing)))
            done[lane] = said.attempts
        scratch.let_go()
    (folder / f"lane-{lane}.json").write_text(json.dumps(_written(said)))


def _attempt(said: Said, chance: Random, number: int, *, move: bool) -> None:
    """Book or move one, each in a transaction of its own, as a request does."""
    before = said.standing.get(number)
    at, parties = _wish(chance, before)
    gone = set(before or ()) - {party.ref for party in parties}

    def act() -> None:
        (holds.move if move else holds.take)(Booking(number), HoldKind.INTERVIEW, at, parties)
        if gone:
            holds.drop(Booking(number), *gone)

    try:
        _in_one_go(said, act)
    except holds.AlreadyTaken:
        db.session.rollback()
        said.refused += 1
        return
    except sa.exc.DBAPIError as error:
        db.session.rollback()
        said.stumbled[type(error.orig).__name__] += 1
        return
    said.taken, said.moved = said.taken + (not move), said.moved + move
    said.standing[number] = {one.ref: (one.blocked.start.timestamp(), one.blocked.end.timestamp()) for one in parties}


def _in_one_go(said: Said, act: Callable[[], None]) -> None:
    """All of it and its commit; once more when SQLite's one writer was somebody else for as long as we wait."""
    while True:
        try:
            act()
            db.session.commit()
            return
        except sa.exc.OperationalError as error:
            db.session.rollback()
            if "database is locked" not in str(error.orig):
                raise
            said.waited += 1


def _wish(chance: Random, before: Booked | None) -> tuple[Span, Sequence[holds.Party]]:
    """A moment of the week and who is wanted. Who moves a booking keeps its candidate and contact, and half its companions."""
    start = MONDAY + timedelta(days=chance.randrange(DAYS)) + _QUARTER * chance.randrange(QUARTERS_A_DAY)
    at = Span(start, start + _QUARTER * chance.randint(3, 5))
    refs = [
        holds.person(1 + chance.randrange(WORKERS)),
        holds.person(101 + chance.randrange(CONTACTS)),
        holds.candidate(1 + chance.randrange(CANDIDATES)),
    ]
    if before is not None and chance.random() < 0.5:
        refs = list(before)
    elif before is not None:
        refs = [refs[0], *[ref for ref in before if ref.startswith("candidate") or int(ref.partition(":")[2]) > 100]]
    return at, [holds.Party(ref, _with_travel(chance, ref, at)) for ref in refs]


def _with_travel(chance: Random, ref: str, at: Span) -> Span:
    road = _QUARTER * (0 if ref.startswith("person:10") else chance.randint(0, 2))
    return Span(at.start - road, at.end + road)


def _release(said: Said, number: int) -> None:
    _in_one_go(said, lambda: holds.release(Booking(number)))
    said.released += 1
    del said.standing[number]


def _written(said: Said) -> dict[str, Any]:
    return {**said.__dict__, "standing": list(said.standing.items())}


def _read(path: Path) -> Said | None:
    if not path.exists():
        return None
    kept = json.loads(path.read_text())
    standing = {
        int(number): {ref: (span[0], span[1]) for ref, span in held.items()} for number, held in kept["standing"]
    }
    return Said(**{**kept, "stumbled": Counter(kept["stumbled"]), "standing": standing})
