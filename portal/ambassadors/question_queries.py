"""Reading questions, scoped to who asked, whose turn it is, or whose programme it is."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerQuestion, PeerTurn, QuestionState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page


def whole() -> sa.Select[Any]:
    """With all that a page, a letter or a routing needs."""
    peer = selectinload(PeerQuestion.turns).joinedload(PeerTurn.ambassador)
    return sa.select(PeerQuestion).options(
        joinedload(PeerQuestion.person),
        joinedload(PeerQuestion.employer).joinedload(Employer.organisation),
        selectinload(PeerQuestion.messages),
        peer.joinedload(Ambassador.person),
        peer.joinedload(Ambassador.employer).joinedload(Employer.organisation),
    )


def _one(statement: sa.Select[Any], key: str) -> PeerQuestion:
    """Two answers, or an answer and a nightly run, at once: the second waits, and then finds it settled."""
    if not is_reading():
        db.session.execute(sa.select(PeerQuestion.id).where(PeerQuestion.key == key).with_for_update())
    found: PeerQuestion | None = db.session.scalars(statement.where(PeerQuestion.key == key)).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def asked_by(viewer: Viewer, key: str) -> PeerQuestion:
    """A question that this very person asked. Raises NotFound."""
    mine = Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS))
    return _one(
        whole()
        .join(Employer, Employer.id == PeerQuestion.employer_id)
        .where(PeerQuestion.person_id == viewer.me, mine, Employer.state != EmployerState.BLOCKED),
        key,
    )


def list_of(viewer: Viewer) -> Page[PeerQuestion]:
    """What this person asked for the companies that it speaks for today, the newest first."""
    mine = Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS))
    return page(
        sa.select(PeerQuestion)
        .join(Employer, Employer.id == PeerQuestion.employer_id)
        .options(selectinload(PeerQuestion.messages))
        .where(PeerQuestion.person_id == viewer.me, mine),
        PeerQuestion.id,
        newest_first=True,
    )


def put_to(viewer: Viewer, key: str) -> tuple[PeerQuestion, PeerTurn]:
    """A question that was put to the viewer's company, with its turn. Raises NotFound."""
    companies = viewer.organisations(Role.AMBASSADOR)
    turns = (
        sa.select(PeerTurn.question_id)
        .join(Ambassador, Ambassador.id == PeerTurn.ambassador_id)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .where(Employer.organisation_id.in_(companies), Employer.state != EmployerState.BLOCKED)
    )
    found = _one(whole().where(PeerQuestion.id.in_(turns)), key)
    return found, next(one for one in found.turns if one.ambassador.employer.organisation_id in companies)


def of_team(viewer: Viewer, key: str) -> PeerQuestion:
    """A question of the viewer's programmes. Raises NotFound."""
    return _one(whole().where(PeerQuestion.programme_id.in_(viewer.programmes(*STAFF))), key)


def all_of_team(viewer: Viewer) -> Page[PeerQuestion]:
    """What companies asked one another, the newest first."""
    return page(
        sa.select(PeerQuestion)
        .options(joinedload(PeerQuestion.employer).joinedload(Employer.organisation))
        .where(PeerQuestion.programme_id.in_(viewer.programmes(*STAFF))),
        PeerQuestion.id,
        newest_first=True,
    )


def waiting_count(questions: Sequence[PeerQuestion]) -> int:
    return sum(one.state in {QuestionState.WITH_PEER, QuestionState.WITH_WORKER} for one in questions)
