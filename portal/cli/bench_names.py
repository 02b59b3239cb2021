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
from contextlib import contextmanager
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


def times(programme_id: int, texts: Sequence[str]) -> list[float]:
    """The median time of each search, in milliseconds."""
    taken = []
    for text in texts:
        once = []
        for _round in range(ROUNDS):
            db.session.expunge_all()
            began = time.perf_counter()
            first_page(programme_id, text)
            once.append((time.perf_counter() - began) * 1000)
        taken.append(statistics.median(once))
    return taken


@contextmanager
def scratch(app: Flask, folder: Path) -> Iterator[int]:
    """Empty tables in a file of their own, with one programme; gives its number."""
    from portal import create_app

    settings = replace(app.extensions["doorstart"], mode="test", instance=folder, database_url="", queue_url="")
    own = create_app(settings)
    with own.app_context():
        db.create_all()
        operator = Organisation(kind=Kind.OPERATOR, name="Bench")
        db.session.add(operator)
        db.session.flush()
        programme = Programme(
            organisation_id=operator.id, name="Bench", period_start=date(2026, 1, 1), period_end=date(2026, 12, 31)
        )
        db.session.add(programme)
        db.session.commit()
        yield programme.id
        db.session.remove()
        db.engine.dispose()


def one_size(app: Flask, number: int, *, check_all: bool) -> Row:
    texts = searches()
    with tempfile.TemporaryDirectory(prefix="doorstart-names-") as folder, scratch(app, Path(folder)) as programme_id:
        began = time.perf_counter()
        fill(programme_id, number)
        filled = time.perf_counter() - began
        if check_all:
            check(programme_id, texts)
        taken = times(programme_id, texts)
    return Row(number, min(taken), statistics.median(taken), max(taken), filled)


def measure(sizes: Sequence[int] = SIZES) -> Measured:
    """Fill each size, check the smallest against reading every name, and time thirty searches in each."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    rows = tuple(one_size(app, size, check_all=size == min(sizes)) for size in sizes)
    growth = rows[-1].median / rows[0].median
    return Measured(rows, math.log(growth) / math.log(sizes[-1] / sizes[0]))


def rows(sizes: Sequence[int] = SIZES) -> list[tuple[str, float, float, float]]:
    """The lines of the bench's table: name, least, median and most in milliseconds; the last one is the exponent."""
    found = measure(sizes)
    lines = [(f"part of a name among {row.people:,}", row.least, row.median, row.most) for row in found.rows]
    return [*lines, ("its exponent (at most 0.2)", found.exponent, found.exponent, found.exponent)]
