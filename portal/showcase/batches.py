"""Releasing profiles in batches (privacy.md, stage 0); `cards` then lays out those of each vacancy.

Everything that an employer sees changes together, at least five profiles at a time, so that no date tells whose referral,
start or leave it was. Only a withdrawn consent takes a card away at once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates.profiles import JobPart, job_parts
from portal.employers.models import Employer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme
from portal.showcase import cards, checking, queries, service
from portal.showcase.bands import bands
from portal.showcase.blind import Work, content
from portal.showcase.matching import limit
from portal.showcase.models import Batch, Listing, Profile
from portal.showcase.states import ProfileState
from portal.tasks import service as tasks
from portal.trajectories import queries as trajectory_queries
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

_LOOKING = (TrajectoryState.PROFILE_READY, TrajectoryState.SEARCHING, TrajectoryState.INTERVIEWING)


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
    cards.one_at_a_time(programme.id)
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
    people = cards.people_out(programme.id)
    batch.pool = bands((one.work for one in people), programme.k)
    for vacancy in cards.open_vacancies(Employer.programme_id == programme.id):
        cards.lay_out(vacancy, people, programme, batch)
    tasks.close("showcase.release", programme)
    journal.note("batch.released", batch, changes=found.changes)
    return batch


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


def hide(profile: Profile) -> None:
    """Take a profile out of every list, at once."""
    profile.published = None
    db.session.execute(sa.update(Listing).where(Listing.profile_id == profile.id).values(shown=False))
