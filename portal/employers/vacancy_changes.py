"""Changing a vacancy that is open, as far as that is harmless.

Words, the number and the first day change at will. Hours, and a requirement that is dropped, are matched anew with what
the last batch released, and once in so many days only: a company that could ask again and again would find somebody out
(privacy.md, Attacks). Nothing is ever asked on top: candidates were compared with what it asked. Whoever was asked about the
earlier hours is asked again (the showcase listens).
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from portal.employers import public_vacancies
from portal.employers.models import Vacancy
from portal.employers.rules import rule
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.errors import DomainError
from portal.foundation.signals import vacancy_changed
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal

CHANGEABLE = frozenset({VacancyState.OPEN, VacancyState.ON_HOLD, VacancyState.EXPIRED})
WORDS = ("title", "tasks", "number", "starts_on", "flexible", "interview_inside", "interview_video")
HOURS = ("hours_week", "hours_from", "hours_until", "shift")


class MatchedAlready(DomainError):
    sentence = lazy(
        "The hours or requirements of this vacancy changed less than a week ago. Wait a few days, or call your project worker."
    )
    status = 429


@dataclass(frozen=True)
class ChangeAnswer:
    """What may change while a vacancy is open; `notice_days` as typed in the list."""

    title: str
    tasks: str
    number: int
    starts_on: date | None
    hours_week: int
    hours_from: time
    hours_until: time
    shift: str
    flexible: bool
    interview_inside: bool
    interview_video: bool
    notice_days: str
    public: str


def may_change_openly(vacancy: Vacancy) -> bool:
    return vacancy.state in CHANGEABLE


def change(vacancy: Vacancy, answer: ChangeAnswer) -> frozenset[str]:
    """Returns what changed. Raises WrongState, MatchedAlready and TellsTooMuch."""
    if not may_change_openly(vacancy):
        raise WrongState()
    new: dict[str, Any] = {name: getattr(answer, name) for name in (*WORDS, *HOURS)}
    new["notice_days"] = int(answer.notice_days)
    changed = frozenset(name for name, value in new.items() if getattr(vacancy, name) != value)
    if changed & set(HOURS):
        _match_anew(vacancy)
    for name in changed:
        setattr(vacancy, name, new[name])
    before = vacancy.public
    public_vacancies.publish(vacancy, answer.public)
    if changed or vacancy.public != before:
        journal.note(
            "vacancy.changed", vacancy, what=sorted(changed | ({"public"} if vacancy.public != before else set()))
        )
        vacancy_changed.send(vacancy, what=changed)
    return changed


def drop(vacancy: Vacancy, what: str) -> None:
    """A requirement less, in one press: "licence", "language:fr" or "competence:<code>", which can then be learnt.

    Raises WrongState where it is not asked (any more), and MatchedAlready.
    """
    kind, _colon, about = what.partition(":")
    if vacancy.state is not VacancyState.DRAFT and not may_change_openly(vacancy):
        raise WrongState()
    must = next((one for one in vacancy.competences if one.must and one.competence.code == about), None)
    asked = {
        "licence": vacancy.licence != "none",
        "language": vacancy.languages.get(about, "not_needed") != "not_needed",
        "competence": must is not None,
    }
    if not asked.get(kind, False):
        raise WrongState()
    if vacancy.state is not VacancyState.DRAFT:
        _match_anew(vacancy)
    if must is not None and kind == "competence":
        must.must = False
    elif kind == "licence":
        vacancy.licence = "none"
    else:
        vacancy.languages = {**vacancy.languages, about: "not_needed"}
    journal.note("vacancy.loosened", vacancy, what=kind)
    vacancy_changed.send(vacancy, what=frozenset({"asked"}))


def _match_anew(vacancy: Vacancy) -> None:
    wait = timedelta(days=rule("vacancies", "rematch_after_days"))
    last = vacancy.rematched_at
    if last is not None and clock.now() - last < wait:
        raise MatchedAlready()
    vacancy.rematched_at = clock.now()
