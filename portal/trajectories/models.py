from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.database import Addressed, Model, choice
from portal.foundation.states import Stateful, Transitions


class TrajectoryState(StrEnum):
    INTAKE = "intake"
    SCREENED = "screened"
    PROFILE_READY = "profile_ready"
    SEARCHING = "searching"
    INTERVIEWING = "interviewing"
    STARTING = "starting"
    IN_AFTERCARE = "in_aftercare"
    COMPLETED = "completed"
    CLOSED = "closed"


_T = TrajectoryState

TRAJECTORY = Transitions(
    {
        _T.INTAKE: {_T.SCREENED, _T.CLOSED},
        _T.SCREENED: {_T.PROFILE_READY, _T.CLOSED},
        _T.PROFILE_READY: {_T.SEARCHING, _T.CLOSED},
        _T.SEARCHING: {_T.INTERVIEWING, _T.CLOSED},
        _T.INTERVIEWING: {_T.SEARCHING, _T.STARTING, _T.CLOSED},
        _T.STARTING: {_T.IN_AFTERCARE, _T.SEARCHING, _T.CLOSED},
        _T.IN_AFTERCARE: {_T.COMPLETED, _T.SEARCHING, _T.CLOSED},
        _T.COMPLETED: set(),
        _T.CLOSED: set(),
    }
)


class Trajectory(Stateful, Addressed, Model):
    """A person's way through a programme. Pausing is a date beside the state, so that nothing is lost on going on.

    `counted_on`: the date of the screening, once a plan is agreed (product.md, Figures: Trajectory).
    """

    __tablename__ = "trajectory"
    transitions: ClassVar[Transitions] = TRAJECTORY

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    state: Mapped[TrajectoryState] = mapped_column(choice(TrajectoryState), default=TrajectoryState.INTAKE, index=True)
    flow_version: Mapped[int] = mapped_column(default=1)
    accepted_on: Mapped[date]
    screened_on: Mapped[date | None]
    counted_on: Mapped[date | None] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]
    closed_because: Mapped[str] = mapped_column(sa.String(60), default="")


class Milestone(Model):
    """A step of the flow with its window; done, or deviated with a reason."""

    __tablename__ = "milestone"
    __table_args__ = (sa.UniqueConstraint("trajectory_id", "code"),)

    trajectory_id: Mapped[int] = mapped_column(sa.ForeignKey("trajectory.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(40))
    due_from: Mapped[date]
    due_until: Mapped[date]
    done_on: Mapped[date | None]
    deviation: Mapped[str] = mapped_column(sa.String(200), default="")
