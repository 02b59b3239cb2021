"""The states of a referral (product.md), and the one table of steps between them."""

from enum import StrEnum

from portal.foundation.states import Transitions


class ReferralState(StrEnum):
    RECEIVED = "received"
    INFO_NEEDED = "info_needed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SCREENING_PLANNED = "screening_planned"
    NO_SHOW = "no_show"
    SCREENED = "screened"
    CLOSED = "closed"


_R = ReferralState

REFERRAL = Transitions(
    {
        _R.RECEIVED: {_R.ACCEPTED, _R.DECLINED, _R.INFO_NEEDED},
        _R.INFO_NEEDED: {_R.RECEIVED},
        _R.ACCEPTED: {_R.SCREENING_PLANNED},
        _R.DECLINED: set(),
        _R.SCREENING_PLANNED: {_R.SCREENED, _R.NO_SHOW},
        _R.NO_SHOW: {_R.SCREENING_PLANNED, _R.CLOSED},
        _R.SCREENED: set(),
        _R.CLOSED: set(),
    }
)


class Light(StrEnum):
    """A precondition's traffic light."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How something was said or signed."""

    PAPER = "paper"
    LINK = "link"
    PHONE = "phone"
    IN_PERSON = "in_person"
    EMAIL = "email"


class Purpose(StrEnum):
    """What a consent is for (privacy.md, Data protection). `identity` names one employer and what may be told."""

    PROCESSING = "processing"
    PROFILE = "profile"
    IDENTITY = "identity"
    AFTERCARE = "aftercare"
    JUSTICE_CONTACT = "justice_contact"


class HandoverState(StrEnum):
    """A worker proposes to hand a case to a colleague."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


HANDOVER = Transitions(
    {
        HandoverState.PROPOSED: {HandoverState.ACCEPTED, HandoverState.DECLINED, HandoverState.WITHDRAWN},
        HandoverState.ACCEPTED: set(),
        HandoverState.DECLINED: set(),
        HandoverState.WITHDRAWN: set(),
    }
)


class Scope(StrEnum):
    """What breaking the glass opens: a colleague's case, or what detention means for work in a case that is read already."""

    CASE = "case"
    CONSTRAINTS = "constraints"
