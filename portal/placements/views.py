"""A start: prepared as a draft, recorded, fallen through, or ended later."""

from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Purpose
from portal.employers import worries
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.options import choices
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.placements import guards, policy, queries, running_views, service
from portal.placements.answers import StartAnswer
from portal.placements.blueprint import placements
from portal.placements.forms import EndForm, FellThroughForm, StartForm
from portal.placements.models import Placement, PlacementState
from portal.programmes import employment


@placements.get("/<key>")
@opens_to(policy.may_see)
def show(key: str) -> Response:
    """Where a placement is looked at: its preparation, or its 26 weeks."""
    placement = queries.placement_of(viewer(), key)
    if placement is None:
        raise NotFound()
    preparing = placement.state == PlacementState.PREPARING and placement.worker_id == viewer().me
    where = url_for(".prepare", key=key) if preparing else url_for("aftercare.show", key=key)
    return see_other(where)


@placements.route("/<key>/prepare", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def prepare(key: str) -> str | Response:
    """The start form: keep it as a draft as often as needed, then record the start."""
    placement = _own(key)
    if placement.state != PlacementState.PREPARING:
        return see_other(url_for("aftercare.show", key=key))
    case = handle(placement.candidate_id)
    blockers = guards.blockers(case.programme_id)
    form, agreed = _start_form(placement, case.programme_id)
    if form.accepted():
        answer = form.answer()
        service.keep(placement, answer, **_chosen(placement, answer))
        if answer.start:
            service.record_start(placement)
            return form.go(url_for("aftercare.show", key=key), _("The start is recorded. The 26 weeks are laid out."))
        return form.go(url_for(".prepare", key=key), _("The draft is kept."))
    warnings = guards.missing(
        placement,
        asks=employment.asks(case.programme_id, placement.form),
        schedule_needs_yes=case.permission_needed or placement.justice_assistant_id is not None,
        consent=agreed,
    )
    return render_template(
        "placements/prepare.html", placement=placement, form=form, warnings=warnings, case=case, blockers=blockers,
        wonders=worries.near("start", placement.employer),
    )  # fmt: skip


@placements.route("/<key>/fell-through", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def fell_through(key: str) -> str | Response:
    """The start does not come: with a reason, and the search goes on."""
    placement = _own(key)
    if not placement.may_move_to(PlacementState.FELL_THROUGH):
        return see_other(url_for("aftercare.show", key=key))
    form = FellThroughForm.from_request()
    offer(form.reason, choices("placements", "fell_through_reasons"))
    offer(form.by, [one for one in choices("placements", "ended_by") if one[0] != "contract"])
    if form.accepted():
        answer = form.answer()
        service.fall_through(placement, answer.reason, answer.by)
        return form.go(url_for("aftercare.index"), _("Noted. The search goes on."))
    return render_template("placements/fell_through.html", placement=placement, form=form)


@placements.route("/<key>/end", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def end(key: str) -> str | Response:
    """The job is over: when, why and by whom."""
    placement = _own(key)
    if not placement.may_move_to(PlacementState.ENDED):
        return see_other(url_for("aftercare.show", key=key))
    form = EndForm.from_request()
    offer(form.reason, choices("placements", "end_reasons"))
    offer(form.by, choices("placements", "ended_by"))
    if form.accepted():
        service.end(placement, form.answer())
        return form.go(url_for("aftercare.show", key=key), _("The end of this job is noted. The search goes on."))
    return render_template("placements/end.html", placement=placement, form=form)


_own = running_views.own


def _start_form(placement: Placement, programme_id: int) -> tuple[StartForm, bool]:
    agreed = consents.standing(placement.candidate_id, Purpose.AFTERCARE) is not None
    assistants = queries.justice_assistants(placement)
    chosen = {one.id: one.key for one in assistants}.get(placement.justice_assistant_id or 0, "")
    names: Any = [name for name in StartAnswer.__dataclass_fields__ if hasattr(placement, name)]
    start = {name: getattr(placement, name) for name in names if name not in ("workplace",)}
    form = StartForm.from_request(
        **start, workplace=placement.workplace.key, justice_assistant=chosen, justice_consent=bool(chosen),
        aftercare_consent=agreed,
    )  # fmt: skip
    offer(form.form, employment.choices_of(programme_id, keep=placement.form))
    offer(form.wage_band, choices("placements", "wage_bands"), empty=_("Not known yet"))
    offer(form.workplace, [(one.key, f"{one.name}, {one.municipality}") for one in queries.workplaces_of(placement)])
    offer(form.shift, choices("employers", "shifts"))
    offer(form.disclosure, choices("placements", "disclosure"))
    offer(form.justice_assistant, [(one.key, one.name) for one in assistants], empty=_("None"))
    return form, agreed


def _chosen(placement: Placement, answer: StartAnswer) -> dict[str, Any]:
    """The rows behind the keys that the form offered."""
    site = {one.key: one for one in queries.workplaces_of(placement)}[answer.workplace]
    assistant = {one.key: one for one in queries.justice_assistants(placement)}.get(answer.justice_assistant)
    return {"workplace": site, "justice_assistant": assistant}


blueprints = (placements,)
