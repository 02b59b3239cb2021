"""The worker's steps between the moment and the decision: permission, confirmation, sheet, presence, telling."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.foundation import refusals
from portal.foundation.access import opens_to
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.interviews import lateness, letters, outcome, presences, reveals, service
from portal.interviews.blueprint import interviews
from portal.interviews.forms import PresenceForm
from portal.interviews.policy import staff
from portal.interviews.rules import NoConsent
from portal.interviews.states import InterviewState, Presence
from portal.interviews.talk_pages import back, load
from portal.journal import service as journal
from portal.tasks import service as tasks


@interviews.post("/interviews/<key>/confirm")
@opens_to(staff)
def confirm(key: str) -> str | Response:
    """Certain, if it is still the moment that the page showed."""
    interview, press = load(key), lateness.MomentPress.from_request()
    if press.accepted():
        lateness.check(interview, press.revision.data)
        service.confirm(interview)
        return press.go(url_for(".show", key=key), _("Confirmed. The invitations are on their way."))
    if lateness.is_late(interview, press) or not interview.may_move_to(InterviewState.CONFIRMED):
        return lateness.page(interview, press)
    return back(key)


@interviews.post("/interviews/<key>/identity")
@opens_to(staff)
def identity(key: str) -> Response:
    """The candidate agreed after the confirmation: from now on the contact sees the name."""
    interview, press = load(key), Press.from_request()
    if press.accepted():
        if reveals.open_for(interview) is None:
            raise NoConsent()
        return press.go(url_for(".show", key=key), _("From now on the contact sees what the candidate allowed."))
    return back(key)


@interviews.post("/interviews/<key>/told")
@opens_to(staff)
def told(key: str) -> Response:
    """The candidate has the sheet, or knows that the interview is off."""
    interview, press = load(key), Press.from_request()
    if press.accepted():
        journal.note("candidate.informed", interview)
        for kind in ("sheet", "tell_change"):
            tasks.close(f"interviews.{kind}", interview)
        return press.go(url_for(".show", key=key), _("Noted: the candidate knows."))
    return back(key)


@interviews.route("/interviews/<key>/presence", methods=["GET", "POST"])
@opens_to(staff)
def presence(key: str) -> str | Response:
    """Who was there, once the interview has begun."""
    interview = load(key)
    form = PresenceForm.from_request(**presences.came(interview))
    if form.accepted():
        answer = form.answer()
        parties = presences.parties(interview)
        noted = {party: Presence(getattr(answer, name)) for name, party in parties.items()}
        outcome.record_presence(interview, noted)
        return form.go(refusals.local_path(request.form.get("back")) or url_for(".show", key=key), _("Noted."))
    if not interview.begun or interview.companion is None:
        return back(key)
    return render_template(
        "interviews/presence.html", form=form, interview=interview, company=letters.company_of(interview)
    )
