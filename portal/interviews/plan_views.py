"""Choosing: a first moment, another one, somebody else to go along; and letting it go."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.agenda import service as agenda
from portal.agenda.holds import AlreadyTaken
from portal.agenda.windows import Span
from portal.candidates.handles import handle
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.foundation.words import _
from portal.interviews import planning, queries, service, steps
from portal.interviews.blueprint import interviews
from portal.interviews.forms import CancelForm, CompanionForm, MomentForm, PlanForm
from portal.interviews.models import Interview
from portal.interviews.policy import staff
from portal.interviews.states import Mode


def writing() -> bool:
    return request.method == "POST"


@interviews.route("/interviews/plan/<key>", methods=["GET", "POST"])
@opens_to(staff)
def plan(key: str) -> str | Response:
    """The candidate said yes: choose a moment at which all three can."""
    interest, case = queries.interest_to_plan(viewer(), key, lock=writing())
    latest = queries.latest_of(interest.id)
    form = PlanForm.from_request()
    if not queries.may_plan(interest, latest):
        if latest is None:
            raise NotFound()
        return refusals.see_other(url_for(".show", key=latest.key))
    mode = planning.mode_of(interest.vacancy, request.args.get("mode", ""))
    found = planning.search(interest.vacancy, interest.contact_id, case, mode)
    if form.accepted():
        answer = form.answer()
        slot = planning.chosen(found, answer.slot)
        interview = service.request(interest, case, slot, mode=mode, framing=answer.framing)
        return form.go(url_for(".show", key=interview.key), _("The moment is held for everybody."))
    permission = planning.needs_permission(case, mode)
    return render_template(
        "interviews/plan.html", form=form, company=interest.vacancy.employer.organisation.name, code=interest.code,
        vacancy=interest.vacancy, contact=found.contact, path=steps.before_planning(interest, case, permission),
        **_moments(found, form, mode, planning.modes(interest.vacancy), key),
    )  # fmt: skip


def _moments(
    found: agenda.Search, form: MomentForm | PlanForm, mode: Mode, modes: list[Mode], key: str
) -> dict[str, Any]:
    """The week that a page of moments shows."""
    as_list = request.args.get("view") == "list"
    week = planning.week(found, request.args.get("week"), form.slot.data or "", every=as_list)

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
    interview = queries.staff_interview(viewer(), key, lock=writing())
    form = MomentForm.from_request()
    if not interview.open:
        return refusals.see_other(url_for(".show", key=key))
    found = _search(interview)
    if form.accepted():
        service.move(interview, planning.chosen(found, form.answer().slot))
        return form.go(url_for(".show", key=key), _("The new moment is held for everybody."))
    return render_template(
        "interviews/move.html", form=form, interview=interview, company=interview.vacancy.employer.organisation.name,
        **_moments(found, form, interview.mode, [interview.mode], key),
    )  # fmt: skip


def _search(interview: Interview) -> agenda.Search:
    vacancy = interview.vacancy
    vacancy.workplace = interview.workplace
    return planning.search(
        vacancy, interview.contact_id, handle(interview.candidate_id), interview.mode, interview=interview
    )


@interviews.route("/interviews/<key>/companion", methods=["GET", "POST"])
@opens_to(staff)
def companion(key: str) -> str | Response:
    """Somebody else goes along, at the same moment."""
    interview = queries.staff_interview(viewer(), key, lock=writing())
    if not interview.open or interview.starts_at is None or interview.ends_at is None:
        return refusals.see_other(url_for(".show", key=key))
    if interview.companion_id is not None and interview.companion_hold_id is None:
        return refusals.see_other(url_for(".move", key=key))
    form = CompanionForm.from_request()
    found = _search(interview)
    free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
    people: dict[str, Person] = {found.people[n].key: found.people[n] for n in free if n != interview.companion_id}
    fields.offer(form.companion, [(key_of, person.name) for key_of, person in people.items()])
    if form.accepted():
        chosen = people.get(form.answer().companion)
        if chosen is None:
            raise AlreadyTaken(field="companion")
        service.change_companion(interview, free[chosen.id])
        return form.go(url_for(".show", key=key), _("%(name)s goes along.", name=chosen.name))
    return render_template(
        "interviews/companion.html", form=form, interview=interview, anybody=bool(people),
        company=interview.vacancy.employer.organisation.name,
    )  # fmt: skip


@interviews.route("/interviews/<key>/cancel", methods=["GET", "POST"])
@opens_to(staff)
def cancel(key: str) -> str | Response:
    """It does not go on; the page says beforehand who hears it."""
    interview = queries.staff_interview(viewer(), key, lock=writing())
    form = CancelForm.from_request()
    if form.accepted():
        service.cancel(interview, form.answer().reason)
        return form.go(url_for(".show", key=key), _("The interview is off, and everybody who was invited hears it."))
    if not interview.open:
        return refusals.see_other(url_for(".show", key=key))
    people = [interview.contact, *([interview.companion] if interview.companion else [])]
    return render_template(
        "interviews/cancel.html", form=form, interview=interview, people=people,
        company=interview.vacancy.employer.organisation.name,
    )  # fmt: skip


def cancel_reason(interview: Interview) -> str:
    return label("interviews", "cancel_reasons", interview.cancelled_because) if interview.cancelled_because else ""
