"""What each person adds to the figures of a period. Every figure of the page follows from the sum, so the sum can be kept.

A tally is a number per part of a figure. A median is no sum, so its days are counted: `speed.start.12` is how many took
twelve days. Pure: no database, no clock.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.dashboard import figures
from portal.dashboard.boards import Board
from portal.dashboard.definitions import VOICES
from portal.dashboard.figures import Activation, Adherence, Counted, Job, Leg, Moments, Period, Sustained
from portal.dashboard.queries import Talk
from portal.programmes.models import Programme

Tally = Counter[str]
WEEKS = {"weeks_13": figures.WEEKS_13, "weeks_26": figures.WEEKS_26}
LEGS = ("screening", "profile", "interview", "start", "permission")


@dataclass(frozen=True)
class Rows:
    """What the figures of some people are reckoned from. `moments`: whose, and the moment."""

    counted: Iterable[Counted]
    jobs: Iterable[Job]
    talks: Iterable[Talk]
    moments: Iterable[tuple[int, Moments]]


def of_people(rows: Rows, period: Period, today: date) -> dict[int, Tally]:
    """What each person adds. Somebody who adds nothing is not there."""
    found: dict[int, Tally] = defaultdict(Counter)
    for person in figures.cohort(rows.counted, period):
        found[person.candidate_id].update(_of_person(person))
    for talk in rows.talks:
        found[talk.candidate_id].update(_of_talk(talk))
    for candidate_id, moment in rows.moments:
        due, on_time = figures.counts(moment, today)
        if due:
            found[candidate_id].update({f"due.{moment.voice}": due, f"on_time.{moment.voice}": on_time})
    spells = figures.spells(rows.jobs)
    for name, weeks in WEEKS.items():
        for spell in figures.old_enough(spells, weeks, period, today):
            found[spell.candidate_id].update([f"{name}.starts", f"{name}.{figures.outcome(spell, weeks)}"])
    return {candidate_id: +tally for candidate_id, tally in found.items() if +tally}


def _of_person(one: Counted) -> Tally:
    tally = Counter(persons=1, broad=int(one.start is not None), strict=int(one.paid_start is not None))
    for code, pair in figures.steps(one).items():
        tally.update(_step(code, pair))
    return tally


def _of_talk(talk: Talk) -> Tally:
    tally = Counter(held=int(talk.held), accompanied=int(talk.held and talk.accompanied))
    tally.update(_step("permission", (talk.asked, talk.decided)))
    return tally


def _step(code: str, pair: tuple[date | None, date | None]) -> list[str]:
    days = figures.days_between(*pair)
    return [] if days is None else [f"speed.{code}.{days}"]


def board(tally: Mapping[str, int], programme: Programme, period: Period, today: date) -> Board:
    """The figures that a sum of tallies stands for. Targets are those that the programme has now."""
    of = Counter(tally)
    target = programme.target_trajectories
    days: dict[str, dict[int, int]] = {code: {} for code in LEGS}
    for key, number in of.items():
        if key.startswith("speed."):
            _speed, code, took = key.split(".")
            days[code][int(took)] = number
    return Board(
        trajectories=of["persons"],
        expected=figures.expected(target, period, today),
        target=figures.expected(target, period, period.end + timedelta(days=1)),
        target_activation=programme.target_activation,
        activation=Activation(of["persons"], of["broad"], of["strict"]),
        held=of["held"],
        accompanied=of["accompanied"],
        aftercare=tuple(Adherence(voice, of[f"due.{voice}"], of[f"on_time.{voice}"]) for voice in VOICES),
        weeks_13=_lasted(of, "weeks_13"),
        weeks_26=_lasted(of, "weeks_26"),
        speed=tuple(Leg(code, median(days[code]), sum(days[code].values())) for code in LEGS),
    )


def _lasted(of: Tally, name: str) -> Sustained:
    return Sustained(*(of[f"{name}.{part}"] for part in ("starts", figures.SUSTAINED, figures.UNKNOWN)))


def median(numbers: Mapping[int, int]) -> float | None:
    """The median of numbers that are given as how often each occurs."""
    half, passed, lower = sum(numbers.values()), 0, None
    for value in sorted(numbers):
        passed += numbers[value]
        if lower is None and 2 * passed >= half:
            lower = value
        if 2 * passed > half:
            return (value + (value if lower is None else lower)) / 2
    return None
