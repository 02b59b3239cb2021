"""What the candidate hears, and what the candidate answers: a no counts as much as the company's, and gets the same care."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.options import options
from portal.foundation.signals import offer_accepted
from portal.foundation.words import date_long, lazy, speaking
from portal.interviews import cards, duties, letters, outcome_duties, queries
from portal.interviews.models import Decision, Interview
from portal.interviews.outcome import PastDay, end
from portal.interviews.rules import ReasonNeeded
from portal.interviews.states import DecisionState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

_D, _T = DecisionState, TrajectoryState
ASKED = (_D.OFFER, _D.TRIAL)
# Until here the candidate may step out beside the answer to an offer.
RUNNING = (_D.PENDING, _D.SECOND_TALK, _D.TRYING)


class HasAnswered(Conflict):
    sentence = lazy("The candidate's answer is noted already. Nothing has changed: look at where it stands.")


class OfferEnded(Conflict):
    sentence = lazy("This offer stood until %(day)s. Ask the company whether it stands longer, then note the answer.")
    field = "reply"

    @classmethod
    def on(cls, day: date) -> "OfferEnded":
        return cls(str(cls.sentence) % {"day": date_long(day)})


class ThinksTooLong(DomainError):
    sentence = lazy("The offer stands until %(day)s. Choose that day or an earlier one.")
    field = "until"

    @classmethod
    def after(cls, day: date) -> "ThinksTooLong":
        return cls(str(cls.sentence) % {"day": date_long(day)})


def told(interview: Interview, answer: str = "", reasons: Sequence[str] = (), *, until: date | None = None) -> None:
    """The candidate heard it. To an offer or a trial: "accepted", "declined" (with reasons), or "" to think it over `until`.

    Raises HasAnswered, ReasonNeeded, OfferEnded, PastDay or ThinksTooLong.
    """
    decision = interview.decision
    if decision is None or decision.state is _D.PENDING or (answer and decision.state not in ASKED):
        raise HasAnswered()
    decision.told_at = decision.told_at or clock.now()
    journal.note("decision.told", interview)
    if decision.state not in ASKED:
        duties.told(interview)
    elif not answer:
        _thinks(interview, decision, until)
    elif answer == "declined":
        _no(interview, decision, reasons)
    else:
        _yes(interview, decision)


def _thinks(interview: Interview, decision: Decision, until: date | None) -> None:
    if until is not None and until < clock.today():
        raise PastDay(field="until")
    if until is not None and decision.stands_until is not None and until > decision.stands_until:
        raise ThinksTooLong.after(decision.stands_until)
    decision.thinks_until = until
    duties.told(interview, thinks=True, until=until)


def _yes(interview: Interview, decision: Decision) -> None:
    if decision.stands_until is not None and decision.stands_until < clock.today():
        raise OfferEnded.on(decision.stands_until)
    trial = decision.state is _D.TRIAL
    decision.move_to(_D.TRYING if trial else _D.ACCEPTED)
    decision.tried, decision.thinks_until = decision.tried or trial, None
    _answered(interview)
    letters.answer_of_candidate(interview, yes=True, sentences=[], trial=trial)
    if trial and decision.ends_on is not None:
        decision.asked_before_trial, decision.asked_workdays = decision.asked_workdays, None
        outcome_duties.trial_agreed(interview, decision.ends_on)
    _starts(interview.candidate_id)
    offer_accepted.send(interview)


def _starts(candidate_id: int) -> None:
    """After a trial that has ended somebody searches again; a yes then goes the same way."""
    if trajectories.of(candidate_id).state is _T.SEARCHING:
        trajectories.push(candidate_id, _T.INTERVIEWING)
    trajectories.push(candidate_id, _T.STARTING)


def may_step_out(interview: Interview) -> bool:
    """Whether the candidate's no may be noted here: a second talk that is planned carries it itself."""
    decision = interview.decision
    if decision is None or decision.state not in RUNNING:
        return False
    return decision.state is not _D.SECOND_TALK or not queries.has_later(interview)


def steps_out(interview: Interview, reasons: Sequence[str]) -> None:
    """The candidate says no before the company has answered, before a second talk, or during a trial.

    Raises HasAnswered or ReasonNeeded.
    """
    decision = interview.decision
    if decision is None or not may_step_out(interview):
        raise HasAnswered()
    _no(interview, decision, reasons)


def _no(interview: Interview, decision: Decision, reasons: Sequence[str]) -> None:
    if not reasons:
        raise ReasonNeeded(lazy("Note at least one reason that the candidate gives."))
    offered = decision.state in ASKED
    decision.move_to(_D.DECLINED)
    decision.candidate_reasons, decision.thinks_until = list(reasons), None
    decision.told_at = decision.told_at or clock.now()
    outbox.cancel_waiting(interview, template="interviews/waiting")
    cards.decided(interview)
    _answered(interview)
    letters.answer_of_candidate(interview, yes=False, sentences=to_employer(interview, reasons), offered=offered)
    outcome_duties.candidate_said_no(interview)
    end(interview)


def _answered(interview: Interview) -> None:
    duties.told(interview)
    duties.close(interview, "offer_over")


def to_employer(interview: Interview, reasons: Sequence[str]) -> list[str]:
    """The candidate's reasons as the contact reads them: about the job, in neutral words."""
    known = options("interviews", "candidate_reasons")
    with speaking(interview.contact.language):
        return [known[code].text("to_employer") for code in reasons if code in known]


def wants_help(decision: Decision) -> bool:
    """Whether the company said no for a reason with which the team may help."""
    known = options("interviews", "employer_reasons")
    return any(known[code].data["offers_support"] for code in decision.reasons if code in known)


def next_step_agreed(interview: Interview) -> None:
    """Somebody talked about what comes after the no: with the candidate, or with a company that needs help."""
    duties.close(interview, "after_no", "support")
    journal.note("next_step.agreed", interview)


def stands_longer(interview: Interview, until: date) -> None:
    """The company lets its offer stand longer. Raises HasAnswered or PastDay."""
    decision = interview.decision
    if decision is None or decision.state is not _D.OFFER:
        raise HasAnswered()
    if until < clock.today() or (decision.stands_until is not None and until < decision.stands_until):
        raise PastDay(field="until")
    decision.stands_until = until
    duties.close(interview, "offer_over")
    duties.told(interview, thinks=True, until=until)
    journal.note("offer.stands_longer", interview, until=until.isoformat())


def offers_over() -> int:
    """Each night: an offer that has ended without an answer is its worker's task; nobody is refused by a date."""
    statement = sa.select(Decision.interview_id).where(
        Decision.state == _D.OFFER, Decision.stands_until < clock.today()
    )
    found = queries.whole(list(db.session.scalars(statement)))
    for interview in found:
        if interview.decision is not None and interview.decision.stands_until is not None:
            outcome_duties.offer_over(interview, interview.decision.stands_until)
    db.session.commit()
    return len(found)
