"""What finding somebody by part of a name costs among 1,000 and among 100,000 people: the exponent of its growth.

A scratch database of its own; every name is sealed for real, and every hit of a search is opened and read. A search
counts only when it gives exactly the people whom reading all names would have given.
"""

import math
import random
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
from portal.candidates.models import Candidate, Identity, NameMark
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.programmes.models import Programme

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 7
BATCH = 2_000
# How often a first name and a last name come back follows Zipf's law, as names do.
FIRST = [
    "Mohamed",
    "Karim",
    "Jan",
    "Fatima",
    "Marie",
    "Luc",
    "Ahmed",
    "Peter",
    "Sofie",
    "Dirk",
    "An",
    "Youssef",
    "Els",
    "Tom",
    "Nadia",
    "Kevin",
    "Samira",
    "Koen",
    "Hassan",
    "Lien",
    "Omar",
    "Griet",
    "Ali",
    "Wim",
    "Aïcha",
    "Bart",
    "Ines",
    "Rachid",
    "Sarah",
    "Stijn",
    "Leïla",
    "Pieter",
    "Amina",
    "Jef",
    "Joëlle",
    "Marc",
    "Anaïs",
    "Nele",
    "Bilal",
    "Zoë",
    "Hamza",
    "Joris",
    "Katrien",
    "Mustafa",
    "Veerle",
    "Ibrahim",
    "Lotte",
    "Jean-Pierre",
    "Chloé",
    "Gökhan",
    "Şirin",
    "Łukasz",
    "Søren",
]
LAST = [
    "Peeters",
    "Janssens",
    "Maes",
    "Jacobs",
    "Mertens",
    "Willems",
    "Claes",
    "Goossens",
    "Wouters",
    "De Smet",
    "Dubois",
    "Van den Berghe",
    "Vandenbroucke",
    "El Amrani",
    "Haddad",
    "Benali",
    "Yilmaz",
    "Vandamme",
    "Lambert",
    "Dupont",
    "Martin",
    "Simon",
    "Desmet",
    "Hermans",
    "Declerck",
    "Ait Said",
    "Özdemir",
    "Kaya",
    "Kowalski",
    "Nowak",
    "Popescu",
    "Nguyen",
    "D'Hondt",
    "Van Acker",
    "Verlinden",
    "Baert",
    "Devos",
    "Coppens",
    "Bogaert",
    "Vermeulen",
    "Aerts",
    "Michiels",
]
SYLLABLES = ("ba", "de", "ka", "lo", "mi", "ra", "sen", "van", "ter", "zou", "gri", "mon", "pel", "tia", "dor", "hu")


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


def last_names() -> list[str]:
    """Common names first, then as many rare ones as a country has."""
    return [*LAST, *(f"{a}{b}{c}".capitalize() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES)]


def people(number: int, seed: int = 7) -> Iterator[tuple[str, str, str]]:
    """First name, last name and birth date of so many people, the same ones each time."""
    dice, lasts = random.Random(seed), last_names()
    firsts = dice.choices(FIRST, [1 / (n + 1) for n in range(len(FIRST))], k=number)
    families = dice.choices(lasts, [1 / (n + 8) for n in range(len(lasts))], k=number)
    for first, last in zip(firsts, families, strict=True):
        yield first, last, date(dice.randint(1965, 2005), dice.randint(1, 12), dice.randint(1, 28)).isoformat()


def fill(programme_id: int, number: int) -> None:
    """People with sealed names and their marks, in bulk."""
    batch: list[tuple[str, str, str]] = []
    for one in people(number):
        batch.append(one)
        if len(batch) == BATCH:
            _write(programme_id, batch)
            batch = []
    if batch:
        _write(programme_id, batch)
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _write(programme_id: int, batch: Sequence[tuple[str, str, str]]) -> None:
    now = clock.now()
    first_id = int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(Candidate.id), 0))) or 0) + 1
    rows = [
        {"id": first_id + n, "programme_id": programme_id, "language": "nl", "created_at": now}
        for n in range(len(batch))
    ]
    db.session.execute(sa.insert(Candidate), rows)
    db.session.execute(
        sa.insert(Identity),
        [
            {"candidate_id": first_id + n, "first_name": first, "last_name": last, "birth_date": born, "created_at": now}
            for n, (first, last, born) in enumerate(batch)
        ],
    )  # fmt: skip
    db.session.execute(
        sa.insert(NameMark),
        [
            {"candidate_id": first_id + n, "mark": mark, "created_at": now}
            for n, (first, last, born) in enumerate(batch)
            for mark in sorted(marks.of(programme_id, first, last, "", born))
        ],
    )


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
