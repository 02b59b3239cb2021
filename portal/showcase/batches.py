"""Releasing profiles in batches, and laying out the cards of each vacancy (privacy.md, stage 0).

Everything that an employer sees changes together, at least five profiles at a time, so that no date tells whose referral,
start or leave it was. Only a withdrawn consent takes a card away at once. The cards of a vacancy that opens between two
batches are made from what the last batch released: they tell nothing newer.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.roles import Role
from portal.candidates.profiles import JobPart, job_parts
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme
from portal.showcase import checking, queries, service
from portal.showcase.blind import Work, content, ways
from portal.showcase.matching import Needs, fit, limit, meets
from portal.showcase.models import Batch, Interest, Listing, Profile
from portal.showcase.recoding import Ways, recode
from portal.showcase.states import Fit, InterestState, ProfileState
from portal.tasks import service as tasks
from portal.trajectories import queries as trajectory_queries
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

_random = secrets.SystemRandom()
_LOOKING = (TrajectoryState.PROFILE_READY, TrajectoryState.SEARCHING, TrajectoryState.INTERVIEWING)
_BANDS = {"strong": Fit.STRONG, "good": Fit.GOOD, "partial": Fit.PARTIAL, "any": Fit.PARTIAL}
_ORDER = (Fit.STRONG, Fit.GOOD, Fit.PARTIAL)


class TooFewChanges(DomainError):
    sentence = lazy("A batch needs at least 5 changed profiles, so that nobody can tell whose they are. Wait for more.")
    status = 409


@dataclass(frozen=True)
class Waiting:
    """What the next batch would change: profiles that appear, that say something new, and that leave."""

    appearing: tuple[Profile, ...]
    changing: tuple[Profile, ...]
    leaving: tuple[Profile, ...]

    @property
    def changes(self) -> int:
        return len(self.appearing) + len(self.changing) + len(self.leaving)

    @property
    def least(self) -> int:
        return int(limit("changes_in_a_batch"))

    @property
    def enough(self) -> bool:
        return self.changes >= self.least


@dataclass(frozen=True)
class Person:
    """Somebody whose profile is out: numbers and the coded part, as the last batch released it."""

    profile_id: int
    candidate_id: int
    work: Work


def waiting(programme_id: int) -> Waiting:
    """What waits in a programme."""
    parts = {part.candidate_id: part for part in job_parts(programme_id)}
    profiles = db.session.scalars(
        sa.select(Profile).where(Profile.programme_id == programme_id).order_by(Profile.id)
    ).all()
    looking = {
        number
        for number, way in trajectory_queries.latest_of([one.candidate_id for one in profiles]).items()
        if way.state in _LOOKING and way.paused_at is None
    }
    here = [one for one in profiles if one.candidate_id in looking and one.candidate_id in parts]
    gone = [one for one in profiles if one not in here or one.state == ProfileState.ARCHIVED]
    return Waiting(
        appearing=tuple(one for one in here if _appears(one)),
        changing=tuple(one for one in here if _changes(one, parts)),
        leaving=tuple(one for one in gone if one.published is not None),
    )


def _appears(one: Profile) -> bool:
    return one.state == ProfileState.APPROVED or (one.state == ProfileState.PUBLISHED and one.published is None)


def _changes(one: Profile, parts: dict[int, JobPart]) -> bool:
    if one.state != ProfileState.PUBLISHED or one.published is None:
        return False
    return Work.of(parts[one.candidate_id]) != Work.read(one.published["work"])


def release(programme: Programme) -> Batch | None:
    """Release what waits and lay out the cards of every open vacancy anew. Raises TooFewChanges under five.

    None when the last check sent so many profiles back to their writers that fewer than five are left.
    """
    _one_at_a_time(programme.id)
    found = waiting(programme.id)
    if not found.enough:
        raise TooFewChanges()
    found = replace(found, appearing=tuple(one for one in found.appearing if _clean(one)))
    if not found.enough:
        return None
    parts = {part.candidate_id: part for part in job_parts(programme.id)}
    batch = Batch(programme_id=programme.id, released_by=acting.person_id(), changes=found.changes)
    db.session.add(batch)
    db.session.flush()
    for one in found.appearing:
        _publish(one, parts[one.candidate_id], batch)
    for one in found.changing:
        one.published = {**one.published, "work": Work.of(parts[one.candidate_id]).as_json()}
    for one in found.leaving:
        one.published = None
    db.session.flush()
    people = people_out(programme.id)
    for vacancy in _open_vacancies(Employer.programme_id == programme.id):
        _lay_out(vacancy, people, programme.k, batch)
    tasks.close("showcase.release", programme)
    journal.note("batch.released", batch, changes=found.changes)
    return batch


def _one_at_a_time(programme_id: int) -> None:
    """Whoever lays out cards of the same programme queues here: a list is written once."""
    db.session.execute(sa.select(Programme.id).where(Programme.id == programme_id).with_for_update())


def ask_to_release(programme: Programme) -> None:
    """A task for the coordinator as soon as enough has changed; the night looks again at what nobody announces."""
    if waiting(programme.id).enough:
        tasks.open_task(
            "showcase.release", programme, due=clock.today() + timedelta(days=int(limit("release_within_days"))),
            at=("showcase.batches", {"programme": programme.key}), role=Role.COORDINATOR, programme_id=programme.id,
        )  # fmt: skip


def _clean(one: Profile) -> bool:
    """Check every sentence once more: what became known since the approval keeps a profile back, with a task."""
    sentences = queries.sentences_of(one)
    checking.look(one, sentences)
    if not checking.undecided(sentences):
        return True
    service.send_back(one, "new finding")
    return False


def _publish(one: Profile, part: JobPart, batch: Batch) -> None:
    sentences = [row for row in queries.sentences_of(one) if row.approved_by is not None]
    one.published = content(Work.of(part), sentences, one.language)
    one.batch_id = batch.id
    if one.state == ProfileState.APPROVED:
        one.move_to(ProfileState.PUBLISHED)
    trajectories.push(one.candidate_id, TrajectoryState.SEARCHING)


def people_out(programme_id: int) -> list[Person]:
    """Everybody whose profile the last batch left in sight."""
    rows = db.session.execute(
        sa.select(Profile.id, Profile.candidate_id, Profile.published).where(
            Profile.programme_id == programme_id, Profile.published.is_not(None), Profile.state.not_in(queries.HIDDEN)
        )
    )
    return [Person(number, candidate_id, Work.read(kept["work"])) for number, candidate_id, kept in rows]


def _open_vacancies(where: sa.ColumnElement[bool]) -> Sequence[Vacancy]:
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
    for vacancy in _open_vacancies(where):
        programme = db.session.get_one(Programme, vacancy.employer.programme_id)
        _one_at_a_time(programme.id)
        _lay_out(vacancy, people_out(programme.id), programme.k, None)


def needs(vacancy: Vacancy) -> Needs:
    return Needs(
        must=frozenset(one.competence_id for one in vacancy.competences if one.must),
        learnable=frozenset(one.competence_id for one in vacancy.competences if not one.must),
        hours_from=vacancy.hours_from, hours_until=vacancy.hours_until, shift=vacancy.shift, hours_week=vacancy.hours_week,
        forms=frozenset(vacancy.forms), licence=vacancy.licence,
        languages={code: str(level) for code, level in vacancy.languages.items()},
    )  # fmt: skip


def _lay_out(vacancy: Vacancy, people: Iterable[Person], k: int, batch: Batch | None) -> None:
    """Write a vacancy's cards, at most fifty. Under k people who meet the must-haves nothing is listed: a worker mediates."""
    asked, refused = needs(vacancy), _said_no(vacancy)
    fitting = {
        one.profile_id: (one, fit(asked, one.work))
        for one in people
        if one.candidate_id not in refused and meets(asked, one.work)
    }
    chosen = _at_most(fitting, int(limit("cards_in_a_list")))
    told = recode([Ways(number, ways(one.work, band)) for number, (one, band) in chosen.items()], k)
    _write_listings(vacancy, told, batch)
    if told:
        tasks.close("showcase.mediate", vacancy)
    else:
        _mediate(vacancy)
    journal.note("vacancy.listed", vacancy, listed=bool(told))


def _said_no(vacancy: Vacancy) -> set[int]:
    over = (InterestState.DECLINED, InterestState.LAPSED)
    found = sa.select(Interest.candidate_id).where(Interest.vacancy_id == vacancy.id, Interest.state.in_(over))
    return set(db.session.scalars(found))


def _at_most(fitting: dict[int, tuple[Person, Fit]], most: int) -> dict[int, tuple[Person, Fit]]:
    """The first fifty by band, drawn at random within a band."""
    numbers = sorted(fitting)
    _random.shuffle(numbers)
    numbers.sort(key=lambda number: _ORDER.index(fitting[number][1]))
    return {number: fitting[number] for number in numbers[:most]}


def _write_listings(vacancy: Vacancy, told: dict[int, dict[str, str]], batch: Batch | None) -> None:
    """Known people keep their code; the order is drawn anew for each batch, so that it tells nobody who is new."""
    there = {
        row.profile_id: row for row in db.session.scalars(sa.select(Listing).where(Listing.vacancy_id == vacancy.id))
    }
    codes = {row.code for row in there.values()}
    order = sorted(told)
    _random.shuffle(order)
    order.sort(key=lambda number: _ORDER.index(_BANDS[told[number]["fit"]]))
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


def _mediate(vacancy: Vacancy) -> None:
    worker: int | None = vacancy.employer.worker_id
    tasks.open_task(
        "showcase.mediate", vacancy, due=clock.today() + timedelta(days=int(limit("mediate_within_days"))),
        at=("showcase.mediate", {"key": vacancy.key}), owner_id=worker, role=None if worker else Role.PROJECT_WORKER,
        programme_id=vacancy.employer.programme_id, company=vacancy.employer.organisation.name, vacancy=vacancy.title,
    )  # fmt: skip


def hide(profile: Profile) -> None:
    """Take a profile out of every list, at once."""
    profile.published = None
    db.session.execute(sa.update(Listing).where(Listing.profile_id == profile.id).values(shown=False))
