"""The funnel of one ambassador: how many peer companies came how far. Counts only, and never a candidate.

Interviews and starts show only from five. What a single peer does (verified, active, ambassador) shows only where that
peer agreed: while some did not, a count under five stays hidden, or it would tell on the few there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.employers.states import EmployerState
from portal.foundation.words import _

FEWEST = 5
FEW = "<5"


@dataclass(frozen=True)
class Peer:
    """How far one invited company came, as the database knows it."""

    registered: bool = False
    verified: bool = False
    active: bool = False
    interviewed: bool = False
    started: bool = False
    ambassador: bool = False
    shows_progress: bool = False


@dataclass(frozen=True)
class Step:
    code: str
    label: str
    value: int | str


def came_to(state: EmployerState | None, verified: bool) -> tuple[bool, bool]:
    """(verified, active): a company that rests has been active; a blocked one is not."""
    return verified, state in {EmployerState.ACTIVE, EmployerState.DORMANT}


def steps(peers: Sequence[Peer]) -> list[Step]:
    """Invited → registered → verified → active → interview → start → ambassador."""
    registered = [peer for peer in peers if peer.registered]
    all_agree = all(peer.shows_progress for peer in registered)

    def open_count(name: str) -> int | str:
        number = sum(getattr(peer, name) for peer in registered)
        return number if all_agree or number >= FEWEST else FEW

    def from_five(name: str) -> int | str:
        number = sum(getattr(peer, name) for peer in registered)
        return number if number >= FEWEST else FEW

    return [
        Step("invited", _("Invited"), len(peers)),
        Step("registered", _("Signed up"), len(registered)),
        Step("verified", _("Verified"), open_count("verified")),
        Step("active", _("Active"), open_count("active")),
        Step("interview", _("An interview"), from_five("interviewed")),
        Step("start", _("A start"), from_five("started")),
        Step("ambassador", _("Ambassador"), open_count("ambassador")),
    ]


def progress_of(peer: Peer) -> str:
    """What an ambassador reads of one peer. Never further than what that peer chose to show, never interviews or starts."""
    if not peer.registered:
        return ""
    if not peer.shows_progress:
        return _("signed up")
    if peer.ambassador:
        return _("ambassador")
    if peer.active:
        return _("active")
    return _("verified") if peer.verified else _("signed up")
