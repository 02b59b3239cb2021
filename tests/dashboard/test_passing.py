"""Pass rates: what each stage counts, who may see exact numbers, and that no hidden number can be reckoned."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.roles import Role
from portal.dashboard import passing, passing_queries
from portal.dashboard.figures import Period
from portal.dashboard.passing import Way
from portal.dashboard.suppression import LEAST, publish
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import answers, cards, outcome
from portal.interviews.states import DecisionState
from portal.placements.models import Placement, PlacementState
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from tests.factories import a_person, a_programme
from tests.interviews.factories import CANARY, a_confirmed, a_worker, again, all_there, an_interest
from tests.interviews.test_outcome import an_offer
from tests.interviews.test_outcome import given as a_card

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))

# --- Small cells ------------------------------------------------------------------------------------------------------

a_row = st.lists(st.integers(0, 7), min_size=3, max_size=3).map(lambda row: sorted(row, reverse=True))
a_table = st.lists(a_row, min_size=1, max_size=3)


def _ends(most: int, left: int) -> Iterator[tuple[int, ...]]:
    """Every way in which the hidden rest of a row may go on: it never rises."""
    if left == 0:
        yield ()
        return
    for value in range(most + 1):
        for rest in _ends(value, left - 1):
            yield (value, *rest)


def _plus(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _fits(part: tuple[int, ...], sums: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(part, sums, strict=True))


def _possible(rows: list[list[int]]) -> tuple[Any, list[list[set[int]]]]:
    """What is published, and every value that each cell can have for a reader who reckons: all tables are tried."""
    totals = [sum(column) for column in zip(*rows, strict=True)]
    seen = publish(rows, totals)
    known = [at for at, value in enumerate(seen.totals) if value is not None]
    sums = tuple(totals[at] for at in known)
    choices = []
    for row in seen.rows:
        shown = tuple(value for value in row if value is not None)
        most = shown[-1] if shown else (totals[0] if known else 10)
        choices.append([(*shown, *rest) for rest in _ends(most, len(row) - len(shown))])
    values: list[list[set[int]]] = []
    for number, mine in enumerate(choices):
        others = {(0,) * len(known)}
        for theirs in (*choices[:number], *choices[number + 1 :]):
            steps = {tuple(row[at] for at in known) for row in theirs}
            others = {both for one in others for step in steps if _fits(both := _plus(one, step), sums)}
        fits = [row for row in mine if tuple(s - row[at] for s, at in zip(sums, known, strict=True)) in others]
        values.append([{row[at] for row in fits} for at in range(len(totals))])
    return seen, values


@settings(max_examples=150, deadline=None)
@given(a_table)
def test_no_hidden_number_follows_from_what_is_shown(rows: list[list[int]]) -> None:
    """Against a reader who tries every table: whole numbers, rows that never rise, columns that add up to their totals."""
    seen, values = _possible(rows)
    for number, row in enumerate(seen.rows):
        for at, value in enumerate(row):
            assert value is None or value >= LEAST, "nothing under five is shown"
            assert value is None or value == rows[number][at], "what is shown is true"
            assert value is not None or len(values[number][at]) > 1, (rows, seen, number, at)
    assert all(total is None or total >= LEAST for total in seen.totals)


def test_a_second_row_is_hidden_beside_a_single_hidden_one() -> None:
    """20 and 3 of 23: without the total both could be shown but the 3; with it, both go."""
    seen = publish([[20, 12], [3, 2], [40, 30]], [63, 44])
    assert seen.rows == [[None, None], [None, None], [40, 30]]
    assert seen.totals == [63, 44]


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert publish([[20, 12], [9, 5]], [29, 17]).rows == [[20, 12], [9, 5]]


def test_zero_is_a_small_cell_too() -> None:
    assert publish([[5, 5], [0, 0]], [5, 5]).rows == [[None, None], [None, None]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.integers(0, 6)), max_size=60))
def test_two_tables_of_the_same_people_hide_the_same_totals(people: list[tuple[str, str, int]]) -> None:
    ways = [Way(n, 1, date(2026, 3, 1), size, section, reached) for n, (size, section, reached) in enumerate(people)]
    by_size, by_section = passing.hidden(ways, "size", "section")
    assert by_size.totals == by_section.totals
    for table, true in ((by_size, passing.by(ways, "size")), (by_section, passing.by(ways, "section"))):
        for name, row in table.rows:
            assert all(value is None or value == number >= LEAST for value, number in zip(row, true[name], strict=True))


def test_a_share_is_shown_only_between_two_shown_stages() -> None:
    rates = passing.rates([20, 10, None, None, None, None, None])
    assert [rate.share for rate in rates] == [None, 50, None, None, None, None, None]


def test_a_reason_under_five_is_hidden_and_its_place_tells_nothing() -> None:
    ways = [Way(n, 1, date(2026, 3, 1), candidate_no=["pay"] if n < 6 else ["transport", "contract"]) for n in range(8)]
    assert passing.reasons(ways, "candidate_no", exactly=False) == [("pay", 6), ("contract", None), ("transport", None)]
    assert passing.reasons(ways, "candidate_no", exactly=True) == [("pay", 6), ("contract", 2), ("transport", 2)]


# --- What is counted --------------------------------------------------------------------------------------------------

pages = pytest.mark.usefixtures("app")


@pytest.fixture
def at() -> Any:
    with time_machine.travel("2026-11-16 09:00:00+00:00", tick=False) as traveller:
        yield traveller


def a_profile(case: Any) -> None:
    from portal.showcase.models import Profile

    db.session.add(Profile(candidate_id=case.candidate.id, programme_id=case.programme.id))
    db.session.commit()


def a_way(at: Any, worker: Any, until: int, name: str) -> Any:
    """Somebody who came as far as a stage."""
    case = an_interest(worker, permission=False, name=name)
    a_profile(case)
    if until == passing.INTEREST:
        db.session.get_one(Interest, case.interest.id).state = InterestState.EXPRESSED
    if until >= passing.HELD:
        interview = a_confirmed(case)
        now = clock.now()
        at.move_to(interview.ends_at)
        all_there(again(interview))
        if until >= passing.OFFER:
            cards.score(again(interview), case.contact.id, a_card())
            outcome.decide(again(interview), case.contact.id, DecisionState.OFFER, [], terms=an_offer())
        if until >= passing.ACCEPTED:
            answers.told(again(interview), "accepted")
        elif until == passing.OFFER:
            answers.told(again(interview), "declined", ["pay"])
        if until >= passing.STARTED:
            db.session.flush()
            placement = db.session.query(Placement).filter_by(interview_id=interview.id).one()
            placement.state, placement.starts_on = PlacementState.STARTED, date(2026, 11, 16)
        db.session.commit()
        at.move_to(now)
    db.session.commit()
    return case


@pages
@pytest.mark.engine
def test_each_stage_counts_who_reached_it_or_a_later_one(at: Any, post: Any) -> None:
    worker = a_worker()
    stages = (passing.INTEREST, passing.YES, passing.HELD, passing.OFFER, passing.ACCEPTED, passing.STARTED)
    for number, stage in enumerate(stages):
        a_way(at, worker, stage, f"Company {number}")
    ways = passing_queries.ways(a_programme().id)
    assert passing.counts(ways) == [6, 6, 5, 4, 3, 2, 1]
    assert [way.candidate_no for way in ways if way.candidate_no] == [["pay"]]
    assert passing.in_period(ways, Period(date(2025, 1, 1), date(2025, 12, 31))) == []
    assert passing_queries.ways(a_programme().id, worker_id=a_worker("Karim").id) == []


@pages
def test_a_coordinator_reads_no_small_number_and_a_worker_the_own_caseload(at: Any, visitors: Any, post: Any) -> None:
    lien = a_worker()
    for number in range(6):
        a_way(at, lien, passing.HELD if number < 3 else passing.YES, f"Company {number}")
    programme = a_programme()
    programme.period_start, programme.period_end = YEAR.start, YEAR.end
    db.session.commit()
    cor = visitors(a_person("cor@example.org", role=Role.COORDINATOR, programme=programme))
    page = cor.open("/figures").follow("doorstroomcijfers")
    numbers = [" ".join(cell.text_content().split()) for cell in page.tree.xpath("(//table)[1]//tbody/tr/td[2]")]
    assert numbers == ["6", "6", "6", "niet getoond", "niet getoond", "niet getoond", "niet getoond"]
    page.lacks(CANARY)
    own = visitors(lien).open("/figures/passing").says("Je eigen dossiers")
    numbers = [" ".join(cell.text_content().split()) for cell in own.tree.xpath("(//table)[1]//tbody/tr/td[2]")]
    assert numbers == ["6", "6", "6", "3", "0", "0", "0"]
    visitors(a_worker("Karim")).open("/figures/passing").says("Geen profiel geopend in deze periode")
    few = len(own.queries)
    assert few <= 8
    assert len(page.queries) <= 8


@pages
def test_the_cases_behind_a_stage_are_for_the_team_and_the_journal_knows(at: Any, visitors: Any, post: Any) -> None:
    lien = a_worker()
    case = a_way(at, lien, passing.HELD, "Company")
    a_way(at, lien, passing.YES, "Another")
    programme = a_programme()
    programme.period_start, programme.period_end = YEAR.start, YEAR.end
    db.session.commit()
    page = visitors(lien).open("/figures/passing/held/cases").says(CANARY)
    assert len(page.tree.xpath("//tbody/tr")) == 1
    visitors(a_worker("Karim")).open("/figures/passing/held/cases").lacks(CANARY)
    visitors(case.contact).open("/figures/passing/held/cases", status=403)
    visitors(lien).open("/figures/passing/nonsense/cases", status=404)
    visitors(lien).open("/figures/passing?year=7", status=404)
