"""Pages for a placement that runs or failed: another first day, papers renewed, the call to the company."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.options import choices, label
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.placements import policy, queries, running, safety
from portal.placements.blueprint import placements
from portal.placements.forms import CallForm, CorrectForm, PapersForm
from portal.placements.models import Placement, PlacementState


@placements.route("/<key>/first-day", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def correct(key: str) -> str | Response:
    """The first day was recorded wrongly: the right one, and why."""
    placement = own(key)
    if not running.may_correct(placement):
        return see_other(_page_of(placement))
    form = CorrectForm.from_request(starts_on=placement.starts_on)
    if form.accepted():
        answer = form.answer()
        running.correct_start(placement, answer.starts_on, answer.reason)
        return form.go(_page_of(placement), _("The first day is corrected. What was still to come moved along."))
    return render_template("placements/correct.html", placement=placement, form=form)


@placements.route("/<key>/papers", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def papers(key: str) -> str | Response:
    """A paper was renewed or a contract made longer while somebody works."""
    placement = own(key)
    if not placement.running:
        return see_other(_page_of(placement))
    form = PapersForm.from_request(
        right_to_work_until=placement.right_to_work_until, contract_ends_on=placement.contract_ends_on,
        schedule_approved_on=placement.schedule_approved_on,
    )  # fmt: skip
    if form.accepted():
        running.renew(placement, form.answer())
        return form.go(_page_of(placement), _("The papers are brought up to date."))
    return render_template("placements/papers.html", placement=placement, form=form)


@placements.route("/<key>/call", methods=["GET", "POST"])
@opens_to(policy.may_prepare)
def call(key: str) -> str | Response:
    """After a start that failed: what the company said, and whether it wants to meet somebody else."""
    placement = own(key)
    fell = placement.state == PlacementState.FELL_THROUGH
    if not fell and placement.state != PlacementState.ENDED:
        return see_other(_page_of(placement))
    form = CallForm.from_request(wants=placement.wants_another or None, note=placement.call_note)
    offer(form.wants, choices("placements", "wants_another"))
    if form.accepted():
        safety.called(placement, form.answer())
        if placement.wants_another == "yes":
            return form.go(url_for("employers.vacancy", key=placement.vacancy.key), _("Noted. Look who fits this job."))
        return form.go(_page_of(placement), _("Noted."))
    why = label("placements", "fell_through_reasons" if fell else "end_reasons", placement.ended_because)
    by = label("placements", "ended_by", placement.ended_by) if placement.ended_by else ""
    return render_template("placements/call.html", placement=placement, form=form, why=why, by=by)


def own(key: str) -> Placement:
    placement = queries.own_placement(viewer(), key)
    if placement is None:
        raise NotFound()
    return placement


def _page_of(placement: Placement) -> str:
    return url_for("aftercare.show", key=placement.key)
