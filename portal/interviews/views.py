"""The lists and the page of an interview, as staff and as its employer may see them; the steps stand in their own modules."""

from flask import render_template, url_for

from portal.accounts.roles import STAFF
from portal.candidates import identities
from portal.employers import worries
from portal.foundation.access import opens_to, viewer
from portal.foundation.options import labels
from portal.interviews import (
    case_views,
    company_week,
    day_views,
    employer_views,
    framing_views,
    letters,
    notes,
    outcome_views,
    paper_views,
    people_views,
    permission_history,
    permission_views,
    plan_views,
    presences,
    proposal_queries,
    proposal_views,
    queries,
    reveals,
    settling,
    steps,
)
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview, Proposal
from portal.interviews.policy import either
from portal.interviews.states import InterviewState, ProposalState

blueprints = (interviews,)


@interviews.get("/interviews")
@opens_to(either)
def index() -> str:
    """What comes, and what was: a worker's own, a coordinator's programme, an employer's."""
    who = viewer()
    staff = who.has(*STAFF)
    scope = queries.for_staff(who) if staff else queries.for_employer(who)
    coming, past = queries.coming(scope), queries.past(scope)
    everybody = {one.candidate_id for one in (*coming, *past.items)}
    names = identities.names(everybody, "list of interviews") if staff else {}
    return render_template(
        "interviews/index.html", coming=coming, past=past, staff=staff, names=names, standing=steps.standing
    )


@interviews.get("/interviews/<key>")
@opens_to(either)
def show(key: str) -> str:
    """One interview: where it stands and what is next."""
    return _staff_page(key) if viewer().has(*STAFF) else _employer_page(key)


def _staff_page(key: str) -> str:
    who = viewer()
    interview = queries.staff_interview(who, key)
    name = identities.name(interview.candidate_id, "page of an interview")
    may_plan = not interview.open and queries.may_plan(interview.interest, interview)
    return render_template(
        "interviews/show_staff.html", interview=interview, name=name, company=letters.company_of(interview),
        written=notes.shown(interview), writes_note=interview.shows_identity and interview.companion_id == who.me,
        path=steps.for_staff(interview), next=steps.next_for_staff(interview, may_plan=may_plan),
        standing=steps.standing(interview, employer=False), where=letters.where(interview),
        permission=steps.PERMISSIONS[interview.permission.state], **outcome_views.facts_for_staff(interview),
        reasons=_reasons(interview), cancelled_because=plan_views.cancel_reason(interview),
        must_move=interview.lost_its_moment,
        presences=presences.came(interview), **_company_said(interview), requests=permission_history.of(interview),
    )  # fmt: skip


def _company_said(interview: Interview) -> dict[str, object]:
    """What the company answered about this moment; nothing is asked of one that is over."""
    proposal = proposal_queries.standing(interview.interest_id) if interview.open else None
    if proposal is not None and proposal.state is ProposalState.ASKED and interview.shows_identity:
        proposal = None
    return {"proposal": proposal, "said": settling.said(proposal), "times": settling.windows_of(proposal)}


def _reasons(interview: Interview) -> list[str]:
    decision = interview.decision
    return labels("interviews", "employer_reasons", decision.reasons) if decision is not None else []


def _employer_page(key: str) -> str:
    who = viewer()
    interview = queries.deciding_talk(who, key)
    own = interview.contact_id == who.me
    return render_template(
        "interviews/show_employer.html", interview=interview, own=own, path=steps.for_employer(interview),
        next=steps.next_for_employer(interview, who.me, answers=queries.answers_for(who, interview)),
        standing=steps.standing(interview, employer=True), **employer_views.facts_for_employer(interview, own=own),
        known=reveals.shown_to(who.me, interview) if own else None, where=letters.where(interview),
        certain=interview.shows_identity, off=interview.state is InterviewState.CANCELLED,
        held=interview.state is InterviewState.HELD, back=url_for("interviews.index"),
        moment_held=interview.companion_hold_id is not None, asked=_asked(interview) if own else None,
        wonders=worries.near("interview", interview.vacancy.employer) if interview.open else [],
    )  # fmt: skip


def _asked(interview: Interview) -> Proposal | None:
    """What this contact was asked about the moment that is held."""
    proposal = proposal_queries.standing(interview.interest_id) if interview.open else None
    return proposal if proposal is not None and proposal.contact_id == interview.contact_id else None


__all__ = [
    "blueprints",
    "case_views",
    "company_week",
    "day_views",
    "employer_views",
    "framing_views",
    "outcome_views",
    "paper_views",
    "people_views",
    "permission_views",
    "plan_views",
    "proposal_views",
]
