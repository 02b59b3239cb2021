"""What the parts of the demo year share: the day it is, the dice, the texts, and the rows that other parts point at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.agenda.cells import cells
from portal.agenda.models import Hold, HoldCell, HoldKind
from portal.agenda.windows import Span, is_workday
from portal.competences.models import Competence, Occupation, OccupationCompetence, Sector
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.organisations.models import Workplace
from portal.programmes.models import Programme, Site

T = TypeVar("T")
DAY = timedelta(days=1)
SEED = 2026


@dataclass
class Company:
    """A company of the demo with the rows that speak of it. `people`: its admin first; `closed`: a weekday without visits."""

    data: Mapping[str, Any]
    employer: Employer
    workplace: Workplace
    people: list[Person]
    vacancies: list[Vacancy] = field(default_factory=list)
    closed: int = 6

    @property
    def admin(self) -> Person:
        return self.people[0]


@dataclass
class Place:
    """A site of the demo, whose worker sits there, and which partners send people from it (by service)."""

    data: Mapping[str, Any]
    site: Site
    programme: Programme
    worker: Person
    partners: dict[str, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """An occupation of the catalogue with what it usually asks, in its own order."""

    id: int
    code: str
    sector: str
    competences: tuple[int, ...]


class World:
    """The demo being written. The same dice every time, so that two demos of one day tell the same year."""

    def __init__(self) -> None:
        self.rng = Random(SEED)
        self.today = clock.today()
        self.now = clock.now()
        self.names = load("cli", "demo/names")
        self.sentences = load("cli", "demo/sentences")
        self.programmes: dict[str, Programme] = {}
        self.places: dict[str, Place] = {}
        self.staff: dict[str, Person] = {}
        self.companies: dict[str, Company] = {}
        self.jobs: dict[str, Job] = {}
        self.competences: dict[str, int] = {}
        self.stories: list[Any] = []
        self.diary = Diary()
        self.market: Any = None
        self.talks: list[Any] = []
        self.told: dict[tuple[int, int], Any] = {}
        self.opened: set[tuple[int, int]] = set()

    def read_catalogue(self) -> None:
        """The catalogue's numbers by code."""
        self.competences = {
            code: number for code, number in db.session.execute(sa.select(Competence.code, Competence.id))
        }
        asks: dict[int, list[int]] = {}
        linked = sa.select(OccupationCompetence.occupation_id, OccupationCompetence.competence_id)
        for occupation, competence in db.session.execute(linked.order_by(OccupationCompetence.id)):
            asks.setdefault(occupation, []).append(competence)
        rows = db.session.execute(
            sa.select(Occupation.id, Occupation.code, Sector.code).join(Sector, Sector.id == Occupation.sector_id)
        )
        self.jobs = {code: Job(number, code, sector, tuple(asks.get(number, ()))) for number, code, sector in rows}

    def ago(self, days: float) -> date:
        return self.today - timedelta(days=round(days))

    def ahead(self, days: float) -> date:
        return self.today + timedelta(days=round(days))

    def moment(self, day: date, hour: int = 0, minute: int = 0) -> datetime:
        """A moment of that day on the wall clock; some moment of the working day when no hour is said."""
        if hour == 0:
            hour, minute = self.rng.randint(8, 16), self.rng.randrange(60)
        return (
            min(clock.at(day, time(hour, minute)), self.now) if day <= self.today else clock.at(day, time(hour, minute))
        )

    def pick(self, options: Sequence[T]) -> T:
        return self.rng.choice(options)

    def some(self, options: Sequence[T], number: int) -> list[T]:
        return self.rng.sample(options, min(number, len(options)))

    def often(self, share: float) -> bool:
        return self.rng.random() < share

    def note(self, kind: str, whom: str = "") -> str:
        """A note of the team in Dutch, of one kind."""
        found = [
            one["nl"] for one in self.sentences["call_notes"] if one["kind"] == kind and whom in ("", one.get("with"))
        ]
        return self.pick(found)


def working(day: date, *, back: bool = False) -> date:
    """The day itself, or the first working day after (or before) it."""
    while not is_workday(day):
        day += -DAY if back else DAY
    return day


@dataclass
class Diary:
    """Who is taken when: holds for the demo's past and future, so that nobody sits in two places there either."""

    taken: set[tuple[str, int]] = field(default_factory=set)

    def free(self, parties: Iterable[str], blocked: Span) -> bool:
        spans = cells(blocked)
        return not any((party, cell) in self.taken for party in parties for cell in spans)

    def hold(
        self, kind: HoldKind, subject: Any, parties: Iterable[str], at: Span, blocked: Span, postcode: str
    ) -> list[Hold]:
        """Holds of these parties for a row that has its number; their cells follow in `write`."""
        rows = [
            Hold(
                kind=kind, subject_kind=subject.__tablename__, subject_id=subject.id, party=party, starts_at=at.start,
                ends_at=at.end, blocked_from=blocked.start, blocked_until=blocked.end, postcode=postcode,
            )
            for party in parties
        ]  # fmt: skip
        self.block((row.party for row in rows), blocked)
        db.session.add_all(rows)
        return rows

    def block(self, parties: Iterable[str], blocked: Span) -> None:
        self.taken.update((party, cell) for party in parties for cell in cells(blocked))


def write_cells(holds: Sequence[Hold]) -> None:
    """The quarter hours of holds that have their numbers."""
    rows = [
        {"hold_id": hold.id, "party": hold.party, "cell": cell}
        for hold in holds
        for cell in cells(Span(hold.blocked_from, hold.blocked_until))
    ]
    if rows:
        db.session.execute(sa.insert(HoldCell), rows)
