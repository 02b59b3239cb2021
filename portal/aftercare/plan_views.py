"""Where a coordinator changes the aftercare plan and the alert rules of a programme, and a worker adds one contact to one plan."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.aftercare import changes, policy, questions
from portal.aftercare.blueprint import aftercare
from portal.aftercare.forms import AddForm
from portal.aftercare.models import Voice
from portal.aftercare.plan_forms import WAYS, plan_form
from portal.aftercare.rule_forms import rules_form
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.placements import queries as placements
from portal.placements.models import PlacementState
from portal.programmes import coordinated, templates
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind


@aftercare.route("/aftercare/plan", methods=["GET", "POST"])
@opens_to(policy.may_plan)
def plan() -> str | Response:
    """The moments of the 26 weeks. A change is a new version; a plan that runs keeps its own."""
    kept = _("The plan is changed. Starts from now on follow it.")
    return _written(
        TemplateKind.AFTERCARE_PLAN, plan_form, "aftercare/plan.html", ".plan", kept, voices=WAYS, words=questions
    )


@aftercare.route("/aftercare/rules", methods=["GET", "POST"])
@opens_to(policy.may_plan)
def rules() -> str | Response:
    """When an answer becomes somebody's task."""
    kept = _("The rules are changed. They count from the next answer on.")
    return _written(TemplateKind.ALERT_RULES, rules_form, "aftercare/rules.html", ".rules", kept)


def _written(
    kind: TemplateKind, form_of: Callable[[Mapping[str, Any]], Any], page: str, endpoint: str, kept: str, **more: Any
) -> str | Response:
    """A template of a programme as a form: what is kept is a new version, and every version stands below it."""
    own, programme = coordinated.chosen()
    template = programmes.template(programme.id, kind)
    form = form_of(template)
    if form.accepted():
        templates.write(programme.id, kind, form.body(), because=form.answer().because, based_on=form.based_on)
        return cast(Response, form.go(coordinated.address(endpoint, own, programme), kept))
    return render_template(
        page, form=form, template=template, programmes=own, programme=programme,
        versions=programmes.template_versions([programme.id], kind), **more,
    )  # fmt: skip


@aftercare.route("/aftercare/<key>/add", methods=["GET", "POST"])
@opens_to(policy.may_record)
def add(key: str) -> str | Response:
    """One contact more than the plan has."""
    placement = placements.own_placement(viewer(), key)
    if placement is None:
        raise NotFound()
    back = url_for(".show", key=key)
    ended = placement.state == PlacementState.ENDED
    if not placement.running and not ended:
        return see_other(back)
    heard = [Voice.EMPLOYEE] if ended else list(Voice)
    if placement.justice_assistant_id is None and Voice.JUSTICE_ASSISTANT in heard:
        heard.remove(Voice.JUSTICE_ASSISTANT)
    form = AddForm.from_request()
    ways = ["call"] if ended else ["call", "visit", "form"] + ["confirm"] * (Voice.JUSTICE_ASSISTANT in heard)
    offer(form.voice, [(one.value, questions.plan_label("voices", one)) for one in heard])
    offer(form.channel, [(one, questions.plan_label("channels", one)) for one in ways])
    if form.accepted():
        answer = form.answer()
        changes.add(placement, voice=Voice(answer.voice), channel=answer.channel, day=answer.day)
        return form.go(back, _("The contact is added."))
    return render_template("aftercare/add.html", placement=placement, form=form)
