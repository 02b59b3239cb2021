"""Reading placements, scoped to the viewer: a worker's own, a coordinator's programmes, an employer contact's own."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.organisations.models import Workplace
from portal.placements.models import Placement, PlacementState
from portal.trajectories.models import Trajectory

WHOLE = (
    joinedload(Placement.employer).joinedload(Employer.organisation),
    joinedload(Placement.vacancy),
    joinedload(Placement.contact),
    joinedload(Placement.worker),
    joinedload(Placement.workplace),
)
NOT_RUNNING = (PlacementState.PREPARING, PlacementState.FELL_THROUGH, PlacementState.ENDED)


def seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Which placements staff may see, as a condition."""
    programmes = viewer.programmes(Role.COORDINATOR)
    theirs = sa.select(Trajectory.id).where(Trajectory.programme_id.in_(programmes))
    own = Placement.worker_id == viewer.person_id if viewer.has(Role.PROJECT_WORKER) else sa.false()
    return sa.or_(own, Placement.trajectory_id.in_(theirs)) if programmes else own


def placement_of(viewer: Viewer, key: str) -> Placement | None:
    """A placement that this member of staff may see, with everything that a page about it shows."""
    return db.session.scalar(sa.select(Placement).options(*WHOLE).where(Placement.key == key, seen_by(viewer)))


def own_placement(viewer: Viewer, key: str) -> Placement | None:
    """A placement of this worker's own caseload: only its worker changes it."""
    mine = Placement.worker_id == viewer.person_id
    return db.session.scalar(sa.select(Placement).options(*WHOLE).where(Placement.key == key, mine))


def of_contact(person_id: int) -> Sequence[Placement]:
    """The running placements for which somebody is the employer's contact, the newest start first."""
    statement = (
        sa.select(Placement)
        .options(joinedload(Placement.vacancy))
        .where(Placement.contact_id == person_id, Placement.state.not_in(NOT_RUNNING))
        .order_by(Placement.starts_on.desc(), Placement.id)
        .limit(100)
    )
    return db.session.scalars(statement).all()


def being_prepared(viewer: Viewer) -> Sequence[Placement]:
    """Offers that were accepted and whose start is not recorded yet."""
    statement = (
        sa.select(Placement)
        .options(*WHOLE)
        .where(Placement.state == PlacementState.PREPARING, seen_by(viewer))
        .order_by(Placement.id)
        .limit(50)
    )
    return db.session.scalars(statement).all()


def workplaces_of(placement: Placement) -> Sequence[Workplace]:
    return db.session.scalars(
        sa.select(Workplace)
        .where(Workplace.organisation_id == placement.employer.organisation_id)
        .order_by(Workplace.name)
    ).all()


def justice_assistants(placement: Placement) -> Sequence[Person]:
    """The justice assistants of the programme, for a schedule that somebody must follow."""
    today = clock.today()
    programme = sa.select(Trajectory.programme_id).where(Trajectory.id == placement.trajectory_id).scalar_subquery()
    return db.session.scalars(
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.JUSTICE_ASSISTANT, Membership.programme_id == programme)
        .where(Membership.since <= today, sa.or_(Membership.until.is_(None), Membership.until >= today))
        .where(Person.deactivated_at.is_(None))
        .order_by(Person.last_name)
    ).unique().all()  # fmt: skip
