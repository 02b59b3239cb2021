"""The worker's side of an outcome: telling the candidate, noting the answer, the next step after a no."""

from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator
from portal.candidates import identities
from portal.candidates.channels import CHANNELS
from portal.candidates.handles import handle
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.options import labels
from portal.foundation.words import _, speaking
from portal.interviews import answers, cards, letters, outcome, silence
from portal.interviews.blueprint import interviews
from portal.interviews.criteria import all_criteria
from portal.interviews.models import Interview
from portal.interviews.outcome_forms import StepsOutForm, TellForm
from portal.interviews.outcome_words import terms_of
from portal.interviews.policy import staff
from portal.interviews.states import DecisionState
from portal.interviews.talk_pages import back, load


def facts_for_staff(interview: Interview) -> dict[str, Any]:
    """What the page of an interview shows staff of its outcome and its framing."""
    decision = interview.decision
    row = interview.framed
    return {
        "cards": cards.side_by_side(interview) if interview.scorecards else [],
        "criteria": all_criteria(),
        "terms": terms_of(interview),
        "candidate_reasons": labels("interviews", "candidate_reasons", decision.candidate_reasons) if decision else [],
        "helps": decision is not None and answers.wants_help(decision),
        "may_step_out": answers.may_step_out(interview),
        "framing": row,
        "framing_topics": labels("interviews", "framing_topics", row.topics) if row is not None else [],
        "framing_channel": CHANNELS[row.channel] if row is not None else "",
    }


@interviews.route("/interviews/<key>/tell", methods=["GET", "POST"])
@opens_to(staff)
def tell(key: str) -> str | Response:
    """What the candidate hears, word for word, and what the candidate answers."""
    interview = load(key)
    decision = interview.decision
    if decision is None or decision.state is DecisionState.PENDING:
        return back(key)
    asked = decision.state in answers.ASKED
    form: TellForm | Press = TellForm.from_request() if asked else Press.from_request()
    if form.accepted():
        answer = form.answer() if isinstance(form, TellForm) else None
        said = answer.reply if answer and answer.reply != "later" else ""
        given = (answer.reasons, answer.until) if answer else ((), None)
        answers.told(interview, said, given[0], until=given[1])
        return form.go(url_for(".show", key=key), _("Noted: the candidate knows."))
    case = handle(interview.candidate_id)
    with speaking(case.language):
        sentences = outcome.for_candidate(decision)
    name = identities.name(interview.candidate_id, "tell the decision")
    return render_template(
        "interviews/tell.html", form=form, interview=interview, asked=asked, sentences=sentences, name=name,
        company=letters.company_of(interview), language=case.language, terms=terms_of(interview),
    )  # fmt: skip


@interviews.route("/interviews/<key>/candidate-no", methods=["GET", "POST"])
@opens_to(staff)
def candidate_no(key: str) -> str | Response:
    """The candidate does not go on with this company: the reasons count like those of the company."""
    interview = load(key)
    form = StepsOutForm.from_request()
    if form.accepted():
        answers.steps_out(interview, form.answer().reasons)
        return form.go(url_for(".show", key=key), _("Noted. The company hears it in neutral words."))
    if not answers.may_step_out(interview):
        return back(key)
    name = identities.name(interview.candidate_id, "note the candidate's no")
    return render_template(
        "interviews/candidate_no.html", form=form, interview=interview, name=name, company=letters.company_of(interview)
    )


@interviews.post("/interviews/<key>/next-step")
@opens_to(staff)
def next_step(key: str) -> Response:
    """After a no of the candidate: the next step is agreed."""
    interview, press = load(key), Press.from_request()
    if press.accepted():
        answers.next_step_agreed(interview)
        return press.go(url_for(".show", key=key), _("Noted."))
    return back(key)


@interviews.get("/interviews/silence")
@opens_to(coordinator)
def silent() -> str:
    """Which companies we had to ask for their answer, and how often."""
    return render_template("interviews/silence.html", companies=silence.by_company(viewer()))
