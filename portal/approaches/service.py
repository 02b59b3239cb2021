"""Asking a company for somebody, by phone: who called, the answer, the next step (product.md, Approach).

What counts for the flow is a company where somebody was really spoken to; a call that nobody took counts for nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.agenda.windows import workdays_after
from portal.approaches import duties
from portal.approaches.models import Approach, ApproachCall
from portal.approaches.rules import rule
from portal.approaches.states import ApproachState
from portal.candidates.handles import Handle
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState
from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import options
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.showcase import proposals
from portal.showcase.models import Interest, KeptFrom
from portal.showcase.proposals import MustNotSee
from portal.showcase.states import InterestState
from portal.trajectories import flows
from portal.trajectories import queries as ways
from portal.trajectories import service as trajectories

_A = ApproachState
MILESTONE = "employers_approached"


class OnHold(DomainError):
    sentence = lazy("This company is blocked. Ask your coordinator before you call.")
    status = 409


class LeaveAlone(DomainError):
    sentence = lazy("This company asked not to be called now. Note a call only when the company called you.")
    field = "by_company"
    status = 409


class DayMissing(DomainError):
    sentence = lazy("Say until when the company asks to be left alone.")
    field = "until"


class DayPassed(DomainError):
    sentence = lazy("This day has passed. Choose one that comes.")
    field = "next_on"


class StepMissing(DomainError):
    sentence = lazy("Say what happens on that day.")
    field = "next_step"


class NotInterested(DomainError):
    sentence = lazy("The company has not said that it is interested. Note the call first.")
    status = 409


class NotYetCalled(DomainError):
    sentence = lazy("A call was noted already, so it stays in the list.")
    status = 409


@dataclass(frozen=True)
class CallAnswer:
    """What a call brought. `by_company`: the company called us."""

    answer: str
    called_on: date
    spoke_with: str = ""
    by_company: bool = False
    until: date | None = None
    next_step: str = ""
    next_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Rest:
    """What a company last said to anybody, where that keeps everybody from calling: until when, or None for good."""

    until: date | None


def rest_of(last: ApproachCall | None) -> Rest | None:
    """Whether a company asked to be left alone, by the last call in which somebody of it was spoken to."""
    if last is None:
        return None
    said = options("approaches", "answers").get(last.answer)
    if said is None or not said.data["for_everybody"]:
        return None
    if last.until is None:
        return Rest(None)
    return Rest(last.until) if last.until > clock.today() else None


def own_rest(approach: Approach | None) -> Rest | None:
    """The same for this one person: a no, or not before a day."""
    if approach is None:
        return None
    if approach.state is _A.NO:
        return Rest(None)
    later = approach.state is _A.NOT_NOW and approach.until is not None and approach.until > clock.today()
    return Rest(approach.until) if later else None


def must_be_allowed(case: Handle, employer: Employer) -> None:
    """Raises MustNotSee and OnHold."""
    kept = sa.select(KeptFrom.id).where(KeptFrom.candidate_id == case.id, KeptFrom.employer_id == employer.id)
    if db.session.scalar(kept) is not None:
        raise MustNotSee()
    if employer.state is EmployerState.BLOCKED:
        raise OnHold()


def of(case: Handle, employer: Employer) -> Approach:
    """The approach of this company for this person, begun now if there is none: two at the same moment get one."""
    found = _between(case.id, employer.id)
    if found is None:
        found = Approach(candidate_id=case.id, employer_id=employer.id, code=crypto.readable_code(), state=_A.PLANNED)
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:
            found = _between(case.id, employer.id)
            if found is None:
                raise
    found.employer = employer
    return found


def _between(candidate_id: int, employer_id: int) -> Approach | None:
    # Two tabs that note a call: the second waits, and then sees where it stands.
    return db.session.scalar(
        sa.select(Approach)
        .where(Approach.candidate_id == candidate_id, Approach.employer_id == employer_id)
        .with_for_update()
    )


def last_heard(employer_id: int) -> ApproachCall | None:
    """The last call in which somebody of a company was spoken to, whoever it was for."""
    return db.session.scalar(
        sa.select(ApproachCall)
        .where(ApproachCall.employer_id == employer_id, ApproachCall.reached)
        .order_by(ApproachCall.called_on.desc(), ApproachCall.id.desc())
        .limit(1)
    )


def plan(case: Handle, employer: Employer, day: date) -> Approach:
    """Call this company on a day: it stands among the tasks. Raises MustNotSee, OnHold, LeaveAlone and DayPassed."""
    must_be_allowed(case, employer)
    if day < clock.today():
        raise DayPassed()
    approach = of(case, employer)
    rest = own_rest(approach) or rest_of(last_heard(employer.id))
    if rest is not None and (rest.until is None or day < rest.until):
        raise LeaveAlone()
    approach.next_step, approach.next_on = "call_again" if approach.called_on else "", day
    journal.note("approach.planned", approach)
    duties.planned(approach, case)
    return approach


def drop(approach: Approach) -> None:
    """Not this company after all: what was only planned leaves no trace but in the journal. Raises NotYetCalled."""
    called = sa.select(ApproachCall.id).where(ApproachCall.approach_id == approach.id).limit(1)
    if db.session.scalar(called) is not None:
        raise NotYetCalled()
    journal.note("approach.dropped", approach)
    duties.over(approach, "dropped")
    db.session.delete(approach)


def note_call(case: Handle, employer: Employer, given: CallAnswer) -> Approach:
    """Somebody called. Raises MustNotSee, OnHold, LeaveAlone, DayMissing, DayPassed and StepMissing."""
    must_be_allowed(case, employer)
    said = options("approaches", "answers")[given.answer].data
    _check_days(given, said)
    approach = of(case, employer)
    if not given.by_company and (own_rest(approach) or rest_of(last_heard(employer.id))) is not None:
        raise LeaveAlone()
    db.session.add(
        ApproachCall(
            approach_id=approach.id, candidate_id=case.id, employer_id=employer.id, person_id=acting.person_id(),
            called_on=given.called_on, reached=said["reached"], by_company=given.by_company, answer=given.answer,
            until=given.until if said["needs_day"] else None, spoke_with=given.spoke_with or None, note=given.note or None,
        )
    )  # fmt: skip
    journal.note("approach.call_noted", approach, answer=given.answer)
    if said["reached"]:
        _stands_now(approach, given, str(said["state"]))
        approach.called_on = approach.called_on or given.called_on
    _next(approach, case, given)
    count_approached(case)
    return approach


def _check_days(given: CallAnswer, said: dict[str, Any]) -> None:
    if said["needs_day"] and (given.until is None or given.until <= clock.today()):
        raise DayMissing()
    if given.next_on is not None and given.next_on < clock.today():
        raise DayPassed()
    if given.next_on is not None and not given.next_step:
        raise StepMissing()


def _stands_now(approach: Approach, given: CallAnswer, state: str) -> None:
    """Every answer goes through "called"; what a company says of a proposal on the phone ends that too."""
    if approach.state is not _A.CALLED:
        approach.move_to(_A.CALLED)
    if state != _A.CALLED:
        approach.move_to(ApproachState(state), given.answer)
    approach.until = given.until if state == _A.NOT_NOW else None
    if state in {_A.NO, _A.NOT_NOW} and approach.interest_id is not None:
        proposals.take_back(db.session.get_one(Interest, approach.interest_id), given.answer)


def _next(approach: Approach, case: Handle, given: CallAnswer) -> None:
    """The next step with its day is a task; "not now" brings the company back on its day by itself."""
    step, day = given.next_step, given.next_on
    if day is None and approach.state is _A.NOT_NOW and given.until is not None:
        step, day = "call_again", given.until
    approach.next_step, approach.next_on = (step, day) if day is not None else ("", None)
    duties.called(approach, case)


def count_approached(case: Handle) -> int:
    """How many different companies were spoken to on this way; enough of them reach the milestone."""
    db.session.flush()
    way = ways.latest(case.id)
    if way is None:
        return 0
    counted = sa.select(sa.func.count(sa.distinct(ApproachCall.employer_id))).where(
        ApproachCall.candidate_id == case.id, ApproachCall.reached, ApproachCall.called_on >= way.accepted_on
    )
    number = db.session.scalar(counted) or 0
    if number >= wanted(case):
        trajectories.reach(case.id, MILESTONE)
    return number


def wanted(case: Handle) -> int:
    """How many companies the flow asks, in the version on which this person's way runs."""
    return flows.minimum(case.id, case.programme_id, MILESTONE)


def propose(case: Handle, approach: Approach, vacancy: Vacancy) -> Interest:
    """One press: the warm company gets the blind profile to answer, and the candidate is asked.

    Pressed twice, it is the same interest. Raises NotInterested, and what showcase.proposals.propose raises.
    """
    if approach.state is not _A.INTERESTED:
        raise NotInterested()
    interest = proposals.propose(case, vacancy, code=approach.code)
    if approach.interest_id != interest.id:
        approach.interest_id = interest.id
        # A letter alone is easily left lying: after as many days as an answer may take, somebody calls.
        waits = interest.asks_employer
        approach.next_step = "ask_answer" if waits else ""
        approach.next_on = workdays_after(clock.today(), rule("answer_workdays")) if waits else None
        journal.note("approach.became_interest", approach, interest=interest.id)
        duties.called(approach, case)
    return interest


def ask_for_vacancy(case: Handle, approach: Approach, day: date) -> None:
    """Warm, but nothing is open: writing the vacancy with the company is the next step."""
    if approach.state is not _A.INTERESTED or _alive(approach):
        raise WrongState()
    approach.next_step, approach.next_on = "write_vacancy", day
    journal.note("approach.vacancy_wanted", approach)
    duties.called(approach, case)


def _alive(approach: Approach) -> bool:
    interest = db.session.get(Interest, approach.interest_id) if approach.interest_id else None
    return interest is not None and interest.state not in {InterestState.DECLINED, InterestState.LAPSED}
