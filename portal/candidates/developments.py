"""Developments: what a partner lets the team know while the programme works with a person, and what the worker does with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.candidates import outcomes, screenings, service
from portal.candidates.models import Candidate, Development, Referral, Screening, WorkConstraints
from portal.candidates.states import ReferralState
from portal.foundation import acting, clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.lists import Page, page
from portal.foundation.options import Option, label, labels, options
from portal.foundation.words import _, _n, lazy
from portal.journal import service as journal
from portal.programmes.models import Site
from portal.tasks import service as tasks

READ_IN = timedelta(days=2)
TASK = "candidates.development"
PLANNABLE = (ReferralState.ACCEPTED, ReferralState.SCREENING_PLANNED, ReferralState.NO_SHOW)


class NothingToTakeOver(DomainError):
    sentence = lazy("There is nothing to take over here: look at the case, and file this news.")
    status = 409


@dataclass(frozen=True)
class News:
    """What a partner posts: codes of closed lists, a day, a place, and at most one short note."""

    note: str = ""
    from_on: date | None = None
    site: Site | None = None
    proposed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One thing that the worker may take over."""

    what: str
    old: str
    new: str


def kinds_for(roles: Collection[str]) -> list[Option]:
    """What somebody with these roles may let us know: detention details come from the PSD and the justice assistant."""
    found = options("candidates", "development_kinds").values()
    return [one for one in found if not set(roles).isdisjoint(one.data["roles"])]


def kind_of(development: Development) -> Option:
    return options("candidates", "development_kinds")[development.kind]


def post(referral: Referral, kind: Option, news: News) -> Development:
    """A partner lets the team know. Raises NotFollowed when the team does not work with the person."""
    if not outcomes.follows(referral):
        raise outcomes.NotFollowed()
    row = Development(
        candidate_id=referral.candidate_id, referral_id=referral.id, posted_by=acting.person_id(), kind=kind.code,
        from_on=news.from_on.isoformat() if news.from_on else None, site_id=news.site.id if news.site else None,
        proposed=news.proposed or None, note=news.note or None,
    )  # fmt: skip
    db.session.add(row)
    journal.note("development.posted", row)
    candidate = referral.candidate
    owner = candidate.worker_id
    tasks.open_task(
        TASK, row, due=clock.today() + READ_IN, at=("candidates.news", {"key": candidate.key}), about=candidate.id,
        owner_id=owner, role=None if owner else Role.PROJECT_WORKER, programme_id=candidate.programme_id,
        name=service.short_name(candidate.id),
    )  # fmt: skip
    return row


# --- What the own worker does with it --------------------------------------------------------------------------


def handle(development: Development) -> None:
    """It was read: the partner sees so, and nothing waits any more."""
    development.handled_on, development.handled_by = clock.today(), acting.person_id()
    journal.note("development.handled", development)
    tasks.close(TASK, development)


def changes(development: Development, candidate: Candidate, constraints: WorkConstraints | None) -> list[Change]:
    """What would become of the case, old beside new; empty when there is nothing to take over."""
    if development.site is not None and development.site_id != candidate.site_id:
        old = candidate.site.label if candidate.site else "–"
        return [Change(_("Place"), old, development.site.label)]
    if constraints is None:
        return []
    said = {**constraints.answers, "lead_days": constraints.lead_days}
    return [
        Change(words(name), shown(name, said.get(name)), shown(name, value))
        for name, value in (development.proposed or {}).items()
        if value != said.get(name)
    ]


def take_over(development: Development, candidate: Candidate, constraints: WorkConstraints | None) -> None:
    """One press: the case becomes what the partner told. Raises NothingToTakeOver."""
    if not changes(development, candidate, constraints):
        raise NothingToTakeOver()
    if development.site is not None:
        _move(candidate, development.site, constraints)
    elif constraints is not None:
        _renew(constraints, candidate, development.proposed)
    handle(development)


def _renew(constraints: WorkConstraints, candidate: Candidate, proposed: dict[str, Any]) -> None:
    screenings.renew_constraints(constraints, candidate, {**constraints.answers, **proposed})
    if "lead_days" in proposed and constraints.permission_needed:
        constraints.lead_days = constraints.lead_told = proposed["lead_days"]


def _move(candidate: Candidate, site: Site, constraints: WorkConstraints | None) -> None:
    """Somebody is met elsewhere from now on; a talk that was booked at the old place asks for another hour."""
    journal.note("candidate.moved", candidate, old=candidate.site_id, new=site.id)
    candidate.site = site
    referral, booked = _on_the_way(candidate.id)
    if referral is not None:
        referral.site_id = site.id
    if constraints is not None:
        # What was told about the hours there counted for the old place.
        constraints.lead_told = None
        screenings.renew_constraints(constraints, candidate, constraints.answers)
    if booked is not None:
        tasks.open_task(
            "candidates.rebook", booked, due=clock.today() + READ_IN, at=("candidates.plan_screening", {"key": candidate.key}),
            owner_id=candidate.worker_id, about=candidate.id, name=service.short_name(candidate.id),
        )  # fmt: skip


def _on_the_way(candidate_id: int) -> tuple[Referral | None, Screening | None]:
    """The referral that a talk is still to follow, and the talk that is booked."""
    booked = sa.and_(Screening.referral_id == Referral.id, Screening.done_on.is_(None), Screening.missed.is_(False))
    row = db.session.execute(
        sa.select(Referral, Screening)
        .outerjoin(Screening, booked)
        .where(Referral.candidate_id == candidate_id, Referral.state.in_(PLANNABLE))
        .order_by(Referral.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else (None, None)


# --- Words -----------------------------------------------------------------------------------------------------


def words(name: str) -> str:
    """What a proposed value is about."""
    return str(
        {
            "regime": _("Regime"), "days": _("Days on which this person can work outside"),
            "longest_absence": _("Longest absence"), "lead_days": _("Working days before a permission"),
        }[name]
    )  # fmt: skip


def shown(name: str, value: Any) -> str:
    """A value of a closed list as people read it."""
    if value in (None, "", [], ()):
        return "–"
    if name == "days":
        return ", ".join(labels("candidates", "weekdays", value))
    if name == "lead_days":
        return _n("%(num)s working day", "%(num)s working days", int(value))
    return label("candidates", {"regime": "detention_regimes"}.get(name, name), value)


def told(development: Development) -> list[tuple[str, str]]:
    """What was posted, as pairs of words."""
    pairs = [(words(name), shown(name, value)) for name, value in (development.proposed or {}).items()]
    return [(_("New place"), development.site.label), *pairs] if development.site is not None else pairs


# --- Reading ---------------------------------------------------------------------------------------------------


def of_referral(referral: Referral) -> Sequence[Development]:
    """What its partner posted, the latest first."""
    statement = sa.select(Development).options(joinedload(Development.site))
    statement = statement.where(Development.referral_id == referral.id).order_by(Development.id.desc()).limit(50)
    return db.session.scalars(statement).all()


def of_case(candidate_id: int) -> Page[Development]:
    """Everything that partners posted about a case, the latest first."""
    statement = sa.select(Development).options(joinedload(Development.site), joinedload(Development.poster))
    return page(statement.where(Development.candidate_id == candidate_id), Development.id, newest_first=True)


def open_one(candidate_id: int, key: str) -> Development:
    """News that nobody has handled. Raises NotFound."""
    statement = sa.select(Development).options(joinedload(Development.site)).with_for_update(of=Development)
    found = db.session.scalar(
        statement.where(
            Development.candidate_id == candidate_id, Development.key == key, Development.handled_on.is_(None)
        )
    )
    if found is None:
        raise NotFound()
    return found


def roles_in(viewer: Viewer, programme_id: int) -> frozenset[str]:
    """The roles that somebody holds in one programme."""
    return frozenset(seat.role for seat in viewer.seats if seat.programme_id == programme_id)
