"""A programme's year at any size: so many people referred, screened, met, at work, with every check-in of their 26 weeks."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.aftercare import plan
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.agenda.models import Hold, HoldKind
from portal.agenda.windows import next_workday
from portal.candidates.models import Candidate, Identity, Referral
from portal.cli import bench_pool
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import Model, db
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import InterviewState, PermissionState, Presence
from portal.placements.models import Placement, PlacementState
from portal.programmes import queries as programmes
from portal.programmes.models import Programme, Site, SiteKind, TemplateKind
from portal.showcase.models import Interest, Profile
from portal.showcase.states import InterestState
from portal.trajectories.models import Trajectory, TrajectoryState

DAY = timedelta(days=1)
COORDINATOR = "coordinator@example.org"
_VOICES = (Voice.EMPLOYEE, Voice.EMPLOYER)
# By the days since the start.
_STATES = (
    (182, PlacementState.SUSTAINED_26), (91, PlacementState.SUSTAINED_13), (8, PlacementState.ONGOING), (0, PlacementState.STARTED),
)  # fmt: skip
# Starts are spread over thirty weeks, so that every state of the 26 weeks is there at once.
_SPREAD, _BEHIND, _AHEAD = 210, 300, 64
_CONTACT_HAS, _WORKER_HAS, _PORTION = 10, 200, 20_000


@dataclass(frozen=True)
class World:
    """Whom to sign in, and where."""

    programme_id: int
    coordinator_email: str
    worker_email: str
    placements: int
    check_ins: int


@dataclass(frozen=True)
class _Cast:
    """Who is there for everybody: the vacancy, where people are met, and who works and answers."""

    programme_id: int
    vacancy: Vacancy
    site_id: int
    workers: Sequence[int]
    contacts: Sequence[int]


def fill(number: int) -> World:
    """So many people, each with one placement and all its check-ins. Commits."""
    base = bench_pool.fill(max(number, bench_pool.CARDS))
    today = clock.today()
    programme = db.session.get_one(Programme, base.programme_id)
    programme.period_start, programme.period_end = today - _BEHIND * DAY, today + _AHEAD * DAY
    bench_pool.somebody(COORDINATOR, Role.COORDINATOR, programme_id=programme.id)
    cast = _cast(base, number)
    db.session.commit()
    template = programmes.template(base.programme_id, TemplateKind.AFTERCARE_PLAN)
    found = _Year(cast, today, template)
    for first in range(1, number + 1, _PORTION):
        found.write(range(first, min(first + _PORTION, number + 1)))
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return World(base.programme_id, COORDINATOR, base.worker_email, number, found.check_ins)


def _cast(base: bench_pool.World, number: int) -> _Cast:
    vacancy = db.session.scalars(sa.select(Vacancy).order_by(Vacancy.id).limit(1)).one()
    company = db.session.scalars(sa.select(Employer.organisation_id).where(Employer.id == vacancy.employer_id)).one()
    site = Site(
        kind=SiteKind.OFFICE, code="meting", nl="Meting", fr="Mesure", en="Bench", postcode="9000", municipality="Gent"
    )
    db.session.add(site)
    db.session.flush()
    workers = _people("worker", Role.PROJECT_WORKER, number // _WORKER_HAS + 1, programme_id=base.programme_id)
    contacts = _people("contact", Role.EMPLOYER_CONTACT, number // _CONTACT_HAS + 1, organisation_id=company)
    return _Cast(base.programme_id, vacancy, site.id, workers, contacts)


def _people(name: str, role: Role, number: int, **place: int) -> list[int]:
    """So many people with a seat, in bulk."""
    now = clock.now()
    people = [
        {"email": f"{name}-{at}@example.org", "first_name": "Mia", "last_name": "Meting", "confirmed_at": now}
        for at in range(number)
    ]
    db.session.execute(sa.insert(Person), people)
    mine = sa.select(Person.id).where(Person.email.startswith(f"{name}-")).order_by(Person.id)
    ids = list(db.session.scalars(mine))
    seats = [{"person_id": one, "role": role, "since": clock.today(), **place} for one in ids]
    db.session.execute(sa.insert(Membership), seats)
    return ids


@dataclass
class _Year:
    """The rows of people by their numbers, the same ones each time. A row's number is that of its person."""

    cast: _Cast
    today: date
    template: dict[str, Any]
    check_ins: int = 0

    def write(self, numbers: range) -> None:
        """One portion, table by table."""
        rows: dict[type[Model], list[dict[str, Any]]] = {}
        for number in numbers:
            for model, row in self._person(number):
                rows.setdefault(model, []).append(row)
        owners = [{"id": number, "worker_id": self._worker(number), "site_id": self.cast.site_id} for number in numbers]
        db.session.execute(sa.update(Candidate), owners)
        ready = sa.update(Profile).where(Profile.candidate_id.between(numbers[0], numbers[-1]))
        db.session.execute(ready.values(approved_on_paper_at=clock.midnight(self.today - _SPREAD * DAY)))
        for model, some in rows.items():
            db.session.execute(sa.insert(model), some)
        self.check_ins += len(rows[CheckIn])

    def _worker(self, number: int) -> int:
        return self.cast.workers[number % len(self.cast.workers)]

    def _person(self, number: int) -> Iterator[tuple[type[Model], dict[str, Any]]]:
        dice = random.Random(number)
        start = next_workday(self.today - dice.randrange(_SPREAD) * DAY)
        start = start if start <= self.today else self.today - 3 * DAY
        screened = start - dice.randint(20, 60) * DAY
        own = {"candidate_id": number, "programme_id": self.cast.programme_id}
        yield Identity, {"candidate_id": number, "first_name": "Karim", "last_name": f"Meting {number}"}
        yield (
            Referral,
            {
                **own, "referrer_id": self._worker(number), "site_id": self.cast.site_id, "motive": "x",
                "received_on": screened - dice.randint(1, 30) * DAY,
            },
        )  # fmt: skip
        yield (
            Trajectory,
            {
                **own, "id": number, "state": TrajectoryState.IN_AFTERCARE, "accepted_on": screened - DAY,
                "screened_on": screened, "counted_on": screened,
            },
        )  # fmt: skip
        yield from self._talk(number, dice, start)
        yield from self._job(number, dice, start)

    def _talk(self, number: int, dice: random.Random, start: date) -> Iterator[tuple[type[Model], dict[str, Any]]]:
        """An interview that was held before the start, with its leave and whoever went along."""
        at, companion, vacancy = (
            clock.at(start - dice.randint(5, 18) * DAY, time(10)),
            self._worker(number),
            self.cast.vacancy,
        )
        own = {"candidate_id": number, "employer_id": vacancy.employer_id, "vacancy_id": vacancy.id, "contact_id": self._contact(number)}  # fmt: skip
        span = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
        yield Interest, {**own, "id": number, "state": InterestState.INTERVIEW, "code": "K7M-42", "answered_at": at}
        yield (
            Hold,
            {
                **span, "id": number, "kind": HoldKind.INTERVIEW, "subject_kind": "interview", "subject_id": number,
                "party": f"person:{companion}", "blocked_from": at, "blocked_until": span["ends_at"],
            },
        )  # fmt: skip
        yield (
            Interview,
            {
                **own, **span, "id": number, "interest_id": number, "worker_id": companion, "companion_id": companion,
                "companion_hold_id": number, "state": InterviewState.HELD, "workplace_id": vacancy.workplace_id, "uid": f"u{number}",
            },
        )  # fmt: skip
        came = Presence.PRESENT if dice.random() < 0.9 else Presence.NO_SHOW
        yield Participant, {"interview_id": number, "party": f"person:{companion}", "presence": came}
        asked = at.date() - dice.randint(10, 30) * DAY
        yield (
            Permission,
            {
                "interview_id": number, "candidate_id": number, "state": PermissionState.REQUESTED, "requested_on": asked,
                "decided_on": asked + dice.randint(1, 9) * DAY,
            },
        )  # fmt: skip

    def _contact(self, number: int) -> int:
        return self.cast.contacts[number % len(self.cast.contacts)]

    def _job(self, number: int, dice: random.Random, start: date) -> Iterator[tuple[type[Model], dict[str, Any]]]:
        vacancy, days = self.cast.vacancy, (self.today - start).days
        state = next(name for least, name in _STATES if days >= least)
        yield (
            Placement,
            {
                "id": number, "candidate_id": number, "trajectory_id": number, "employer_id": vacancy.employer_id,
                "vacancy_id": vacancy.id, "contact_id": self._contact(number), "worker_id": self._worker(number),
                "workplace_id": vacancy.workplace_id, "interview_id": number, "state": state, "starts_on": start,
                "form": "permanent", "paid": dice.random() < 0.8, "hours_week": 32,
            },
        )  # fmt: skip
        for moment in plan.lay_out(self.template, start, _VOICES):
            yield CheckIn, self._moment(number, dice, moment)

    def _moment(self, number: int, dice: random.Random, moment: plan.Moment) -> dict[str, Any]:
        """What is to come is planned, also what is of today; of what has been, one in thirty waits still."""
        row = {
            "placement_id": number, "candidate_id": number, "voice": Voice(moment.voice), "moment": moment.code,
            "week": moment.week, "channel": moment.channel, "planned_for": moment.day, "due": moment.day,
            "state": CheckInState.PLANNED, "done_at": None, "asked_on": None,
        }  # fmt: skip
        if moment.day < self.today:
            waits = dice.random() < 1 / 30
            row["state"] = CheckInState.OVERDUE if waits else CheckInState.DONE
            row["asked_on"] = moment.day
            row["done_at"] = (
                None if waits else clock.at(min(moment.day + dice.randrange(6) * DAY, self.today), time(12))
            )
        return row
