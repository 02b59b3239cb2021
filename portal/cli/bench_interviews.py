"""What a scheduler costs: fifty workers with eight weeks of work behind and before them, one company, forty people to meet.

The rows are those of the demand: finding slots, booking an interview, my week; each against a bare Flask answer.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload
from werkzeug.test import Client

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import holds
from portal.agenda.models import Availability, HoldKind
from portal.agenda.slots import find_slots
from portal.agenda.windows import Span, moment
from portal.candidates.handles import handle
from portal.candidates.models import Candidate
from portal.cli import bench_pool, bench_timing, demo_portal
from portal.cli.bench_timing import Line, NotCounted, Taken
from portal.employers.models import Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import planning
from portal.interviews.models import Interview
from portal.interviews.states import Mode
from portal.showcase.models import Interest, Listing, Profile
from portal.showcase.states import InterestState
from portal.trajectories import service as trajectories

WORKERS, WEEKS, PEOPLE, ROUNDS = 50, 8, 40, 30
_HOLDS_A_DAY = (9, 14)
_SLOT = re.compile(r'name="slot"[^>]*value="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass(frozen=True)
class World:
    """Who plans, and the interests that wait for a moment."""

    worker_email: str
    interests: tuple[str, ...]


def fill(app: Flask) -> World:
    """Fifty workers with hours and work, and forty people whom one company wants to meet. Commits."""
    with app.app_context():
        base = bench_pool.fill(PEOPLE)
        team = [db.session.scalars(sa.select(Person).where(Person.email == base.worker_email)).one()]
        team += [
            bench_pool.somebody(f"worker{n}@example.org", Role.PROJECT_WORKER, programme_id=base.programme_id)
            for n in range(1, WORKERS)
        ]
        db.session.flush()
        for number, person in enumerate(team):
            _hours(person)
            _work(person, number)
        interests = list(_interests(team[0]))
        db.session.commit()
        return World(base.worker_email, tuple(interests))


def _hours(person: Person) -> None:
    db.session.add_all(
        Availability(person_id=person.id, weekday=day, starts=time(8, 30), ends=time(17)) for day in range(5)
    )


@dataclass(frozen=True)
class _Visit:
    """Something that takes an hour of a worker's time."""

    id: int
    __tablename__ = "visit"


def _work(person: Person, number: int) -> None:
    """An hour each morning and each afternoon, at a time of one's own."""
    for ahead in range(WEEKS * 7):
        day = clock.today() + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        for place, hour in enumerate(_HOLDS_A_DAY):
            start = moment(day, time(hour + number % 3), clock.BRUSSELS)
            at = Span(start, start + timedelta(hours=1))
            visit = _Visit(number * 1000 + ahead * 10 + place)
            holds.take(visit, HoldKind.VISIT, at, [holds.Party(holds.person(person.id), at)])


def _interests(worker: Person) -> Iterator[str]:
    """Each of the forty said yes to the company that wants to meet them."""
    vacancy = db.session.scalars(sa.select(Vacancy).order_by(Vacancy.id).limit(1)).one()
    listed = sa.select(Listing, Profile.candidate_id).join(Profile, Profile.id == Listing.profile_id)
    for listing, number in db.session.execute(listed.order_by(Listing.position).limit(PEOPLE)):
        candidate = db.session.get_one(Candidate, number)
        candidate.worker_id = worker.id
        trajectories.begin(candidate)
        interest = Interest(
            listing_id=listing.id, vacancy_id=vacancy.id, employer_id=vacancy.employer_id, candidate_id=number,
            contact_id=vacancy.contact_id, state=InterestState.ACCEPTED, code=listing.code, answered_at=clock.now(), reasons=[],
        )  # fmt: skip
        db.session.add(interest)
        db.session.flush()
        yield interest.key


# --- What is measured ------------------------------------------------------------------------------------------


def lines(app: Flask, world: World, *, wall: bool = False, rounds: int = ROUNDS) -> list[Line]:
    """Finding, booking and looking at a week, each in turns with a bare answer; and the computing of one search alone."""
    worker = demo_portal.browser_of(app, world.worker_email)
    yard = bench_timing.bare().test_client()
    bookings = iter(_filled_in(worker, world.interests[1 : rounds + 7]))
    asks = {
        "bare": lambda: yard.get("/"),
        "find": bench_timing.page(worker, f"/interviews/plan/{world.interests[0]}", 'name="slot"', _moments(worker, world), "finding slots"),
        "book": lambda: next(bookings)(),
        "week": bench_timing.page(worker, f"/agenda?day={_whole_week()}", "is-held", 10, "my week"),
    }  # fmt: skip
    taken = bench_timing.in_turns(asks, rounds, wall=wall)
    with app.app_context():
        booked = db.session.scalar(sa.select(sa.func.count()).select_from(Interview)) or 0
    if booked < rounds:
        raise NotCounted(f"booking: {booked} interviews instead of {rounds}: not counted")
    name = f"{WORKERS} workers, {WEEKS} weeks"
    return [
        Line(f"find slots, {name}", taken["find"].against(taken["bare"]), "× a bare answer"),
        Line(f"book interview, {name}", taken["book"].against(taken["bare"]), "× a bare answer"),
        Line(f"my week, {name}", taken["week"].against(taken["bare"]), "× a bare answer"),
        *_computing(app, world, rounds),
    ]


def _whole_week() -> str:
    """The Monday of a week in which nothing has passed yet."""
    day = clock.today() + timedelta(weeks=1)
    return (day - timedelta(days=day.weekday())).isoformat()


def _moments(worker: Client, world: World) -> int:
    """How many moments the page of planning offers: some, and each time the same number."""
    found = len(_SLOT.findall(_page_of(worker, world.interests[0])))
    if not found:
        raise NotCounted("finding slots: nothing was found: not counted")
    return found


def _page_of(worker: Client, key: str, monday: str = "") -> str:
    return worker.get(f"/interviews/plan/{key}", query_string={"week": monday}).get_data(as_text=True)


def _filled_in(worker: Client, keys: tuple[str, ...]) -> Iterator[Any]:
    """One press of the button for each person, at moments that stand hours apart; a page that refuses is not counted."""
    first = clock.today() + timedelta(weeks=1)
    moments: list[str] = []
    for week in range(WEEKS):
        moments += _apart(_SLOT.findall(_page_of(worker, keys[0], (first + timedelta(weeks=week)).isoformat())))
    if len(moments) < len(keys):
        raise NotCounted(f"booking: {len(moments)} moments for {len(keys)} people: not counted")
    forms = [(key, _hidden(_page_of(worker, key))) for key in keys]
    for (key, hidden), moment_of in zip(forms, moments, strict=False):
        yield partial(_book, worker, key, {**hidden, "slot": moment_of})


def _apart(found: list[str]) -> list[str]:
    """The first of a day, and the first one five hours later: nobody travels from one into the other."""
    kept: dict[str, list[str]] = {}
    for value in found:
        day, hour = value[:8], int(value[9:11])
        if not kept.get(day) or (len(kept[day]) == 1 and hour >= int(kept[day][0][9:11]) + 5):
            kept.setdefault(day, []).append(value)
    return [value for values in kept.values() for value in values]


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form: its token, and the key that makes a double click one press."""
    found = [dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(page)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in found if "name" in one}


def _book(worker: Client, key: str, sent: dict[str, str]) -> None:
    answer = worker.post(f"/interviews/plan/{key}", data=sent)
    if answer.status_code not in (302, 303):
        raise NotCounted(f"booking: {answer.status_code}: not counted")


def _computing(app: Flask, world: World, rounds: int) -> list[Line]:
    """The first twenty slots out of what was read already: computing alone, which the demand bounds at 10 ms."""
    with app.test_request_context(), app.app_context():
        interest = db.session.scalars(sa.select(Interest).where(Interest.key == world.interests[0])).one()
        vacancy = db.session.get_one(Vacancy, interest.vacancy_id, options=[joinedload(Vacancy.workplace)])
        found = planning.search(vacancy, interest.contact_id, handle(interest.candidate_id), Mode.AT_COMPANY)
        last = found.question.first_day + timedelta(weeks=WEEKS)
        asked = replace(found.question, limit=20, last_day=last)
        if len(asked.companions) != WORKERS or len(find_slots(asked).slots) != asked.limit:
            raise NotCounted("computing slots: not twenty among fifty: not counted")
        taken = bench_timing.in_turns({"search": lambda: find_slots(asked)}, rounds)["search"]
        db.session.rollback()
    ms = Taken(taken.least * 1000, taken.median * 1000, taken.most * 1000)
    return [Line(f"computing the first 20 slots, {WORKERS} workers, {WEEKS} weeks", ms, "ms", 10)]
