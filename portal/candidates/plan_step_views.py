"""The steps of somebody's plan: ticked off, or moved to another day with the reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import plan_steps, queries
from portal.candidates.models import PlanStep
from portal.candidates.policy import staff
from portal.candidates.queries import Case
from portal.candidates.room import candidates
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import Between, day, paragraph
from portal.foundation.forms import Form, Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _, lazy


@dataclass(frozen=True)
class DoneAnswer:
    on: date


class DoneForm(Form[DoneAnswer]):
    answers = DoneAnswer
    on = day(lazy("On which day was it done?"))


@dataclass(frozen=True)
class MoveAnswer:
    due: date
    because: str


class MoveForm(Form[MoveAnswer]):
    answers = MoveAnswer
    due = day(
        lazy("Which day do you agree on now?"),
        within=Between(
            lambda: clock.today(),
            lambda: clock.today() + timedelta(days=366),
            lazy("Choose a day within a year from now."),
        ),
    )
    because = paragraph(lazy("Why does it move?"), max=300, rows=2)


def _step(key: str, number: str) -> tuple[Case, PlanStep]:
    """A step of a plan of a case that the viewer keeps."""
    case = queries.case_of(viewer(), key, "plan", keeps_only=True)
    if not (number.isascii() and number.isdigit() and len(number) < 3):
        raise NotFound()
    return case, plan_steps.step(queries.plan_of(case.candidate.id), int(number))


@candidates.route("/people/<key>/plan/steps/<number>/done", methods=["GET", "POST"])
@opens_to(staff)
def step_done(key: str, number: str) -> str | Response:
    """Tick a step off, on the day on which it was done."""
    case, one = _step(key, number)
    form = DoneForm.from_request(on=clock.today())
    if form.accepted():
        plan_steps.tick_off(case.candidate, one, on=form.answer().on)
        return form.go(url_for(".plan", key=key), _("The step is done."))
    return render_template("candidates/step_done.html", case=case, step=one, form=form)


@candidates.route("/people/<key>/plan/steps/<number>/move", methods=["GET", "POST"])
@opens_to(staff)
def step_move(key: str, number: str) -> str | Response:
    """Agree on another day, with the reason."""
    case, one = _step(key, number)
    form = MoveForm.from_request(due=one.due if one.due >= clock.today() else None)
    if form.accepted():
        plan_steps.move(case.candidate, one, due=form.answer().due, because=form.answer().because)
        return form.go(url_for(".plan", key=key), _("The step has another day."))
    return render_template("candidates/step_move.html", case=case, step=one, form=form)


@candidates.post("/people/<key>/plan/steps/<number>/not-done")
@opens_to(staff)
def step_not_done(key: str, number: str) -> Response:
    """A step that was ticked off by mistake."""
    case, one = _step(key, number)
    press = Press.from_request()
    if press.accepted():
        plan_steps.not_done_yet(case.candidate, one)
        return press.go(url_for(".plan", key=key), _("The step is open again."))
    return see_other(url_for(".plan", key=key))
