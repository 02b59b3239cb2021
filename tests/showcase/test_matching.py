"""Who meets what a vacancy asks: only a must that is missing keeps anybody out."""

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

import pytest

from portal.employers.needs import Needs
from portal.showcase.matching import fit, hours_fit, licence_allows, meets, missing
from portal.showcase.states import Fit

NEEDS = Needs(
    must=frozenset({1, 2}), learnable=frozenset({3, 4}), hours_from=time(8), hours_until=time(16), shift="day", hours_week=38,
    forms=frozenset({"permanent"}), licence="b", languages={"nl": "simple_instructions"},
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    skills: dict[int, int] = field(default_factory=lambda: {1: 2, 2: 2})
    hours_band: str = "day"
    hours_week: int = 38
    forms: tuple[str, ...] = ("permanent", "ibo")
    licence: str = "b"
    languages: dict[str, Any] = field(default_factory=lambda: {"nl": "work_talk"})


def test_with_help_is_enough() -> None:
    assert meets(NEEDS, Somebody())


@pytest.mark.parametrize(
    ("who", "lacks"),
    [
        (Somebody(skills={1: 2, 2: 1}), ["competence:2"]),
        (Somebody(hours_band="late"), ["hours"]),
        (Somebody(forms=("internship",)), ["forms"]),
        (Somebody(licence="none"), ["licence"]),
        (Somebody(languages={"nl": "few_words"}), ["language:nl"]),
        (Somebody(languages={}), ["language:nl"]),
    ],
)
def test_each_must_is_named_when_it_is_missing(who: Somebody, lacks: list[str]) -> None:
    assert missing(NEEDS, who) == lacks


def test_more_than_the_musts_makes_the_fit() -> None:
    assert fit(NEEDS, Somebody(skills={1: 3, 2: 4, 3: 1, 4: 2})) == Fit.STRONG
    assert fit(NEEDS, Somebody(skills={1: 3, 2: 2, 3: 1})) == Fit.GOOD
    assert fit(NEEDS, Somebody()) == Fit.PARTIAL


def test_hours_past_midnight_fit_a_night_window() -> None:
    night = replace(NEEDS, hours_from=time(22), hours_until=time(6), shift="night")
    assert hours_fit(night, "night")
    assert not hours_fit(night, "day")


def test_a_weekend_window_is_for_weekends_and_settled_hours_fit_everybody() -> None:
    assert not hours_fit(NEEDS, "weekend")
    assert hours_fit(replace(NEEDS, shift="weekend"), "weekend")
    assert hours_fit(replace(NEEDS, shift="flexible"), "school_hours")
    assert hours_fit(NEEDS, "")


def test_a_lorry_licence_allows_a_car() -> None:
    assert licence_allows("ce", "b")
    assert not licence_allows("b", "c")
    assert licence_allows("none", "none")
