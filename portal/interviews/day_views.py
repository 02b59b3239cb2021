"""On the day itself, each with a page of its own that works without a script: somebody comes later, and the notes."""

import json
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal.candidates import identities
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import _, _n, time_short
from portal.interviews import delays, letters, notes
from portal.interviews.blueprint import interviews
from portal.interviews.day_forms import LateForm, NoteForm
from portal.interviews.models import Interview
from portal.interviews.policy import staff
from portal.interviews.talk_pages import back, load


def back_to(key: str) -> str:
    """The page that a press came from, where it said so (the worker's day); else the interview's own."""
    return refusals.local_path(request.form.get("back")) or url_for("interviews.show", key=key)


@interviews.route("/interviews/<key>/late", methods=["GET", "POST"])
@opens_to(staff)
def running_late(key: str) -> str | Response:
    """The company hears by letter that somebody comes later; the phone number stands beside it."""
    interview = load(key)
    form = LateForm.from_request()
    lates = delays.of(interview)
    if form.accepted():
        answer = form.answer()
        told = delays.tell(interview, lates, who=answer.who, minutes=int(answer.minutes))
        return form.go(back_to(key), _told(interview, told.minutes))
    if not delays.tells(interview):
        return back(key)
    return render_template(
        "interviews/running_late.html", form=form, interview=interview, company=letters.company_of(interview),
        lates=delays.today(lates), left=delays.left(lates), words=delays.WHO,
    )  # fmt: skip


def _told(interview: Interview, minutes: int) -> str:
    later = _n("%(num)s minute", "%(num)s minutes", minutes)
    phone = interview.contact.phone
    if phone:
        return _(
            "%(contact)s has a letter: %(later)s later. Call too: %(phone)s.",
            contact=interview.contact.name, later=later, phone=phone,
        )  # fmt: skip
    return _("%(contact)s has a letter: %(later)s later.", contact=interview.contact.name, later=later)


@interviews.route("/interviews/<key>/note", methods=["GET", "POST"])
@opens_to(staff)
def note(key: str) -> str | Response:
    """The notes of the interview, by who goes along. A script sends drafts here and reads the answer as JSON."""
    interview = notes.writable(viewer(), key, lock=request.method == "POST")
    if request.accept_mimetypes.best == "application/json":
        return _draft(interview)
    kept = notes.read(interview)
    read = str(kept.version) if kept is not None else "0"
    form = NoteForm.from_request(words=kept.words if kept is not None else "", version=read)
    if form.accepted():
        notes.keep(interview, form.typed(), viewer().me)
        return form.go(
            refusals.local_path(request.form.get("back")) or url_for(".note", key=key), _("Your notes are kept.")
        )
    theirs = kept if kept is not None and form.version.data != read and form.words.data != kept.words else None
    if theirs is not None:
        # Both are in sight now: keeping them is a choice.
        form.version.data = read
    name = identities.name(interview.candidate_id, "the notes of an interview")
    return render_template(
        "interviews/note.html", form=form, interview=interview, company=letters.company_of(interview), name=name,
        theirs=theirs.words if theirs is not None else None, version=read, may_write=kept is not None or interview.shows_identity,
        unsent=theirs is None and (form.words.data or "") != (kept.words if kept is not None else ""),
    )  # fmt: skip


def _draft(interview: Interview) -> Response:
    """Kept; or not, with the sentence that says why; or with what stands on the server, for who typed to choose."""
    form = NoteForm()
    if not form.validate():
        return _json({"sentences": [str(one) for errors in form.errors.values() for one in errors]}, 422)
    try:
        kept = notes.keep(interview, form.typed(), viewer().me)
    except notes.ChangedElsewhere:
        theirs = notes.read(interview)
        db.session.commit()
        return _json({"version": theirs.version, "words": theirs.words} if theirs is not None else {}, 409)
    except DomainError as error:
        return _json({"sentences": [str(error.sentence)]}, 422)
    answer = {"version": kept.version, "at": time_short(kept.changed_at)}
    return _json(form.tell(json.dumps(answer)), 200)


def _json(answer: Any, status: int) -> Response:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return FlaskResponse(text, status=status, mimetype="application/json")


@interviews.get("/interviews/<key>/note/state")
@opens_to(anyone)
def note_state(key: str) -> Response:
    """Whether who typed is signed in again, and a fresh token to send with. Open to anyone, so that asking never becomes
    the page to which a sign-in leads; who does not write these notes gets nothing."""
    if viewer().is_anonymous:
        return jsonify(signed_in=False)
    notes.writable(viewer(), key)
    return jsonify(signed_in=True, csrf_token=generate_csrf())
