"""What a company may hear about somebody's situation: the worker writes it down together with the candidate."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.candidates import identities
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.interviews import framing, letters, queries
from portal.interviews.blueprint import interviews
from portal.interviews.framing_forms import FramingForm
from portal.interviews.models import Interview
from portal.interviews.outcome_models import Framing
from portal.interviews.policy import staff
from portal.interviews.states import InterviewState
from portal.interviews.talk_pages import back, load
from portal.showcase import checking
from portal.showcase.checking import Found
from portal.showcase.forms import LookForm


@dataclass(frozen=True)
class Text:
    """The words with what the check found in them, as the macros of the sentences read it."""

    name: str
    pieces: list[tuple[str, Any]]
    findings: list[Found]


@interviews.route("/interviews/<key>/framing", methods=["GET", "POST"])
@opens_to(staff)
def frame(key: str) -> str | Response:
    """What the company may hear, and that the candidate agreed to it."""
    interview = load(key)
    row = interview.framed
    form = FramingForm.from_request(**_before(interview, row))
    if form.accepted():
        framing.agree(interview, form.answer())
        return form.go(url_for(".show", key=key), _("Noted. The contact reads it when the candidate wants it."))
    if interview.state is InterviewState.CANCELLED:
        return back(key)
    name = identities.name(interview.candidate_id, "agree on the framing")
    return render_template(
        "interviews/framing.html", form=form, interview=interview, name=name, row=row, looked=_looked(interview, form),
        company=letters.company_of(interview),
    )  # fmt: skip


def _before(interview: Interview, row: Framing | None) -> dict[str, Any]:
    """What was agreed, or the words that were typed when the talk was planned."""
    start: dict[str, Any] = {"marks": tuple(request.form.getlist("keep"))}
    if row is None:
        return start | {"words": interview.framing or "", "kind": "own_words" if interview.framing else None}
    return start | {
        "kind": row.kind.value, "topics": row.topics, "words": row.words or "", "shown_from": row.shown_from.value,
        "agreed_on": row.agreed_on, "channel": row.channel.value, "language": row.language,
    }  # fmt: skip


def _looked(interview: Interview, form: FramingForm) -> Text | None:
    """The words as they were typed and refused, with what was found in them."""
    if request.method != "POST" or not form.words.data:
        return None
    keep = tuple(form.keep.data or ())
    found = framing.look(interview, form.words.data, form.language.data)
    seen = [Found(**(asdict(one) | {"kept": one.mark in keep})) for one in found]
    return Text("framing", checking.pieces(form.words.data, seen), seen)


@interviews.post("/interviews/<key>/framing/look")
@opens_to(staff)
def look(key: str) -> str:
    """What the check finds while the words are typed; the page works without it, by saving."""
    interview = queries.staff_interview(viewer(), key)
    form = LookForm.from_request()
    if not form.accepted():
        return ""
    given = form.answer()
    found = framing.look(interview, given.text, given.language)
    text = Text("framing", checking.pieces(given.text, found), found)
    return form.tell(render_template("showcase/found.html", line=text, language=given.language))


@interviews.post("/interviews/<key>/framing/take-back")
@opens_to(staff)
def take_framing_back(key: str) -> Response:
    interview, press = load(key), Press.from_request()
    row = interview.framed
    if row is not None and press.accepted():
        framing.take_back(interview, row)
        return press.go(url_for(".show", key=key), _("Taken back. The company no longer reads it."))
    return back(key)
