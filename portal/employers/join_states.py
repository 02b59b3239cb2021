"""How somebody who asked to speak for a company stands."""

from enum import StrEnum

from portal.foundation.states import Transitions


class JoinState(StrEnum):
    # The address was not confirmed: nobody at the company hears of it.
    ASKED = "asked"
    WAITING = "waiting"
    JOINED = "joined"
    REFUSED = "refused"


class JoinWay(StrEnum):
    """How it came: the company's number was typed, a letter was passed on, or two sign-ups are one company."""

    NUMBER = "number"
    LETTER = "letter"
    SAME = "same"


_J = JoinState

JOIN = Transitions(
    {
        _J.ASKED: {_J.WAITING, _J.JOINED},
        _J.WAITING: {_J.JOINED, _J.REFUSED},
        _J.JOINED: set(),
        _J.REFUSED: set(),
    }
)


class TeamInvitationState(StrEnum):
    """Whether a colleague who was invited into a team takes the seat; the company sees no more than this."""

    SENT = "sent"
    JOINED = "joined"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_T = TeamInvitationState

TEAM_INVITATION = Transitions(
    {
        _T.SENT: {_T.JOINED, _T.DECLINED, _T.WITHDRAWN},
        _T.JOINED: set(),
        _T.DECLINED: set(),
        _T.WITHDRAWN: set(),
    }
)
