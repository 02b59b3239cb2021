"""The numbers of a period, computed from the rows of every room: as they stand today, or as they stood on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from portal.dashboard import cohort_queries, cohorts, figures, passing, passing_queries, queries
from portal.dashboard.definitions import VOICES
from portal.dashboard.figures import Adherence, Counted, Leg, Moments, Period, Spell, Sustained
from portal.dashboard.passing import Way
from portal.programmes.models import Programme


@dataclass(frozen=True)
class Board:
    """Everything on the page of figures, computed."""

    trajectories: int
    expected: int
    target: int
    target_activation: int
    activation: figures.Activation
    held: int
    accompanied: int
    aftercare: Sequence[Adherence]
    weeks_13: Sustained
    weeks_26: Sustained
    speed: Sequence[Leg]

    @property
    def accompaniment(self) -> int | None:
        return figures.percent(self.accompanied, self.held)

    @property
    def aftercare_due(self) -> int:
        return sum(one.due for one in self.aftercare)

    @property
    def aftercare_on_time(self) -> int:
        return sum(one.on_time for one in self.aftercare)


@dataclass
class Facts:
    """The rows behind every figure of a period as they stood on a day, each read once and only when it is asked for."""

    programme: Programme
    period: Period
    today: date

    @cached_property
    def persons(self) -> list[Counted]:
        return figures.cohort(queries.counted(self.programme, self.today), self.period)

    @cached_property
    def spells(self) -> list[Spell]:
        return figures.spells(queries.jobs(self.programme, self.today))

    @cached_property
    def talks(self) -> list[queries.Talk]:
        return queries.talks(self.programme, self.period, self.today)

    @cached_property
    def single_moments(self) -> list[queries.Moment]:
        return queries.single_moments(self.programme, self.period, self.today)

    @cached_property
    def moments(self) -> list[Moments]:
        if "single_moments" in self.__dict__:
            return [Moments(one.voice, one.due, one.done, 1) for one in self.single_moments]
        return queries.moments(self.programme, self.period, self.today)

    @cached_property
    def cohort(self) -> list[cohorts.Reached]:
        """How far everybody came who was referred."""
        return cohorts.reached(
            cohort_queries.referred(self.programme, self.period, self.today), self.spells, self.today
        )

    @cached_property
    def refusals(self) -> list[Way]:
        """The ways on which somebody said no."""
        found = passing.in_period(passing_queries.ways(self.programme.id), self.period)
        return [way for way in found if way.employer_no or way.candidate_no]


def board(facts: Facts) -> Board:
    """The figures of a period, from four queries. The target of a year is reckoned to the period's days."""
    period, today, target = facts.period, facts.today, facts.programme.target_trajectories
    held = [talk for talk in facts.talks if talk.held]
    waits = [(talk.asked, talk.decided) for talk in facts.talks]
    return Board(
        trajectories=len(facts.persons),
        expected=figures.expected(target, period, today),
        target=figures.expected(target, period, period.end + timedelta(days=1)),
        target_activation=facts.programme.target_activation,
        activation=figures.activation(facts.persons),
        held=len(held),
        accompanied=sum(talk.accompanied for talk in held),
        aftercare=tuple(figures.adherence(facts.moments, list(VOICES), today)),
        weeks_13=figures.sustained(facts.spells, figures.WEEKS_13, period, today),
        weeks_26=figures.sustained(facts.spells, figures.WEEKS_26, period, today),
        speed=(*figures.speed(facts.persons), figures.leg("permission", waits)),
    )
