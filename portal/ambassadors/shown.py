"""How the network reads on a page: states as words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.ambassadors import funnel, queries
from portal.ambassadors.levels import Standing
from portal.ambassadors.models import AmbassadorState, Invitation, InvitationState
from portal.foundation.words import lazy

# (words, kind of tag)
INVITATION_STATES: dict[str, tuple[Any, str]] = {
    InvitationState.DRAFT: (lazy("not sent yet"), ""),
    InvitationState.SENT: (lazy("waits for an answer"), "wait"),
    InvitationState.REGISTERED: (lazy("signed up"), "good"),
    InvitationState.DECLINED: (lazy("said no"), ""),
    InvitationState.WITHDRAWN: (lazy("withdrawn"), ""),
}
AMBASSADOR_STATES: dict[str, tuple[Any, str]] = {
    AmbassadorState.APPLIED: (lazy("waits for an answer"), "wait"),
    AmbassadorState.APPROVED: (lazy("approved"), "teal"),
    AmbassadorState.ACTIVE: (lazy("ambassador"), "good"),
    AmbassadorState.PAUSED: (lazy("paused"), ""),
    AmbassadorState.ENDED: (lazy("ended"), ""),
    AmbassadorState.REJECTED: (lazy("not approved"), "bad"),
}


@dataclass(frozen=True)
class Line:
    """An invitation in an ambassador's list."""

    company: str
    state: Any
    kind: str
    progress: str
    day: datetime
    url: str


def line(asked: queries.Asked) -> Line:
    one = asked.invitation
    words, kind = INVITATION_STATES[one.state]
    url = url_for("ambassadors.invitation", key=one.key)
    return Line(one.company_name, words, kind, funnel.progress_of(asked.peer), one.sent_at or one.created_at, url)


def state(one: Invitation) -> Any:
    return INVITATION_STATES[one.state][0]


def thresholds(standing: Standing) -> list[tuple[str, int, int]]:
    """(what, now, needed) of the next level."""
    return [(one.label, one.value, one.wanted) for one in standing.thresholds]
