"""How the network reads on a page: states as words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from portal.ambassadors import deeds, funnel, levels, queries
from portal.ambassadors.levels import Standing
from portal.ambassadors.models import AmbassadorState, Invitation, InvitationState
from portal.foundation import clock
from portal.foundation.options import load
from portal.foundation.words import _, date_medium, lazy

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
    source: str
    day: datetime
    url: str


def line(asked: queries.Asked) -> Line:
    one = asked.invitation
    words, kind = INVITATION_STATES[one.state]
    url = url_for("ambassadors.invitation", key=one.key)
    source = _("fair") if one.fair_link_id else _("letter")
    return Line(
        one.company_name, words, kind, funnel.progress_of(asked.peer), source, one.sent_at or one.created_at, url
    )


def state(one: Invitation) -> Any:
    return INVITATION_STATES[one.state][0]


@dataclass(frozen=True)
class LevelShown:
    """A level as a page reads it: until when it stands, what keeps it, and what the next one takes."""

    standing: Standing
    kept: Sequence[tuple[Any, int, int, str]]
    taken: Sequence[tuple[Any, int, int]]
    ways: Sequence[Any]
    soon: bool


def level(standing: Standing) -> LevelShown:
    before = timedelta(days=load("ambassadors", "rules")["levels"]["told_before_days"])
    ends = standing.ends_on
    return LevelShown(
        standing=standing,
        kept=[
            (one.label, one.value, one.wanted, date_medium(one.until) if one.until else "–") for one in standing.kept_by
        ],
        taken=[(one.label, one.value, one.wanted) for one in standing.thresholds],
        ways=[one.way for one in standing.thresholds if not one.met],
        soon=ends is not None and ends <= clock.today() + before,
    )


@dataclass(frozen=True)
class LevelLine:
    label: str
    until: date | None


def levels_of(listed: Sequence[queries.Listed], facts: dict[int, deeds.Days]) -> dict[int, LevelLine]:
    """The level of each ambassador in a list, by number."""
    found = {}
    for one in listed:
        standing = levels.standing(queries.reached(one.ambassador, facts[one.ambassador.employer_id]))
        found[one.ambassador.id] = LevelLine(standing.label, standing.ends_on)
    return found


YEAR = timedelta(days=365)
WANTED_A_YEAR = 2


def promised(asked: Sequence[queries.Asked]) -> tuple[int, int]:
    """How many companies were asked in the last year, of the two that the charter speaks of."""
    since = clock.now() - YEAR
    sent = [one.invitation.sent_at for one in asked]
    return sum(day is not None and day > since for day in sent), WANTED_A_YEAR
