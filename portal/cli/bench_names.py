"""What finding somebody by part of a name costs among 1,000 and among 100,000 people: the exponent of its growth.

A scratch database of its own; every name is sealed for real, and every hit of a search is opened and read. A search
counts only when it gives exactly the people whom reading all names would have given.
"""

import math
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app

from portal.candidates import finding, marks
from portal.candidates.models import Identity
from portal.cli.bench_people import fill
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """One size: how many people, and the median, least and most of a search's median time in milliseconds."""

    people: int
    least: float
    median: float
    most: float
    filled_in: float


@dataclass(frozen=True)
class Measured:
    rows: tuple[Row, ...]
    exponent: float


def searches() -> list[str]:
    """Thirty searches as people type them: three, four, five and more letters, two words; common ones and rare ones."""
    return [
        "moh", "jan", "kar", "van", "pee", "zou", "hud", "moha", "jans", "maes", "lore", "tera", "mohamed", "peeters", "janssens",
        "vandenbroucke", "zoutersen", "desmet", "aïcha", "ozdemir", "jan peeters", "moh haj", "kar had", "fat ela", "jan van",
        "mohamed elamrani", "luc dub", "an maes", "jean pierre", "xyzzy",
    ]  # fmt: skip


def oracle(text: str) -> list[int]:
    """Whom reading every name gives, the newest first."""
    typed = marks.folded(text)
    rows = db.session.execute(
        sa.select(Identity.candidate_id, Identity.first_name, Identity.last_name).order_by(Identity.candidate_id.desc())
    )
    return [row[0] for row in rows if marks.fits(typed, row[1], row[2])]


def everybody(what: finding.Wanted) -> list[int]:
    """All pages of a search, one after another."""
    ids: list[int] = []
    edge: int | None = None
    while True:
        found = finding.by_name(what, edge)
        ids += [candidate.id for candidate, _name in found.people]
        if found.further is None:
            return ids
        edge = found.further


def check(programme_id: int, texts: Sequence[str]) -> None:
    """Raises ClickException when a search gives anybody else than reading all names does."""
    for text in texts:
        what = finding.wanted(text, [programme_id])
        if what is None or everybody(what) != oracle(text):
            raise click.ClickException(f"{text!r} did not give the same people as reading every name: not counted")
        db.session.expunge_all()


def first_page(programme_id: int, text: str) -> finding.Found:
    what = finding.wanted(text, [programme_id])
    if what is None:
        raise click.ClickException(f"{text!r} cannot be searched")
    return finding.by_name(what)


def once(programme_id: int, text: str) -> float:
    """What the first page of a search takes, in milliseconds."""
    db.session.expunge_all()
    began = time.perf_counter()
    first_page(programme_id, text)
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True)
class Scratch:
    """Tables of their own in a file, with one programme and its people."""

    app: Flask
    programme_id: int
    people: int
    filled_in: float


@contextmanager
def scratch(app: Flask, number: int) -> Iterator[Scratch]:
    from portal import create_app

    with tempfile.TemporaryDirectory(prefix="doorstart-names-") as folder:
        like = app.extensions["doorstart"]
        own = create_app(replace(like, mode="test", instance=Path(folder), database_url="", queue_url=""))
        with own.app_context():
            db.create_all()
            programme_id = _programme()
            began = time.perf_counter()
            fill(programme_id, number)
            taken = time.perf_counter() - began
            db.session.remove()
        yield Scratch(own, programme_id, number, taken)
        with own.app_context():
            db.engine.dispose()


def _programme() -> int:
    operator = Organisation(kind=Kind.OPERATOR, name="Bench")
    db.session.add(operator)
    db.session.flush()
    period = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
    programme = Programme(organisation_id=operator.id, name="Bench", **period)
    db.session.add(programme)
    db.session.commit()
    return programme.id


def timed(places: Sequence[Scratch]) -> list[list[float]]:
    """For each size the median time of each search. The sizes take turns, so that a busy moment of the machine hits all."""
    texts = searches()
    taken = [[[] for _text in texts] for _place in places]  # type: list[list[list[float]]]
    for _round in range(ROUNDS):
        for number, place in enumerate(places):
            with place.app.app_context():
                once(place.programme_id, texts[0])
                for at, text in enumerate(texts):
                    taken[number][at].append(once(place.programme_id, text))
                db.session.remove()
    return [[statistics.median(one) for one in sizes] for sizes in taken]


def measure(sizes: Sequence[int] = SIZES) -> Measured:
    """Fill each size, check the smallest against reading every name, and time thirty searches in each."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with ExitStack() as stack:
        places = [stack.enter_context(scratch(app, size)) for size in sorted(sizes)]
        with places[0].app.app_context():
            check(places[0].programme_id, searches())
            db.session.remove()
        found = [
            Row(place.people, min(taken), statistics.median(taken), max(taken), place.filled_in)
            for place, taken in zip(places, timed(places), strict=True)
        ]
    growth = found[-1].median / found[0].median
    return Measured(tuple(found), math.log(growth) / math.log(found[-1].people / found[0].people))


def rows(sizes: Sequence[int] = SIZES) -> list[tuple[str, float, float, float]]:
    """The lines of the bench's table: name, least, median and most in milliseconds; the last one is the exponent."""
    found = measure(sizes)
    lines = [(f"part of a name among {row.people:,}", row.least, row.median, row.most) for row in found.rows]
    return [*lines, ("its exponent (at most 0.2)", found.exponent, found.exponent, found.exponent)]
