"""Who proposes: the company says when it would like to meet, signed in or by the link of its letter; the worker settles it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.words import _, date_long
from portal.interviews import letters, preferred, proposal_queries, proposals, queries, settling, steps
from portal.interviews.blueprint import interviews
from portal.interviews.models import Proposal
from portal.interviews.policy import employer, staff
from portal.interviews.proposal_forms import AskPress, SettlePress, TimesForm
from portal.interviews.rules import Late, rule
from portal.interviews.states import ProposalState
from portal.interviews.talk_pages import back


def _form(row: Proposal) -> TimesForm:
    """The same choices whoever is met: the contact's own hours."""
    besides = ("interview", row.interview_id) if row.interview_id is not None else None
    return TimesForm.of(preferred.offered(row.interest, row.contact_id, besides), seen=row.state.value)


def _answered(row: Proposal, form: TimesForm) -> Proposal:
    given = form.answer()
    return proposals.answer(row, seen=given.seen, windows=given.windows, fields=given.fields, suits=given.suits)


def _page(row: Proposal, form: TimesForm, template: str) -> str:
    """The question, or (where an answer no longer counts) how things stand."""
    counts = proposals.is_open(row)
    late = request.method == "POST" and (not counts or form.seen.data != row.state.value)
    if late:
        refusals.status(Late.status)
    form.seen.data, form.said.data = row.state.value, "times"
    first, last = preferred.reach()
    interview = row.interview
    return render_template(
        template, form=form, row=row, vacancy=row.interest.vacancy, code=row.interest.code, counts=counts, late=late,
        sentence=Late.sentence, interview=interview, held=interview is not None and proposals.is_held(interview), where=letters.where(interview) if interview else "",
        windows=preferred.read(row.windows), until=date_long(proposals.last_day(row)), most=rule("times_most"),
        first=first, last=last, standing=_standing(row),
    )  # fmt: skip


def _standing(row: Proposal) -> str:
    """Where it stands, for who was asked once: nothing of what a colleague arranged since."""
    interview = row.interview
    if interview is None:
        return (
            _("An interview is being arranged.")
            if row.state is ProposalState.SETTLED
            else _("This question is closed.")
        )
    if interview.contact_id != row.contact_id:
        return _("A colleague of yours has this interview now.")
    return str(steps.EMPLOYER_STATES[interview.state][0]).capitalize() + "."


@interviews.route("/interviews/times/<key>", methods=["GET", "POST"])
@opens_to(employer)
def times(key: str) -> str | Response:
    """Up to three times at which this contact would like to meet, or the word that a held moment suits."""
    row = proposal_queries.of_contact(viewer(), key)
    form = _form(row)
    if form.accepted():
        fresh = _answered(row, form)
        return form.go(url_for(".times", key=fresh.key), _thanks(fresh))
    return _page(row, form, "interviews/times.html")


def _thanks(row: Proposal) -> str:
    if row.state is ProposalState.SUITS:
        return _("Thank you. You get the invitation as soon as everything is in order.")
    return _("Thank you. We look for a moment that suits everybody, and you hear it from us.")


@interviews.route("/times/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def times_by_link(token: str) -> str | Response:
    """The same, by the link of the letter. It answers once; afterwards it shows how things stand."""
    link = link_pages.find(proposals.LINK, token)
    row = proposal_queries.one(Proposal.id == link.subject_id, lock=request.method == "POST")
    link_pages.meet_in(row.contact.language)
    form = _form(row)
    if form.accepted():
        if row.state is not ProposalState.ASKED:
            raise Late()
        links.use(link)
        fresh = _answered(row, form)
        return form.go(url_for(".times_thanks", said=fresh.state.value))
    return _page(row, form, "interviews/times_by_link.html")


@interviews.get("/times/thanks/<said>")
@opens_to(anyone)
def times_thanks(said: str) -> str:
    """After the answer: what happens next."""
    return render_template("interviews/times_thanks.html", suits=said == ProposalState.SUITS.value)


@interviews.post("/interviews/times/<key>/settle")
@opens_to(staff)
def settle(key: str) -> str | Response:
    """One press: the moment that the page showed inside what the company prefers is held for everybody."""
    row, case = proposal_queries.of_staff(viewer(), key)
    press = SettlePress.from_request()
    if press.accepted():
        interview = settling.settle(row, case, press.slot.data or "", press.mode.data or "")
        return press.go(url_for(".show", key=interview.key), _("The moment is held for everybody."))
    refusals.status(Late.status)
    standing = row.interview if row.interview is not None else queries.latest_of(row.interest_id)
    return render_template(
        "interviews/settle_late.html", company=row.interest.vacancy.employer.organisation.name, interest=row.interest,
        interview=standing if standing is not None and standing.open else None, moves=row.interview_id is not None,
    )  # fmt: skip


@interviews.post("/interviews/plan/<key>/times")
@opens_to(staff)
def ask_times(key: str) -> Response:
    """Ask the company for times: the first ones, or others because none of those that it gave works out."""
    interest, _case = queries.interest_to_plan(viewer(), key, lock=True)
    press = AskPress.from_request()
    if press.accepted():
        latest, before = proposal_queries.so_far(interest.id)
        if not queries.may_plan(interest, latest):
            raise Late()
        proposals.ask(interest, again=before is not None and before.state is ProposalState.PREFERRED)
        return press.go(url_for(".plan", key=key), _asked())
    return refusals.see_other(url_for(".plan", key=key))


@interviews.post("/interviews/<key>/times")
@opens_to(staff)
def ask_other_times(key: str) -> Response:
    """The same about a moment that is held: it stays held meanwhile."""
    interview, press = queries.staff_interview(viewer(), key, lock=True), AskPress.from_request()
    if press.accepted():
        proposals.ask_again(interview)
        return press.go(url_for(".show", key=key), _asked())
    return back(key)


def _asked() -> str:
    return _("The company is asked for times. You hear it when there is an answer.")
