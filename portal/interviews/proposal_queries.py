"""Reading what companies were asked about a moment, and what they answered; locked where somebody answers or settles."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates.handles import Handle, handle
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.interviews import preferred
from portal.interviews.models import Interview, Proposal
from portal.interviews.states import ProposalState
from portal.showcase.models import Interest

STANDING = (ProposalState.ASKED, ProposalState.PREFERRED, ProposalState.SUITS)


def is_over(row: Proposal) -> bool:
    """Whether its time has passed: that of the question, or that of the last window that was given."""
    if row.state is ProposalState.PREFERRED:
        return all(window.span.end <= clock.now() for window in preferred.read(row.windows))
    return row.expires_at <= clock.now()


def _whole() -> Any:
    """All that a question is about; each is one row."""
    vacancy = joinedload(Proposal.interest).joinedload(Interest.vacancy)
    return (
        vacancy.joinedload(Vacancy.workplace), vacancy.joinedload(Vacancy.employer).joinedload(Employer.organisation),
        joinedload(Proposal.contact), joinedload(Proposal.interview).joinedload(Interview.companion),
        joinedload(Proposal.interview).joinedload(Interview.workplace),
        joinedload(Proposal.interview).joinedload(Interview.permission),
    )  # fmt: skip


def one(*where: sa.ColumnElement[bool], lock: bool = False) -> Proposal:
    """The question with all that its page shows; with `lock` it is this transaction's until the commit. Raises NotFound.

    What is planned is locked before it, by whoever answers and whoever settles: both in one order, so that they queue.
    """
    if lock:
        _lock_what_is_planned(*where)
    statement = sa.select(Proposal).where(*where).options(*_whole()).execution_options(populate_existing=True)
    found = db.session.scalar(statement.with_for_update(of=Proposal) if lock else statement)
    if found is None:
        raise NotFound()
    return found


def _lock_what_is_planned(*where: sa.ColumnElement[bool]) -> None:
    about = db.session.execute(sa.select(Proposal.interest_id, Proposal.interview_id).where(*where)).first()
    if about is None:
        return
    planned = sa.select(Interest.id).where(Interest.id == about.interest_id)
    if about.interview_id is not None:
        planned = sa.select(Interview.id).where(Interview.id == about.interview_id)
    db.session.execute(planned.with_for_update())


def of_contact(viewer: Viewer, key: str) -> Proposal:
    """A question that this contact was asked, as long as the contact speaks for the company. Raises NotFound."""
    found = one(Proposal.key == key, Proposal.contact_id == viewer.me, lock=not is_reading())
    if found.interest.vacancy.employer.organisation_id not in viewer.organisations(*EMPLOYERS):
        raise NotFound()
    return found


def of_staff(viewer: Viewer, key: str) -> tuple[Proposal, Handle]:
    """A question about somebody of the viewer's. Raises NotFound."""
    row = one(Proposal.key == key)
    case = handle(row.candidate_id)
    mine = row.interview.worker_id if row.interview is not None else case.worker_id
    own = case.programme_id in viewer.programmes(Role.PROJECT_WORKER) and mine == viewer.me
    if not own and case.programme_id not in viewer.programmes(Role.COORDINATOR):
        raise NotFound()
    return (row if is_reading() else one(Proposal.id == row.id, lock=True)), case


def standing(interest_id: int) -> Proposal | None:
    """What the company was asked about an interest, and has answered, as far as it still counts."""
    found = db.session.scalar(
        sa.select(Proposal)
        .where(Proposal.interest_id == interest_id, Proposal.state.in_(STANDING))
        .options(joinedload(Proposal.contact))
    )
    return None if found is None or is_over(found) else found


def so_far(interest_id: int) -> tuple[Interview | None, Proposal | None]:
    """The last interview that was planned for an interest, and what the company was asked, in one query."""
    last = sa.select(sa.func.max(Interview.id)).where(Interview.interest_id == interest_id).scalar_subquery()
    statement = (
        sa.select(Interview, Proposal)
        .select_from(Interest)
        .outerjoin(Interview, Interview.id == last)
        .outerjoin(Proposal, sa.and_(Proposal.interest_id == Interest.id, Proposal.state.in_(STANDING)))
        .options(joinedload(Interview.decision), joinedload(Proposal.contact))
        .where(Interest.id == interest_id)
    )
    interview, proposal = db.session.execute(statement).one()
    return interview, None if proposal is None or is_over(proposal) else proposal
