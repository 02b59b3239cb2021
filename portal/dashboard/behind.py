"""The cases behind each figure, as rows: for the coordinator's eyes, and, sealed, for a month that is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.dashboard import figures, queries
from portal.dashboard.boards import Facts
from portal.dashboard.cohorts import STAGES as COHORT
from portal.dashboard.definitions import OUTCOMES, SIDES, STAGES, VOICES
from portal.dashboard.reasons import reason
from portal.foundation.words import _, date_medium


@dataclass(frozen=True)
class Case:
    """One line behind a figure: whose case, on which day, what was counted, and the same as a code.

    `row` tells two lines of one person on one day apart."""

    candidate_id: int
    day: date | None
    text: str
    outcome: str = ""
    row: int = 0


def cases(facts: Facts, figure: str) -> list[Case]:
    """The cases behind a figure, the newest first. Raises KeyError for a figure that does not exist."""
    found = _LISTS[figure](facts)
    return sorted(found, key=lambda case: (case.day or date.min, case.candidate_id), reverse=True)


def _trajectories(facts: Facts) -> list[Case]:
    return [Case(one.candidate_id, one.on, _("screening done, plan agreed")) for one in facts.persons]


def _activation(facts: Facts) -> list[Case]:
    return [Case(one.candidate_id, one.on, *_started(one)) for one in facts.persons]


def _started(one: figures.Counted) -> tuple[str, str]:
    if one.paid_start is not None:
        return _("paid contract since %(day)s", day=date_medium(one.paid_start)), "paid"
    if one.start is not None:
        return _("started on %(day)s, without a paid contract", day=date_medium(one.start)), "unpaid"
    return _("not started yet"), ""


def _accompaniment(facts: Facts) -> list[Case]:
    held = [talk for talk in facts.talks if talk.held]
    words = {True: (_("a worker was there"), "there"), False: (_("nobody noted as companion"), "")}
    return [Case(talk.candidate_id, talk.on, *words[talk.accompanied], row=talk.row) for talk in held]


def _aftercare(facts: Facts) -> list[Case]:
    found = []
    for one in facts.single_moments:
        last = figures.last_day(one.due)
        if one.done is None and facts.today <= last:
            continue
        on_time = one.done is not None and one.done <= last
        words, code = (_("on time"), "on_time") if on_time else (_("late"), "late") if one.done else (_("not done"), "")
        found.append(Case(one.candidate_id, one.due, f"{VOICES[one.voice]}: {words}", code, one.row))
    return found


def _weeks(after: timedelta) -> Callable[[Facts], list[Case]]:
    def listed(facts: Facts) -> list[Case]:
        found = figures.old_enough(facts.spells, after, facts.period, facts.today)
        outcomes = [(one, figures.outcome(one, after)) for one in found]
        return [Case(one.candidate_id, one.start, str(OUTCOMES[code]), _told(code)) for one, code in outcomes]

    return listed


def _told(code: str) -> str:
    return "" if code == figures.UNKNOWN else code


def _speed(facts: Facts) -> list[Case]:
    waited = [talk for talk in facts.talks if talk.asked and talk.decided]
    return [
        *(
            Case(one.candidate_id, one.on, _("days per step: %(days)s", days=_days(one)), _days(one))
            for one in facts.persons
        ),
        *(_wait(talk) for talk in waited),
    ]


def _wait(talk: queries.Talk) -> Case:
    days = str((talk.decided - talk.asked).days) if talk.asked and talk.decided else ""
    return Case(
        talk.candidate_id, talk.asked, _("days of waiting for a permission: %(days)s", days=days), days, talk.row
    )


def _days(one: figures.Counted) -> str:
    """Its four legs in days, in order; a dash where it is not that far."""
    return " · ".join(f"{leg.days:.0f}" if leg.days is not None else "–" for leg in figures.speed([one]))


def _cohort(facts: Facts) -> list[Case]:
    return [Case(one.candidate_id, one.on, str(STAGES[COHORT[one.stage]]), COHORT[one.stage]) for one in facts.cohort]


def _refusals(facts: Facts) -> list[Case]:
    return [
        Case(way.candidate_id, way.began, f"{SIDES[side]}: {', '.join(map(reason, codes))}", side, way.vacancy_id)
        for way in facts.refusals
        for side, codes in (("employer_no", sorted(set(way.employer_no))), ("candidate_no", sorted(set(way.candidate_no))))
        if codes
    ]  # fmt: skip


_LISTS: dict[str, Any] = {
    "trajectories": _trajectories,
    "activation": _activation,
    "accompaniment": _accompaniment,
    "aftercare": _aftercare,
    "weeks_13": _weeks(figures.WEEKS_13),
    "weeks_26": _weeks(figures.WEEKS_26),
    "speed": _speed,
    "cohort": _cohort,
    "refusals": _refusals,
}
