"""The cohort view: of everybody who was referred in a period, how many came how far, by the month of the referral."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.dashboard.figures import SUSTAINED, WEEKS_13, WEEKS_26, Spell, outcome

STAGES = ("referred", "accepted", "screened", "profile", "interview", "start", "weeks_13", "weeks_26")


@dataclass(frozen=True)
class Referred:
    """Somebody who was referred, with the first day of each later stage (None: not there yet)."""

    candidate_id: int
    on: date
    accepted: date | None = None
    screened: date | None = None
    profile: date | None = None
    interview: date | None = None
    start: date | None = None


@dataclass(frozen=True)
class Reached:
    candidate_id: int
    on: date
    stage: int


def reached(people: Iterable[Referred], found: Iterable[Spell], today: date) -> list[Reached]:
    """How far each person came. Whoever reached a stage has reached all before it; work lasts as in `figures.outcome`."""
    by_person: dict[int, list[Spell]] = defaultdict(list)
    for spell in found:
        by_person[spell.candidate_id].append(spell)
    return [Reached(one.candidate_id, one.on, _stage(one, by_person[one.candidate_id], today)) for one in people]


def _stage(one: Referred, found: Sequence[Spell], today: date) -> int:
    since = [spell for spell in found if spell.start >= one.on]
    for stage, weeks in ((7, WEEKS_26), (6, WEEKS_13)):
        if any(spell.start + weeks <= today and outcome(spell, weeks) == SUSTAINED for spell in since):
            return stage
    steps = (one.accepted, one.screened, one.profile, one.interview, one.start)
    return max((number for number, day in enumerate(steps, start=1) if day is not None), default=0)


def counts(people: Iterable[Reached]) -> list[int]:
    """How many reached each stage or a later one."""
    stages = [one.stage for one in people]
    return [sum(stage >= at for stage in stages) for at in range(len(STAGES))]


def by_month(people: Iterable[Reached]) -> dict[date, list[int]]:
    months: dict[date, list[Reached]] = defaultdict(list)
    for one in people:
        months[one.on.replace(day=1)].append(one)
    return {month: counts(months[month]) for month in sorted(months)}
