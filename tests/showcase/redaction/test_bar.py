"""The bar, on all sets together: at least 95% found, at most 3% of innocent texts stopped."""

from tests.showcase.redaction.measure import block, measure, planted, published


def test_the_sets_are_large_enough() -> None:
    assert measure("all").innocent >= 300
    assert measure("all").total.total() >= 2000
    assert sum(len(case.plants) for case in planted()) >= 600


def test_planted_identifiers_are_found_and_innocent_texts_pass() -> None:
    figures = measure("all")
    assert figures.recall >= 0.95, figures.remarks
    assert figures.covered.total() >= figures.total.total() * 0.9, figures.remarks
    assert figures.false_stops <= 0.03, figures.remarks


def test_what_is_published_is_what_is_measured() -> None:
    assert published() == block(), "run: python -m tests.showcase.redaction.measure --write"
