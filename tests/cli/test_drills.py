"""The drills of small size, as anybody may run them; in full size they run on demand (docs/reliability.md)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cli.drill.letters import BOUNDARIES
from portal.config import ROOT
from tests.engines import URL
from tests.factories import a_person

_RUN = (sys.executable, "-m", "flask", "--app", "portal", "drill")


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "DOORSTART_MODE": "test", "DOORSTART_INSTANCE": str(folder / "own"), "TMPDIR": str(folder)}


def _on(engine: str) -> list[str]:
    return ["--database-url", os.environ[URL]] if engine == "postgresql" else []


def _drill(folder: Path, *arguments: str) -> tuple[int, dict[str, str], str]:
    """The exit code, the table of results, and all that was said."""
    done = subprocess.run([*_RUN, *arguments], cwd=ROOT, env=_environment(folder), capture_output=True, text=True, timeout=180)  # fmt: skip
    said = (line.rsplit(maxsplit=1) for line in done.stdout.splitlines() if line.strip())
    return done.returncode, {words[0].strip(): words[-1] for words in said}, done.stdout + done.stderr


def _left_behind(folder: Path) -> list[Path]:
    return list(folder.glob("doorstart-drill-*"))


@pytest.mark.engine
def test_many_processes_book_nobody_twice(portal: Flask, engine: str, tmp_path: Path) -> None:
    code, table, said = _drill(tmp_path, "double-booking", "--attempts", "400", "--processes", "4", *_on(engine))
    assert code == 0, said
    assert table["engine"] == engine
    assert int(table["booked"]) + int(table["moved"]) + int(table["refused"]) == int(table["attempts"]) == 400
    assert int(table["booked"]) > 0
    assert int(table["refused"]) > 100, "people and hours are few enough to collide"
    assert int(table["holds that stand"]) == 3 * (int(table["booked"]) - int(table["given back"])) > 0
    assert table["double bookings"] == table["quarters held twice"] == table["errors"] == "0"
    assert _left_behind(tmp_path) == []


def test_the_drill_finds_a_double_booking(tmp_path: Path) -> None:
    code, table, said = _drill(tmp_path, "double-booking", "--attempts", "60", "--processes", "2", "--plant-a-fault")
    assert code == 1, said
    assert int(table["double bookings"]) > 0
    assert "A promise broke" in said


def test_workers_killed_at_each_boundary_lose_no_letter(tmp_path: Path) -> None:
    number = len(BOUNDARIES)
    code, table, said = _drill(tmp_path, "letters", "--kills", str(number), "--processes", "1", "--lease", "2")
    assert code == 0, said
    assert int(table["kills"]) == number
    assert all(f"{boundary} " in said for boundary in BOUNDARIES)
    assert table["letters"] == table["letters that arrived"]
    # Between the server's acceptance and our commit: before and after the 250, twice at the QUIT, before the commit.
    assert 5 <= int(table["kills in the window"]) <= 6
    assert int(table["duplicates"]) == int(table["kills in the window"])
    assert table["letters lost"] == table["duplicates outside the window"] == "0"
    assert _left_behind(tmp_path) == []


def test_the_drill_finds_a_lost_letter(tmp_path: Path) -> None:
    code, table, said = _drill(
        tmp_path, "letters", "--kills", "2", "--processes", "1", "--lease", "1", "--plant-a-fault"
    )
    assert code == 1, said
    assert table["letters lost"] == "1"


@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN], ids=["by hand", "in the background"])
def test_a_drill_that_is_interrupted_leaves_nothing(tmp_path: Path, before: Any) -> None:
    running = subprocess.Popen(
        [*_RUN, "double-booking", "--processes", "2"], cwd=ROOT, env=_environment(tmp_path), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, before),
    )  # fmt: skip
    assert running.stderr is not None
    assert "attempts" in running.stderr.readline()
    assert _left_behind(tmp_path)
    time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(60) != 0
    running.stderr.close()
    assert _left_behind(tmp_path) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


@pytest.mark.engine("postgresql")
def test_a_drill_refuses_a_database_that_holds_people(app: Flask, tmp_path: Path, post: Any) -> None:
    a_person("els@example.org")
    code, _table, said = _drill(tmp_path, "double-booking", "--database-url", app.config["SQLALCHEMY_DATABASE_URI"])
    assert code == 2
    assert "holds people" in said
    server = sa.create_engine(sa.make_url(os.environ[URL]).set(drivername="postgresql+psycopg"))
    with server.connect() as connection:
        names = list(connection.scalars(sa.text("SELECT datname FROM pg_database")))
    server.dispose()
    assert not [name for name in names if name.startswith("doorstart_drill")]
