"""Cells: what overlaps shares one, what only touches shares none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.agenda.cells import CELL, cells, count, inner, outer, spanning, starts_at
from portal.agenda.windows import Span

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)


def minutes(first: int, last: int) -> Span:
    return Span(NINE + timedelta(minutes=first), NINE + timedelta(minutes=last))


def test_a_cell_is_a_quarter_of_an_hour_counted_from_the_epoch() -> None:
    assert cells(Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 0, 30, tzinfo=UTC))) == [0, 1]
    assert cells(minutes(0, 15)) == [int(NINE.timestamp()) // 60 // 15]


def test_an_hour_takes_four_cells_in_order() -> None:
    first = cells(minutes(0, 15))[0]
    assert cells(minutes(0, 60)) == [first, first + 1, first + 2, first + 3]


def test_back_to_back_shares_no_cell() -> None:
    assert not set(cells(minutes(0, 60))) & set(cells(minutes(60, 120)))


def test_a_single_minute_takes_its_whole_quarter() -> None:
    assert cells(minutes(7, 8)) == cells(minutes(0, 15))
    assert cells(minutes(14, 16)) == cells(minutes(0, 30))


def test_a_window_offers_only_full_quarters() -> None:
    first, stop = inner(minutes(5, 50))
    assert spanning(first, stop) == minutes(15, 45)
    first, stop = inner(minutes(5, 20))
    assert first >= stop, "no full quarter lies inside"


@pytest.mark.parametrize(("length", "expected"), [(0, 0), (1, 1), (15, 1), (16, 2), (60, 4)])
def test_minutes_become_cells_rounded_up(length: int, expected: int) -> None:
    assert count(length) == expected


moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
spans = st.builds(lambda start, length: Span(start, start + length), moments, st.timedeltas(CELL / 900, 20 * CELL))


@given(spans, spans)
def test_whatever_overlaps_shares_a_cell(one: Span, other: Span) -> None:
    if one.overlaps(other):
        assert set(cells(one)) & set(cells(other))


@given(spans)
def test_cells_cover_their_span_and_no_quarter_more(span: Span) -> None:
    cover = spanning(*outer(span))
    assert cover.contains(span)
    assert span.start - cover.start < CELL
    assert cover.end - span.end < CELL
    assert starts_at(cells(span)[0]) == cover.start
