"""The funnel of one ambassador: how many peer companies came how far. Counts only, and never a candidate.

Interviews and starts show only from five companies. What a peer does (verified, active, ambassador) shows, and counts, only
where that peer agreed.
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


def showing(peers: Sequence[Peer]) -> tuple[int, int]:
    """(how many that signed up let their ambassador see how far they are, how many signed up)."""
    registered = [peer for peer in peers if peer.registered]
    return sum(peer.shows_progress for peer in registered), len(registered)


def steps(peers: Sequence[Peer]) -> list[Step]:
    """Invited → registered → verified → active → interview → start → ambassador.

    Verified, active and ambassador count only companies that show it; a total over all of them would tell, beside the list of
    those that do, about those that do not.
    """
    registered = [peer for peer in peers if peer.registered]
    shows = [peer for peer in registered if peer.shows_progress]

    def from_five(name: str) -> int | str:
        number = sum(getattr(peer, name) for peer in registered)
        return number if number >= FEWEST else FEW

    return [
        Step("invited", _("Invited"), len(peers)),
        Step("registered", _("Signed up"), len(registered)),
        Step("verified", _("Verified"), sum(peer.verified for peer in shows)),
        Step("active", _("Active"), sum(peer.active for peer in shows)),
        Step("interview", _("An interview"), from_five("interviewed")),
        Step("start", _("A start"), from_five("started")),
        Step("ambassador", _("Ambassador"), sum(peer.ambassador for peer in shows)),
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
