"""The bar, on sets of our own: at least 95% found, at most 3% of innocent texts stopped."""

import pytest

from tests.showcase.redaction.measure import FRESH, measure, planted


def test_the_sets_are_large_enough() -> None:
    assert measure("all").innocent >= 300
    assert sum(len(case.plants) for case in planted()) >= 600


@pytest.mark.parametrize("part", ["train", "held_out", *FRESH])
def test_planted_identifiers_are_found_and_innocent_texts_pass(part: str) -> None:
    figures = measure(part)
    assert figures.recall >= 0.95, figures.remarks
    assert figures.covered.total() >= figures.total.total() * 0.9, figures.remarks
    assert figures.false_stops <= 0.03, figures.remarks
