"""The plan's form: a goal, up to five steps, and the day to look back."""

from datetime import date, timedelta
from typing import Any

from portal.candidates.models import Plan, PlanStep
from portal.candidates.plans import MOST_STEPS, PlanAnswer, Step
from portal.foundation import clock
from portal.foundation.fields import Between, day, paragraph, select, text
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import lazy

AHEAD = Between(
    lambda: clock.today() - timedelta(days=31), lambda: clock.today() + timedelta(days=366),
    lazy("Choose a day within a year from now."),
)  # fmt: skip


class PlanForm(Form[PlanAnswer]):
    """Each step is three fields; an empty step is left out, half a step is asked to be whole."""

    answers = PlanAnswer
    goal = paragraph(
        lazy("What is the goal?"), max=500, rows=2, hint=lazy("In the person's own words: which work, by when, what for."),
    )  # fmt: skip
    review_on = day(
        lazy("When do you look back together?"), within=AHEAD, hint=lazy("In week 12, unless you agree another day.")
    )

    def __init__(self, *given: Any, **start: Any) -> None:
        super().__init__(*given, **start)
        for f in self:
            f.flags.optional = False

    def validate(self, extra_validators: Any = None) -> bool:
        whole = super().validate(extra_validators)
        for number in range(1, MOST_STEPS + 1):
            parts = [self[f"step_{number}_{part}"] for part in ("text", "owner", "due")]
            given = [part for part in parts if part.data]
            # The owner alone is no step: a list always has a first line.
            if given and len(given) < len(parts) and (parts[0].data or parts[2].data):
                empty = next(part for part in parts if not part.data)
                empty.errors = [*empty.errors, str(lazy("A step says what, who, and by when."))]
                whole = False
        return whole

    def answer(self) -> PlanAnswer:
        steps = [
            Step(self[f"step_{n}_text"].data, self[f"step_{n}_owner"].data, self[f"step_{n}_due"].data)
            for n in range(1, MOST_STEPS + 1)
            if self[f"step_{n}_text"].data
        ]
        return PlanAnswer(self.goal.data, tuple(steps), self.review_on.data)


def plan_form() -> type[PlanForm]:
    """The form with its owners in the reader's language."""
    owners = choices("candidates", "precondition_owners")
    fields: dict[str, Any] = {}
    for n in range(1, MOST_STEPS + 1):
        fields[f"step_{n}_text"] = text(lazy("What?"), max=200, required=False)
        fields[f"step_{n}_owner"] = select(lazy("Who?"), owners, required=False, empty=lazy("Choose"))
        fields[f"step_{n}_due"] = day(lazy("By when?"), required=False, within=AHEAD)
    return type("WholePlanForm", (PlanForm,), fields)


def start_values(plan: Plan | None, steps: list[PlanStep], review_on: date) -> dict[str, Any]:
    """What the form begins with: the plan as it stands, or an empty one with its day to look back."""
    if plan is None:
        return {"review_on": review_on}
    values: dict[str, Any] = {"goal": plan.goal, "review_on": plan.review_on or review_on}
    for n, step in enumerate(steps, start=1):
        values.update({f"step_{n}_text": step.text, f"step_{n}_owner": step.owner, f"step_{n}_due": step.due})
    return values
