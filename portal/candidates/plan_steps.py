"""The steps of a plan that was agreed: ticked off by who does them, moved with a reason, asked for before their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.agenda.windows import workdays_after
from portal.candidates import queries, service, standings
from portal.candidates.models import Candidate, Plan, PlanStep
from portal.foundation import acting, clock, jobs
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.options import label
from portal.foundation.signals import way_reviewed
from portal.foundation.states import WrongState
from portal.foundation.words import DEFAULT, date_medium, lazy, speaking
from portal.journal import service as journal
from portal.tasks import service as tasks
from portal.tasks.models import Task

KIND = "candidates.plan_step"
# So many working days before its day somebody is told.
AHEAD = 3

tasks.kind(
    KIND, title=lazy("%(name)s: a step of the plan is due on %(day)s"),
    why=lazy("Agreed for: %(who)s. Tick it off, or agree on another day."), action=lazy("Open the plan"),
)  # fmt: skip


class DayToCome(DomainError):
    sentence = lazy("Choose a day that is still to come, and another one than now.")
    field = "due"


class DoneBefore(DomainError):
    sentence = lazy("That day is still to come. Look at the date.")
    field = "on"


@dataclass(frozen=True)
class Told:
    """A plan as another page of the team shows it: the goal, and each step with who and how it stands."""

    goal: str
    steps: Sequence[PlanStep]
    done: int

    def who(self, step: PlanStep) -> str:
        return label("candidates", "precondition_owners", step.owner)


def told(candidate_id: int) -> Told | None:
    """The plan that stands; for pages that journal their reading themselves."""
    rows = db.session.execute(
        sa.select(PlanStep, Plan.goal)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(Plan.candidate_id == candidate_id, *_stands())
        .order_by(PlanStep.id)
    ).all()
    if not rows:
        return None
    steps = [row[0] for row in rows]
    return Told(rows[0][1], steps, sum(1 for one in steps if one.done_on is not None))


def step(plan: Plan | None, number: int) -> PlanStep:
    """The step with this number in a plan that was agreed. Raises NotFound."""
    steps = queries.steps_of(plan) if plan is not None and plan.agreed_on is not None else ()
    if not 1 <= number <= len(steps):
        raise NotFound()
    return steps[number - 1]


def tick_off(candidate: Candidate, one: PlanStep, *, on: date) -> None:
    """Done, by the one whose step it is; who wrote it down stands beside it. Raises WrongState or DoneBefore."""
    if one.done_on is not None:
        raise WrongState()
    if on > clock.today():
        raise DoneBefore()
    one.done_on, one.done_by = on, acting.person_id()
    tasks.close(KIND, one)
    journal.note("plan.step_done", one, about=candidate.id, owner=one.owner)


def not_done_yet(candidate: Candidate, one: PlanStep) -> None:
    """Ticked off by mistake."""
    if one.done_on is None:
        raise WrongState()
    one.done_on = one.done_by = None
    journal.note("plan.step_reopened", one, about=candidate.id, owner=one.owner)


def move(candidate: Candidate, one: PlanStep, *, due: date, because: str) -> None:
    """Another day, with the reason; the day that was agreed at first stays readable. Raises WrongState or DayToCome."""
    if one.done_on is not None:
        raise WrongState()
    if due < clock.today() or due == one.due:
        raise DayToCome()
    one.first_due = one.first_due or one.due
    one.due, one.moved_because = due, because
    tasks.close(KIND, one, "moved")
    journal.note("plan.step_moved", one, about=candidate.id, owner=one.owner)


def replaced(candidate_id: int) -> None:
    """A newer plan was agreed: nobody waits for the steps of the one before it."""
    newest = queries.plan_of(candidate_id)
    older = sa.select(PlanStep).join(Plan, Plan.id == PlanStep.plan_id).where(Plan.candidate_id == candidate_id)
    for one in db.session.scalars(older.where(Plan.id != (newest.id if newest is not None else 0))):
        tasks.close(KIND, one, "replaced")


def ask(today: date | None = None) -> int:
    """Open the task for each step that is due within three working days (nightly); returns how many."""
    day = today or clock.today()
    found = db.session.execute(_due(workdays_after(day, AHEAD))).all()
    for one, candidate in found:
        with speaking(candidate.worker.language if candidate.worker is not None else DEFAULT):
            who, when = label("candidates", "precondition_owners", one.owner), date_medium(one.due)
        tasks.open_task(
            KIND, one, due=one.due, at=("candidates.plan", {"key": candidate.key}), owner_id=candidate.worker_id,
            about=candidate.id, name=service.short_name(candidate.id), who=who, day=when,
        )  # fmt: skip
    return len(found)


def _due(last: date) -> sa.Select:
    """The steps of the plans that stand, of ways that run, for which no task waits yet."""
    waits = sa.exists().where(
        Task.kind == KIND, Task.subject_kind == PlanStep.__tablename__, Task.subject_id == PlanStep.id, Task.closed_at.is_(None)
    )  # fmt: skip
    return (
        sa.select(PlanStep, Candidate)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .join(Candidate, Candidate.id == Plan.candidate_id)
        .where(*_stands(), PlanStep.done_on.is_(None), PlanStep.due <= last)
        .where(Candidate.worker_id.is_not(None), sa.not_(standings.ended(Candidate.id)), sa.not_(waits))
        .options(joinedload(Candidate.worker))
        .order_by(PlanStep.id)
    )


def _stands() -> list[sa.ColumnElement[bool]]:
    """Plans that were agreed, and not followed by another one that was."""
    newer = sa.orm.aliased(Plan)
    later = sa.exists().where(newer.candidate_id == Plan.candidate_id, newer.id > Plan.id, newer.agreed_on.is_not(None))
    return [Plan.agreed_on.is_not(None), sa.not_(later)]


@way_reviewed.connect
def _look_back_again(review: Any) -> None:
    """A way that was extended: its plan is looked back on again on the new day."""
    plan = queries.plan_of(review.candidate_id)
    if plan is not None and review.extended_until is not None:
        plan.review_on = review.extended_until


def _tonight() -> None:
    ask()
    db.session.commit()


jobs.each_night["candidates.plan_steps"] = _tonight
