"""From an opened profile to a start: how many go on from each stage to the next, and why both sides say no."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.dashboard.figures import Period, percent
from portal.dashboard.suppression import alone, publish

OPENED, INTEREST, YES, HELD, OFFER, ACCEPTED, STARTED = range(7)
STAGES = ("opened", "interest", "yes", "held", "offer", "accepted", "started")


@dataclass
class Way:
    """One person for one vacancy: how far it came, when it began, and the reasons of whoever said no."""

    candidate_id: int
    vacancy_id: int
    began: date
    size: str = ""
    section: str = ""
    reached: int = OPENED
    employer_no: list[str] = field(default_factory=list)
    candidate_no: list[str] = field(default_factory=list)

    def reach(self, stage: int) -> None:
        """Whoever reaches a stage has reached all before it."""
        self.reached = max(self.reached, stage)


def in_period(ways: Iterable[Way], period: Period) -> list[Way]:
    return [way for way in ways if way.began in period]


def counts(ways: Iterable[Way]) -> list[int]:
    """How many reached each stage or a later one."""
    reached = Counter(way.reached for way in ways)
    return [sum(number for stage, number in reached.items() if stage >= at) for at in range(len(STAGES))]


def people(ways: Iterable[Way]) -> list[int]:
    """How many different people reached each stage or a later one: a cell about few of them is a small cell."""
    furthest: dict[int, int] = {}
    for way in ways:
        furthest[way.candidate_id] = max(furthest.get(way.candidate_id, OPENED), way.reached)
    return [sum(reached >= at for reached in furthest.values()) for at in range(len(STAGES))]


@dataclass(frozen=True)
class Rate:
    """A stage: how many reached it, and the share of those at the stage before. None: hidden."""

    stage: str
    number: int | None
    share: int | None


def rates(numbers: Sequence[int | None]) -> list[Rate]:
    before: list[int | None] = [None, *numbers[:-1]]
    return [Rate(stage, now, _share(now, then)) for stage, now, then in zip(STAGES, numbers, before, strict=True)]


def _share(now: int | None, then: int | None) -> int | None:
    return percent(now, then) if now is not None and then else None


@dataclass(frozen=True)
class Breakdown:
    """The same stages by a trait of the company."""

    rows: list[tuple[str, list[int | None]]]
    totals: list[int | None]


def by(ways: Sequence[Way], trait: str, count: Callable[[Iterable[Way]], list[int]] = counts) -> dict[str, list[int]]:
    groups: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        groups[getattr(way, trait)].append(way)
    return {name: count(group) for name, group in sorted(groups.items())}


def exact(ways: Sequence[Way], trait: str) -> Breakdown:
    """For a worker's own caseload, which the worker knows person by person."""
    return Breakdown([(name, list(row)) for name, row in by(ways, trait).items()], list(counts(ways)))


def hidden(ways: Sequence[Way], *traits: str) -> list[Breakdown]:
    """What may be shown to others. A stage whose total one table hides is hidden in the others too."""
    totals, of_all = counts(ways), people(ways)
    tables = [by(ways, trait) for trait in traits]
    heads = [list(by(ways, trait, people).values()) for trait in traits]
    while True:
        found = [
            publish(list(table.values()), totals, people=rows, of_all=of_all)
            for table, rows in zip(tables, heads, strict=True)
        ]
        shown = min((_shown(one.totals) for one in found), default=len(totals))
        if all(_shown(one.totals) == shown for one in found):
            break
        # Nobody is left to count from there on: publish() then hides the same stages everywhere.
        totals = [*totals[:shown], *([0] * (len(totals) - shown))]
        tables = [
            {name: [*row[:shown], *([0] * (len(row) - shown))] for name, row in table.items()} for table in tables
        ]
    return [
        Breakdown(list(zip(table, one.rows, strict=True)), one.totals) for table, one in zip(tables, found, strict=True)
    ]


def _shown(totals: Sequence[int | None]) -> int:
    return sum(one is not None for one in totals)


def reasons(ways: Iterable[Way], side: str, *, exactly: bool) -> list[tuple[str, int | None]]:
    """How often each reason was given, the most frequent first; hidden ones last. One no may have several reasons."""
    given: dict[str, list[int]] = defaultdict(list)
    for way in ways:
        for code in set(getattr(way, side)):
            given[code].append(way.candidate_id)
    ordered = sorted(given.items(), key=lambda one: (-len(one[1]), one[0]))
    whole = [len(whose) for _code, whose in ordered]
    # Few people who gave it often are few people.
    few = alone([len(set(whose)) for _code, whose in ordered])
    numbers = [number if exactly or shown is not None else None for number, shown in zip(whole, few, strict=True)]
    found = list(zip((code for code, _number in ordered), numbers, strict=True))
    # In the order of their codes, so that the place of a hidden one does not tell which is larger.
    return [one for one in found if one[1] is not None] + sorted(one for one in found if one[1] is None)
