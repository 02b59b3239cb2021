"""How many people a vacancy reaches, and which requirement keeps many away: a hint while it is written and beside it.

Who is in the pool is known higher up (the showcase counts, `counted_by`); what comes back is steps and no numbers. A
company may look at so many ways of asking a day, the same way gives the same answer all day, and pages only read what
was kept: nobody learns anything by asking quickly (docs/privacy.md).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.competences import queries as catalogue
from portal.competences.models import Competence
from portal.employers import needs, queries
from portal.employers.answers import VacancyAnswer
from portal.employers.models import Employer, ReachLook, Vacancy, VacancyCompetence
from portal.employers.needs import Needs
from portal.employers.rules import rule
from portal.employers.states import RECRUITING, VacancyState
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import label
from portal.foundation.words import _, lazy, lower_first

# What a counter gives: everybody who has all that is asked, and for each requirement that keeps many away how many there
# would be without it. A number is a step that is reached at least; 0 stands for "few".
Counted = dict[str, Any]


class LookedOften(DomainError):
    sentence = lazy(
        "You looked at many ways to ask today. Tomorrow you can look again; your project worker gladly helps."
    )
    status = 429


Counter = Callable[[int, Needs], Counted | None]
_counter: list[Counter] = []


def counted_by(counter: Counter) -> None:
    """Say who counts: (programme, what is asked) -> steps, or None where it cannot be said now."""
    _counter[:] = [counter]


def _mark(asked: Needs) -> str:
    said = [
        sorted(asked.must), asked.hours_from.isoformat(), asked.hours_until.isoformat(), asked.shift, sorted(asked.forms),
        asked.licence, sorted(asked.languages.items()),
    ]  # fmt: skip
    return crypto.mark("reach", json.dumps(said))


def asked_in(answer: VacancyAnswer) -> Needs:
    numbers = {one.code: one.id for one in catalogue.competences_called([*answer.must, *answer.learnable])}
    return Needs(
        must=frozenset(numbers[code] for code in answer.must if code in numbers),
        learnable=frozenset(numbers[code] for code in answer.learnable if code in numbers),
        hours_from=answer.hours_from, hours_until=answer.hours_until, shift=answer.shift, hours_week=answer.hours_week,
        forms=frozenset(answer.forms), licence=answer.licence,
        languages={"nl": answer.language_nl, "fr": answer.language_fr, "en": answer.language_en},
    )  # fmt: skip


def look(employer: Employer, asked: Needs) -> Counted | None:
    """Count for a company, in the transaction of whoever presses. None before it is verified. Raises LookedOften."""
    if not employer.may_recruit or not _counter:
        return None
    day, mark = clock.today(), _mark(asked)
    # Whoever looks for the same company queues here, so that the day's number holds.
    queries.lock(employer)
    kept = sa.select(ReachLook.answer).where(
        ReachLook.employer_id == employer.id, ReachLook.day == day, ReachLook.mark == mark
    )
    found: Counted | None = db.session.scalar(kept)
    if found is not None:
        return found
    seen = sa.select(sa.func.count()).where(ReachLook.employer_id == employer.id, ReachLook.day == day)
    if (db.session.scalar(seen) or 0) >= rule("vacancies", "looks_a_day"):
        raise LookedOften()
    counted = _counter[0](employer.programme_id, asked)
    if counted is not None:
        db.session.add(ReachLook(employer_id=employer.id, day=day, mark=mark, answer=counted))
    return counted


def keep(vacancy: Vacancy) -> None:
    """Write beside a vacancy how many it reaches, where this may be counted now; a page only reads it."""
    try:
        counted = look(vacancy.employer, needs.of(vacancy))
    except LookedOften:
        counted = None
    vacancy.reach = None if counted is None else {**counted, "on": clock.today().isoformat()}


def count_anew() -> int:
    """Each night: every vacancy that stands, from the pool of that moment; and yesterday's looks are forgotten."""
    db.session.execute(sa.delete(ReachLook).where(ReachLook.day < clock.today()))
    standing = (
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(joinedload(Vacancy.employer), selectinload(Vacancy.competences))
        .where(Vacancy.state.in_([VacancyState.OPEN, VacancyState.ON_HOLD]), Employer.state.in_(RECRUITING))
        .order_by(Employer.programme_id, Vacancy.id)
    )
    found = db.session.scalars(standing).all() if _counter else []
    for vacancy in found:
        counted = _counter[0](vacancy.employer.programme_id, needs.of(vacancy))
        vacancy.reach = None if counted is None else {**counted, "on": clock.today().isoformat()}
    return len(found)


# --- In words -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hint:
    """One requirement that keeps many away: its words, and what `vacancy_changes.drop` calls it ("" where a press cannot)."""

    text: str
    drop: str


@dataclass(frozen=True)
class Reach:
    sentence: str
    hints: tuple[Hint, ...]


def said(counted: Counted | None, competences: Sequence[Competence]) -> Reach | None:
    """The steps in words, for the people of the company: never a number under five."""
    if counted is None:
        return None
    names = {one.id: one for one in competences}
    sentence = (
        _("With everything that you ask, at least %(number)s people fit today.", number=counted["all"])
        if counted["all"]
        else _("With everything that you ask, few people fit today.")
    )
    return Reach(sentence, tuple(_hint(what, step, counted["all"], names) for what, step in counted["without"]))


def _hint(what: str, step: int, everybody: int, names: Mapping[int, Competence]) -> Hint:
    without, drop = _without(what, names)
    text = (
        _("Without %(what)s: at least %(more)s people instead of %(fewer)s.", what=without, more=step, fewer=everybody)
        if everybody
        else _("Without %(what)s: at least %(more)s people instead of few.", what=without, more=step)
    )
    return Hint(text, drop)


def _without(what: str, names: Mapping[int, Competence]) -> tuple[str, str]:
    kind, _colon, about = what.partition(":")
    if kind == "competence":
        one = names.get(int(about))
        return (
            (_("the must “%(skill)s”", skill=one.label), f"competence:{one.code}")
            if one
            else (_("one of the musts"), "")
        )
    if kind == "language":
        return _("the level of %(language)s", language=label("candidates", "languages", about)), what
    fixed = {"licence": _("the driving licence"), "hours": _("these hours"), "forms": _("these forms of employment")}
    return lower_first(fixed[kind]), what if kind == "licence" else ""


def competences_of(vacancy: Vacancy) -> list[Competence]:
    asked: list[VacancyCompetence] = list(vacancy.competences)
    return [one.competence for one in asked]


def counted_on(vacancy: Vacancy) -> date | None:
    """The day of the count that stands beside a vacancy."""
    return date.fromisoformat(vacancy.reach["on"]) if vacancy.reach is not None else None
