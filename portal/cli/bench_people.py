"""Made-up people for the bench of finding: their names sealed and marked for real, in bulk."""

import random
from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from portal.candidates import marks
from portal.candidates.models import Candidate, Identity, NameMark
from portal.foundation import clock
from portal.foundation.database import db

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
