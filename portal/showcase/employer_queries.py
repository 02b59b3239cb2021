"""What an employer finds: allow-listed columns of its own vacancies' cards, and nothing of anybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.roles import EMPLOYERS
from portal.competences.models import Sector
from portal.employers.models import Employer, Vacancy
from portal.employers.queries import CompanyBlocked
from portal.employers.states import RECRUITING, EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.words import LANGUAGES, language
from portal.programmes.models import Programme
from portal.showcase.models import Batch, Interest, KeptFrom, Listing, Opening, Profile
from portal.showcase.queries import out
from portal.showcase.states import InterestState

# An interest in these states keeps its profile readable, also after the list has changed.
ALIVE = (InterestState.EXPRESSED, InterestState.PROPOSED, InterestState.ACCEPTED, InterestState.INTERVIEW)


class CardRow(NamedTuple):
    """A card of a list, with how far this contact's company is with it. `told`: the coded words, as JSON text."""

    key: str
    code: str
    told: str
    opened: bool
    not_fitting: bool
    interest: str | None


@dataclass(frozen=True)
class CardList:
    """The cards of a vacancy, in their order. `sectors`: the names that they may need, a line each."""

    vacancy_key: str
    title: str
    is_open: bool
    sectors: str
    rows: tuple[CardRow, ...]


def vacancy_of(viewer: Viewer, key: str) -> Vacancy:
    """A vacancy of the viewer's own company. Raises NotFound, and CompanyBlocked."""
    found = db.session.scalar(
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(contains_eager(Vacancy.employer).joinedload(Employer.worker), joinedload(Vacancy.occupation))
        .where(Vacancy.key == key, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))
    )
    if found is None:
        raise NotFound()
    if found.employer.state is EmployerState.BLOCKED:
        raise CompanyBlocked()
    return found


def _visible(employer_id: Any = Vacancy.employer_id) -> sa.ColumnElement[bool]:
    """Out, not withdrawn, and not kept from this company."""
    kept = sa.exists().where(KeptFrom.candidate_id == Profile.candidate_id, KeptFrom.employer_id == employer_id)
    return sa.and_(out(), ~kept.correlate_except(KeptFrom))


def cards_in_sight(vacancy_id: Any, employer_id: Any) -> sa.ScalarSelect[int]:
    """How many cards of a vacancy's list its company may see now, as a column of a query."""
    other, person = aliased(Listing), aliased(Profile)
    kept = sa.exists().where(KeptFrom.candidate_id == person.candidate_id, KeptFrom.employer_id == employer_id)
    return (
        sa.select(sa.func.count(other.id))
        .join(person, person.id == other.profile_id)
        .where(other.vacancy_id == vacancy_id, other.shown, out(person))
        .where(~kept.correlate_except(KeptFrom))
        .correlate_except(other, person)
        .scalar_subquery()
    )


def _least(programme_id: Any) -> sa.ScalarSelect[int]:
    """The k of a programme, as a column of a query."""
    return sa.select(Programme.k).where(Programme.id == programme_id).correlate_except(Programme).scalar_subquery()


def _sector_words(tongue: str) -> sa.ScalarSelect[str]:
    """The catalogue's names of sectors in one text: they come along with the cards, at the cost of no question."""
    line = Sector.code + "\t" + getattr(Sector, tongue)
    return sa.select(sa.func.aggregate_strings(line, "\n")).scalar_subquery()


def _cards_in(tongue: str) -> Any:
    """The page that a company opens most: one statement, built once; columns instead of rows, states as plain text."""
    return (
        sa.select(
            Vacancy.title, sa.type_coerce(Vacancy.state, sa.String), sa.type_coerce(Employer.state, sa.String),
            _sector_words(tongue), Programme.k, Profile.id, Listing.key, Listing.code, sa.cast(Listing.card, sa.Text), Opening.id.is_not(None),
            sa.cast(Opening.not_fitting, sa.Text) != "[]", sa.type_coerce(Interest.state, sa.String),
        )
        .select_from(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Programme, Programme.id == Employer.programme_id)
        .outerjoin(
            Listing, sa.and_(Listing.vacancy_id == Vacancy.id, Listing.shown, Vacancy.state == VacancyState.OPEN)
        )
        .outerjoin(Profile, sa.and_(Profile.id == Listing.profile_id, _visible()))
        .outerjoin(Opening, sa.and_(Opening.listing_id == Listing.id, Opening.person_id == sa.bindparam("me")))
        .outerjoin(
            Interest,
            sa.and_(
                Interest.vacancy_id == Vacancy.id,
                Interest.candidate_id == Profile.candidate_id,
                Interest.listing_id == Listing.id,
            ),
        )
        .where(Vacancy.key == sa.bindparam("key"), Employer.organisation_id == sa.bindparam("organisation"))
        .order_by(Listing.position)
    )  # fmt: skip


_CARDS = {tongue: _cards_in(tongue) for tongue in LANGUAGES}


def cards(viewer: Viewer, key: str) -> CardList:
    """The cards of a vacancy of the viewer's own company. What was withdrawn is gone at once; under k none are left.

    Raises NotFound, and CompanyBlocked.
    """
    rows: Sequence[Any] = ()
    for organisation in viewer.organisations(*EMPLOYERS):
        values = {"key": key, "me": viewer.me, "organisation": organisation}
        rows = rows or db.session.connection().execute(_CARDS[language()], values).all()
    if not rows:
        raise NotFound()
    title, state, company, sectors, least = rows[0][:5]
    if company == EmployerState.BLOCKED:
        raise CompanyBlocked()
    found = tuple(CardRow._make(one[6:]) for one in rows if one[5] is not None)
    return CardList(key, title, state == VacancyState.OPEN, sectors or "", found if len(found) >= least else ())


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
        .where(
            sa.or_(
                sa.and_(Listing.shown, Vacancy.state == VacancyState.OPEN, _open_or_shared()), Interest.state.in_(ALIVE)
            )
        )
    ).first()
    if row is None:
        raise NotFound()
    return Opened(row[0], row[1], row[2])


def _open_or_shared() -> sa.ColumnElement[bool]:
    """What somebody read stays readable; a card that nobody opened is gone with its list, once fewer than k remain."""
    shared = cards_in_sight(Listing.vacancy_id, Vacancy.employer_id) >= _least(Employer.programme_id)
    return sa.or_(Opening.id.is_not(None), shared)


def openings_this_week(vacancy_id: int) -> int:
    since = clock.now() - timedelta(days=7)
    counted = sa.select(sa.func.count()).where(Opening.vacancy_id == vacancy_id, Opening.created_at > since)
    return db.session.scalar(counted) or 0


def pool_of(viewer: Viewer) -> list[list[str]]:
    """Who looks for work in the programme of the viewer's company, in bands, as the last batch left it.

    Nothing for a company that nobody has verified, or that is blocked: whoever signs up reads no numbers.
    """
    mine = sa.select(Employer.programme_id).where(
        Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)),
        Employer.state.in_(RECRUITING),
        Employer.state != EmployerState.DORMANT,
    )
    last = sa.select(Batch.pool).where(Batch.programme_id.in_(mine)).order_by(Batch.id.desc()).limit(1)
    return list(db.session.scalar(last) or [])
