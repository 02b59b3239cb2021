"""Reading the network, scoped to the viewer's own company or, for a coordinator, to the own programmes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.roles import EMPLOYERS, Role
from portal.ambassadors import deeds
from portal.ambassadors.funnel import Peer, came_to
from portal.ambassadors.levels import Reached
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, InvitationState, Level, Signature, Wish
from portal.employers.models import Employer
from portal.employers.queries import CompanyBlocked
from portal.employers.states import EmployerState
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.placements.models import Placement, PlacementState
from portal.tasks.models import Task

WERE = (AmbassadorState.ACTIVE, AmbassadorState.PAUSED)
# The tasks in which a company's question to be confirmed as a pioneer waits.
CONFIRMING = ("ambassadors.confirm_pioneer", "ambassadors.confirm_peer")


@dataclass(frozen=True)
class Mine:
    """A company's place in the network, and what waits there: its newest signature, a question to be confirmed as a
    pioneer, and the question whether it would like to become an ambassador."""

    company: Employer
    ambassador: Ambassador | None
    signed_version: int
    asks_to_be_pioneer: bool
    asked_to_join: bool


def company_of(viewer: Viewer) -> tuple[Employer, Ambassador | None]:
    """The viewer's company and its ambassadorship. Raises NotFound without one, CompanyBlocked for a blocked one."""
    mine = mine_of(viewer)
    return mine.company, mine.ambassador


def mine_of(viewer: Viewer) -> Mine:
    """The viewer's company in the network, in one query. Raises NotFound and CompanyBlocked."""
    companies = viewer.organisations(*EMPLOYERS, Role.AMBASSADOR)
    rows = db.session.execute(
        sa.select(Employer, Ambassador, _signed_version(), _asks_to_be_pioneer(), _asked_to_join())
        .outerjoin(Ambassador, Ambassador.employer_id == Employer.id)
        .options(joinedload(Employer.organisation), joinedload(Ambassador.person))
        .where(Employer.organisation_id.in_(companies))
    )
    # As elsewhere, the seat that somebody has had longest.
    row = min(rows, key=lambda one: companies.index(one[0].organisation_id), default=None)
    if row is None:
        raise NotFound()
    employer, ambassador, version, pioneer, wish = row
    if employer.state is EmployerState.BLOCKED:
        raise CompanyBlocked()
    return Mine(employer, ambassador, version or 0, pioneer, wish)


def _signed_version() -> sa.ScalarSelect[Any]:
    newest = sa.select(sa.func.max(Signature.charter_version)).where(Signature.ambassador_id == Ambassador.id)
    return newest.correlate(Ambassador).scalar_subquery()


def _asks_to_be_pioneer() -> sa.ColumnElement[bool]:
    about = (Task.subject_kind == Ambassador.__tablename__, Task.subject_id == Ambassador.id, Task.closed_at.is_(None))
    return sa.exists().where(Task.kind.in_(CONFIRMING), *about).correlate(Ambassador)


def _asked_to_join() -> sa.ColumnElement[bool]:
    asked = (Wish.asked_on.is_not(None), Wish.answer.not_in(["later", "no"]))
    return sa.exists().where(Wish.employer_id == Employer.id, *asked).correlate(Employer)


def ambassador_of(viewer: Viewer, *states: AmbassadorState) -> Ambassador:
    """The viewer's own ambassadorship, running (or in one of these states). Raises NotFound for anybody else."""
    found = db.session.scalar(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(
            joinedload(Ambassador.employer).joinedload(Employer.organisation),
            joinedload(Ambassador.person),
        )
        .where(
            Employer.organisation_id.in_(viewer.organisations(Role.AMBASSADOR)),
            Employer.state != EmployerState.BLOCKED,
            Ambassador.state.in_(states or (AmbassadorState.ACTIVE,)),
        )
    )
    if found is None:
        raise NotFound()
    return found


def invitation_of(viewer: Viewer, key: str) -> Invitation:
    """An invitation of the viewer's own company. Two presses at once, or a press and the peer's answer, queue here."""
    if not is_reading():
        db.session.execute(sa.select(Invitation.id).where(Invitation.key == key).with_for_update())
    found: Invitation | None = db.session.scalar(
        _with_sender(sa.select(Invitation))
        .join(Ambassador, Ambassador.id == Invitation.ambassador_id)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .where(Invitation.key == key, Employer.organisation_id.in_(viewer.organisations(Role.AMBASSADOR)))
        .where(Employer.state != EmployerState.BLOCKED)
        .execution_options(populate_existing=not is_reading())
    )
    if found is None:
        raise NotFound()
    return found


def invitation_behind(invitation_id: int, *, lock: bool = False) -> Invitation | None:
    """The invitation that a peer's link points to, with who asks. `lock`: a yes and a no at once queue here."""
    if lock:
        db.session.execute(sa.select(Invitation.id).where(Invitation.id == invitation_id).with_for_update())
    statement = _with_sender(sa.select(Invitation)).where(Invitation.id == invitation_id)
    found: Invitation | None = db.session.scalar(statement.execution_options(populate_existing=lock))
    return found


def _with_sender(statement: sa.Select[Any]) -> sa.Select[Any]:
    sender = joinedload(Invitation.ambassador)
    return statement.options(
        sender.joinedload(Ambassador.person),
        sender.joinedload(Ambassador.employer).joinedload(Employer.organisation),
    )


@dataclass(frozen=True)
class Asked:
    """One invitation in the list, with how far the peer came."""

    invitation: Invitation
    peer: Peer


def asked_by(ambassador: Ambassador) -> Sequence[Asked]:
    """All invitations of an ambassador, newest first, in one query, drafts included."""
    peer, theirs = aliased(Employer), aliased(Ambassador)
    rows = db.session.execute(
        sa.select(
            Invitation, peer.state, peer.verified_at, peer.shows_progress,
            sa.exists().where(Interview.employer_id == peer.id, Interview.state == InterviewState.HELD).label("met"),
            sa.exists().where(Placement.employer_id == peer.id, _really_started()).label("started"),
            sa.exists().where(theirs.employer_id == peer.id, theirs.state.in_(WERE)).label("joined"),
        )
        .outerjoin(peer, peer.id == Invitation.employer_id)
        .where(Invitation.ambassador_id == ambassador.id)
        .order_by(Invitation.id.desc())
    )  # fmt: skip
    return [Asked(row[0], _peer(row)) for row in rows]


def _really_started() -> sa.ColumnElement[bool]:
    return Placement.state.not_in([PlacementState.PREPARING, PlacementState.FELL_THROUGH])


def _peer(row: sa.Row) -> Peer:
    verified, active = came_to(row.state, row.verified_at is not None)
    return Peer(
        registered=row.state is not None,
        verified=verified,
        active=active,
        interviewed=row.met,
        started=row.started,
        ambassador=row.joined,
        shows_progress=bool(row.shows_progress),
    )


def reached_by(ambassador: Ambassador) -> Reached:
    """What counts for the level of a company: its own interviews and starts, and the peers that show their progress."""
    return reached(ambassador, deeds.of([ambassador.employer_id])[ambassador.employer_id])


def reached(ambassador: Ambassador, days: deeds.Days) -> Reached:
    """A company's deeds, with what a person said of them. A pioneer of before the day was noted stays confirmed."""
    confirmed = ambassador.confirmed_on is not None or ambassador.level is Level.PIONEER
    return Reached(days, confirmed, ambassador.confirmed_on)


def who_asked(employer: Employer) -> Invitation | None:
    """The invitation with which a company came."""
    if employer.invitation_id is None:
        return None
    return invitation_behind(employer.invitation_id)


def signature_of(ambassador: Ambassador) -> Signature | None:
    """The newest signature of a company."""
    return db.session.scalar(
        sa.select(Signature)
        .where(Signature.ambassador_id == ambassador.id)
        .order_by(Signature.charter_version.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class Listed:
    """An ambassador in the coordinator's list, with the size of its part of the network."""

    ambassador: Ambassador
    invited: int
    registered: int


def ambassadors_of(programmes: Sequence[int]) -> Sequence[Listed]:
    """The ambassadors of these programmes: who waits for an answer first, then by company."""
    counts = (
        sa.select(
            Invitation.ambassador_id.label("ambassador_id"),
            sa.func.count(Invitation.id).label("invited"),
            sa.func.count(Invitation.employer_id).label("registered"),
        )
        .where(Invitation.state != InvitationState.DRAFT)
        .group_by(Invitation.ambassador_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Ambassador, counts.c.invited, counts.c.registered)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .outerjoin(counts, counts.c.ambassador_id == Ambassador.id)
        .options(
            joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation)
        )
        .where(Employer.programme_id.in_(programmes))
        .order_by(Ambassador.state != AmbassadorState.APPLIED, Ambassador.id.desc())
        .limit(200)
    )  # fmt: skip
    return [Listed(row[0], row.invited or 0, row.registered or 0) for row in rows]


def ambassador_in(programmes: Sequence[int], key: str) -> Ambassador:
    """One ambassador of these programmes. Raises NotFound for any other. A yes and a no at once queue here."""
    if not is_reading():
        db.session.execute(sa.select(Ambassador.id).where(Ambassador.key == key).with_for_update())
    found = db.session.scalar(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
        .where(Ambassador.key == key, Employer.programme_id.in_(programmes))
    )
    if found is None:
        raise NotFound()
    return found
