"""What a way asks of its worker before its day: the review of week 12, in the week before it."""

from datetime import timedelta

import sqlalchemy as sa

from portal.agenda.windows import workdays_after, workdays_before
from portal.candidates import handles, identities
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.words import lazy
from portal.tasks import service as tasks
from portal.tasks.models import Task
from portal.trajectories import reviews
from portal.trajectories.models import Milestone, Trajectory
from portal.trajectories.queries import ENDED

AHEAD = timedelta(days=7)

tasks.kind(
    reviews.TASK, title=lazy("Look back together with %(name)s"),
    why=lazy("Twelve weeks are nearly over. Started, extended, referred back or closed?"), action=lazy("Look back"),
)  # fmt: skip


def ask_for_reviews() -> int:
    """Open the task for each way that is to be looked back on within a week (nightly); returns how many."""
    today = clock.today()
    waits = sa.exists().where(
        Task.kind == reviews.TASK, Task.subject_kind == Trajectory.__tablename__, Task.subject_id == Trajectory.id,
        Task.closed_at.is_(None),
    )  # fmt: skip
    by = sa.func.coalesce(Milestone.agreed_until, Milestone.due_until)
    found = db.session.execute(
        sa.select(Trajectory, Milestone)
        .join(Milestone, Milestone.trajectory_id == Trajectory.id)
        .where(Milestone.code == "review", Milestone.done_on.is_(None), by <= today + AHEAD)
        .where(Trajectory.state.not_in(ENDED), Trajectory.paused_at.is_(None), sa.not_(waits))
        .order_by(Trajectory.id)
    ).all()
    cases = handles.handles([way.candidate_id for way, _one in found])
    names = identities.names([way.candidate_id for way, _one in found], "task")
    for way, one in found:
        # On a weekend or a holiday nobody meets: the last working day before it.
        day = workdays_before(workdays_after(one.expected_by, 1), 1) if one.open else today
        tasks.open_task(
            reviews.TASK, way, due=day, at=("trajectories.review", {"key": way.key}), about=way.candidate_id,
            owner_id=cases[way.candidate_id].worker_id, name=names[way.candidate_id].short,
        )  # fmt: skip
    return len(found)


def _tonight() -> None:
    ask_for_reviews()
    db.session.commit()


jobs.each_night["trajectories.reviews"] = _tonight
