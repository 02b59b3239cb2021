"""What another room may know of a candidate without a reason: numbers and conditions, never who it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.agenda.windows import WeeklyWindow
from portal.candidates import break_glass, possible, queries
from portal.candidates.models import BreakGlass, Candidate, Identity, Precondition, Referral, WorkConstraints
from portal.candidates.states import Scope
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.journal import service as journal
from portal.programmes.models import Site, SiteKind


@dataclass(frozen=True)
class Handle:
    """A case by its numbers. `postcode` is where the person is met; `lead_days` are working days before a permission."""

    id: int
    key: str
    programme_id: int
    worker_id: int | None
    language: str
    postcode: str
    permission_needed: bool
    lead_days: int


def handle(candidate_id: int) -> Handle:
    """Raises NotFound for an unknown number."""
    found = handles([candidate_id]).get(candidate_id)
    if found is None:
        raise NotFound()
    return found


def of_staff(viewer: Viewer, key: str) -> Handle:
    """The case with this address, for who works in it: its worker, who sits the day, the coordinator. Raises NotFound."""
    return _scoped(viewer, sa.and_(Candidate.key == key, queries.worked(viewer)))


def readable(viewer: Viewer, key: str, *, note: bool = True) -> Handle:
    """The case with this address for reading, also through an opened glass: a page that asks this writes nothing,
    or asks first whether the case is the viewer's own. Without `note` the caller's own reading is what the journal gets.
    Raises NotFound."""
    return _scoped(viewer, sa.and_(Candidate.key == key, queries.visible(viewer)), note=note)


def read_by(viewer: Viewer, candidate_id: int) -> Handle:
    """The case with this number for reading, also through an opened glass; as `readable`. Raises NotFound."""
    return _scoped(viewer, sa.and_(Candidate.id == candidate_id, queries.visible(viewer)))


def kept_by(viewer: Viewer, key: str) -> Handle:
    """The case with this address for its own worker and its coordinator: no glass opens it. Raises NotFound."""
    return _scoped(viewer, sa.and_(Candidate.key == key, queries.kept(viewer)))


def _scoped(viewer: Viewer, where: sa.ColumnElement[bool], *, note: bool = True) -> Handle:
    """The one case in this scope. Whoever comes through an opened glass leaves a line in the journal first."""
    works = sa.case((queries.worked(viewer), True), else_=False).label("works")
    row = db.session.execute(
        _columns()
        .add_columns(works, BreakGlass)
        .outerjoin(BreakGlass, sa.and_(break_glass.of_this_case(viewer), BreakGlass.scope == Scope.CASE))
        .where(where)
    ).first()
    if row is None:
        raise NotFound()
    found = _handle(row)
    if not row.works:
        break_glass.enter(row.BreakGlass, found.key)
    if note and not row.works:
        journal.saw_each("case.read_through_glass", "candidate", [found.id])
    return found


def handles(ids: Collection[int]) -> dict[int, Handle]:
    """The cases of these numbers, in one query. Before a screening the site says whether leave must be asked."""
    return _read(Candidate.id.in_(list(ids)))


def _read(where: sa.ColumnElement[bool]) -> dict[int, Handle]:
    return {row.id: _handle(row) for row in db.session.execute(_columns().where(where))}


def _columns() -> sa.Select:
    return (
        sa.select(
            Candidate.id, Candidate.key, Candidate.programme_id, Candidate.worker_id, Candidate.language,
            Site.postcode, Site.kind, Site.permission_lead_days, WorkConstraints.permission_needed, WorkConstraints.lead_days,
        )
        .outerjoin(Site, Site.id == Candidate.site_id)
        .outerjoin(WorkConstraints, WorkConstraints.candidate_id == Candidate.id)
    )  # fmt: skip


def _handle(row: sa.Row) -> Handle:
    needed, lead = row.permission_needed, row.lead_days
    if needed is None:
        needed = row.kind == SiteKind.PRISON
        lead = row.permission_lead_days if needed else 0
    return Handle(
        row.id, row.key, row.programme_id, row.worker_id, row.language, row.postcode or "", bool(needed), int(lead or 0)
    )


def cases_of_worker(person_id: int) -> sa.Select[int]:
    """The numbers of somebody's own cases, as a part of another room's query."""
    return sa.select(Candidate.id).where(Candidate.worker_id == person_id)


def worker_of(candidate_id: Any) -> sa.ScalarSelect[int | None]:
    """The number of a case's own worker, as a part of another room's query."""
    return sa.select(Candidate.worker_id).where(Candidate.id == candidate_id).scalar_subquery()


def waiting_to_begin(programme_id: int) -> int:
    """How many referrals of a programme are not decided on: whoever of them is taken on begins after today."""
    undecided = (Referral.programme_id == programme_id, Referral.state.in_(queries.OPEN))
    return db.session.scalar(sa.select(sa.func.count(Referral.id)).where(*undecided)) or 0


def site_of(candidate_id: Any) -> sa.ScalarSelect[int | None]:
    """The number of the place where a person is met, as a part of another room's query."""
    return sa.select(Candidate.site_id).where(Candidate.id == candidate_id).scalar_subquery()


def met_at(site_id: int, programme_id: int) -> sa.Select[int]:
    """The numbers of a programme's cases that are met at a place, as a part of another room's query."""
    return sa.select(Candidate.id).where(Candidate.site_id == site_id, Candidate.programme_id == programme_id)


def referred_since(programmes: Collection[int], day: date) -> sa.ScalarSelect[int]:
    """How many referrals these programmes received from this day on, as a column of another room's query."""
    return (
        sa.select(sa.func.count(Referral.id))
        .where(Referral.programme_id.in_(list(programmes)), Referral.received_on >= day)
        .scalar_subquery()
    )


def first_referred(programme_id: int, since: date, until: date) -> sa.Select[int, date]:
    """Who was referred to a programme between two days, and when first: numbers and dates, as a part of another query."""
    return (
        sa.select(Referral.candidate_id, sa.func.min(Referral.received_on).label("received_on"))
        .where(Referral.programme_id == programme_id, Referral.received_on >= since, Referral.received_on <= until)
        .group_by(Referral.candidate_id)
    )


def known(programme_id: int) -> sa.Select[int]:
    """The numbers of a programme's people of whom the portal still knows who they are: an erased person is not there."""
    identified = sa.exists().where(Identity.candidate_id == Candidate.id)
    return sa.select(Candidate.id).where(Candidate.programme_id == programme_id, identified)


def referred_on(candidate_id: Any, before: Any) -> sa.ScalarSelect[date]:
    """The day of the last referral until a day, as a column of another room's query: a date and nothing else."""
    return (
        sa.select(sa.func.max(Referral.received_on))
        .where(Referral.candidate_id == candidate_id, Referral.received_on <= before)
        .scalar_subquery()
    )


def with_workers(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The address key of these cases and the name of each one's worker, in one query."""
    rows = db.session.execute(
        sa.select(Candidate.id, Candidate.key, Person.first_name, Person.last_name)
        .outerjoin(Person, Person.id == Candidate.worker_id)
        .where(Candidate.id.in_(list(ids)))
    )
    return {row.id: (row.key, f"{row.first_name or ''} {row.last_name or ''}".strip()) for row in rows}


def met_where(candidate_id: int) -> Site | None:
    """The place where somebody is met now; None where no place is noted."""
    return db.session.scalar(
        sa.select(Site).join(Candidate, Candidate.site_id == Site.id).where(Candidate.id == candidate_id)
    )


def right_to_work_until(candidate_id: int) -> date | None:
    """Until when somebody may work, as the case notes it; None when nobody noted a date."""
    return db.session.scalar(
        sa.select(Precondition.valid_until).where(
            Precondition.candidate_id == candidate_id, Precondition.kind == "right_to_work"
        )
    )


def outside_hours(candidate_id: int) -> tuple[WeeklyWindow, ...]:
    """The weekly hours in which a person can be at a company, as the case notes them; empty when nothing is noted."""
    noted = db.session.scalar(sa.select(WorkConstraints).where(WorkConstraints.candidate_id == candidate_id))
    return tuple(possible.conditions(noted, None).windows) if noted is not None else ()
