"""Who proposes: companies that were asked when they would like to meet; some have said so, one held moment suits."""

import sqlalchemy as sa

from portal.cli.demo.world import World
from portal.foundation.database import db
from portal.interviews import preferred, proposal_queries, proposals, queries
from portal.interviews.models import Interview, Proposal
from portal.interviews.states import InterviewState
from portal.showcase.models import Interest
from portal.showcase.states import InterestState


def write(_world: World) -> None:
    accepted = sa.select(Interest).where(Interest.state == InterestState.ACCEPTED).order_by(Interest.id)
    for nth, interest in enumerate(db.session.scalars(accepted).all()):
        row = proposal_queries.one(Proposal.id == proposals.ask(interest).id)
        if nth % 3 != 1:
            windows = preferred.offered(row.interest, row.contact_id)[2:8:2]
            proposals.answer(row, seen=row.state.value, windows=windows)
    held = sa.select(Interview.id).where(Interview.state == InterviewState.REQUESTED).order_by(Interview.id)
    for nth, interview in enumerate(queries.whole(db.session.scalars(held).all())):
        row = proposal_queries.one(Proposal.id == proposals.ask_about(interview).id)
        if nth % 2 == 0:
            proposals.answer(row, seen=row.state.value, suits=True)
