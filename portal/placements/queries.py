"""Reading placements, scoped to the viewer: a worker's own, a coordinator's programmes, an employer contact's own."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers.models import AgencyClient, Employer
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
    return sa.or_(written_by(viewer), Placement.trajectory_id.in_(_in(viewer.programmes(Role.COORDINATOR))))


def written_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The placements of a worker's own caseload, in a programme where the worker still works."""
    here = Placement.trajectory_id.in_(_in(viewer.programmes(Role.PROJECT_WORKER)))
    return sa.and_(Placement.worker_id == viewer.person_id, here)


def of_contact(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The placements of an employer's contact, in a company for which the contact still speaks."""
    companies = sa.select(Employer.id).where(Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
    return sa.and_(Placement.contact_id == viewer.person_id, Placement.employer_id.in_(companies))


def _in(programmes: tuple[int, ...]) -> sa.Select[int]:
    return sa.select(Trajectory.id).where(Trajectory.programme_id.in_(programmes))


def placement_of(viewer: Viewer, key: str) -> Placement | None:
    """A placement that this member of staff may see, with everything that a page about it shows."""
    return db.session.scalar(sa.select(Placement).options(*WHOLE).where(Placement.key == key, seen_by(viewer)))


def latest_of(candidate_id: int) -> Placement | None:
    """The last job of a person, for who may read the case: the caller has seen to that."""
    of_person = sa.select(Placement).options(*WHOLE).where(Placement.candidate_id == candidate_id)
    return db.session.scalar(of_person.order_by(Placement.id.desc()).limit(1))


def own_placement(viewer: Viewer, key: str) -> Placement | None:
    """A placement of this worker's own caseload: only its worker changes it."""
    mine = written_by(viewer)
    return db.session.scalar(sa.select(Placement).options(*WHOLE).where(Placement.key == key, mine))


def running_at(viewer: Viewer) -> Sequence[Placement]:
    """The running placements for which somebody is the employer's contact, the newest start first."""
    statement = (
        sa.select(Placement)
        .options(joinedload(Placement.vacancy))
        .where(of_contact(viewer), Placement.state.not_in(NOT_RUNNING))
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
    """Where the job may be: at the company's own places; of an agency's client, there and nowhere else."""
    clients = sa.select(AgencyClient.workplace_id).where(AgencyClient.agency_id == placement.employer_id)
    own = sa.and_(
        Workplace.organisation_id == placement.employer.organisation_id, Workplace.retired_at.is_(None),
        Workplace.id.not_in(clients), sa.literal(placement.workplace_id).not_in(clients),
    )  # fmt: skip
    here = sa.or_(Workplace.id == placement.workplace_id, own)
    return db.session.scalars(sa.select(Workplace).where(here).order_by(Workplace.name)).all()


def justice_assistants(placement: Placement) -> Sequence[Person]:
    """The justice assistants of the programme, for a schedule that somebody must follow."""
    programme = sa.select(Trajectory.programme_id).where(Trajectory.id == placement.trajectory_id).scalar_subquery()
    return db.session.scalars(
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == Role.JUSTICE_ASSISTANT, Membership.programme_id == programme)
        .where(*seated_today())
        .where(Person.deactivated_at.is_(None))
        .order_by(Person.last_name)
    ).unique().all()  # fmt: skip


def papers_ending(until: date) -> Sequence[Placement]:
    """Running placements whose right to work ends by a day, as the placement notes it."""
    return db.session.scalars(
        sa.select(Placement)
        .options(*WHOLE)
        .where(Placement.state.not_in(NOT_RUNNING), Placement.right_to_work_until <= until)
        .order_by(Placement.id)
    ).all()
