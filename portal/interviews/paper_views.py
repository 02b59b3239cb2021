"""The papers of an interview, on a page for the printer and as a PDF: for the house that gives leave, and for the candidate."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.agenda import holds
from portal.agenda.windows import Span
from portal.candidates import handles, identities
from portal.foundation import documents
from portal.foundation.access import opens_to, viewer
from portal.foundation.host import operator_name
from portal.foundation.words import LANGUAGES, speaking
from portal.interviews import papers, permissions, queries
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview
from portal.interviews.policy import staff
from portal.interviews.states import PermissionState
from portal.interviews.talk_pages import back
from portal.journal import service as journal

# A file on somebody's computer names nobody, in the language of who reads it.
SHEET_NAMES = {"nl": "gesprek", "fr": "entretien", "en": "interview"}
LETTER_NAMES = {"nl": "uitnodiging", "fr": "invitation"}


@dataclass(frozen=True)
class Written:
    """A paper in its language, and the languages that it can be had in."""

    paper: papers.Paper
    language: str
    languages: dict[str, str]


def _sheet(interview: Interview) -> Written:
    """The candidate's own sheet, in the candidate's language or the one that was chosen."""
    own = handles.handle(interview.candidate_id).language
    wished = request.args.get("in", "")
    tongue = next((code for code in (wished, own) if code in LANGUAGES), "nl")
    name = identities.name(interview.candidate_id, "print the candidate's sheet")
    ref = holds.candidate(interview.candidate_id)
    held = next((Span(one.blocked_from, one.blocked_until) for one in holds.of(interview) if one.party == ref), None)
    with speaking(tongue):
        return Written(papers.preparation(interview, name, held, operator_name()), tongue, LANGUAGES)


def _letter(interview: Interview) -> Written:
    """The letter for the file, in a language of the house where somebody is, or the one that was chosen."""
    house = handles.met_where(interview.candidate_id)
    tongue = papers.tongue_for_file(house, request.args.get("in", ""))
    name = identities.name(interview.candidate_id, "print the letter for the permission")
    journal.saw("permission.letter_printed", interview, language=tongue)
    with speaking(tongue):
        paper = papers.file_letter(interview, name, house, permissions.needed_span(interview), operator_name())
    return Written(paper, tongue, {code: LANGUAGES[code] for code in papers.HOUSES_SPEAK})


def _page(template: str, interview: Interview, written: Written, **more: Any) -> str:
    with speaking(written.language):
        return render_template(template, interview=interview, written=written, paper=written.paper, **more)


@interviews.get("/interviews/<key>/sheet")
@opens_to(staff)
def sheet(key: str) -> str | Response:
    """What the candidate gets on paper."""
    interview = queries.staff_interview(viewer(), key)
    if not interview.shows_identity:
        return back(key)
    return _page("interviews/sheet.html", interview, _sheet(interview))


@interviews.get("/interviews/<key>/sheet.pdf")
@opens_to(staff)
def sheet_pdf(key: str) -> Response:
    """The same sheet as a file, to print elsewhere or to send along."""
    interview = queries.staff_interview(viewer(), key)
    if not interview.shows_identity:
        return back(key)
    written = _sheet(interview)
    with speaking(written.language):
        content = written.paper.pdf("interviews/sheet.typ")
    return documents.attachment(content, SHEET_NAMES[written.language])


@interviews.get("/interviews/<key>/file-letter")
@opens_to(staff)
def file_letter(key: str) -> str | Response:
    """The invitation for the file: what goes with the request for the permission."""
    interview = queries.staff_interview(viewer(), key)
    if not _may_be_asked(interview):
        return back(key)
    return _page("interviews/file_letter.html", interview, _letter(interview))


@interviews.get("/interviews/<key>/file-letter.pdf")
@opens_to(staff)
def file_letter_pdf(key: str) -> Response:
    """The same letter as a file, to send with the request."""
    interview = queries.staff_interview(viewer(), key)
    if not _may_be_asked(interview):
        return back(key)
    written = _letter(interview)
    with speaking(written.language):
        content = written.paper.pdf("interviews/file_letter.typ")
    return documents.attachment(content, LETTER_NAMES[written.language])


def _may_be_asked(interview: Interview) -> bool:
    """Whether there are hours to ask for: a moment is held, and leave is needed."""
    return interview.companion_hold_id is not None and interview.permission.state is not PermissionState.NOT_NEEDED
