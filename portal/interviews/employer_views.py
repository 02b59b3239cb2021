"""After the interview, on the company's side: who was there says how it went, each for themselves, and then one decides."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.employers.models import Vacancy
from portal.employers.queries import vacancy_of
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.interviews import answers, cards, criteria, framing, guide, outcome, queries
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview, Scorecard
from portal.interviews.outcome_forms import (
    FORMS,
    OUTCOMES,
    SECOND_LINE,
    CriteriaForm,
    LongerForm,
    ScorecardForm,
    TableForm,
    scorecard_form,
)
from portal.interviews.outcome_words import terms_of
from portal.interviews.policy import employer
from portal.interviews.states import DecisionState, InterviewState
from portal.interviews.talk_pages import back


def _load(key: str) -> Interview:
    return queries.deciding_talk(viewer(), key, lock=request.method == "POST")


def facts_for_employer(interview: Interview, *, own: bool) -> dict[str, Any]:
    """What the page of an interview shows the company of the framing, the table and the decision."""
    held = interview.state is InterviewState.HELD
    return {
        "told": framing.shown(interview) if own else None,
        "seats": cards.seats(interview) if held else [],
        "my_card": cards.own(interview, viewer().me) is not None,
        "cards_open": cards.is_open(interview),
        "others_in": len(interview.scorecards) > 1,
        "terms": terms_of(interview),
        "answers_for": queries.answers_for(viewer(), interview),
        "rules": guide.for_interview(interview).short,
    }


# --- The card -----------------------------------------------------------------------------------------------------


@interviews.route("/interviews/<key>/scorecard", methods=["GET", "POST"])
@opens_to(employer)
def score(key: str) -> str | Response:
    """How the interview went: the same questions for everybody who was there."""
    interview = queries.scored_talk(viewer(), key, lock=request.method == "POST")
    asked, me = criteria.criteria_for(interview), viewer().me
    form = scorecard_form(tuple(asked.criteria)).from_request(**_before(cards.own(interview, me)))
    if form.accepted():
        cards.score(interview, me, form.answer())
        return form.go(
            url_for(".all_cards", key=key), _("Your card is in. Until the decision you may still change it.")
        )
    if not cards.is_open(interview):
        return back(key) if queries.answers_for(viewer(), interview) else refusals.see_other(url_for(".index"))
    return render_template(
        "interviews/scorecard.html", form=form, interview=interview, criteria=asked.criteria, evidence=SECOND_LINE,
        back=url_for(".index"),
    )  # fmt: skip


def _before(card: Scorecard | None) -> dict[str, str]:
    """What this person filled in before, to look over again."""
    if card is None:
        return {}
    scores = {code: str(value) for code, value in card.scores.items()}
    lines = {code + SECOND_LINE: text for code, text in (card.evidence or {}).items()}
    return {**scores, **lines, "make_it_work": card.make_it_work or ""}


@interviews.get("/interviews/<key>/cards")
@opens_to(employer)
def all_cards(key: str) -> str | Response:
    """Every card side by side, for somebody whose own card is in."""
    interview, me = queries.scored_talk(viewer(), key), viewer().me
    found = cards.side_by_side(interview, me=me)
    answers_for = queries.answers_for(viewer(), interview)
    if not found or not (answers_for or cards.is_open(interview)):
        return refusals.see_other(url_for(".score", key=key) if cards.is_open(interview) else url_for(".index"))
    return render_template(
        "interviews/cards.html", interview=interview, cards=found, criteria=criteria.criteria_for(interview).criteria,
        missing=[one.name for one in cards.seats(interview) if not one.is_in], may_mend=cards.is_open(interview),
        may_decide=answers_for and bool(outcome.may_decide(interview)), may_open=answers_for,
    )  # fmt: skip


@interviews.route("/interviews/<key>/table", methods=["GET", "POST"])
@opens_to(employer)
def table(key: str) -> str | Response:
    """Who else sat at the table: colleagues with an account, or somebody by letter."""
    interview = _load(key)
    people = {one.key: one for one in cards.colleagues(interview, viewer().me)}
    asked = cards.seats(interview)
    known = {one.person_id for one in cards.scorers(interview.id)}
    choices = [(one.key, one.name) for one in people.values() if one.id not in known]
    form = TableForm.among(choices, language=viewer().language)
    if form.accepted():
        answer = form.answer()
        if not answer.colleagues and not answer.email:
            raise cards.NobodyAsked()
        cards.ask_colleagues(interview, [people[one] for one in answer.colleagues if one in people])
        if answer.email:
            cards.ask_by_letter(interview, name=answer.name, email=answer.email, language=answer.language)
        return form.go(url_for(".table", key=key), _("Asked. You see here whose card is in, not what it says."))
    if not cards.is_open(interview):
        return back(key)
    return render_template("interviews/table.html", form=form, interview=interview, seats=asked)


@interviews.post("/interviews/<key>/table/<seat>/take-back")
@opens_to(employer)
def take_seat_back(key: str, seat: str) -> Response:
    """Somebody was asked by mistake."""
    interview, press = _load(key), Press.from_request()
    found = next((one for one in cards.scorers(interview.id) if one.key == seat), None)
    if found is None:
        raise NotFound()
    if press.accepted():
        cards.take_back(interview, found)
        return press.go(url_for(".table", key=key), _("Taken back: the link is closed."))
    return refusals.see_other(url_for(".table", key=key))


@interviews.route("/card/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def card(token: str) -> str | Response | tuple[str, int]:
    """The card behind a personal link: no account, this one card, nothing else."""
    try:
        scorer = cards.behind(token, lock=request.method == "POST")
    except links.NoSuchLink:
        return link_pages.closed("interviews/card_closed.html")
    link_pages.meet_in(scorer.language)
    interview = queries.whole([scorer.interview_id], lock=request.method == "POST")[0]
    asked = criteria.criteria_for(interview)
    before = cards.own(interview, scorer.person_id, scorer)
    # Whoever was handed the letter reads nothing of what was answered: sent answers are never shown by a link.
    form: ScorecardForm = scorecard_form(tuple(asked.criteria)).from_request()
    if not cards.is_open(interview):
        return link_pages.closed("interviews/card_closed.html")
    if form.accepted():
        cards.score(interview, scorer.person_id, form.answer(), scorer=scorer)
        return form.go(url_for(".card", token=token), _("Thank you. Your card is in."))
    return render_template(
        "interviews/card.html", form=form, interview=interview, criteria=asked.criteria, evidence=SECOND_LINE,
        name=scorer.called, is_in=before is not None,
    )  # fmt: skip


# --- The criteria of a vacancy --------------------------------------------------------------------------------------


@interviews.route("/vacancies/<key>/criteria", methods=["GET", "POST"])
@opens_to(employer)
def fix_criteria(key: str) -> str | Response:
    """What counts for this job: fixed before a profile is opened, and the same for everybody."""
    vacancy: Vacancy = vacancy_of(viewer(), key)
    now = criteria.criteria_now(vacancy.id)
    form = CriteriaForm.from_request(codes=list(now.criteria))
    if form.accepted():
        criteria.fix_criteria(vacancy.id, form.answer().codes)
        return form.go(url_for(".fix_criteria", key=key), _("Kept. They count for profiles that you open from now on."))
    return render_template("interviews/criteria.html", form=form, vacancy=vacancy, now=now)


# --- The decision ---------------------------------------------------------------------------------------------------


@interviews.route("/interviews/<key>/decision", methods=["GET", "POST"])
@opens_to(employer)
def decide(key: str) -> str | Response:
    """The employer decides, each answer with what belongs to it, a no with reasons about the job."""
    interview = _load(key)
    open_to = outcome.may_decide(interview)
    chosen = _chosen()
    if chosen is not None:
        form = FORMS[chosen].from_request(**_proposed(interview, chosen))
        if form.accepted():
            given = form.answer()
            outcome.decide(interview, viewer().me, chosen, given.reasons, given.note, given.terms)
            return form.go(url_for(".show", key=key), _("Thank you. The candidate hears it within a week."))
    if not open_to:
        return back(key)
    if cards.own(interview, viewer().me) is None:
        return refusals.see_other(url_for(".score", key=key))
    return render_template(
        "interviews/decide.html", interview=interview, outcomes={one: OUTCOMES[one] for one in open_to},
        chosen=chosen if chosen in open_to else None, form=form if chosen in open_to else None,
    )  # fmt: skip


def _chosen() -> DecisionState | None:
    wanted = request.args.get("outcome", "")
    return DecisionState(wanted) if wanted in {one.value for one in FORMS} else None


def _proposed(interview: Interview, chosen: DecisionState) -> dict[str, Any]:
    """What the vacancy, or the trial before, says already."""
    vacancy, decision = interview.vacancy, interview.decision
    if chosen not in (DecisionState.OFFER, DecisionState.TRIAL):
        return {}
    if decision is not None and decision.state is DecisionState.TRYING:
        return {"hours_week": decision.hours_week}
    form = vacancy.forms[0] if vacancy.forms else None
    return {"hours_week": vacancy.hours_week, "starts_on": vacancy.starts_on, "form": form}


@interviews.route("/interviews/<key>/offer", methods=["GET", "POST"])
@opens_to(employer)
def longer(key: str) -> str | Response:
    """The company lets its offer stand longer."""
    interview = _load(key)
    form = LongerForm.from_request()
    if form.accepted():
        answers.stands_longer(interview, form.answer().until)
        return form.go(url_for(".show", key=key), _("Kept. Your project worker tells the candidate."))
    if interview.decision is None or interview.decision.state is not DecisionState.OFFER:
        return back(key)
    return render_template("interviews/longer.html", form=form, interview=interview)


# --- The practical guide --------------------------------------------------------------------------------------------


@interviews.get("/interviews/<key>/guide")
@opens_to(employer)
def practical(key: str) -> str:
    """What to know around this interview, on a page that prints."""
    interview = queries.deciding_talk(viewer(), key)
    return render_template("interviews/guide.html", interview=interview, guide=guide.for_interview(interview))
