"""Whom a question goes to: an ambassador of the same programme and the same sector, or else of the same size.

Among these the one with the fewest questions open, and then who was asked longest ago: everybody has a turn.
"""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.ambassadors.question_models import PeerQuestion, PeerTurn
from portal.employers.models import Employer
from portal.employers.states import RECRUITING
from portal.foundation.database import db
from portal.foundation.options import load


def rule(name: str) -> int:
    return int(load("ambassadors", "questions")[name])


def next_peer(question: PeerQuestion, asker: Employer) -> Ambassador | None:
    """Who is asked next; nobody where all who are like the asker were asked, rest, or have their hands full."""
    same_section = sa.and_(Employer.section == asker.section, Employer.section != "")
    same_size = sa.and_(Employer.size == asker.size, Employer.size != "")
    load_now, last_asked = _open_turns(), _last_asked()
    return db.session.scalar(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .join(Person, Person.id == Ambassador.person_id)
        .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
        .where(
            Ambassador.state == AmbassadorState.ACTIVE, Person.deactivated_at.is_(None), Employer.id != asker.id,
            Employer.programme_id == question.programme_id, Employer.state.in_(RECRUITING),
            sa.or_(same_section, same_size), load_now < rule("most_with_a_peer"),
            Ambassador.id.not_in(sa.select(PeerTurn.ambassador_id).where(PeerTurn.question_id == question.id)),
        )
        .order_by(sa.case((same_section, 0), else_=1), load_now, sa.func.coalesce(last_asked, 0), Ambassador.id)
        .limit(1)
    )  # fmt: skip


def _open_turns() -> sa.ScalarSelect[int]:
    mine = (PeerTurn.ambassador_id == Ambassador.id, PeerTurn.ended_how.is_(None))
    return sa.select(sa.func.count(PeerTurn.id)).where(*mine).correlate(Ambassador).scalar_subquery()


def _last_asked() -> sa.ScalarSelect[int | None]:
    """The newest turn by its number: turns are numbered in the order of asking, also within one second."""
    newest = sa.select(sa.func.max(PeerTurn.id)).where(PeerTurn.ambassador_id == Ambassador.id)
    return newest.correlate(Ambassador).scalar_subquery()
