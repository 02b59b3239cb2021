"""After the interview: who was there, how it went, what the employer decides, and what the candidate answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.agenda import holds
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.foundation.signals import interview_held, offer_accepted
from portal.foundation.states import WrongState
from portal.foundation.words import speaking
from portal.interviews import duties, letters, reveals, service
from portal.interviews.models import Decision, Interview, Scorecard
from portal.interviews.rules import NoCompanionThere, NotYet, ReasonNeeded, ScoreFirst, WordsNeeded
from portal.interviews.states import DecisionState, InterviewState, Presence
from portal.journal import service as journal
from portal.showcase.states import InterestState
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

_I, _D = InterviewState, DecisionState


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
class Scores:
    """How the interview went for one person: 1 to 5 and a line of evidence per criterion."""

    scores: Mapping[str, int]
    evidence: Mapping[str, str]
    make_it_work: str = ""


def score(interview: Interview, person_id: int, given: Scores) -> Scorecard:
    """Raises WrongState before the interview was held, or once it is decided."""
    if interview.decision is None or interview.decision.state is not _D.PENDING:
        raise WrongState()
    card = next((one for one in interview.scorecards if one.person_id == person_id), None)
    if card is None:
        card = Scorecard(interview_id=interview.id, candidate_id=interview.candidate_id, person_id=person_id, scores={})
        db.session.add(card)
        interview.scorecards.append(card)
    card.scores, card.evidence = dict(given.scores), dict(given.evidence)
    card.make_it_work = given.make_it_work or None
    journal.note("scorecard.given", interview, person=person_id)
    return card


def decide(
    interview: Interview, person_id: int, outcome: DecisionState, reasons: Sequence[str], note: str = ""
) -> None:
    """The employer decides; the portal only asks for reasons about the job.

    Raises ScoreFirst, ReasonNeeded or WordsNeeded.
    """
    decision = interview.decision
    if decision is None:
        raise WrongState()
    if all(card.person_id != person_id for card in interview.scorecards):
        raise ScoreFirst()
    known = options("interviews", "employer_reasons")
    if outcome is _D.REJECTED and not reasons:
        raise ReasonNeeded()
    if outcome is _D.REJECTED and not note and any(known[code].data["needs_text"] for code in reasons):
        raise WordsNeeded()
    decision.move_to(outcome)
    decision.reasons, decision.note = (list(reasons) if outcome is _D.REJECTED else []), note or None
    decision.decided_by, decision.decided_at = person_id, clock.now()
    if outcome is _D.REJECTED:
        _no(interview)
    duties.decided(interview)
    if outcome is _D.SECOND_TALK:
        company, programme = letters.company_of(interview), interview.vacancy.employer.programme_id
        duties.plan(interview.interest, worker_id=interview.worker_id, programme_id=programme, company=company)


def _no(interview: Interview) -> None:
    """From either side: the name goes after 30 days, and the search goes on."""
    reveals.end_after_no(interview)
    service.back_to_searching(interview)
    if interview.interest.may_move_to(InterestState.LAPSED):
        interview.interest.move_to(InterestState.LAPSED)


def for_candidate(decision: Decision) -> list[str]:
    """The sentences that the candidate hears, in the language being written."""
    known = options("interviews", "employer_reasons")
    return [known[code].text("to_candidate") for code in decision.reasons if code in known]


def told(interview: Interview, answer: str = "", reasons: Sequence[str] = ()) -> None:
    """The candidate heard it. To an offer or a trial: "accepted", "declined" (with reasons), or "" to think it over.

    Raises ReasonNeeded.
    """
    decision = interview.decision
    if decision is None or decision.state is _D.PENDING:
        raise WrongState()
    decision.told_at = decision.told_at or clock.now()
    journal.note("decision.told", interview)
    asked = decision.state in (_D.OFFER, _D.TRIAL)
    duties.told(interview, thinks=asked and not answer)
    if not asked or not answer:
        return
    if answer == "declined" and not reasons:
        raise ReasonNeeded()
    decision.move_to(_D.ACCEPTED if answer == "accepted" else _D.DECLINED)
    decision.candidate_reasons = list(reasons) if answer == "declined" else []
    letters.answer_of_candidate(interview, yes=answer == "accepted", sentences=_to_employer(interview, reasons))
    if answer == "accepted":
        trajectories.push(interview.candidate_id, TrajectoryState.STARTING)
        offer_accepted.send(interview)
    else:
        _no(interview)


def _to_employer(interview: Interview, reasons: Sequence[str]) -> list[str]:
    known = options("interviews", "candidate_reasons")
    with speaking(interview.contact.language):
        return [known[code].text("to_employer") for code in reasons if code in known]
