"""What the cohort view is reckoned from: one narrow query beside that of the jobs."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.candidates import handles
from portal.dashboard.cohorts import Referred
from portal.dashboard.figures import Period
from portal.dashboard.queries import NOT_STARTED, day_of, end_of
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.placements.models import Placement
from portal.programmes.models import Programme
from portal.showcase.models import Profile
from portal.trajectories.models import Trajectory


def referred(programme: Programme, period: Period, today: date) -> list[Referred]:
    """Everybody who was referred in a period, once, dated at the first referral in it; as it stood on a day."""
    asked = handles.first_referred(programme.id, period.start, min(period.end, today)).subquery()
    person, end = asked.c.candidate_id, end_of(today)
    talk = sa.select(sa.func.min(Interview.starts_at)).where(
        Interview.candidate_id == person, Interview.state == InterviewState.HELD, Interview.starts_at < end,
        sa.func.date(Interview.starts_at) >= asked.c.received_on,
    )  # fmt: skip
    start = sa.select(sa.func.min(Placement.starts_on)).where(
        Placement.candidate_id == person, Placement.state.not_in(NOT_STARTED), Placement.starts_on <= today,
        Placement.starts_on >= asked.c.received_on,
    )  # fmt: skip
    way = (Trajectory.candidate_id == person, Trajectory.programme_id == programme.id)
    ready = sa.select(Profile.approved_on_paper_at).where(
        Profile.candidate_id == person, Profile.approved_on_paper_at < end
    )
    statement = sa.select(
        person, asked.c.received_on,
        _last(Trajectory.accepted_on, way, asked.c.received_on, today),
        _last(Trajectory.screened_on, way, asked.c.received_on, today),
        ready.limit(1).scalar_subquery(), talk.scalar_subquery(), start.scalar_subquery(),
    ).order_by(asked.c.received_on, person)  # fmt: skip
    return [
        Referred(who, on, accepted, screened, day_of(profile), day_of(met), started)
        for who, on, accepted, screened, profile, met, started in db.session.execute(statement)
    ]


def _last(column: Any, way: tuple[Any, ...], since: Any, today: date) -> Any:
    return sa.select(sa.func.max(column)).where(*way, column >= since, column <= today).scalar_subquery()
