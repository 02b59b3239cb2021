"""Choosing: a first moment, another one; and letting it go."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.agenda import service as agenda
from portal.agenda.windows import Span
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.foundation.words import _, date_long
from portal.interviews import lateness, planning, proposal_queries, proposals, queries, service, settling, steps
from portal.interviews.blueprint import interviews
from portal.interviews.forms import CancelForm, MomentForm, PlanForm
from portal.interviews.models import Interview, Proposal
from portal.interviews.policy import staff
from portal.interviews.proposal_forms import MovedForm, SettlePress
from portal.interviews.states import Mode
from portal.interviews.talk_pages import back, load


@interviews.route("/interviews/plan/<key>", methods=["GET", "POST"])
@opens_to(staff)
def plan(key: str) -> str | Response:
    """The candidate said yes: choose a moment at which all three can; what the company prefers comes first."""
    interest, case = queries.interest_to_plan(viewer(), key, lock=request.method == "POST")
    latest, proposal = proposal_queries.so_far(interest.id)
    form = PlanForm.from_request()
    if not queries.may_plan(interest, latest):
        if latest is None:
            raise NotFound()
        return refusals.see_other(url_for(".show", key=latest.key))
    mode = planning.mode_of(interest.vacancy, request.args.get("mode", ""))
    spans = settling.spans_of(proposal)
    found = planning.search(interest.vacancy, interest.contact_id, case, mode, preferred=spans)
    if form.accepted():
        answer = form.answer()
        slot = planning.chosen(found, answer.slot)
        interview = service.request(interest, case, slot, mode=mode, framing=answer.framing)
        return form.go(url_for(".show", key=interview.key), _("The moment is held for everybody."))
    permission = planning.needs_permission(case, mode)
    return render_template(
        "interviews/plan.html", form=form, company=interest.vacancy.employer.organisation.name, code=interest.code,
        vacancy=interest.vacancy, contact=found.contact, path=steps.before_planning(interest, case, permission),
        ask_url=url_for(".ask_times", key=key), **_offer(proposal, found, mode, key),
        **_moments(found, form, mode, planning.modes(interest.vacancy), key, spans),
    )  # fmt: skip


def _offer(proposal: Proposal | None, found: agenda.Search, mode: Mode, key: str) -> dict[str, Any]:
    """What the company prefers, with the one press that settles it."""
    offer = settling.offer(proposal, found, {"endpoint": request.endpoint or "", "key": key, "mode": mode.value})
    settle = SettlePress(formdata=None, slot=offer.slot, mode=mode.value) if offer.slot else None
    until = date_long(proposals.last_day(proposal)) if proposal is not None else ""
    return {"offer": offer, "settle": settle, "until": until}


def _moments(
    found: agenda.Search, form: MomentForm | PlanForm, mode: Mode, modes: list[Mode], key: str, preferred: Sequence[Span]
) -> dict[str, Any]:  # fmt: skip
    """The week that a page of moments shows."""
    as_list = request.args.get("view") == "list"
    chosen = form.slot.data or request.args.get("slot", "")
    week = planning.week(found, request.args.get("week"), chosen, every=as_list, preferred=preferred)

    def address(**changed: Any) -> str:
        kept = {"mode": mode.value if mode is not Mode.AT_COMPANY else None, "view": "list" if as_list else None}
        return url_for(request.endpoint or "", key=key, **{**kept, "week": request.args.get("week"), **changed})

    return {
        "week": week,
        "as_list": as_list,
        "previous_url": address(week=week.previous.isoformat()) if week.previous else None,
        "next_url": address(week=week.next.isoformat()) if week.next else None,
        "other_view_url": address(view=None if as_list else "list"),
        "mode": mode,
        "modes": [(planning.MODES[one], address(mode=one.value), one is mode) for one in modes],
    }


@interviews.route("/interviews/<key>/move", methods=["GET", "POST"])
@opens_to(staff)
def move(key: str) -> str | Response:
    """Another moment for the same interview."""
    interview = load(key)
    form = MovedForm.from_request(revision=interview.revision)
    if form.accepted():
        lateness.check(interview, form.revision.data)
        found = _search(interview)
        service.move(interview, planning.chosen(found, form.answer().slot))
        return form.go(url_for(".show", key=key), _("The new moment is held for everybody."))
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    if not interview.open:
        return back(key)
    proposal = proposal_queries.standing(interview.interest_id)
    spans = settling.spans_of(proposal)
    found = settling.search(interview, settling.windows_of(proposal))
    return render_template(
        "interviews/move.html", form=form, interview=interview, company=interview.vacancy.employer.organisation.name,
        ask_url=url_for(".ask_other_times", key=key), **_offer(proposal, found, interview.mode, key),
        **_moments(found, form, interview.mode, [interview.mode], key, spans),
    )  # fmt: skip


def _search(interview: Interview) -> agenda.Search:
    proposal = proposal_queries.standing(interview.interest_id)
    return settling.search(interview, settling.windows_of(proposal))


@interviews.route("/interviews/<key>/cancel", methods=["GET", "POST"])
@opens_to(staff)
def cancel(key: str) -> str | Response:
    """It does not go on; the page says beforehand who hears it."""
    interview = load(key)
    form = CancelForm.from_request()
    if form.accepted():
        service.cancel(interview, form.answer().reason)
        return form.go(url_for(".show", key=key), _("The interview is off, and everybody who was invited hears it."))
    if not interview.open:
        return back(key)
    people = [interview.contact, *([interview.companion] if interview.companion else [])]
    return render_template(
        "interviews/cancel.html", form=form, interview=interview, people=people,
        company=interview.vacancy.employer.organisation.name,
    )  # fmt: skip


def cancel_reason(interview: Interview) -> str:
    return label("interviews", "cancel_reasons", interview.cancelled_because) if interview.cancelled_because else ""
