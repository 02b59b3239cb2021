"""Somebody has stopped, or must not be seen by a company: what a company read and was asked about that person ends at once."""

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import cards, duties, queries
from portal.interviews.models import Decision, Interview, Reveal
from portal.interviews.outcome_models import Framing
from portal.interviews.states import DecisionState, InterviewState
from portal.outbox import service as outbox
from portal.showcase.states import InterestState

_D = DecisionState
# Who works there, or is about to, is known there by now.
_KNOWN = (_D.TRYING, _D.ACCEPTED)
_OVER = (InterviewState.HELD, InterviewState.CANCELLED)


def stopped(candidate_id: int) -> None:
    """A way that ended, or an agreement to be guided that was taken back: no card and no answer is asked for any more."""
    out_of_sight(candidate_id)
    planned = sa.select(Interview.id).where(Interview.candidate_id == candidate_id, Interview.state.not_in(_OVER))
    for interview in queries.whole(db.session.scalars(planned).all(), lock=True):
        duties.way_ended(interview)
    waits = sa.select(Interview.id).join(Decision, Decision.interview_id == Interview.id)
    waits = waits.where(Interview.candidate_id == candidate_id, Interview.state == InterviewState.HELD)
    for interview in queries.whole(db.session.scalars(waits.where(Decision.state == _D.PENDING)).all(), lock=True):
        if interview.interest.may_move_to(InterestState.LAPSED):
            interview.interest.move_to(InterestState.LAPSED, "stopped")
        cards.decided(interview)
        outbox.cancel_waiting(interview, template="interviews/waiting")
        duties.close(interview, "answer", "silence")


def out_of_sight(candidate_id: int, *, employer_id: int | None = None) -> None:
    """The name and the framing go at the next request, of every company or of one; not where somebody works."""
    known = sa.select(Decision.interview_id).where(Decision.state.in_(_KNOWN))
    theirs = sa.select(Interview.id).where(Interview.candidate_id == candidate_id, Interview.id.not_in(known))
    if employer_id is not None:
        theirs = theirs.where(Interview.employer_id == employer_id)
    now = clock.now()
    named = sa.or_(Reveal.ends_at.is_(None), Reveal.ends_at > now)
    db.session.execute(sa.update(Reveal).where(Reveal.interview_id.in_(theirs), named).values(ends_at=now))
    told = sa.update(Framing).where(Framing.interview_id.in_(theirs), Framing.withdrawn_at.is_(None))
    db.session.execute(told.values(withdrawn_at=now))
