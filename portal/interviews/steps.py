"""Where an interview stands, drawn as one line, and the one next step of whoever looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.candidates.handles import Handle
from portal.foundation.words import _, _n, date_short, lazy, time_short
from portal.interviews.models import Interview
from portal.interviews.states import DecisionState, InterviewState, PermissionState
from portal.showcase.models import Interest
from portal.showcase.states import InterestState

_I, _P, _D = InterviewState, PermissionState, DecisionState
STAFF_STATES: dict[InterviewState, tuple[Any, str]] = {
    _I.REQUESTED: (lazy("to confirm"), "wait"),
    _I.AWAITING_PERMISSION: (lazy("waits for the permission"), "wait"),
    _I.CONFIRMED: (lazy("confirmed"), "good"),
    _I.NEEDS_WORKER: (lazy("needs a companion"), "bad"),
    _I.HELD: (lazy("held"), "teal"),
    _I.CANCELLED: (lazy("does not go on"), ""),
}
# An employer reads that something is being arranged, never what.
EMPLOYER_STATES = STAFF_STATES | {
    _I.REQUESTED: (lazy("being arranged"), "wait"),
    _I.AWAITING_PERMISSION: (lazy("being arranged"), "wait"),
    _I.NEEDS_WORKER: (lazy("being arranged"), "wait"),
}
DECISIONS: dict[DecisionState, tuple[Any, str]] = {
    _D.PENDING: (lazy("waits for the answer"), "wait"),
    _D.OFFER: (lazy("offer"), "good"),
    _D.TRIAL: (lazy("trial first"), "good"),
    _D.TRYING: (lazy("on trial"), "good"),
    _D.SECOND_TALK: (lazy("second interview"), "teal"),
    _D.REJECTED: (lazy("not this time"), ""),
    _D.ACCEPTED: (lazy("accepted"), "good"),
    _D.DECLINED: (lazy("the candidate says no"), ""),
}
PERMISSIONS: dict[PermissionState, tuple[Any, str]] = {
    _P.NOT_NEEDED: (lazy("not needed"), ""),
    _P.TO_REQUEST: (lazy("to request"), "wait"),
    _P.REQUESTED: (lazy("requested"), "wait"),
    _P.GRANTED: (lazy("granted"), "good"),
    _P.REFUSED: (lazy("refused"), "bad"),
    _P.REVOKED: (lazy("revoked"), "bad"),
}


@dataclass(frozen=True)
class Step:
    label: str
    detail: str
    state: str


@dataclass(frozen=True)
class Next:
    """The one amber button. `posts`: a press acts at once."""

    label: str
    url: str
    posts: bool = False


def _line(labels: Sequence[tuple[str, str]], at: int, stopped: bool = False) -> list[Step]:
    def state(n: int) -> str:
        if n < at:
            return "done"
        return ("stopped" if stopped else "now") if n == at else "next"

    return [Step(label, detail, state(n)) for n, (label, detail) in enumerate(labels)]


def before_planning(interest: Interest, case: Handle, permission: bool) -> list[Step]:
    days = _n("%(num)s working day", "%(num)s working days", case.lead_days) if permission else ""
    asked = [(_("Permission"), days)] if permission else []
    first = [(_("Interest"), date_short(interest.created_at)), (_("Candidate says yes"), _day(interest.answered_at))]
    return _line([*first, (_("Choose a moment"), _("now")), *asked, (_("Confirmed"), ""), (_("Interview"), "")], 2)


def for_staff(interview: Interview) -> list[Step]:
    asked = interview.permission.state is not _P.NOT_NEEDED
    labels = [
        (_("Moment"), _moment(interview)),
        *([(_("Permission"), str(PERMISSIONS[interview.permission.state][0]))] if asked else []),
        (_("Confirmed"), ""),
        (_("Interview"), ""),
        (_("Decision"), str(DECISIONS[interview.decision.state][0]) if interview.decision else ""),
    ]
    return _line(labels, _reached(interview, asked), interview.state is _I.CANCELLED)


def _reached(interview: Interview, asked: bool) -> int:
    """The number of the step that is on now; a moment that is no longer held is where it starts anew."""
    confirm = 2 if asked else 1
    if interview.state is _I.HELD:
        decided = interview.decision is not None and interview.decision.state is not _D.PENDING
        return confirm + (3 if decided else 2)
    if interview.state is _I.CONFIRMED:
        return confirm + 1
    if interview.lost_its_moment:
        return 0
    return 1 if asked and not interview.permission.stands else confirm


def for_employer(interview: Interview) -> list[Step]:
    labels = [
        (_("You asked"), date_short(interview.interest.created_at)),
        (_("Being arranged"), ""),
        (_("Confirmed"), ""),
        (_("Interview"), _moment(interview) if interview.shows_identity else ""),
        (_("Your answer"), ""),
    ]
    decided = interview.decision is not None and interview.decision.state is not _D.PENDING
    at = {_I.CONFIRMED: 3, _I.HELD: 5 if decided else 4}.get(interview.state, 1)
    return _line(labels, at, interview.state is _I.CANCELLED)


def next_for_staff(interview: Interview, *, may_plan: bool) -> Next | None:
    page: dict[str, Any] = {"key": interview.key}
    if interview.lost_its_moment:
        return Next(_("Choose another moment"), url_for("interviews.move", **page))
    if interview.state is _I.NEEDS_WORKER or (interview.open and interview.companion_id is None):
        return Next(_("Choose who goes along"), url_for("interviews.companion", **page))
    if interview.state in (_I.REQUESTED, _I.AWAITING_PERMISSION):
        return _next_before(interview, page)
    if interview.state is _I.CONFIRMED:
        if interview.begun:
            return Next(_("Note who was there"), url_for("interviews.presence", **page))
        return Next(_("Print the candidate's sheet"), url_for("interviews.sheet", **page))
    if may_plan:
        return Next(_("Choose a moment"), url_for("interviews.plan", key=interview.interest.key))
    decision = interview.decision
    if decision is None or decision.state is _D.PENDING:
        return None
    waits = decision.told_at is None or decision.state in (_D.OFFER, _D.TRIAL)
    return Next(_("Tell the candidate"), url_for("interviews.tell", **page)) if waits else None


def _next_before(interview: Interview, page: dict[str, Any]) -> Next:
    if interview.companion_hold_id is None or interview.begun:
        return Next(_("Choose another moment"), url_for("interviews.move", **page))
    if interview.permission.state is _P.TO_REQUEST:
        return Next(_("Request the permission"), url_for("interviews.permission_request", **page))
    if interview.permission.state is _P.REQUESTED:
        return Next(_("Note the answer"), url_for("interviews.permission_answer", **page))
    return Next(_("Confirm this interview"), url_for("interviews.confirm", **page), posts=True)


def next_for_employer(interview: Interview, me: int, *, answers: bool) -> Next | None:
    """`answers`: the contact, or the admin of the company."""
    waits = interview.decision is not None and interview.decision.state in (_D.PENDING, _D.TRYING)
    if not answers or interview.state is not _I.HELD or not waits or has_stopped(interview):
        return None
    if any(card.person_id == me for card in interview.scorecards):
        return Next(_("Give your answer"), url_for("interviews.decide", key=interview.key))
    return Next(_("How was the interview?"), url_for("interviews.score", key=interview.key))


def has_stopped(interview: Interview) -> bool:
    """Whether no answer is awaited any more because the candidate, or the vacancy, is gone."""
    undecided = interview.decision is not None and interview.decision.state is _D.PENDING
    return undecided and interview.interest.state is InterestState.LAPSED


def standing(interview: Interview, *, employer: bool) -> tuple[str, str]:
    """Where it stands in a word or two, with the colour of its tag."""
    if has_stopped(interview):
        label, kind = STAFF_STATES[_I.CANCELLED]
    elif interview.state is _I.HELD and interview.decision is not None:
        label, kind = DECISIONS[interview.decision.state]
    else:
        label, kind = (EMPLOYER_STATES if employer else STAFF_STATES)[interview.state]
    return str(label), kind


def _moment(interview: Interview) -> str:
    return f"{date_short(interview.starts_at)}, {time_short(interview.starts_at)}" if interview.starts_at else ""


def _day(when: datetime | None) -> str:
    return date_short(when) if when is not None else ""
