"""After the interview: who was there, and what the employer decides. The candidate's answer is in `answers`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.agenda import holds
from portal.candidates.handles import handle
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.options import options
from portal.foundation.signals import interview_held
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.interviews import cards, clients, duties, letters, outcome_duties, queries, reveals, service
from portal.interviews.models import Decision, Interview
from portal.interviews.rules import NoCompanionThere, NotYet, ReasonNeeded, ScoreFirst, WordsNeeded
from portal.interviews.states import DecisionState, InterviewState, Presence
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase.states import InterestState

_I, _D = InterviewState, DecisionState
WAITING = "interviews/waiting"


class Answered(Conflict):
    """The second of two presses, or one from an old page."""

    sentence = lazy("Your company has answered already. Nothing has changed: look at where it stands.")


class PastDay(DomainError):
    sentence = lazy("This day has passed. Choose a later one.")


class EndsFirst(DomainError):
    sentence = lazy("The last day comes after the first one. Look at both dates.")
    field = "ends_on"


def record_presence(interview: Interview, came: Mapping[str, Presence]) -> None:
    """Who was there, by party. All three there: the interview was held. Else it can still move, or be noted anew.

    Raises NotYet before the start, NoCompanionThere when the others talked without a companion.
    """
    if not interview.begun:
        raise NotYet()
    undecided = interview.decision is not None and interview.decision.state is _D.PENDING
    if interview.state is not _I.CONFIRMED and not (interview.state is _I.HELD and undecided):
        raise WrongState()
    companion = holds.person(interview.companion_id or 0)
    others = [presence for party, presence in came.items() if party != companion]
    alone = came.get(companion) is not Presence.PRESENT
    if alone and (interview.state is _I.HELD or all(presence is Presence.PRESENT for presence in others)):
        raise NoCompanionThere()
    for party, presence in came.items():
        letters.participant(interview, party).presence = presence
    noted: dict[str, Any] = {party: presence.value for party, presence in came.items()}
    journal.note("presence.recorded", interview, **noted)
    if interview.state is _I.HELD:
        return
    if all(presence is Presence.PRESENT for presence in came.values()):
        _held(interview)
    else:
        duties.not_held(interview)


def _held(interview: Interview) -> None:
    interview.move_to(_I.HELD)
    interview.decision = Decision(
        interview_id=interview.id, candidate_id=interview.candidate_id, reasons=[], candidate_reasons=[]
    )
    db.session.flush()
    interview_held.send(interview)
    duties.held(interview)


@dataclass(frozen=True)
class Terms:
    """What goes with a decision. Of an offer or a trial: form, hours and days; of a second talk or a trial: what it is
    about, when it is wished, and who is there."""

    form: str = ""
    hours_week: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    stands_until: date | None = None
    wish: str = ""
    wish_when: str = ""
    wish_who: str = ""


NOTHING = Terms()


def may_decide(interview: Interview) -> tuple[DecisionState, ...]:
    """What the company may answer now: everything after the talk, an offer or a no after a trial, else nothing.

    After a second talk was asked for, that talk carries the answer; until one is planned this one still may. Where the
    candidate or the vacancy is gone there is nothing left to answer.
    """
    if interview.interest.state is InterestState.LAPSED:
        return ()
    state = interview.decision.state if interview.decision is not None else None
    if state is _D.PENDING:
        return (_D.OFFER, _D.TRIAL, _D.SECOND_TALK, _D.REJECTED)
    if state is _D.TRYING:
        return (_D.OFFER, _D.REJECTED)
    if state is _D.SECOND_TALK and not queries.has_later(interview):
        return (_D.OFFER, _D.TRIAL, _D.REJECTED)
    return ()


def decide(
    interview: Interview, person_id: int, outcome: DecisionState, reasons: Sequence[str], note: str = "",
    terms: Terms = NOTHING,
) -> None:  # fmt: skip
    """The employer decides; the portal only asks for reasons about the job.

    Raises Answered, ScoreFirst, ReasonNeeded, WordsNeeded, PastDay or EndsFirst.
    """
    decision = interview.decision
    if decision is None or outcome not in may_decide(interview):
        raise Answered()
    if cards.own(interview, person_id) is None:
        raise ScoreFirst()
    if outcome is not _D.REJECTED:
        clients.must_be_the_same(interview)
    _check_reasons(outcome, reasons, note)
    _check_days(terms)
    decision.move_to(outcome)
    decision.reasons, decision.note = (list(reasons) if outcome is _D.REJECTED else []), note or None
    decision.decided_by, decision.decided_at = person_id, clock.now()
    decision.told_at = decision.thinks_until = None
    _keep(decision, terms)
    outbox.cancel_waiting(interview, template=WAITING)
    cards.decided(interview)
    if outcome is _D.REJECTED:
        end(interview)
        outcome_duties.offer_support(interview, reasons)
    duties.close(interview, "trial_over")
    duties.decided(interview)
    if outcome is _D.SECOND_TALK:
        company, case = letters.company_of(interview), handle(interview.candidate_id)
        duties.plan(interview.interest, worker_id=case.worker_id, programme_id=case.programme_id, company=company)


def _check_reasons(outcome: DecisionState, reasons: Sequence[str], note: str) -> None:
    known = options("interviews", "employer_reasons")
    if outcome is _D.REJECTED and not reasons:
        raise ReasonNeeded()
    if outcome is _D.REJECTED and not note and any(known[code].data["needs_text"] for code in reasons):
        raise WordsNeeded()


def _check_days(terms: Terms) -> None:
    today = clock.today()
    for name in ("stands_until", "starts_on"):
        day = getattr(terms, name)
        if day is not None and day < today:
            raise PastDay(field=name)
    if terms.starts_on is not None and terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise EndsFirst()


def _keep(decision: Decision, terms: Terms) -> None:
    decision.form, decision.hours_week = terms.form, terms.hours_week
    decision.starts_on, decision.ends_on, decision.stands_until = terms.starts_on, terms.ends_on, terms.stands_until
    decision.wish, decision.wish_when = terms.wish or None, terms.wish_when or None
    decision.wish_who = terms.wish_who or None


def end(interview: Interview) -> None:
    """A no from either side: the name goes after 30 days, and the search goes on."""
    reveals.end_after_no(interview)
    service.back_to_searching(interview)
    if interview.interest.may_move_to(InterestState.LAPSED):
        interview.interest.move_to(InterestState.LAPSED)


def for_candidate(decision: Decision) -> list[str]:
    """The sentences that the candidate hears, in the language being written."""
    known = options("interviews", "employer_reasons")
    return [known[code].text("to_candidate") for code in decision.reasons if code in known]
