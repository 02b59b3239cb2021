"""The plan with the person: written, printed, agreed."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import plans, queries, standings
from portal.candidates.channels import CHANNELS
from portal.candidates.forms import AgreeForm
from portal.candidates.plan_forms import plan_form, start_values
from portal.candidates.policy import staff
from portal.candidates.room import candidates
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.foundation.words import _


@candidates.route("/people/<key>/plan", methods=["GET", "POST"])
@opens_to(staff)
def plan(key: str) -> str | Response:
    """The plan: read it, or, as the own worker, record that the person agreed."""
    case = queries.case_of(viewer(), key, "plan")
    found = queries.plan_of(case.candidate.id)
    if found is None:
        return render_template("candidates/no_plan.html", case=case)
    form = AgreeForm.from_request(on=clock.today())
    if case.own and found.agreed_on is None and form.accepted():
        answer = form.answer()
        plans.agree(found, case.candidate, channel=Channel(answer.channel), on=answer.on)
        return form.go(url_for(".show", key=key), _("The plan is agreed. The trajectory counts from now on."))
    return render_template(
        "candidates/plan.html",
        case=case,
        plan=found,
        steps=queries.steps_of(found),
        form=form,
        label=label,
        channels=CHANNELS,
        way=standings.way(case.candidate.id),
    )


@candidates.route("/people/<key>/plan/write", methods=["GET", "POST"])
@opens_to(staff)
def write_plan(key: str) -> str | Response:
    """Write the plan together; what was agreed before stays, a change is a new plan."""
    case = queries.case_of(viewer(), key, "plan")
    if not case.own:
        raise NotFound()
    found = queries.plan_of(case.candidate.id)
    way = standings.way(case.candidate.id)
    review_on = way.review_on if way is not None and way.review_on is not None else clock.today() + plans.FLOW
    form = plan_form().from_request(**start_values(found, list(queries.steps_of(found)), review_on))
    if form.accepted():
        plans.write(case.candidate, form.answer())
        return form.go(
            url_for(".plan", key=key), _("The plan is written. Print it, read it together, and record the agreement.")
        )
    return render_template("candidates/write_plan.html", case=case, form=form, most=plans.MOST_STEPS)


@candidates.get("/people/<key>/plan/sheet")
@opens_to(staff)
def plan_sheet(key: str) -> str:
    """The plan on paper, to read together and sign."""
    case = queries.case_of(viewer(), key, "plan on paper")
    found = queries.plan_of(case.candidate.id)
    if found is None:
        raise NotFound()
    return render_template(
        "candidates/plan_sheet.html", case=case, plan=found, steps=queries.steps_of(found), label=label
    )
