from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from portal.foundation.database import Addressed, Encrypted, Model, choice
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

    # The case's own worker, where a list asked for it (with_expression).
    worker_id: Mapped[int | None] = query_expression()


class Milestone(Model):
    """A step of the flow with its window; done, or deviated with a reason."""

    __tablename__ = "milestone"
    __table_args__ = (sa.UniqueConstraint("trajectory_id", "code"),)

    trajectory_id: Mapped[int] = mapped_column(sa.ForeignKey("trajectory.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(40))
    due_from: Mapped[date]
    due_until: Mapped[date]
    done_on: Mapped[date | None]
    # A deviation: its code, its words, by whom and when; `agreed_until` is the day that was agreed instead, if any.
    deviation: Mapped[str] = mapped_column(sa.String(200), default="")
    deviation_words: Mapped[str | None] = mapped_column(Encrypted)
    deviated_on: Mapped[date | None]
    deviated_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    agreed_until: Mapped[date | None]
    # What it waits for ("interview:12"), and since when: the days come back once nothing is awaited any more.
    waits: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    paused_since: Mapped[date | None]

    @property
    def expected_by(self) -> date:
        return self.agreed_until or self.due_until

    @property
    def open(self) -> bool:
        """Whether it is still to come: not done, and not left out by a deviation without a new day."""
        return self.done_on is None and (not self.deviation or self.agreed_until is not None)


class Outcome(StrEnum):
    """How a way was looked back on in week 12 (product.md, Twelve-week flow)."""

    STARTED = "started"
    EXTENDED = "extended"
    REFERRED_BACK = "referred_back"
    CLOSED = "closed"


class Review(Model):
    """A way looked back on together. Extending sets the day of the next look back, so a way may have several."""

    __tablename__ = "trajectory_review"
    __table_args__ = (
        sa.CheckConstraint("(outcome = 'extended') = (extended_until IS NOT NULL)", name="extended_until"),
    )

    trajectory_id: Mapped[int] = mapped_column(sa.ForeignKey("trajectory.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    reviewed_on: Mapped[date]
    extended_until: Mapped[date | None]
    because: Mapped[str] = mapped_column(sa.String(60), default="")
    words: Mapped[str | None] = mapped_column(Encrypted)
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
