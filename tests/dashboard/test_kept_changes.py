"""Each single thing that a figure is counted from, changed by itself: the page follows, and only whom it is about is counted anew."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.candidates.models import Referral
from portal.dashboard import boards, kept_boards, queries
from portal.dashboard.boards import Board, Facts
from portal.dashboard.models import FigureChange
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.states import InterviewState, PermissionState, Presence
from portal.placements.models import Placement, PlacementState
from portal.programmes.models import Programme
from portal.showcase.models import Profile
from portal.trajectories.models import Trajectory
from tests.candidates.factories import a_place
from tests.dashboard.life import NOON
from tests.dashboard.test_pages import a_check_in, counts, held
from tests.factories import a_person
from tests.placements.factories import Cast, a_cast, a_placement

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]


def first(model: Any) -> Any:
    return db.session.scalars(sa.select(model).order_by(model.id).limit(1)).one()


def somebody(cast: Cast, counted: date) -> Placement:
    """A whole way: referred, screened, a profile, a talk with leave and a companion, work, and three check-ins."""
    placement = a_placement(cast, date(2026, 5, 4), state=PlacementState.ONGOING)
    person = placement.candidate_id
    talk = held(cast, datetime(2026, 4, 20, 9, tzinfo=UTC))
    talk.candidate_id = person
    mine = {"candidate_id": person, "programme_id": cast.employer.programme_id}
    way = db.session.scalars(sa.select(Trajectory).where(Trajectory.candidate_id == person)).one()
    way.accepted_on = counted - timedelta(days=1)
    db.session.add_all(
        [
            Permission(
                interview_id=talk.id, candidate_id=person, state=PermissionState.REQUESTED, requested_on=date(2026, 4, 1),
                decided_on=date(2026, 4, 9),
            ),
            Referral(
                **mine, referrer_id=cast.worker.id, site_id=a_place().site_id, motive="x", received_on=counted - timedelta(days=9),
            ),
            Profile(**mine, approved_on_paper_at=datetime(2026, 3, 20, 9, tzinfo=UTC)),
        ]
    )  # fmt: skip
    counts(person, counted)
    for number, due in enumerate((date(2026, 5, 11), date(2026, 7, 6), date(2026, 10, 26))):
        a_check_in(placement, due, due, f"extra{number}")
    return placement


def put(model: Any, **values: Any) -> Callable[[], None]:
    """Write these columns of the first row."""

    def change() -> None:
        row = first(model)
        for name, value in values.items():
            setattr(row, name, value)

    return change


def remove(model: Any) -> Callable[[], None]:
    return lambda: db.session.delete(first(model))


def in_bulk(statement: Any) -> Callable[[], None]:
    return lambda: db.session.execute(statement)  # type: ignore[func-returns-value]


def _handed_over() -> None:
    """The first referral was of the second person."""
    first(Referral).candidate_id = db.session.scalars(sa.select(sa.func.max(Trajectory.candidate_id))).one()


def _one_more() -> None:
    a_check_in(first(Placement), date(2026, 9, 7), None, "extra9")


def _another_companion() -> None:
    first(Interview).companion_id = a_person("other@example.org").id


MARCH = date(2026, 3, 9)
_LATER = datetime(2026, 6, 30, 9, tzinfo=UTC)
# In this order, each changes a figure.
CHANGES: dict[str, Callable[[], None]] = {
    "the day of the screening": put(Trajectory, counted_on=MARCH),
    "the day of the referral": put(Referral, received_on=date(2026, 2, 1)),
    "taken on before it was referred": put(Trajectory, accepted_on=date(2026, 1, 31)),
    "taken on after all": put(Trajectory, accepted_on=MARCH),
    "whose referral it was": _handed_over,
    "the profile": put(Profile, approved_on_paper_at=datetime(2026, 3, 29, 9, tzinfo=UTC)),
    "the hour of a talk": put(Interview, starts_at=datetime(2026, 4, 12, 9, tzinfo=UTC)),
    "the day that leave was asked": put(Permission, requested_on=date(2026, 3, 30)),
    "the day that leave was given": put(Permission, decided_on=date(2026, 4, 29)),
    "who was there": put(Participant, presence=Presence.NO_SHOW),
    "who was there after all": put(Participant, presence=Presence.PRESENT),
    "another companion": _another_companion,
    "the same companion": lambda: setattr(first(Interview), "companion_id", first(Interview).worker_id),
    "nobody expected": in_bulk(sa.delete(Participant).where(Participant.id == 1)),
    "not held": put(Interview, state=InterviewState.CONFIRMED),
    "no leave": remove(Permission),
    "the first day": put(Placement, starts_on=date(2026, 5, 18)),
    "not paid": put(Placement, paid=False),
    "paid, by a statement": in_bulk(sa.update(Placement).where(Placement.id == 1).values(paid=True)),
    "the last day": put(Placement, ended_on=date(2026, 7, 1)),
    "it fell through": put(Placement, state=PlacementState.FELL_THROUGH),
    "it went on": put(Placement, state=PlacementState.ONGOING, ended_on=None),
    "a check-in more": _one_more,
    "answered later": put(CheckIn, done_at=_LATER),
    "another day for it": put(CheckIn, due=date(2026, 6, 29)),
    "another voice": put(CheckIn, voice=Voice.EMPLOYER),
    "skipped": put(CheckIn, state=CheckInState.SKIPPED, skipped_because="job ended"),
    "not skipped": put(CheckIn, state=CheckInState.DONE),
    "gone": remove(CheckIn),
    "one unanswered, by a statement": in_bulk(sa.update(CheckIn).where(CheckIn.moment == "extra1").values(done_at=None)),
    "all unanswered": in_bulk(sa.update(CheckIn).values(done_at=None)),
    "not counted": put(Trajectory, counted_on=None),
}  # fmt: skip
EVERYBODY = {"all unanswered"}


def fresh(programme: Programme) -> Board:
    return boards.board(Facts(programme, queries.period_of(programme), clock.today()))


def test_each_single_change_shows_at_once_and_is_taken_over() -> None:
    with time_machine.travel(NOON, tick=False):
        cast = a_cast()
        somebody(cast, date(2026, 3, 2))
        somebody(cast, date(2026, 3, 16))
        programme = db.session.get_one(Programme, cast.employer.programme_id)
        for name, change in CHANGES.items():
            kept_boards.bring_up()
            before = fresh(programme)
            change()
            db.session.commit()
            after = fresh(programme)
            assert before != after, f"{name}: it changes a figure"
            shown = kept_boards.board(programme, queries.period_of(programme), clock.today())
            who = set(db.session.scalars(sa.select(FigureChange.candidate_id)))
            assert shown == (None if name in EVERYBODY else after), name
            assert who == {None} if name in EVERYBODY else None not in who, name
            kept_boards.bring_up()
            assert kept_boards.board(programme, queries.period_of(programme), clock.today()) == after, name
