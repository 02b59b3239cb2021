"""The page of figures reads as few rows with very many placements as with few: counts, which are the same on every machine."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal.aftercare.models import CheckIn, CheckInState
from portal.cli import bench, bench_figures, bench_timing, bench_year, demo_portal
from portal.cli.bench_figures import Measured
from portal.cli.bench_timing import NotCounted, Taken
from portal.dashboard import kept_boards
from portal.dashboard.models import KeptBoard
from portal.foundation.database import db

FEW, MANY = 16, 320


@pytest.fixture
def portals(portal: Flask) -> Iterator[Callable[[int], Flask]]:
    """Portals with so many placements, whose figures the worker has summed."""
    made = []

    def filled(number: int) -> Flask:
        with portal.app_context():
            context = bench.empty()
            app = context.__enter__()
        made.append(context)
        with app.app_context():
            bench_year.fill(number)
            kept_boards.bring_up()
            db.session.remove()
        return app

    yield filled
    for context in made:
        context.__exit__(None, None, None)


def steps(app: Flask, ask: Callable[[], Any]) -> int:
    """How many steps the database's own machine takes: each row that is read or looked at is some."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    def listen(connection: Any, *_rest: Any) -> None:
        connection.set_progress_handler(count, 1)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", listen)
    try:
        ask()
    finally:
        event.remove(engine, "checkout", listen)
        with app.app_context(), engine.connect() as connection:
            connection.connection.driver_connection.set_progress_handler(None, 0)
    return taken[0]


def test_the_page_touches_as_few_rows_at_twenty_times_the_placements(portals: Any) -> None:
    quiet, changed = [], []
    for number in (FEW, MANY):
        app = portals(number)
        cor = demo_portal.browser_of(app, bench_year.COORDINATOR)
        ask = bench_timing.page(cor, "/figures", "figure-card", 6)
        quiet.append(steps(app, ask))
        bench_figures._change(app)
        changed.append(steps(app, ask))
    times = math.log(MANY / FEW)
    assert math.log(quiet[1] / quiet[0]) / times <= 0.1, quiet
    assert math.log(changed[1] / changed[0]) / times <= 0.2, changed


def test_the_page_calls_few_functions_and_asks_few_questions(portals: Any) -> None:
    app = portals(FEW)
    cor, yard = demo_portal.browser_of(app, bench_year.COORDINATOR), bench_timing.bare().test_client()
    ask = bench_timing.page(cor, "/figures", "figure-card", 6)
    assert bench_timing.calls(ask) / bench_timing.calls(lambda: yard.get("/")) <= 9
    assert len(bench_timing.statements(ask)) <= 4
    bench_figures._change(app)
    assert len(bench_timing.statements(ask)) <= 8


def test_a_size_is_measured_with_its_night(portal: Flask) -> None:
    with portal.app_context(), bench.empty() as app:
        found = bench_figures.measured(app, FEW, rounds=2)
        with app.app_context():
            waits = sa.select(sa.func.count(CheckIn.id)).where(CheckIn.state == CheckInState.PLANNED)
            assert db.session.scalar(waits), "the weeks to come are laid out"
            db.session.remove()
    assert found.placements == FEW and found.queries <= 4 and found.queries_changed <= 8
    names = [line.name for line in bench_figures.lines([found, _like(found, 5_000, 1.2)])]
    assert "a night, 5,000 placements" in names
    assert names[-1] == "how the dashboard grows, 16 to 5,000 placements"


def _like(one: Measured, placements: int, times: float) -> Measured:
    kept = Taken(one.kept.least * times, one.kept.median * times, one.kept.most * times)
    return Measured(
        placements, kept, one.queries, one.changed, one.queries_changed, one.afresh, one.begun, one.night
    )  # fmt: skip


def test_the_exponent_is_that_of_the_sizes() -> None:
    one = Taken(9, 10, 11)
    flat = Measured(80, one, 4, one, 8, one, 1.0, 2.0)
    grown = bench_figures.lines([flat, _like(flat, 8_000, 10)])[-1]
    assert round(grown.taken.median, 3) == 0.5 and not grown.met
    assert bench_figures.lines([flat, _like(flat, 8_000, 1.5)])[-1].met


def test_figures_that_differ_are_not_counted(portals: Any) -> None:
    app = portals(FEW)
    with app.app_context():
        kept = db.session.scalars(sa.select(KeptBoard)).one()
        kept.tally = {**kept.tally, "held": 1}
        db.session.commit()
        db.session.remove()
    with pytest.raises(NotCounted, match="what is kept is not what is counted"):
        bench_figures._hold_the_same(app)
