"""What worker and person agree after the screening: a goal, a few steps, and a day to look back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.candidates import doors, plan_steps, queries, service
from portal.candidates.models import Candidate, Plan, PlanStep
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import plan_agreed
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.tasks import service as tasks

MOST_STEPS = 5
FLOW = timedelta(weeks=12)
PROFILE_IN = timedelta(days=7)


class AStepIsMissing(DomainError):
    sentence = lazy("A plan has one step at least: what, who, and by when.")
    field = "step_1_text"


@dataclass(frozen=True)
class Step:
    text: str
    owner: str
    due: date


@dataclass(frozen=True)
class PlanAnswer:
    goal: str
    steps: tuple[Step, ...]
    review_on: date


def write(candidate: Candidate, answer: PlanAnswer) -> Plan:
    """Write the plan, or a new one beside one that was agreed: what was agreed stays as it was."""
    if not answer.steps:
        raise AStepIsMissing()
    plan = queries.plan_of(candidate.id)
    if plan is None or plan.agreed_on is not None:
        plan = Plan(candidate_id=candidate.id)
        db.session.add(plan)
    plan.goal, plan.review_on = answer.goal, answer.review_on
    db.session.flush()
    _replace_steps(plan, answer.steps)
    journal.note("plan.written", plan)
    return plan


def _replace_steps(plan: Plan, steps: Sequence[Step]) -> None:
    for old in queries.steps_of(plan):
        db.session.delete(old)
    db.session.flush()
    for step in steps[:MOST_STEPS]:
        db.session.add(PlanStep(plan_id=plan.id, text=step.text, owner=step.owner, due=step.due))


def agree(plan: Plan, candidate: Candidate, *, channel: Channel, on: date) -> None:
    """The person agrees, on paper or face to face: from now on the trajectory counts, and the profile can be written."""
    if plan.agreed_on is not None:
        raise WrongState()
    plan.agreed_on, plan.channel = on, channel
    journal.note("plan.agreed", plan, channel=channel.value)
    plan_agreed.send(plan)
    plan_steps.replaced(candidate.id)
    tasks.close("candidates.agree_plan", candidate)
    if doors.there("showcase.write"):
        tasks.open_task(
            "candidates.profile", candidate, due=clock.today() + PROFILE_IN, about=candidate.id,
            at=("showcase.write", {"key": candidate.key}), owner_id=candidate.worker_id,
            name=service.short_name(candidate.id),
        )  # fmt: skip
