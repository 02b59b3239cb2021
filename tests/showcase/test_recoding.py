"""No class of identical cards is smaller than k, whatever the pool; and nothing coarser than needed is told of a large one."""

import random
import warnings
from collections import Counter

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycanon import anonymity

from portal.showcase.recoding import FIELDS, Way, Ways, class_sizes, coarser, recode

TREES: dict[str, list[Way]] = {
    "fit": [("any", "good", "strong"), ("any", "good"), ("any", "partial")],
    "region": [
        ("belgium", "flanders", province, area)
        for province in ("east_flanders", "west_flanders")
        for area in (f"{province}_a", f"{province}_b", f"{province}_c")
    ] + [("belgium",), ("belgium", "flanders", "east_flanders"), ("belgium", "brussels")],
    "sector": [("any", f"group:{g}", f"{g}{n}") for g in "xyz" for n in range(3)],
    "experience": [("any", "short", "none"), ("any", "short", "some"), ("any", "long", "much")],
    "availability": [("any", "now"), ("any", "later")],
}  # fmt: skip
people = st.lists(st.fixed_dictionaries({field: st.sampled_from(TREES[field]) for field in FIELDS}), max_size=70)


@given(people, st.integers(5, 12))
@settings(max_examples=1000, deadline=None)
def test_no_class_is_smaller_than_k(pool: list[dict[str, Way]], k: int) -> None:
    told = recode([Ways(number, ways) for number, ways in enumerate(pool)], k)
    assert set(told) == (set(range(len(pool))) if len(pool) >= k else set())
    assert all(size >= k for size in class_sizes(told).values())
    assert min(Counter(tuple(card.items()) for card in told.values()).values(), default=k) >= k


@given(people)
@settings(max_examples=200, deadline=None)
def test_a_card_never_says_what_is_not_so(pool: list[dict[str, Way]]) -> None:
    told = recode([Ways(number, ways) for number, ways in enumerate(pool)], 5)
    assert all(told[number][field] in pool[number][field] for number in told for field in FIELDS)


def test_people_who_are_alike_are_told_all() -> None:
    one = {field: ways[0] for field, ways in TREES.items()}
    told = recode([Ways(number, one) for number in range(5)], 5)
    assert all(card[field] == one[field][-1] for card in told.values() for field in FIELDS)


def test_two_large_groups_keep_their_own_words() -> None:
    first = {field: ways[0] for field, ways in TREES.items()}
    second = {**first, "region": ("belgium", "flanders", "west_flanders", "west_flanders_a")}
    told = recode([Ways(number, first if number % 2 else second) for number in range(12)], 5)
    assert {card["region"] for card in told.values()} == {"east_flanders_a", "west_flanders_a"}


def test_a_single_stranger_is_told_no_more_than_the_others() -> None:
    first = {field: ways[0] for field, ways in TREES.items()}
    stranger = {**first, "region": ("belgium", "brussels")}
    told = recode([Ways(number, first) for number in range(5)] + [Ways(5, stranger)], 5)
    assert {card["region"] for card in told.values()} == {"belgium"}


def test_under_k_nothing_is_told() -> None:
    one = {field: ways[0] for field, ways in TREES.items()}
    assert recode([Ways(number, one) for number in range(4)], 5) == {}


@pytest.mark.parametrize("seed", range(10))
def test_somebody_elses_measure_of_k_agrees(seed: int) -> None:
    """A hundred random pools of 5 to 150 people a time: what pycanon reads off the cards is k, and never less than asked."""
    rng = random.Random(seed)
    for _ in range(100):
        k = rng.choice((5, 5, 5, 7, 11))
        pool = [
            Ways(number, {field: rng.choice(TREES[field]) for field in FIELDS}) for number in range(rng.randint(k, 150))
        ]
        told = recode(pool, k)
        assert len(told) == len(pool)
        cards = pandas.DataFrame(list(told.values()), columns=list(FIELDS))
        assert measured(cards) == min(class_sizes(told).values()) >= k


def measured(cards: pandas.DataFrame) -> int:
    """The k of these cards, each field being a quasi-identifier, as pycanon counts it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It groups in a manner that a later pandas will change.
        return int(anonymity.k_anonymity(cards, list(FIELDS)))


def test_somebody_elses_measure_can_fail() -> None:
    lonely = pandas.DataFrame([["a"] * 5] * 6 + [["b"] * 5], columns=list(FIELDS))
    assert measured(lonely) == 1


def test_the_team_sees_what_keeps_a_card_coarse() -> None:
    first = {field: ways[0] for field, ways in TREES.items()}
    stranger = {
        **first,
        "region": ("belgium", "flanders", "west_flanders", "west_flanders_a"),
        "experience": ("any", "long", "much"),
    }
    people = [Ways(number, first) for number in range(5)] + [Ways(number, stranger) for number in range(5, 8)]
    cards = recode(people, 5)
    kept = {one.field: (one.says, one.finer, one.sharing) for one in coarser(people, cards, 7)}
    assert kept["region"] == ("flanders", "west_flanders", 3)
    assert kept["experience"] == ("any", "long", 3)
    assert set(kept) == {"region", "experience"}


@given(people)
@settings(max_examples=200, deadline=None)
def test_what_is_called_too_fine_would_have_made_a_class_too_small_or_left_one(pool: list[dict[str, Way]]) -> None:
    everybody = [Ways(number, ways) for number, ways in enumerate(pool)]
    cards = recode(everybody, 5)
    for number in cards:
        same = class_sizes(cards)[number]
        for one in coarser(everybody, cards, number):
            assert 1 <= one.sharing <= same
            assert one.sharing < 5 or 0 < same - one.sharing < 5
