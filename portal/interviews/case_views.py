"""The worker's steps between the moment and the decision: permission, confirmation, sheet, presence, telling."""

from datetime import time

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.agenda import holds
from portal.agenda.windows import Span
from portal.candidates import identities
from portal.candidates.handles import handle
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _, speaking
from portal.interviews import lateness, letters, outcome, permissions, queries, reveals, service
from portal.interviews.blueprint import interviews
from portal.interviews.forms import PermissionForm, PresenceForm, RequestedForm, TellForm
from portal.interviews.models import Interview
from portal.interviews.policy import staff
from portal.interviews.rules import DoesNotCover, NoConsent
from portal.interviews.states import DecisionState, InterviewState, PermissionState, Presence
from portal.journal import service as journal
from portal.tasks import service as tasks


def _load(key: str) -> Interview:
    return queries.staff_interview(viewer(), key, lock=request.method == "POST")


def _back(key: str) -> Response:
    return refusals.see_other(url_for(".show", key=key))


@interviews.route("/interviews/<key>/permission", methods=["GET", "POST"])
@opens_to(staff)
def permission_request(key: str) -> str | Response:
    """The permission was requested, on this day."""
    interview = _load(key)
    form = RequestedForm.from_request(on=clock.today())
    if form.accepted():
        permissions.requested(interview, form.answer().on)
        return form.go(url_for(".show", key=key), _("Noted. You will be reminded to ask for the answer."))
    if interview.permission.state is not PermissionState.TO_REQUEST or interview.companion_hold_id is None:
        return _back(key)
    return render_template(
        "interviews/permission_request.html", form=form, interview=interview, company=letters.company_of(interview),
        needed=permissions.needed_span(interview),
    )  # fmt: skip


@interviews.route("/interviews/<key>/permission/answer", methods=["GET", "POST"])
@opens_to(staff)
def permission_answer(key: str) -> str | Response:
    """Granted for these hours, or refused."""
    interview = _load(key)
    form = PermissionForm.from_request()
    if form.accepted():
        answer = form.answer()
        if answer.outcome == "refused":
            permissions.refused(interview)
            return form.go(
                url_for(".move", key=key), _("Noted. The company hears that the interview moves, without a reason.")
            )
        permissions.granted(interview, _hours(interview, answer.begins or time(0), answer.until or time(0)))
        return form.go(url_for(".show", key=key), _("Noted. Now you can confirm the interview."))
    if interview.permission.state is not PermissionState.REQUESTED or not interview.open:
        return _back(key)
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


@interviews.post("/interviews/<key>/permission/revoked")
@opens_to(staff)
def permission_revoked(key: str) -> Response:
    interview, press = _load(key), Press.from_request()
    if press.accepted():
        permissions.revoked(interview)
        return press.go(
            url_for(".move", key=key), _("Noted. The company hears that the interview moves, without a reason.")
        )
    return _back(key)


@interviews.post("/interviews/<key>/confirm")
@opens_to(staff)
def confirm(key: str) -> str | Response:
    """Certain, if it is still the moment that the page showed."""
    interview, press = _load(key), lateness.MomentPress.from_request()
    if press.accepted():
        lateness.check(interview, press.revision.data)
        service.confirm(interview)
        return press.go(url_for(".show", key=key), _("Confirmed. The invitations are on their way."))
    if lateness.is_late(interview, press) or not interview.may_move_to(InterviewState.CONFIRMED):
        return lateness.page(interview, press)
    return _back(key)


@interviews.post("/interviews/<key>/identity")
@opens_to(staff)
def identity(key: str) -> Response:
    """The candidate agreed after the confirmation: from now on the contact sees the name."""
    interview, press = _load(key), Press.from_request()
    if press.accepted():
        if reveals.open_for(interview) is None:
            raise NoConsent()
        return press.go(url_for(".show", key=key), _("From now on the contact sees what the candidate allowed."))
    return _back(key)


@interviews.post("/interviews/<key>/told")
@opens_to(staff)
def told(key: str) -> Response:
    """The candidate has the sheet, or knows that the interview is off."""
    interview, press = _load(key), Press.from_request()
    if press.accepted():
        journal.note("candidate.informed", interview)
        for kind in ("sheet", "tell_change"):
            tasks.close(f"interviews.{kind}", interview)
        return press.go(url_for(".show", key=key), _("Noted: the candidate knows."))
    return _back(key)


@interviews.route("/interviews/<key>/presence", methods=["GET", "POST"])
@opens_to(staff)
def presence(key: str) -> str | Response:
    """Who was there, once the interview has begun."""
    interview = _load(key)
    form = PresenceForm.from_request(**came(interview))
    if form.accepted():
        answer = form.answer()
        parties = _parties(interview)
        noted = {party: Presence(getattr(answer, name)) for name, party in parties.items()}
        outcome.record_presence(interview, noted)
        return form.go(url_for(".show", key=key), _("Noted."))
    if not interview.begun or interview.companion is None:
        return _back(key)
    return render_template(
        "interviews/presence.html", form=form, interview=interview, company=letters.company_of(interview)
    )


def _parties(interview: Interview) -> dict[str, str]:
    return {
        "candidate": holds.candidate(interview.candidate_id),
        "contact": holds.person(interview.contact_id),
        "companion": holds.person(interview.companion_id or 0),
    }


def came(interview: Interview) -> dict[str, str]:
    known = {one.party: one.presence.value for one in interview.participants if one.presence is not Presence.EXPECTED}
    return {name: known[party] for name, party in _parties(interview).items() if party in known}


@interviews.route("/interviews/<key>/tell", methods=["GET", "POST"])
@opens_to(staff)
def tell(key: str) -> str | Response:
    """What the candidate hears, word for word, and what the candidate answers."""
    interview = _load(key)
    decision = interview.decision
    if decision is None or decision.state is DecisionState.PENDING:
        return _back(key)
    asked = decision.state in (DecisionState.OFFER, DecisionState.TRIAL)
    form: TellForm | Press = TellForm.from_request() if asked else Press.from_request()
    if form.accepted():
        answer = form.answer() if isinstance(form, TellForm) else None
        said = answer.reply if answer and answer.reply != "later" else ""
        outcome.told(interview, said, answer.reasons if answer else ())
        return form.go(url_for(".show", key=key), _("Noted: the candidate knows."))
    case = handle(interview.candidate_id)
    with speaking(case.language):
        sentences = outcome.for_candidate(decision)
    name = identities.name(interview.candidate_id, "tell the decision")
    return render_template(
        "interviews/tell.html", form=form, interview=interview, asked=asked, sentences=sentences, name=name,
        company=letters.company_of(interview), language=case.language,
    )  # fmt: skip


@interviews.get("/interviews/<key>/sheet")
@opens_to(staff)
def sheet(key: str) -> str | Response:
    """What the candidate gets on paper, in the candidate's own language."""
    interview = _load(key)
    if not interview.shows_identity:
        return _back(key)
    case = handle(interview.candidate_id)
    name = identities.name(interview.candidate_id, "print the candidate's sheet")
    with speaking(case.language):
        return render_template(
            "interviews/sheet.html", interview=interview, name=name, company=letters.company_of(interview),
            where=letters.where(interview),
        )  # fmt: skip


@interviews.get("/interviews/<key>/file-letter")
@opens_to(staff)
def file_letter(key: str) -> str | Response:
    """The invitation for the file: what goes with the request for the permission."""
    interview = _load(key)
    if interview.companion_hold_id is None or interview.permission.state is PermissionState.NOT_NEEDED:
        return _back(key)
    name = identities.name(interview.candidate_id, "print the letter for the permission")
    return render_template(
        "interviews/file_letter.html", interview=interview, name=name, company=letters.company_of(interview),
        where=letters.where(interview), needed=permissions.needed_span(interview),
    )  # fmt: skip
