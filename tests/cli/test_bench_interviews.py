"""The scheduler's rows of the bench: what is counted was really found and really booked."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.agenda.models import Hold
from portal.cli import bench, bench_interviews
from portal.cli.bench_timing import NotCounted
from portal.foundation.database import db
from portal.interviews.models import Interview


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in {"WORKERS": 6, "WEEKS": 2, "PEOPLE": 12}.items():
        monkeypatch.setattr(bench_interviews, name, number)


@pytest.mark.usefixtures("small")
def test_the_rows_stand_for_interviews_that_were_booked_one_for_each_person(app: Flask) -> None:
    with app.app_context(), bench.empty() as portal:
        world = bench_interviews.fill(portal)
        rows = bench_interviews.lines(portal, world, rounds=3)
        with portal.app_context():
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Interview)) == 3 + 2
            held = sa.select(sa.func.count(Hold.party.distinct())).where(Hold.party.like("candidate:%"))
            assert db.session.scalar(held) == 3 + 2
    named = [row.name.split(",")[0] for row in rows]
    assert named == ["find slots", "book interview", "my week", "computing the first 20 slots"]
    assert all(row.taken.least > 0 for row in rows)


@pytest.mark.usefixtures("small")
def test_a_booking_that_is_refused_is_not_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(found: list[str]) -> list[str]:
        return [found[0]] * 9 if found else []

    monkeypatch.setattr(bench_interviews, "_apart", twice)
    with app.app_context(), bench.empty() as portal:
        world = bench_interviews.fill(portal)
        with pytest.raises(NotCounted, match="booking: 409"):
            bench_interviews.lines(portal, world, rounds=3)
