"""The leave for an interview, as the team notes it: asked, granted for these hours, refused, taken back."""

from datetime import time

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.agenda.windows import Span
from portal.candidates import handles
from portal.foundation import clock
from portal.foundation.access import opens_to
from portal.foundation.words import _
from portal.interviews import lateness, letters, permission_history, permissions
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview
from portal.interviews.permission_forms import PermissionForm, RequestedForm, RevokedForm
from portal.interviews.policy import staff
from portal.interviews.rules import DoesNotCover
from portal.interviews.states import PermissionState
from portal.interviews.talk_pages import back, load


@interviews.route("/interviews/<key>/permission", methods=["GET", "POST"])
@opens_to(staff)
def permission_request(key: str) -> str | Response:
    """The permission was asked for: on this day, of this office, in this way."""
    interview = load(key)
    office = permission_history.office_at(handles.met_where(interview.candidate_id))
    form = RequestedForm.from_request(on=clock.today(), office=office, channel="email", revision=interview.revision)
    if form.accepted():
        lateness.check(interview, form.revision.data)
        answer = form.answer()
        permissions.requested(interview, answer.on, office=answer.office, channel=answer.channel)
        return form.go(url_for(".show", key=key), _("Noted. You will be reminded to ask for the answer."))
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    if interview.permission.state is not PermissionState.TO_REQUEST or interview.companion_hold_id is None:
        return back(key)
    return render_template(
        "interviews/permission_request.html", form=form, interview=interview, company=letters.company_of(interview),
        needed=permissions.needed_span(interview),
    )  # fmt: skip


@interviews.route("/interviews/<key>/permission/answer", methods=["GET", "POST"])
@opens_to(staff)
def permission_answer(key: str) -> str | Response:
    """Granted for these hours on these conditions, or refused."""
    interview = load(key)
    form = PermissionForm.from_request(revision=interview.revision)
    if form.accepted():
        lateness.check(interview, form.revision.data)
        answer = form.answer()
        if answer.outcome == "refused":
            permissions.refused(interview, answer.reason or "not_said")
            return form.go(
                url_for(".move", key=key), _("Noted. The company hears that the interview moves, without a reason.")
            )
        covers = _hours(interview, answer.begins or time(0), answer.until or time(0))
        permissions.granted(interview, covers, answer.conditions)
        return form.go(url_for(".show", key=key), _("Noted. Now you can confirm the interview."))
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    if interview.permission.state is not PermissionState.REQUESTED or not interview.open:
        return back(key)
    return render_template(
        "interviews/permission_answer.html", form=form, interview=interview, company=letters.company_of(interview),
        needed=permissions.needed_span(interview),
    )  # fmt: skip


def _hours(interview: Interview, begins: time, until: time) -> Span:
    """The granted hours on the day of the interview. Raises DoesNotCover when they are turned around."""
    day = clock.local(interview.starts_at or clock.now()).date()
    if until <= begins:
        needed = permissions.needed_span(interview)
        raise DoesNotCover.between(needed)
    return Span(clock.at(day, begins), clock.at(day, until))


@interviews.route("/interviews/<key>/permission/revoked", methods=["GET", "POST"])
@opens_to(staff)
def permission_revoked(key: str) -> str | Response:
    """What was granted was taken back: the moment cannot be kept."""
    interview = load(key)
    form = RevokedForm.from_request(revision=interview.revision)
    if form.accepted():
        lateness.check(interview, form.revision.data)
        permissions.revoked(interview, form.answer().reason)
        return form.go(
            url_for(".move", key=key), _("Noted. The company hears that the interview moves, without a reason.")
        )
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    if interview.permission.state is not PermissionState.GRANTED or not interview.open:
        return back(key)
    return render_template(
        "interviews/permission_revoked.html", form=form, interview=interview, company=letters.company_of(interview)
    )
