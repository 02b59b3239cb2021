"""What is kept of the figures is never seen: after any change the page says what counting afresh says, from as few rows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, CheckInState
from portal.dashboard import boards, kept_boards, queries, tallies
from portal.dashboard.boards import Facts
from portal.dashboard.models import FigureChange, KeptBoard, KeptPart
from portal.foundation import clock
from portal.foundation.database import db
from portal.placements.models import PlacementState
from portal.programmes.models import Programme
from tests.dashboard.life import NOON, Life
from tests.dashboard.test_pages import a_check_in, counts
from tests.factories import a_person, a_programme
from tests.placements.factories import a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")


def same(programme: Programme) -> None:
    """What is kept, with what changed since, against counting afresh."""
    period, today = queries.period_of(programme), clock.today()
    found = kept_boards.board(programme, period, today)
    assert found is None or found == boards.board(Facts(programme, period, today))


# --- Any series of changes ----------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.parametrize("seed", range(2))
def test_after_any_series_of_changes_the_figures_are_those_of_a_fresh_count(seed: int) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        cast = a_cast()
        life, programme = Life(cast, seed), db.session.get_one(Programme, cast.employer.programme_id)
        for _start in range(3):
            life.somebody()
        kept_boards.bring_up()
        seen = 0
        for step in range(50):
            if step == 30:
                traveller.shift(timedelta(days=1))
                assert kept_boards.board(programme, queries.period_of(programme), clock.today()) is None
                kept_boards.bring_up()
            life.happens()
            same(programme)
            seen += kept_boards.board(programme, queries.period_of(programme), clock.today()) is not None
        assert seen > 25, "mostly from what is kept"


# --- What a page asks ----------------------------------------------------------------------------------------------


@pytest.fixture
def november() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cor(november: Any, visitors: Any) -> Any:
    return visitors(a_person("cor@example.org", role=Role.COORDINATOR, programme=a_programme()))


@pytest.mark.engine
def test_the_page_says_a_change_at_once_and_needs_no_worker(cor: Any) -> None:
    placement = a_placement(a_cast(), date(2026, 3, 2), state=PlacementState.ONGOING)
    counts(placement.candidate_id, date(2026, 2, 1))
    cor.open("/figures").says("1 van 1 personen gestart met een betaald contract")
    kept_boards.bring_up()
    cor.open("/figures").says("1 van 1 personen gestart met een betaald contract")
    placement.paid = False
    db.session.commit()
    cor.open("/figures").says("0 van 1 personen gestart met een betaald contract")
    kept_boards.bring_up()
    page = cor.open("/figures").says("0 van 1 personen gestart met een betaald contract")
    assert len(page.queries) <= 4
    # Another target is no change of figures, and shows at once too.
    db.session.scalars(sa.select(Programme)).one().target_activation = 45
    db.session.commit()
    cor.open("/figures").says("Het doel is 45%")


@pytest.mark.engine
def test_the_page_costs_eight_queries_at_most_also_just_after_a_change(cor: Any) -> None:
    cast = a_cast()
    some = [a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING) for _ in range(30)]
    kept_boards.bring_up()
    quiet = len(cor.open("/figures").queries)
    some[0].paid = False
    db.session.commit()
    after_one = len(cor.open("/figures").queries)
    for one in some:
        one.paid = not one.paid
    db.session.commit()
    assert quiet <= 4
    assert after_one == len(cor.open("/figures").queries) <= 8


def test_another_period_is_counted_afresh(cor: Any) -> None:
    placement = a_placement(a_cast(), date(2026, 3, 2), state=PlacementState.ONGOING)
    counts(placement.candidate_id, date(2026, 2, 1))
    kept_boards.bring_up()
    cor.open("/figures?since=2026-05-01&until=2026-08-01").says("Nog niemand telt mee in deze periode")
    cor.open("/figures").says("1 van 1 personen gestart")


def test_the_same_figures_for_another_reader_are_in_the_readers_language(cor: Any, visitors: Any) -> None:
    cor.open("/figures").says("Er is nog niets te meten")
    french = a_person("anne@example.org", role=Role.COORDINATOR, programme=a_programme())
    french.language = "fr"
    db.session.commit()
    visitors(french).open("/figures").lacks("Er is nog niets te meten")
    cor.open("/figures").says("Er is nog niets te meten")


# --- What the worker does -------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_day_begins_with_a_sum_of_its_own_and_the_last_one_is_forgotten(november: Any) -> None:
    a_placement(a_cast(), date(2026, 3, 2), state=PlacementState.ONGOING)
    kept_boards.bring_up()
    november.shift(timedelta(days=1))
    kept_boards.bring_up()
    kept = db.session.scalars(sa.select(KeptBoard)).all()
    assert [row.day for row in kept] == [clock.today()] * len(kept)
    assert {part.board_id for part in db.session.scalars(sa.select(KeptPart))} <= {row.id for row in kept}


@pytest.mark.engine
def test_the_worker_takes_over_what_changed_and_keeps_no_trace_of_it(november: Any) -> None:
    cast = a_cast()
    some = [a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING) for _ in range(3)]
    kept_boards.bring_up()
    assert db.session.scalars(sa.select(FigureChange)).all() == []
    before = dict(db.session.scalars(sa.select(KeptBoard.tally)).one())
    some[1].state = PlacementState.FELL_THROUGH
    db.session.commit()
    changed = set(db.session.scalars(sa.select(FigureChange.candidate_id)))
    assert changed == {some[1].candidate_id}
    kept_boards.bring_up()
    after = db.session.scalars(sa.select(KeptBoard.tally)).one()
    assert (before["weeks_26.starts"], after["weeks_26.starts"]) == (3, 2)
    assert db.session.scalar(sa.select(sa.func.count(KeptPart.id))) == 2
    assert db.session.scalars(sa.select(FigureChange)).all() == []


def test_a_moment_that_falls_due_changes_no_figure(november: Any) -> None:
    placement = a_placement(a_cast(), date(2026, 3, 2), state=PlacementState.ONGOING)
    a_check_in(placement, date(2026, 11, 19), None, "week_37")
    moment = db.session.scalars(sa.select(CheckIn)).one()
    moment.state = CheckInState.PLANNED
    db.session.commit()
    kept_boards.bring_up()
    moment.move_to(CheckInState.DUE)
    moment.reminders = 1
    db.session.commit()
    assert db.session.scalars(sa.select(FigureChange)).all() == []


def test_the_median_of_counted_days() -> None:
    assert tallies.median({}) is None
    assert tallies.median({3: 1}) == 3
    assert tallies.median({3: 1, 8: 1}) == 5.5
    assert tallies.median({3: 2, 8: 1, 9: 1}) == 5.5
    assert tallies.median({3: 2, 8: 1}) == 3
    assert tallies.median({1: 1, 2: 1, 50: 3}) == 50
