"""What pages, lists and searches cost, with sizes up to a million, as ratios taken in one run and process: never milliseconds
across machines. A line counts only when every answer is 200 and holds what was asked for.
"""

import io
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO, cast

import click
import structlog
from flask import Flask, current_app

from portal import create_app
from portal.cli import bench_figures, bench_interviews, bench_names, bench_pool, bench_timing, demo_portal
from portal.cli.bench_timing import Line, NotCounted, Taken
from portal.foundation import edges
from portal.foundation.database import db, reads_only
from portal.showcase import pool, sql_matching

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK = (1_000, 10_000)
NAMES = (1_000, 10_000, 100_000)
PLACEMENTS, FEW_PLACEMENTS = (80, 5_000), (80, 1_000)
ROUNDS = 200
_TOP = 25
_BETWEEN = re.compile("(<!-- measured -->\n).*(\n<!-- /measured -->)", re.DOTALL)
# What the session asks and the journal writes stands apart from what a page asks.
_SESSION, _JOURNAL = "FROM sign_in", "INSERT INTO journal"


class _Nowhere(io.TextIOBase):
    """Takes what is written and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def empty(database_url: str = "") -> Iterator[Flask]:
    """A portal of its own, with tables and nothing in them; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="doorstart-bench-") as folder:
        like = current_app.extensions["doorstart"]
        app = create_app(
            replace(
                like,
                mode="test",
                instance=Path(folder),
                database_url=database_url,
                queue_url="",
                public_url="http://localhost",
            )
        )
        # The log of each request is written, but nowhere: its lines are not the table.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Nowhere())))
        with app.app_context():
            if database_url:
                db.drop_all()
            db.create_all()
        yield app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def scratch(size: int, database_url: str = "") -> Iterator[tuple[Flask, bench_pool.World, float]]:
    """A portal of its own with a pool of this size, and how many seconds it took to fill."""
    with empty(database_url) as app:
        with app.app_context():
            began = time.perf_counter()
            world = bench_pool.fill(size)
            taken = time.perf_counter() - began
            db.session.remove()
        yield app, world, taken


def lines(size: int, app: Flask, world: bench_pool.World, rounds: int = ROUNDS) -> list[Line]:
    """What is measured at one size."""
    with app.app_context():
        began = time.perf_counter()
        pool.read_now(world.programme_id)
        read = time.perf_counter() - began
    shown = f"{size:,}"
    return [
        Line(f"reading the pool once, {shown} profiles", Taken(read, read, read), "s"),
        *_pages(app, world, shown, rounds),
        *_matching(app, world, shown, size >= SIZES[-1]),
    ]


def _pages(app: Flask, world: bench_pool.World, shown: str, rounds: int) -> list[Line]:
    """An employer's list against a bare answer; the team's list of the pool, far on and searched, against its first page."""
    employer, worker = (
        demo_portal.browser_of(app, world.employer_email),
        demo_portal.browser_of(app, world.worker_email),
    )
    cards, people = f"/vacancies/{world.vacancy_key}/profiles", "/people/pool"
    yard = bench_timing.bare().test_client()
    with app.app_context():
        deep = f"{people}?after={_far_on(shown)}"
    search = f"{people}?skill={world.competences[0]}:1&skill={world.competences[1]}:1"
    asks = {
        "bare": lambda: yard.get("/"),
        "list": bench_timing.page(employer, cards, "profile-card", bench_pool.CARDS, "an employer's list"),
    }
    own = bench_timing.in_turns(asks, rounds, wall=_elsewhere(app))
    called = bench_timing.calls(asks["list"]) / bench_timing.calls(asks["bare"])
    rows = 'scope="row"'
    asks = {
        "first": bench_timing.page(worker, people, rows, 30, "the pool's first page"),
        "deep": bench_timing.page(worker, deep, rows, 30, "a page far on"),
        "search": bench_timing.page(worker, search, rows, 30, "a search by competences"),
    }
    team = bench_timing.in_turns(asks, max(rounds // 4, 3), wall=_elsewhere(app))
    asked = _questions(lambda: employer.get(cards))
    return [
        Line(f"an employer's list of 50, {shown} profiles", own["list"].against(own["bare"]), "× a bare answer", 10),
        Line(f"its function calls, {shown}", Taken(called, called, called), "× a bare answer", 10),
        Line(f"its questions beside session and journal, {shown}", Taken(asked, asked, asked), "queries", 4),
        Line(f"the team's list far on, {shown}", team["deep"].against(team["first"]), "× page 1", 1.2),
        Line(f"its search by competences, {shown}", team["search"].against(team["first"]), "× page 1", 1.2),
    ]


def _elsewhere(app: Flask) -> bool:
    return not app.extensions["doorstart"].database.startswith("sqlite")


def _far_on(shown: str) -> str:
    """The edge of a page nine tenths on, as the list itself would write it."""
    number = int(shown.replace(",", "")) * 9 // 10
    return edges.sealed("showcase.people_pool", number)


def _questions(ask: bench_timing.Ask) -> int:
    """How many statements a page sends beside those of session and journal."""
    sent = bench_timing.statements(ask)
    return sum(_SESSION not in one and not one.startswith(_JOURNAL) for one in sent)


def _matching(app: Flask, world: bench_pool.World, shown: str, demanded: bool) -> list[Line]:
    """Ten requirements: the sets of bits against the join, whose first 25 must be the same, ties included."""
    needs = bench_pool.needs(world)
    with app.app_context():
        reads_only(True)
        by_sets = pool.matches(world.programme_id, needs, limit=_TOP)
        if by_sets != sql_matching.best(world.programme_id, needs, _TOP) or not by_sets:
            raise NotCounted(f"matching {shown}: the sets and the join differ: not counted")
        asks = {
            "sets": lambda: pool.matches(world.programme_id, needs, limit=_TOP),
            "join": lambda: sql_matching.best(world.programme_id, needs, _TOP),
        }
        taken = bench_timing.in_turns(asks, 5, wall=_elsewhere(app))
        db.session.rollback()
        reads_only(False)
    sets, join = taken["sets"], taken["join"]
    times = Taken(join.least / sets.most, join.median / sets.median, join.most / sets.least)
    return [
        Line(f"ten requirements by sets, {shown}", _in(sets, 1000), "ms"),
        Line(f"ten requirements by the join, {shown}", _in(join, 1000), "ms"),
        Line(f"the join against the sets, {shown}", times, "×", 100 if demanded else None, at_least=True),
    ]


def _in(taken: Taken, unit: float) -> Taken:
    return Taken(taken.least * unit, taken.median * unit, taken.most * unit)


def _interviews(database_url: str) -> list[Line]:
    with empty(database_url) as app:
        return bench_interviews.lines(app, bench_interviews.fill(app), wall=_elsewhere(app))


def _figures(sizes: Sequence[int], database_url: str) -> list[Line]:
    taken: list[bench_figures.Measured] = []
    for size in sizes:
        click.echo(f"{size:,} placements …", err=True)
        with empty(database_url) as app:
            taken.append(bench_figures.measured(app, size, wall=_elsewhere(app)))
    return bench_figures.lines(taken)


def _names(sizes: Sequence[int]) -> list[Line]:
    found = bench_names.rows(sizes)
    *taken, (exponent, *values) = found
    own = [Line(name, Taken(*some), "ms") for name, *some in taken]
    return [*own, Line(exponent, Taken(*values), "exponent", 0.2)]


@click.command("bench")
@click.option("--sizes", default="", help="numbers of profiles, such as 1000,100000")
@click.option("--quick", is_flag=True, help="1,000 and 10,000 profiles only")
@click.option("--database-url", default="", help="an empty PostgreSQL database of its own; its tables are dropped")
@click.option("--write", type=click.Path(path_type=Path), help="write the table into this file, between its marks")
def bench(sizes: str, quick: bool, database_url: str, write: Path | None) -> None:
    """Measure lists, searches and matching in portals made for it. Ends with 1 when what is demanded is not met."""
    chosen = tuple(int(one) for one in sizes.split(",") if one) or (QUICK if quick else SIZES)
    found: list[Line] = []
    for size in chosen:
        click.echo(f"{size:,} profiles …", err=True)
        with scratch(size, database_url) as (app, world, seconds):
            click.echo(f"  made in {seconds:.0f} s", err=True)
            found += lines(size, app, world)
    click.echo(f"{bench_interviews.WORKERS} workers, {bench_interviews.WEEKS} weeks …", err=True)
    found += _interviews(database_url)
    found += _figures(PLACEMENTS if max(chosen) >= NAMES[-1] else FEW_PLACEMENTS, database_url)
    found += _names([size for size in NAMES if size <= max(chosen)] if max(chosen) > NAMES[0] else NAMES[:2])
    text = bench_timing.table(found)
    click.echo(text)
    if write is not None:
        write.write_text(_BETWEEN.sub(lambda m: f"{m[1]}{text}{m[2]}", write.read_text()))
    late = [line.name for line in found if not line.met]
    if late:
        raise click.ClickException(f"not met: {'; '.join(late)}")
