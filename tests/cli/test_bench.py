"""The bench counts only what was really answered, demands what was promised, and leaves the repository alone."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cli import bench, bench_pool, bench_timing, demo_portal
from portal.cli.bench_timing import Line, NotCounted, Taken
from portal.foundation.database import db
from portal.showcase import pool, sql_matching
from portal.showcase.models import PoolPerson, PoolSkill

SLOW = Line("a slow page", Taken(11, 12, 13), "× a bare answer", 10)
FAST = Line("a fast page", Taken(3, 4, 500), "× a bare answer", 10)


def a_page(status: int, text: str) -> Any:
    app = Flask("a page")
    app.add_url_rule("/", view_func=lambda: (text, status))
    return app.test_client()


def test_an_answer_that_is_not_200_is_not_counted() -> None:
    with pytest.raises(NotCounted, match="500"):
        bench_timing.page(a_page(500, "row row"), "/", "row", 2)


def test_an_answer_without_the_expected_rows_is_not_counted() -> None:
    with pytest.raises(NotCounted, match="2 × 'row' instead of 50"):
        bench_timing.page(a_page(200, "row row"), "/", "row", 50)
    assert bench_timing.page(a_page(200, "row row"), "/", "row", 2)


def test_an_answer_that_fails_half_way_is_not_counted_either() -> None:
    answers = iter([200, 200, 404])
    app = Flask("a page")
    app.add_url_rule("/", view_func=lambda: ("row", next(answers)))
    ask = bench_timing.page(app.test_client(), "/", "row", 1)
    with pytest.raises(NotCounted, match="404"):
        bench_timing.in_turns({"page": ask}, 3)


def test_what_is_demanded_is_met_or_not() -> None:
    assert FAST.met and not SLOW.met
    assert Line("times faster", Taken(90, 120, 300), "×", 100, at_least=True).met
    assert not Line("times faster", Taken(20, 90, 300), "×", 100, at_least=True).met
    assert "| **no** |" in bench_timing.table([SLOW])


@pytest.fixture
def no_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def __enter__(self) -> tuple[None, None, float]:
            return None, None, 0.0

        def __exit__(self, *_error: object) -> None: ...

    monkeypatch.setattr(bench, "scratch", lambda size, url="": Nothing())
    monkeypatch.setattr(bench, "_names", lambda sizes: [])
    monkeypatch.setattr(bench, "_interviews", lambda url: [])
    monkeypatch.setattr(bench, "_figures", lambda sizes, url: [])


@pytest.mark.usefixtures("no_measuring")
def test_the_command_ends_with_1_when_a_demand_is_not_met(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "lines", lambda *_some: [SLOW, FAST])
    ended = app.test_cli_runner().invoke(bench.bench, ["--quick"])
    assert ended.exit_code == 1
    assert "not met: a slow page; a slow page" in ended.output
    monkeypatch.setattr(bench, "lines", lambda *_some: [FAST])
    assert app.test_cli_runner().invoke(bench.bench, ["--quick"]).exit_code == 0


@pytest.mark.usefixtures("no_measuring")
def test_the_table_is_written_only_where_it_is_asked_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "lines", lambda *_some: [FAST])
    page = tmp_path / "performance.md"
    page.write_text("# Before\n<!-- measured -->\nold\n<!-- /measured -->\nafter\n")
    app.test_cli_runner().invoke(bench.bench, ["--quick"])
    assert "old" in page.read_text()
    app.test_cli_runner().invoke(bench.bench, ["--sizes", "5", "--write", str(page)])
    text = page.read_text()
    assert "old" not in text and "| a fast page |" in text and text.startswith("# Before") and text.endswith("after\n")


def test_a_thousand_profiles_give_every_line_its_rows(app: Flask) -> None:
    """Counts, not times: what each page asks and holds, and that sets and join agree. A wrong answer raises."""
    with bench.scratch(1_000) as (own, world, _seconds):
        found = {line.name: line for line in bench.lines(1_000, own, world, rounds=2)}
        asked = found["its questions beside session and journal, 1,000"]
        assert asked.met and asked.taken.most <= 4
        assert found["its function calls, 1,000"].taken.most <= 8, "a list of 50 cards makes too many calls: profile it"
        with own.app_context():
            assert db.session.scalar(sa.select(sa.func.count(PoolPerson.id))) == 1_000
            assert db.session.scalar(sa.select(sa.func.count(PoolSkill.id))) == 6_000
            needs = bench_pool.needs(world)
            assert pool.matches(world.programme_id, needs) == sql_matching.best(world.programme_id, needs, 25) != []
            db.session.remove()


def test_a_page_far_on_asks_what_the_first_one_asks_and_scans_nothing(app: Flask) -> None:
    with bench.scratch(1_000) as (own, world, _seconds):
        worker = demo_portal.browser_of(own, world.worker_email)
        worker.get("/people/pool")
        with own.app_context():
            edge = bench._far_on("1,000")
        first, far = plans(own, worker, "/people/pool"), plans(own, worker, f"/people/pool?after={edge}")
        assert len(first) == len(far)
        assert not [
            line
            for plan in (*first, *far)
            for line in plan
            if line.startswith(("SCAN pool", "SCAN profile", "SCAN candidate"))
        ]


def plans(own: Flask, browser: Any, path: str) -> list[list[str]]:
    """How SQLite answers each statement of a page."""
    sent: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", keep)
    try:
        assert browser.get(path).status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", keep)
    with own.app_context():
        connection = db.session.connection()
        found = [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
            for text, values in sent
        ]
        db.session.remove()
    return found
