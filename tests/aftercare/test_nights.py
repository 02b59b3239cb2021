"""A night over very many placements: a portion at a time, said aloud, and taken up again where it stopped."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.aftercare import due, hooks, nightly
from portal.aftercare.models import Alert, CheckIn
from portal.cli import running
from portal.foundation import jobs
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.placements.models import Placement
from portal.tasks.models import Task
from tests.placements.factories import a_cast, a_start

STARTS = date(2026, 9, 1)
# Four weeks later: a visit to the employee, a form and a visit to the employer, of everybody.
NIGHT = "2026-09-29 00:20:00+00:00"


@pytest.fixture
def at(app: Flask) -> Iterator[Any]:
    with time_machine.travel("2026-09-01 07:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "PORTION", 4)


def starts(number: int) -> None:
    """So many people at work, each at a company of its own."""
    for one in range(number):
        a_start(a_cast(company=f"Bakkerij {one}"), STARTS)


def what_stands() -> dict[str, Any]:
    """Everything that a night writes."""
    db.session.flush()
    return {
        "moments": db.session.execute(
            sa.select(CheckIn.id, CheckIn.state, CheckIn.asked_on, CheckIn.reminders).order_by(CheckIn.id)
        ).all(),
        "placements": db.session.execute(sa.select(Placement.id, Placement.state).order_by(Placement.id)).all(),
        "letters": sorted(db.session.scalars(sa.select(Letter.recipient_ref))),
        "tasks": sorted(db.session.execute(sa.select(Task.kind, Task.subject_id, Task.owner_key)).all()),
        "alerts": db.session.scalar(sa.select(sa.func.count(Alert.id))),
    }


@pytest.mark.engine
@pytest.mark.usefixtures("small", "post")
def test_a_night_that_stopped_half_way_is_taken_up_by_the_next_run(at: Any) -> None:
    starts(4)
    at.move_to(NIGHT)
    nightly.daily()
    whole = what_stands()
    db.session.rollback()

    class Stopped(Exception): ...

    def stop(done: int, _all: int) -> None:
        hooks._portion(done, _all)
        if done > 12:
            raise Stopped

    with pytest.raises(Stopped):
        nightly.daily(after=stop)
    half = what_stands()
    assert half["letters"] != whole["letters"] and len(half["tasks"]) < len(whole["tasks"])
    nightly.daily(after=hooks._portion)
    assert what_stands() == whole
    nightly.daily(after=hooks._portion)
    assert what_stands() == whole, "a second run finds nothing to do"


@pytest.mark.usefixtures("small", "post")
def test_a_night_says_how_far_it_is_and_holds_one_portion(at: Any, app: Flask) -> None:
    starts(5)
    at.move_to(NIGHT)
    heard: list[tuple[int, int]] = []
    held: list[int] = []

    def listen(done: int, whole: int) -> None:
        heard.append((done, whole))
        held.append(len(db.session.identity_map))

    with jobs.heard_by(listen):
        jobs.each_night["aftercare.daily"]()
    assert len(heard) >= 5 and heard[-1][0] == heard[-1][1]
    assert [done for done, _whole in heard] == sorted({done for done, _whole in heard})
    assert max(held) == 0, "what was done is kept in the database and nowhere else"


@pytest.mark.usefixtures("post")
def test_the_command_prints_each_job_and_how_far_it_is(at: Any, app: Flask) -> None:
    starts(2)
    at.move_to(NIGHT)
    db.session.remove()
    said = app.test_cli_runner().invoke(running.night).output
    assert "aftercare.daily\n  2 of " in said
    whole = said.split("aftercare.daily\n")[1].split(" of ")[1].split("\n")[0]
    assert f"  {whole} of {whole}\n" in said


@pytest.mark.usefixtures("post")
def test_what_is_overdue_and_told_is_left_alone(at: Any) -> None:
    """Years of silence cost a night nothing: only a moment that a date can still change is read."""
    starts(1)
    for day in ("2026-09-29", "2026-10-20"):
        at.move_to(f"{day} 00:20:00+00:00")
        nightly.daily()
        db.session.commit()
    read = set(due.reached(date(2026, 10, 20)))
    told = [row for row in db.session.scalars(sa.select(CheckIn)) if row.state == "overdue" and row.voice == "employee"]
    assert told and read.isdisjoint(row.id for row in told)
