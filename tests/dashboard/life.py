"""What happens to a programme's people, by chance: each deed writes a row that figures are counted from."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.candidates.models import Referral
from portal.dashboard import kept_boards
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import PermissionState, Presence
from portal.placements.models import Placement, PlacementState
from portal.showcase.models import Profile
from portal.trajectories.models import Trajectory
from tests.candidates.factories import a_place
from tests.dashboard.test_pages import a_check_in, counts, held
from tests.placements.factories import Cast, a_candidate, a_placement

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


class Life:
    """Things that happen to a programme's people, one after the other, chosen by chance."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.number = cast, random.Random(seed), 0
        self.deeds: tuple[Callable[[], None], ...] = (
            self.somebody, self.counting, self.talk, self.presence, self.no_companion, self.leave, self.referred, self.profile,
            self.due, self.answered, self.skipped, self.moved, self.gone, self.ended, self.corrected, self.unpaid,
            self.unpaid_in_bulk, self.answers_in_bulk, self.undone, self.half_undone, self.joined, self.minute, self.minute,
        )  # fmt: skip

    def happens(self) -> None:
        if self.dice.random() < 0.5:
            self.minute()
        self.dice.choice(self.deeds)()
        db.session.commit()

    def _one(self, model: Any) -> Any:
        """Somebody's row, or None while there is none."""
        rows = db.session.scalars(sa.select(model).order_by(model.id)).all()
        return self.dice.choice(rows) if rows else None

    def _day(self, back: int = 320) -> date:
        return clock.today() - timedelta(days=self.dice.randrange(back))

    def somebody(self) -> None:
        a_placement(self.cast, self._day(), state=self.dice.choice(list(PlacementState)))

    def counting(self) -> None:
        if way := self._one(Trajectory):
            way.counted_on = self.dice.choice([None, self._day(), clock.today() + timedelta(days=2)])

    def talk(self) -> None:
        held(self.cast, NOON - timedelta(days=self.dice.randrange(300)), there=self.dice.random() < 0.7)

    def presence(self) -> None:
        if somebody := self._one(Participant):
            somebody.presence = self.dice.choice(list(Presence))

    def no_companion(self) -> None:
        if somebody := self._one(Participant):
            db.session.execute(sa.delete(Participant).where(Participant.id == somebody.id))

    def leave(self) -> None:
        interview = self._one(Interview)
        if interview is None:
            return
        mine = db.session.scalar(sa.select(Permission).where(Permission.interview_id == interview.id))
        asked = self._day()
        if mine is None:
            mine = Permission(interview_id=interview.id, candidate_id=interview.candidate_id)
            db.session.add(mine)
        mine.state, mine.requested_on, mine.decided_on = (
            PermissionState.REQUESTED,
            asked,
            asked + timedelta(days=self.dice.randrange(9)),
        )

    def referred(self) -> None:
        person = a_candidate(self.cast)
        db.session.add(
            Referral(
                candidate_id=person.id, programme_id=person.programme_id, referrer_id=self.cast.worker.id, site_id=a_place().site_id,
                motive="x", received_on=self._day(),
            )
        )  # fmt: skip
        counts(person.id, self._day())

    def profile(self) -> None:
        if way := self._one(Trajectory):
            mine = db.session.scalar(sa.select(Profile).where(Profile.candidate_id == way.candidate_id))
            if mine is None:
                mine = Profile(candidate_id=way.candidate_id, programme_id=way.programme_id)
                db.session.add(mine)
            mine.approved_on_paper_at = NOON - timedelta(days=self.dice.randrange(200))

    def due(self) -> None:
        if placement := self._one(Placement):
            self.number += 1
            done = self.dice.choice([None, self._day(60)])
            a_check_in(placement, self._day(90), done, f"extra{self.number}")

    def answered(self) -> None:
        if moment := self._one(CheckIn):
            moment.state, moment.done_at, moment.skipped_because = CheckInState.DONE, clock.now(), ""

    def skipped(self) -> None:
        if moment := self._one(CheckIn):
            moment.state, moment.skipped_because = CheckInState.SKIPPED, "job ended"

    def moved(self) -> None:
        if moment := self._one(CheckIn):
            moment.due, moment.voice = self._day(30), self.dice.choice(list(Voice))
            moment.moment = f"moved{moment.id}"

    def gone(self) -> None:
        if moment := self._one(CheckIn):
            db.session.delete(moment)

    def ended(self) -> None:
        if placement := self._one(Placement):
            placement.ended_on = placement.starts_on + timedelta(days=self.dice.randrange(200))
            placement.state = PlacementState.ENDED

    def corrected(self) -> None:
        if placement := self._one(Placement):
            placement.starts_on, placement.ended_on, placement.state = self._day(), None, PlacementState.ONGOING

    def unpaid(self) -> None:
        if placement := self._one(Placement):
            placement.paid = not placement.paid

    def unpaid_in_bulk(self) -> None:
        if placement := self._one(Placement):
            theirs = sa.update(Placement).where(Placement.candidate_id == placement.candidate_id)
            db.session.execute(theirs.values(paid=False))

    def answers_in_bulk(self) -> None:
        db.session.execute(sa.update(CheckIn).values(done_at=None))

    def undone(self) -> None:
        """What is rolled back changes nothing."""
        if placement := self._one(Placement):
            placement.paid = not placement.paid
            db.session.flush()
            db.session.rollback()

    def half_undone(self) -> None:
        """A savepoint that is rolled back, and a change of the same person that stays."""
        if placement := self._one(Placement):
            point = db.session.begin_nested()
            placement.starts_on = self._day()
            db.session.flush()
            point.rollback()
            db.session.refresh(placement)
            placement.paid = not placement.paid

    def joined(self) -> None:
        """A referral turns out to be of somebody who was known."""
        referral, way = self._one(Referral), self._one(Trajectory)
        if referral and way:
            referral.candidate_id = way.candidate_id

    def minute(self) -> None:
        kept_boards.bring_up()
