"""Closing a month: its figures are frozen, and what changes later is told with its cause.

The figures are those from the first day of the programme's period until the month's last day. A closed month holds no
personal data: numbers, and for each line behind a figure two keyed hashes (of the person and of the line) with a code.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from portal.dashboard import behind, boards, cohorts, queries
from portal.dashboard.behind import Case
from portal.dashboard.boards import Board, Facts
from portal.dashboard.cohorts import Reached
from portal.dashboard.definitions import STAGES
from portal.dashboard.figures import Period
from portal.dashboard.models import ClosedMonth
from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme

FROZEN = ("trajectories", "activation", "accompaniment", "aftercare", "weeks_13", "weeks_26", "speed", "cohort")
CORRECTION, ERASURE, LATE = "correction", "erasure", "late_entry"
_MARK = 20


class AlreadyClosed(Conflict):
    sentence = lazy("This month is closed already.")


class NotOver(DomainError):
    sentence = lazy("This month is not over yet: it can be closed from the first day of the next one.")


def first_of(day: date) -> date:
    return day.replace(day=1)


def last_of(month: date) -> date:
    return first_of(month + timedelta(days=31)) - timedelta(days=1)


def facts_until(programme: Programme, month: date, since: date) -> Facts:
    """The rows of a period until a month's last day, as they stood on that day."""
    end = last_of(month)
    return Facts(programme, Period(since, end), end)


def close(programme: Programme, month: date) -> ClosedMonth:
    """Freeze a month. Raises NotOver, and AlreadyClosed."""
    if clock.today() <= last_of(month):
        raise NotOver()
    if standing(programme.id, month) is not None:
        raise AlreadyClosed()
    # The first month of a period that begins in its middle counts from that first day.
    since = programme.period_start
    facts = facts_until(programme, month, since)
    row = ClosedMonth(
        programme_id=programme.id, month=max(month, since), since=since, closed_by=acting.actor().person_id,
        cases=sealed(programme, month, facts), numbers=numbers(boards.board(facts), facts.cohort),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    journal.note("month.closed", row, month=month.isoformat())
    return row


def reopen(row: ClosedMonth, *, reason: str) -> None:
    """Somebody must close it again. The frozen row stays, and the journal tells who opened it and why."""
    row.reopened_at, row.reopened_by = clock.now(), acting.actor().person_id
    journal.note("month.reopened", row, reason=reason, month=row.month.isoformat())


def standing(programme_id: int, month: date) -> ClosedMonth | None:
    return db.session.scalar(
        sa.select(ClosedMonth).where(
            ClosedMonth.programme_id == programme_id, ClosedMonth.reopened_at.is_(None),
            ClosedMonth.month >= month, ClosedMonth.month <= last_of(month),
        )
    )  # fmt: skip


def numbers(board: Board, cohort: Sequence[Reached]) -> dict[str, float | None]:
    """Every number of a month by its figure and its part, in the order in which they are shown."""
    found: dict[str, float | None] = {
        "trajectories.number": board.trajectories,
        "activation.strict": board.activation.strict,
        "activation.broad": board.activation.broad,
        "accompaniment.held": board.held,
        "accompaniment.there": board.accompanied,
    }
    for one in board.aftercare:
        found |= {f"aftercare.{one.voice}.due": one.due, f"aftercare.{one.voice}.on_time": one.on_time}
    for figure, lasting in (("weeks_13", board.weeks_13), ("weeks_26", board.weeks_26)):
        found |= {f"{figure}.{part}": getattr(lasting, part) for part in ("starts", "sustained", "unknown")}
    found |= {f"speed.{leg.code}": leg.days for leg in board.speed}
    return found | {f"cohort.reached_{stage}": n for stage, n in zip(STAGES, cohorts.counts(cohort), strict=True)}


def sealed(programme: Programme, month: date, facts: Facts) -> dict[str, list[list[str]]]:
    """The lines behind each figure as hashes: of the person, of the line, and what was counted."""
    # Read one by one for both: the numbers of aftercare are then counted from the same rows.
    seal = _Seal(programme, month)
    _ = facts.single_moments
    return {figure: [seal.line(figure, case) for case in behind.cases(facts, figure)] for figure in FROZEN}


class _Seal:
    """Hashes of one month of one programme: the same person has other hashes in another month."""

    def __init__(self, programme: Programme, month: date) -> None:
        self.purpose = f"closed month:{programme.id}:{first_of(month).isoformat()}"

    def person(self, candidate_id: int) -> str:
        return crypto.mark(self.purpose, f"person:{candidate_id}")[:_MARK]

    def line(self, figure: str, case: Case) -> list[str]:
        text = f"{figure}:{case.candidate_id}:{case.day}:{case.row}"
        return [self.person(case.candidate_id), crypto.mark(self.purpose, text)[:_MARK], case.outcome]


@dataclass(frozen=True)
class Now:
    """A closed month as it would be counted today."""

    numbers: Mapping[str, float | None]
    causes: Mapping[str, Mapping[str, int]]


def now(row: ClosedMonth) -> Now:
    """Count a closed month anew: what its numbers would be, and why lines differ, by figure."""
    facts = facts_until(row.programme, first_of(row.month), row.since)
    lines = sealed(row.programme, first_of(row.month), facts)
    seal = _Seal(row.programme, first_of(row.month))
    # A month that was closed before a figure was frozen has no line of it.
    frozen = [figure for figure in FROZEN if figure in row.cases]
    changed = {figure: lines[figure] for figure in frozen if sorted(lines[figure]) != sorted(row.cases[figure])}
    people = {seal.person(one) for one in queries.known(row.programme)} if changed else set()
    causes = {figure: Counter(_causes(row.cases[figure], found, people)) for figure, found in changed.items()}
    return Now(numbers(boards.board(facts), facts.cohort), causes)


def _causes(then: list[list[str]], today: list[list[str]], known: set[str]) -> Iterator[str]:
    """Why each line is other than it was. A person who is known no more was erased; a line of somebody that took the place
    of another one was corrected; what is simply there now, or was open and is not any more, came in late."""
    before, after = {line[1]: line for line in then}, {line[1]: line for line in today}
    gone = [before[mark] for mark in before.keys() - after.keys()]
    moved = Counter(person for person, _mark, _code in gone if person in known)
    yield from (CORRECTION if person in known else ERASURE for person, _mark, _code in gone)
    for mark in after.keys() - before.keys():
        person = after[mark][0]
        if moved[person] > 0:
            # Its other half is counted already: one line that was changed is one correction.
            moved[person] -= 1
        else:
            yield LATE
    for mark in before.keys() & after.keys():
        if before[mark][2] != after[mark][2]:
            yield CORRECTION if before[mark][2] else LATE


def months_of(programme: Programme) -> list[date]:
    """The months of a programme's period that began until today, the newest first."""
    month, found = first_of(programme.period_start), []
    while month <= min(clock.today(), programme.period_end):
        found.append(month)
        month = last_of(month) + timedelta(days=1)
    return found[::-1]
