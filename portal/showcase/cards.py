"""The cards of a vacancy: who is shown, what each card tells, and in which order (privacy.md, stage 0).

A list is written when a batch is released, or when a vacancy opens between two batches: then from what the last batch
released, so that it tells nothing newer.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.roles import Role
from portal.employers import needs as vacancy_needs
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.journal import service as journal
from portal.programmes.models import Programme
from portal.showcase import capacity, choices, queries
from portal.showcase.blind import Work, ways
from portal.showcase.drawing import BANDS, drawn
from portal.showcase.matching import fit, limit, meets
from portal.showcase.models import Batch, Interest, Listing, Opening, Profile
from portal.showcase.recoding import Ways, recode
from portal.showcase.states import Fit, InterestState
from portal.tasks import service as tasks

_random = secrets.SystemRandom()
_BANDS = {"strong": Fit.STRONG, "good": Fit.GOOD, "partial": Fit.PARTIAL, "any": Fit.PARTIAL}


@dataclass(frozen=True)
class Person:
    """Somebody whose profile is out: numbers, the coded part as the last batch released it, and the place in the draw."""

    profile_id: int
    candidate_id: int
    work: Work
    # The order in which people stay on lists that end in a whole step: who came with the last batch first, then by lot.
    # The same for every vacancy and company until the next batch, when everybody is drawn anew.
    rank: tuple[bool, str] = (True, "")


def one_at_a_time(programme_id: int) -> None:
    """Whoever lays out cards of the same programme queues here: a list is written once."""
    db.session.execute(sa.select(Programme.id).where(Programme.id == programme_id).with_for_update())


def people_out(programme_id: int) -> list[Person]:
    """Everybody whose profile the last batch left in sight."""
    last = sa.select(sa.func.max(Batch.id)).where(Batch.programme_id == programme_id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Profile.id, Profile.candidate_id, Profile.published, Profile.batch_id, last).where(
            Profile.programme_id == programme_id, queries.out()
        )
    )
    return [
        Person(
            one, candidate_id, Work.read(kept["work"]), (batch != newest, crypto.mark("list order", f"{newest}:{one}"))
        )
        for one, candidate_id, kept, batch, newest in rows
    ]


def open_vacancies(where: sa.ColumnElement[bool]) -> Sequence[Vacancy]:
    found = db.session.scalars(
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(
            joinedload(Vacancy.employer).joinedload(Employer.organisation), selectinload(Vacancy.competences)
        )
        .where(where, Vacancy.state == VacancyState.OPEN)
        .order_by(Vacancy.id)
    )  # fmt: skip
    return [one for one in found if one.employer.may_recruit]


def lay_out_opened(where: sa.ColumnElement[bool]) -> None:
    """Cards for vacancies that have just opened, from what the last batch released."""
    db.session.flush()
    for vacancy in open_vacancies(where):
        programme = db.session.get_one(Programme, vacancy.employer.programme_id)
        one_at_a_time(programme.id)
        lay_out(vacancy, people_out(programme.id), programme, None)


def lay_out(vacancy: Vacancy, people: Iterable[Person], programme: Programme, batch: Batch | None) -> None:
    """Write a vacancy's cards, at most fifty. Under k people who meet the must-haves nothing is listed: a worker mediates."""
    asked, refused = vacancy_needs.of(vacancy), _said_no(vacancy)
    allowed, added = choices.apply(vacancy, people)
    here = {one.profile_id: one for one in allowed if one.candidate_id not in refused}
    work = {number: one.work for number, one in here.items()}
    meeting = {number for number, one in work.items() if meets(asked, one)}
    bands = {number: fit(asked, work[number]) for number in meeting} | {
        number: Fit.PARTIAL for number in added & (work.keys() - meeting)
    }
    bands = capacity.within(vacancy.employer, bands, lambda number: here[number].rank, first=added)
    # Whom a worker added joins a list that stands without them: they never make up the number.
    closed = len(meeting) < programme.k or _asks_too_often(vacancy)
    chosen = [] if closed else drawn(
        bands, lambda number: here[number].rank, least=programme.k, step=int(limit("cards_in_steps_of")),
        most=int(limit("cards_in_a_list")), keep=added | _opened(vacancy),
    )  # fmt: skip
    told = recode([Ways(number, ways(work[number], bands[number])) for number in chosen], programme.k)
    _write_listings(vacancy, told, batch)
    if told:
        tasks.close("showcase.mediate", vacancy)
    else:
        mediate(vacancy)
    journal.note("vacancy.listed", vacancy, listed=bool(told))


def _asks_too_often(vacancy: Vacancy) -> bool:
    """Whether this company opened vacancies, or changed what they ask, more often in seven days than gets a list: asking
    again and again finds nobody out."""
    since = clock.now() - timedelta(days=7)
    own = max((one for one in (vacancy.opened_at, vacancy.rematched_at) if one is not None), default=None)
    if own is None or own <= since:
        return False
    asked = sa.func.coalesce(Vacancy.rematched_at, Vacancy.opened_at)
    before = sa.select(sa.func.count()).where(
        Vacancy.employer_id == vacancy.employer_id, asked > since, Vacancy.id != vacancy.id,
        sa.or_(asked < own, sa.and_(asked == own, Vacancy.id < vacancy.id)),
    )  # fmt: skip
    return (db.session.scalar(before) or 0) >= int(limit("lists_a_week"))


def _opened(vacancy: Vacancy) -> set[int]:
    """The profiles that this company has opened for this vacancy."""
    opened = sa.select(Listing.profile_id).join(Opening, Opening.listing_id == Listing.id)
    return set(db.session.scalars(opened.where(Listing.vacancy_id == vacancy.id)))


def _said_no(vacancy: Vacancy) -> set[int]:
    over = (InterestState.DECLINED, InterestState.LAPSED)
    found = sa.select(Interest.candidate_id).where(Interest.vacancy_id == vacancy.id, Interest.state.in_(over))
    return set(db.session.scalars(found))


def _write_listings(vacancy: Vacancy, told: dict[int, dict[str, str]], batch: Batch | None) -> None:
    """Known people keep their code; the order is drawn anew for each batch, so that it tells nobody who is new."""
    there = {
        row.profile_id: row for row in db.session.scalars(sa.select(Listing).where(Listing.vacancy_id == vacancy.id))
    }
    codes = {row.code for row in there.values()}
    order = sorted(told)
    _random.shuffle(order)
    order.sort(key=lambda number: BANDS.index(_BANDS[told[number]["fit"]]))
    for row in there.values():
        row.shown = row.profile_id in told
    for position, number in enumerate(order, start=1):
        row = there.get(number) or _new_listing(vacancy, number, codes)
        row.card, row.fit, row.position, row.shown = told[number], _BANDS[told[number]["fit"]], position, True
        row.batch_id = batch.id if batch is not None else row.batch_id


def _new_listing(vacancy: Vacancy, profile_id: int, codes: set[str]) -> Listing:
    row = Listing(vacancy_id=vacancy.id, profile_id=profile_id, code=_new_code(codes))
    db.session.add(row)
    return row


def _new_code(taken: set[str]) -> str:
    code = crypto.readable_code()
    while code in taken:
        code = crypto.readable_code()
    taken.add(code)
    return code


def mediate(vacancy: Vacancy) -> None:
    """A worker calls the company: it sees no cards."""
    worker: int | None = vacancy.employer.worker_id
    tasks.open_task(
        "showcase.mediate", vacancy, due=clock.today() + timedelta(days=int(limit("mediate_within_days"))),
        at=("showcase.mediate", {"key": vacancy.key}), owner_id=worker, role=None if worker else Role.PROJECT_WORKER,
        programme_id=vacancy.employer.programme_id, company=vacancy.employer.organisation.name, vacancy=vacancy.title,
    )  # fmt: skip
