"""Companies that put their lists side by side, edit a vacancy again and again, or try every filter: nobody stands alone.

What an attacker knows of a list is how many people it shows, and how many share each card. From that it proves what it
can: that between one and four people have this and lack that. The control shows that the same attack does succeed on
lists that show exactly whoever fits, so that the test can fail.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import pytest

from portal.showcase.drawing import drawn
from portal.showcase.recoding import FIELDS, Way, Ways, recode
from portal.showcase.states import Fit
from tests.showcase.test_recoding import TREES

K, STEP, MOST, SKILLS = 5, 5, 50, range(8)
Requirements = frozenset[int]


class Pool:
    """Invented people: which skills each has, and the words that a card could say of them."""

    def __init__(self, rng: random.Random) -> None:
        self.people = range(rng.randint(20, 150))
        likely = [rng.uniform(0.3, 0.95) for _ in SKILLS]
        self.skills = {one: {skill for skill in SKILLS if rng.random() < likely[skill]} for one in self.people}
        self.ways: dict[int, dict[str, Way]] = {
            one: {field: rng.choice(TREES[field]) for field in FIELDS} for one in self.people
        }
        self.rank = {one: f"{rng.random():.12f}" for one in self.people}

    def fitting(self, asked: Requirements) -> list[int]:
        return [one for one in self.people if asked <= self.skills[one]]

    def shown(self, asked: Requirements) -> dict[int, dict[str, str]]:
        """The list that a company gets for these must-haves."""
        bands = dict.fromkeys(self.fitting(asked), Fit.GOOD)
        numbers = drawn(bands, self.rank.__getitem__, least=K, step=STEP, most=MOST)
        return recode([Ways(one, self.ways[one]) for one in numbers], K)


def vacancies(rng: random.Random, number: int) -> list[Requirements]:
    """One requirement set, and what somebody makes of it who changes it again and again."""
    asked = {frozenset(rng.sample(list(SKILLS), rng.randint(0, 2)))}
    while len(asked) < number:
        one = set(rng.choice(sorted(asked, key=sorted)))
        one ^= {rng.choice(list(SKILLS))}
        asked.add(frozenset(one))
    return sorted(asked, key=sorted)


def proved(between: Mapping[Requirements, tuple[int, int]]) -> list[tuple[int, int]]:
    """What taking lists from each other proves of how many people have one thing and lack another: (least, most).

    `between`: how many people fit each, at least and at most. Pairs where one asks more, and the four corners of two
    requirements more, which is how differencing is done.
    """
    found = []
    for narrow, wide in combinations(sorted(between, key=len, reverse=True), 2):
        if wide < narrow:
            found.append((between[wide][0] - between[narrow][1], between[wide][1] - between[narrow][0]))
    for base in between:
        for one, other in combinations([skill for skill in SKILLS if skill not in base], 2):
            corners = [base, base | {one}, base | {other}, base | {one, other}]
            if all(corner in between for corner in corners):
                (a, b), (c, d), (e, f), (g, h) = (between[corner] for corner in corners)
                found.append((a - d - f + g, b - c - e + h))
    return found


def somebody_alone(found: Iterable[tuple[int, int]]) -> bool:
    """Whether a group of one to four people was proved to exist."""
    return any(least >= 1 and most < K for least, most in found)


def known(count: int) -> tuple[int, int]:
    """What a list of so many cards says about how many people fit."""
    if count >= MOST:
        return MOST, 10**6
    return (count, count + STEP - 1) if count else (0, K - 1 if K >= STEP else STEP - 1)


@pytest.mark.parametrize("seed", range(10))
def test_lists_taken_from_each_other_leave_nobody_alone(seed: int) -> None:
    rng = random.Random(seed)
    fell = 0
    for _ in range(100):
        pool, asked = Pool(rng), vacancies(rng, 20)
        between = {one: known(len(pool.shown(one))) for one in asked}
        assert not somebody_alone(proved(between))
        exact = {one: (len(pool.fitting(one)), len(pool.fitting(one))) for one in asked}
        listed = {one: both if both[0] >= K else (0, K - 1) for one, both in exact.items()}
        fell += somebody_alone(proved(listed))
    assert fell > 20, "the control must fall, or this test proves nothing"


@pytest.mark.parametrize("seed", range(5))
def test_asking_the_same_again_draws_the_same_people(seed: int) -> None:
    rng = random.Random(seed)
    pool = Pool(rng)
    for asked in vacancies(rng, 12):
        assert set(pool.shown(asked)) == set(pool.shown(asked))
        idle = pool.fitting(asked)
        # A requirement that everybody meets is another way to say the same: it must not draw other people.
        same = [one for skill in SKILLS if all(skill in pool.skills[n] for n in idle) for one in [asked | {skill}]]
        assert all(set(pool.shown(one)) == set(pool.shown(asked)) for one in same)


@pytest.mark.parametrize("seed", range(5))
def test_the_cards_of_two_companies_side_by_side_never_pair_up_under_k(seed: int) -> None:
    """Cards carry no shared id: to join them, a company has only the words. Each group of equal words is k on both sides."""
    rng = random.Random(seed)
    for _ in range(40):
        pool, asked = Pool(rng), vacancies(rng, 2)
        sides = [Counter(tuple(card.values()) for card in pool.shown(one).values()) for one in asked]
        assert all(size >= K for side in sides for size in side.values())


def test_whoever_was_opened_stays_and_the_rest_is_drawn() -> None:
    bands = dict.fromkeys(range(13), Fit.PARTIAL)
    numbers = drawn(bands, lambda one: f"{one:03}", least=5, step=5, most=50, keep={12, 11})
    assert numbers == [11, 12, *range(8)]


def test_a_long_list_begins_with_who_fits_best_and_ends_at_fifty() -> None:
    bands = {one: (Fit.STRONG, Fit.GOOD, Fit.PARTIAL)[one % 3] for one in range(120)}
    numbers = drawn(bands, lambda one: f"{one:03}", least=5, step=5, most=50)
    assert len(numbers) == 50
    assert [bands[one] for one in numbers] == [Fit.STRONG] * 40 + [Fit.GOOD] * 10


@pytest.mark.parametrize(
    ("fitting", "least", "shown"),
    [(4, 5, 0), (5, 5, 5), (9, 5, 5), (10, 5, 10), (11, 11, 11), (15, 11, 11), (16, 11, 16), (53, 5, 50)],
)
def test_a_list_grows_in_whole_steps(fitting: int, least: int, shown: int) -> None:
    bands = dict.fromkeys(range(fitting), Fit.GOOD)
    assert len(drawn(bands, str, least=least, step=5, most=50)) == shown
