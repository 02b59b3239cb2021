"""After the interview: the contact who was there says how it went, then decides."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _
from portal.interviews import outcome, queries
from portal.interviews.blueprint import interviews
from portal.interviews.forms import SECOND_LINE, DecisionForm, ScorecardForm, criteria
from portal.interviews.models import Interview
from portal.interviews.policy import employer
from portal.interviews.states import DecisionState


def _load(key: str) -> Interview:
    return queries.own_talk(viewer(), key, lock=request.method == "POST")


def _open(interview: Interview) -> bool:
    return interview.decision is not None and interview.decision.state is DecisionState.PENDING


@interviews.route("/interviews/<key>/scorecard", methods=["GET", "POST"])
@opens_to(employer)
def score(key: str) -> str | Response:
    """How the interview went: the same questions for everybody."""
    interview = _load(key)
    form = ScorecardForm.from_request(**_before(interview))
    if form.accepted():
        outcome.score(interview, viewer().me, form.answer())
        return form.go(url_for(".decide", key=key))
    if not _open(interview):
        return refusals.see_other(url_for(".show", key=key))
    return render_template(
        "interviews/scorecard.html", form=form, interview=interview, criteria=criteria(), evidence=SECOND_LINE
    )


def _before(interview: Interview) -> dict[str, str]:
    """What this contact filled in before, to look over again."""
    card = next((one for one in interview.scorecards if one.person_id == viewer().me), None)
    if card is None:
        return {}
    scores = {code: str(value) for code, value in card.scores.items()}
    lines = {code + SECOND_LINE: text for code, text in (card.evidence or {}).items()}
    return {**scores, **lines, "make_it_work": card.make_it_work or ""}


@interviews.route("/interviews/<key>/decision", methods=["GET", "POST"])
@opens_to(employer)
def decide(key: str) -> str | Response:
    """The employer decides, and says why with reasons about the job."""
    interview = _load(key)
    form = DecisionForm.from_request()
    if form.accepted():
        answer = form.answer()
        outcome.decide(interview, viewer().me, DecisionState(answer.outcome), answer.reasons, answer.note)
        return form.go(url_for(".show", key=key), _("Thank you. The candidate hears it within a week."))
    if not _open(interview):
        return refusals.see_other(url_for(".show", key=key))
    if all(card.person_id != viewer().me for card in interview.scorecards):
        return refusals.see_other(url_for(".score", key=key))
    return render_template("interviews/decide.html", form=form, interview=interview)
