"""The states of an event and of a company's seat at it."""

from enum import StrEnum

from portal.foundation.states import Transitions


class EventKind(StrEnum):
    COMPANY_VISIT = "company_visit"
    PRISON_VISIT = "prison_visit"
    MEETING = "meeting"


class EventState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


class SeatState(StrEnum):
    INVITED = "invited"
    COMING = "coming"
    WAITING = "waiting"
    DECLINED = "declined"
    CAME = "came"
    STAYED_AWAY = "stayed_away"


_E, _S = EventState, SeatState

EVENT = Transitions(
    {
        _E.DRAFT: {_E.ANNOUNCED, _E.CANCELLED},
        _E.ANNOUNCED: {_E.HELD, _E.CANCELLED},
        _E.HELD: set(),
        _E.CANCELLED: set(),
    }
)
# Who came is noted afterwards, and can be corrected; a company that waited may have come all the same.
SEAT = Transitions(
    {
        _S.INVITED: {_S.COMING, _S.WAITING, _S.DECLINED, _S.CAME, _S.STAYED_AWAY},
        _S.COMING: {_S.DECLINED, _S.CAME, _S.STAYED_AWAY},
        _S.WAITING: {_S.COMING, _S.DECLINED, _S.CAME, _S.STAYED_AWAY},
        _S.DECLINED: {_S.COMING, _S.WAITING, _S.CAME},
        _S.CAME: {_S.STAYED_AWAY},
        _S.STAYED_AWAY: {_S.CAME},
    }
)
