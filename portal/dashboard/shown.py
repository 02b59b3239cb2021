"""The figures as sentences, and the cases behind each, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.aftercare.models import Voice
from portal.dashboard import figures, queries
from portal.dashboard.figures import Adherence, Leg, Period, Sustained
from portal.foundation import clock
from portal.foundation.words import _, date_medium, lazy
from portal.programmes.models import Programme

VOICES: dict[str, Any] = {
    Voice.EMPLOYEE.value: lazy("Employee"),
    Voice.EMPLOYER.value: lazy("Employer"),
    Voice.JUSTICE_ASSISTANT.value: lazy("Justice assistant"),
}
LEGS: dict[str, Any] = {
    "screening": lazy("From referral to screening"),
    "profile": lazy("From screening to approved profile"),
    "interview": lazy("From approved profile to first interview"),
    "start": lazy("From first interview to first start"),
    "permission": lazy("Waiting for a permission, apart"),
}
OUTCOMES: dict[str, Any] = {
    figures.SUSTAINED: lazy("in work"),
    figures.LOST: lazy("not in work"),
    figures.UNKNOWN: lazy("unknown"),
}


@dataclass(frozen=True)
class Board:
    """Everything on the page of figures, computed."""

    trajectories: int
    expected: int
    target: int
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


def board(programme: Programme) -> Board:
    """All figures of a programme's period, from four queries."""
    today, period = clock.today(), queries.period_of(programme)
    persons = figures.cohort(queries.counted(programme, today), period)
    found = figures.spells(queries.jobs(programme, today))
    talks = queries.talks(programme, period)
    held = [talk for talk in talks if talk.held]
    return Board(
        trajectories=len(persons),
        expected=figures.expected(programme.target_trajectories, period, today),
        target=programme.target_trajectories,
        activation=figures.activation(persons),
        held=len(held),
        accompanied=sum(talk.accompanied for talk in held),
        aftercare=figures.adherence(queries.moments(programme, period, today), list(VOICES), today),
        weeks_13=figures.sustained(found, figures.WEEKS_13, period, today),
        weeks_26=figures.sustained(found, figures.WEEKS_26, period, today),
        speed=[*figures.speed(persons), figures.leg("permission", [(talk.asked, talk.decided) for talk in talks])],
    )


@dataclass(frozen=True)
class Case:
    """One line behind a figure: whose case, on which day, and what was counted."""

    candidate_id: int
    day: date | None
    text: str


FIGURES: dict[str, Any] = {
    "trajectories": lazy("Trajectories"),
    "activation": lazy("Activation"),
    "accompaniment": lazy("Accompanied interviews"),
    "aftercare": lazy("Aftercare on time"),
    "weeks_13": lazy("In work after 13 weeks"),
    "weeks_26": lazy("In work after 26 weeks"),
    "speed": lazy("Speed"),
}


def cases(programme: Programme, figure: str) -> list[Case]:
    """The cases behind a figure, the newest first. Raises KeyError for a figure that does not exist."""
    today, period = clock.today(), queries.period_of(programme)
    found = _LISTS[figure](programme, period, today)
    return sorted(found, key=lambda case: (case.day or date.min, case.candidate_id), reverse=True)


def _trajectories(programme: Programme, period: Period, today: date) -> list[Case]:
    people = figures.cohort(queries.counted(programme, today), period)
    return [Case(one.candidate_id, one.on, _("screening done, plan agreed")) for one in people]


def _activation(programme: Programme, period: Period, today: date) -> list[Case]:
    people = figures.cohort(queries.counted(programme, today), period)
    return [Case(one.candidate_id, one.on, _started(one)) for one in people]


def _started(one: figures.Counted) -> str:
    if one.paid_start is not None:
        return _("paid contract since %(day)s", day=date_medium(one.paid_start))
    if one.start is not None:
        return _("started on %(day)s, without a paid contract", day=date_medium(one.start))
    return _("not started yet")


def _accompaniment(programme: Programme, period: Period, today: date) -> list[Case]:
    held = [talk for talk in queries.talks(programme, period) if talk.held]
    words = {True: _("a worker was there"), False: _("nobody noted as companion")}
    return [Case(talk.candidate_id, talk.on, words[talk.accompanied]) for talk in held]


def _aftercare(programme: Programme, period: Period, today: date) -> list[Case]:
    found = []
    for one in queries.single_moments(programme, period, today):
        last = figures.last_day(one.due)
        if one.done is None and today <= last:
            continue
        on_time = one.done is not None and one.done <= last
        words = _("on time") if on_time else _("late") if one.done else _("not done")
        found.append(Case(one.candidate_id, one.due, f"{VOICES[one.voice]}: {words}"))
    return found


def _weeks(after: Any) -> Any:
    def listed(programme: Programme, period: Period, today: date) -> list[Case]:
        found = figures.old_enough(figures.spells(queries.jobs(programme, today)), after, period, today)
        return [Case(one.candidate_id, one.start, str(OUTCOMES[figures.outcome(one, after)])) for one in found]

    return listed


def _speed(programme: Programme, period: Period, today: date) -> list[Case]:
    people = figures.cohort(queries.counted(programme, today), period)
    return [Case(one.candidate_id, one.on, _days(one)) for one in people]


def _days(one: figures.Counted) -> str:
    """Its four legs in days, in order; a dash where it is not that far."""
    legs = [f"{leg.days:.0f}" if leg.days is not None else "–" for leg in figures.speed([one])]
    return _("days per step: %(days)s", days=" · ".join(legs))


_LISTS: dict[str, Any] = {
    "trajectories": _trajectories,
    "activation": _activation,
    "accompaniment": _accompaniment,
    "aftercare": _aftercare,
    "weeks_13": _weeks(figures.WEEKS_13),
    "weeks_26": _weeks(figures.WEEKS_26),
    "speed": _speed,
}
