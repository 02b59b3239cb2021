"""What a coordinator's page of figures costs with few and with very many placements, and what a night over them takes.

Nothing is counted before what is kept and what counting afresh gives are the same, also after a change.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal.aftercare.hooks import tonight
from portal.aftercare.models import CheckIn, CheckInState
from portal.agenda.windows import next_workday
from portal.cli import bench_timing, bench_year, demo_portal
from portal.cli.bench_timing import Line, NotCounted, Taken
from portal.dashboard import boards, kept_boards, queries
from portal.dashboard.boards import Facts
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.programmes.models import Programme

PAGE, CARDS, ROUNDS = "/figures", 6, 100
TIMES, QUERIES, EXPONENT, NIGHT = 15, 8, 0.2, 60


@dataclass(frozen=True)
class Measured:
    """One size: the page against a bare answer, as it is kept, just after a change, and counted afresh; and the work behind it."""

    placements: int
    kept: Taken
    queries: int
    changed: Taken
    queries_changed: int
    afresh: Taken
    begun: float
    night: float


def measured(app: Flask, number: int, *, wall: bool = False, rounds: int = ROUNDS) -> Measured:
    """Fill a portal and ask for the page again and again."""
    with app.app_context():
        world = bench_year.fill(number)
        db.session.remove()
    coordinator, yard = demo_portal.browser_of(app, world.coordinator_email), bench_timing.bare().test_client()
    asks: dict[str, bench_timing.Ask] = {"bare": lambda: yard.get("/")}

    def against(times: int) -> Taken:
        asks["page"] = bench_timing.page(coordinator, PAGE, "figure-card", CARDS, "the figures")
        taken = bench_timing.in_turns(asks, times, wall=wall)
        return taken["page"].against(taken["bare"])

    afresh = against(max(rounds // 10, 2))
    begun = _timed(app, kept_boards.bring_up)
    _hold_the_same(app)
    kept, asked = against(rounds), len(bench_timing.statements(asks["page"]))
    _change(app)
    _hold_the_same(app)
    changed, asked_then = against(max(rounds // 4, 2)), len(bench_timing.statements(asks["page"]))
    return Measured(number, kept, asked, changed, asked_then, afresh, begun, _night(app))


def _timed(app: Flask, work: Callable[[], object]) -> float:
    with app.app_context():
        began = time.perf_counter()
        work()
        db.session.remove()
        return time.perf_counter() - began


def _hold_the_same(app: Flask) -> None:
    """What the page shows is what counting afresh gives."""
    with app.app_context():
        programme, today = db.session.scalars(sa.select(Programme)).one(), clock.today()
        period = queries.period_of(programme)
        fresh = boards.board(Facts(programme, period, today))
        if kept_boards.board(programme, period, today) != fresh or not fresh.trajectories:
            raise NotCounted("the figures: what is kept is not what is counted: not counted")
        db.session.remove()


def _change(app: Flask) -> None:
    """Somebody answers a check-in that waited."""
    with app.app_context():
        waits = sa.select(CheckIn).where(CheckIn.state == CheckInState.OVERDUE).order_by(CheckIn.id).limit(1)
        check_in = db.session.scalars(waits).one()
        check_in.done_at = clock.now()
        check_in.move_to(CheckInState.DONE)
        db.session.commit()
        db.session.remove()


def _night(app: Flask) -> float:
    """All jobs of a night before a working day, which is what letters wait for."""
    day = next_workday(clock.today())

    def work() -> None:
        for name, job in jobs.each_night.items():
            tonight(day) if name == "aftercare.daily" else job()

    taken = _timed(app, work)
    with app.app_context():
        left = (CheckIn.state == CheckInState.PLANNED, CheckIn.due <= day)
        missed = db.session.scalar(sa.select(sa.func.count(CheckIn.id)).where(*left))
        letters = db.session.scalar(sa.select(sa.func.count(Letter.id)))
        db.session.remove()
    if missed or not letters:
        raise NotCounted(f"the night: {missed} moments left, {letters} letters: not counted")
    return taken


def lines(taken: list[Measured]) -> list[Line]:
    """The rows of the table, and how the page grows from the first size to the last."""
    first, last = taken[0], taken[-1]
    grows = math.log(last.kept.median / first.kept.median) / math.log(last.placements / first.placements)
    span = f"{first.placements:,} to {last.placements:,}"
    rows = [row for one in taken for row in _rows(one)]
    return [*rows, Line(f"how the dashboard grows, {span} placements", _one(grows), "exponent", EXPONENT)]


def _rows(one: Measured) -> list[Line]:
    size = f"{one.placements:,} placements"
    return [
        Line(f"the dashboard, {size}", one.kept, "× a bare answer", TIMES),
        Line(f"its queries in all, {size}", _one(one.queries), "queries", QUERIES),
        Line(f"the dashboard just after a change, {size}", one.changed, "× a bare answer"),
        Line(f"its queries in all after a change, {size}", _one(one.queries_changed), "queries", QUERIES),
        Line(f"the dashboard counted afresh, {size}", one.afresh, "× a bare answer"),
        Line(f"the sum that a day begins with, {size}", _one(one.begun), "s"),
        Line(f"a night, {size}", _one(one.night), "s", NIGHT),
    ]


def _one(value: float) -> Taken:
    return Taken(value, value, value)
