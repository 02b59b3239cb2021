"""A programme with very many people in its pool, the same ones each time, and a company with a full list of cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.competences import catalogue
from portal.competences.models import Competence, Occupation
from portal.employers.models import Employer, Vacancy
from portal.employers.needs import Needs
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.options import options
from portal.organisations.models import Kind, Organisation, Workplace
from portal.programmes.models import Programme
from portal.showcase.models import Listing, PoolVersion, Profile
from portal.showcase.states import Fit

CARDS = 50
_SECTORS, _SLOTS, _EACH = 4, 12, 6
_PORTION = 100_000


@dataclass(frozen=True)
class World:
    """What was made: whom to sign in, where to look, and what to ask."""

    programme_id: int
    employer_email: str
    worker_email: str
    vacancy_key: str
    competences: tuple[int, ...]


def fill(number: int) -> World:
    """So many people in the pool, with six competences each, and a vacancy with fifty cards. Commits."""
    catalogue.load()
    programme = _programme()
    competences = tuple(db.session.scalars(sa.select(Competence.id).order_by(Competence.id).limit(_SECTORS * _SLOTS)))
    occupations = db.session.scalars(sa.select(Occupation.code).order_by(Occupation.id).limit(_SECTORS)).all()
    number_of = programme.id
    db.session.commit()
    with db.engine.begin() as connection:
        quickly(connection)
        for first in range(0, number, _PORTION):
            span = {"first": first + 1, "last": min(first + _PORTION, number), "programme": number_of}
            for statement in _people(occupations, competences):
                connection.execute(statement, span)
    db.session.add(PoolVersion(programme_id=programme.id, version=1))
    world = _company(programme, competences)
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return world


def quickly(connection: sa.Connection) -> None:
    """A scratch database need not survive a power cut, and rows made by arithmetic refer to what is there."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute("COMMIT")
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("BEGIN IMMEDIATE")


def _chance(salt: int, below: int, number: str = "i") -> str:
    """A number under `below` that looks thrown but is the same each time: two steps of Lehmer's generator."""
    return f"((({number} * 48271 + {salt} * 7919) % 2147483647) * 16807 % 2147483647 / 127 % {below})"


def _one_of(codes: Sequence[str], salt: int) -> str:
    cases = " ".join(f"WHEN {at} THEN '{code}'" for at, code in enumerate(codes))
    return f"CASE {_chance(salt, len(codes))} {cases} END"


def _codes(key: str) -> list[str]:
    return list(options("candidates", key))


def _people(occupations: Sequence[str], competences: Sequence[int]) -> list[sa.TextClause]:
    """A case, a profile, a row of the pool and six competences for each number between two, all made in the database."""
    people = "WITH RECURSIVE people(i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM people WHERE i < :last) "
    sealed = crypto.cipher().seal("{}")
    sector = "(i % 4)"
    forms = f"' permanent ' || CASE {_chance(11, 2)} WHEN 0 THEN 'fixed_term ' ELSE '' END"
    languages = f"' nl:' || {_one_of(_codes('language_levels'), 12)} || ' '"
    skilled = ", ".join(f"({at}, {one})" for at, one in enumerate(competences))
    slot = f"({_chance(13, _SLOTS)} + k * (CASE {_chance(14, 4)} WHEN 0 THEN 1 WHEN 1 THEN 5 WHEN 2 THEN 7 ELSE 11 END)) % {_SLOTS}"
    texts = (
        "INSERT INTO candidate (id, created_at, key, programme_id, language) "  # nosec B608: own codes
        f"{people} SELECT i, CURRENT_TIMESTAMP, 'c' || i, :programme, 'nl' FROM people",
        "INSERT INTO profile (id, created_at, key, candidate_id, programme_id, state, language, approval_channel, approval_scan, published) "  # nosec B608: own codes
        f"{people} SELECT i, CURRENT_TIMESTAMP, 'p' || i, i, :programme, 'published', 'nl', '', '', '{sealed}' FROM people",
        "INSERT INTO pool_person (created_at, profile_id, candidate_id, programme_id, version, out, occupation, sector, region, experience, "
        "availability, hours_band, hours_week, licence, forms, languages) "
        f"{people} SELECT CURRENT_TIMESTAMP, i, i, :programme, 1, TRUE, CASE {sector} "
        + " ".join(f"WHEN {at} THEN '{code}'" for at, code in enumerate(occupations))
        + f" END, 'sector_' || {sector}, {_one_of(_codes('regions')[-6:], 1)}, {_one_of(_codes('experience_bands'), 2)}, "
        f"{_one_of(_codes('availability_bands'), 3)}, {_one_of(['day', 'day', 'day', 'early', 'late'], 4)}, "
        f"CASE {_chance(5, 3)} WHEN 0 THEN 24 WHEN 1 THEN 30 ELSE 38 END, {_one_of(['b', 'b', 'none', 'am'], 6)}, {forms}, {languages} "
        "FROM people",
        "INSERT INTO pool_skill (created_at, profile_id, competence_id, level) "  # nosec B608: own codes
        f"{people}, ks(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM ks WHERE k < {_EACH - 1}), "
        f"places(at, competence) AS (VALUES {skilled}) "
        f"SELECT CURRENT_TIMESTAMP, i, competence, 1 + {_chance(15, 4, '(i * 7 + k)')} FROM people CROSS JOIN ks "
        f"JOIN places ON at = {sector} * {_SLOTS} + {slot}",
    )  # fmt: skip
    return [sa.text(text) for text in texts]


def needs(world: World) -> Needs:
    """Ten requirements: two musts and four competences to learn, the hours, a form, a licence and a language."""
    mine = world.competences
    return Needs(
        must=frozenset(mine[:2]), learnable=frozenset(mine[2:6]), hours_from=time(8), hours_until=time(16), shift="day", hours_week=30,
        forms=frozenset({"fixed_term"}), licence="am", languages={"nl": _codes("language_levels")[1]},
    )  # fmt: skip


# --- Who looks ----------------------------------------------------------------------------------------------------


def _programme() -> Programme:
    operator = Organisation(kind=Kind.OPERATOR, name="Vzw Meting")
    db.session.add(operator)
    db.session.flush()
    today = clock.today()
    programme = Programme(
        organisation_id=operator.id, name="Meting", period_start=date(today.year, 1, 1), period_end=date(today.year, 12, 31), phone="09 000 00 00"
    )  # fmt: skip
    db.session.add(programme)
    db.session.flush()
    return programme


def somebody(email: str, role: Role, **place: Any) -> Person:
    person = accounts.new_person(email=email, first_name="Mia", last_name="Meting", language="nl")
    person.confirmed_at = clock.now()
    accounts.seat(person, role, **place)
    return person


def _company(programme: Programme, competences: tuple[int, ...]) -> World:
    """A verified company with an open vacancy and fifty cards, of which one was opened."""
    place = Organisation(kind=Kind.COMPANY, name="Garage Meting", number="0000000097")
    db.session.add(place)
    db.session.flush()
    worker = somebody("worker@example.org", Role.PROJECT_WORKER, programme_id=programme.id)
    contact = somebody("employer@example.org", Role.EMPLOYER_ADMIN, organisation_id=place.id)
    employer = Employer(
        organisation_id=place.id, programme_id=programme.id, worker_id=worker.id, state=EmployerState.ACTIVE
    )
    workplace = Workplace(organisation_id=place.id, name="Hal", street="Dok 1", postcode="9000", municipality="Gent")
    db.session.add_all([employer, workplace])
    db.session.flush()
    occupation = db.session.scalars(sa.select(Occupation.id).order_by(Occupation.id).limit(1)).one()
    vacancy = Vacancy(
        employer_id=employer.id, contact_id=contact.id, workplace_id=workplace.id, occupation_id=occupation, state=VacancyState.OPEN,
        title="Magazijnmedewerker", tasks="Tellen.", hours_from=time(8), hours_until=time(16), opened_at=clock.now() - timedelta(days=3),
    )  # fmt: skip
    db.session.add(vacancy)
    db.session.flush()
    _cards(vacancy)
    return World(programme.id, contact.email, worker.email, vacancy.key, competences)


def _cards(vacancy: Vacancy) -> None:
    """Cards as a batch writes them, five people to each, on profiles with a full text."""
    fits, regions = ("strong", "good", "partial", "any"), _codes("regions")[1:4]
    text = {"work": {}, "sentences": {"headline": "Werkt netjes door. " * 40, "own_words": "", "evidence": {}}}
    profiles = db.session.scalars(sa.select(Profile.id).order_by(Profile.id).limit(CARDS)).all()
    sealed = crypto.cipher().seal(crypto.dump(text))
    some = sa.text("UPDATE profile SET published = :sealed WHERE id <= :last")
    db.session.execute(some, {"sealed": sealed, "last": max(profiles)})
    for at, number in enumerate(profiles):
        card = {
            "fit": fits[at % 4], "region": regions[at // 5 % 3], "sector": "any", "experience": "any", "availability": "now",
        }  # fmt: skip
        db.session.add(
            Listing(vacancy_id=vacancy.id, profile_id=number, code=f"{at:03}-XY", position=at, fit=Fit.GOOD, card=card)
        )
