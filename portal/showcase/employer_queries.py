"""What an employer finds: allow-listed columns of its own vacancies' cards, and nothing of anybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.roles import EMPLOYERS
from portal.employers.models import Employer, Vacancy
from portal.employers.queries import CompanyBlocked
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.showcase.models import Interest, Listing, Opening, Profile
from portal.showcase.queries import HIDDEN
from portal.showcase.states import InterestState

# An interest in these states keeps its profile readable, also after the list has changed.
ALIVE = (InterestState.EXPRESSED, InterestState.PROPOSED, InterestState.ACCEPTED, InterestState.INTERVIEW)


@dataclass(frozen=True)
class CardRow:
    """A card of a list, with how far this contact's company is with it."""

    key: str
    code: str
    told: Mapping[str, str]
    opened: bool
    not_fitting: bool
    interest: InterestState | None


def vacancy_of(viewer: Viewer, key: str) -> Vacancy:
    """A vacancy of the viewer's own company. Raises NotFound, and CompanyBlocked."""
    found = db.session.scalar(
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(contains_eager(Vacancy.employer), joinedload(Vacancy.occupation))
        .where(Vacancy.key == key, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
    )
    if found is None:
        raise NotFound()
    if found.employer.state is EmployerState.BLOCKED:
        raise CompanyBlocked()
    return found


def cards(vacancy: Vacancy, viewer: Viewer) -> list[CardRow]:
    """The cards of a vacancy in their order. What was withdrawn is gone at once."""
    found = db.session.execute(
        sa.select(Listing.key, Listing.code, Listing.card, Opening.id, Opening.not_fitting, Interest.state)
        .select_from(Listing)
        .join(Profile, Profile.id == Listing.profile_id)
        .outerjoin(Opening, sa.and_(Opening.listing_id == Listing.id, Opening.person_id == viewer.me))
        .outerjoin(Interest, Interest.listing_id == Listing.id)
        .where(Listing.vacancy_id == vacancy.id, Listing.shown, _visible())
        .order_by(Listing.position)
    )
    return [CardRow(key, code, card, bool(opened), bool(not_fitting), state) for key, code, card, opened, not_fitting, state in found]  # fmt: skip


def _visible() -> sa.ColumnElement[bool]:
    return sa.and_(Profile.published.is_not(None), Profile.state.not_in(HIDDEN))


@dataclass(frozen=True)
class Opened:
    """A listing as one contact finds it: its row, its vacancy, whether it was opened, and the interest in it."""

    listing: Listing
    opening: Opening | None
    interest: Interest | None


def listing_of(viewer: Viewer, key: str) -> Opened:
    """A listing of the viewer's company that may still be seen. Raises NotFound: withdrawn, unknown and a stranger's are one."""
    row = db.session.execute(
        sa.select(Listing, Opening, Interest)
        .select_from(Listing)
        .join(Profile, Profile.id == Listing.profile_id)
        .join(Vacancy, Vacancy.id == Listing.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .outerjoin(Opening, sa.and_(Opening.listing_id == Listing.id, Opening.person_id == viewer.me))
        .outerjoin(Interest, Interest.listing_id == Listing.id)
        .options(
            contains_eager(Listing.profile),
            contains_eager(Listing.vacancy).contains_eager(Vacancy.employer).joinedload(Employer.organisation),
        )
        .where(Listing.key == key, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
        .where(Employer.state != EmployerState.BLOCKED, _visible())
        .where(sa.or_(sa.and_(Listing.shown, Vacancy.state == VacancyState.OPEN), Interest.state.in_(ALIVE)))
    ).first()
    if row is None:
        raise NotFound()
    return Opened(row[0], row[1], row[2])


def openings_this_week(vacancy_id: int) -> int:
    since = clock.now() - timedelta(days=7)
    counted = sa.select(sa.func.count()).where(Opening.vacancy_id == vacancy_id, Opening.created_at > since)
    return db.session.scalar(counted) or 0
