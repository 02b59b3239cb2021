"""The states of an interview, its leave permission and its decision (product.md), and the one table of steps for each."""

from enum import StrEnum

from portal.foundation.states import Transitions


class InterviewState(StrEnum):
    REQUESTED = "requested"
    AWAITING_PERMISSION = "awaiting_permission"
    CONFIRMED = "confirmed"
    NEEDS_WORKER = "needs_worker"
    HELD = "held"
    CANCELLED = "cancelled"


class PermissionState(StrEnum):
    NOT_NEEDED = "not_needed"
    TO_REQUEST = "to_request"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


class DecisionState(StrEnum):
    PENDING = "pending"
    OFFER = "offer"
    SECOND_TALK = "second_talk"
    TRIAL = "trial"
    TRYING = "trying"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Presence(StrEnum):
    """A no-show belongs to a participant, not to the interview."""

    EXPECTED = "expected"
    PRESENT = "present"
    NO_SHOW = "no_show"
    EXCUSED = "excused"


class Mode(StrEnum):
    AT_COMPANY = "at_company"
    INSIDE = "inside"
    VIDEO = "video"


class ProposalState(StrEnum):
    """What a company was asked about the moment, and whether its answer still counts."""

    ASKED = "asked"
    PREFERRED = "preferred"
    SUITS = "suits"
    SETTLED = "settled"
    REPLACED = "replaced"
    EXPIRED = "expired"


_I, _P, _D = InterviewState, PermissionState, DecisionState

INTERVIEW = Transitions(
    {
        _I.REQUESTED: {_I.AWAITING_PERMISSION, _I.CONFIRMED, _I.CANCELLED},
        _I.AWAITING_PERMISSION: {_I.CONFIRMED, _I.CANCELLED},
        _I.CONFIRMED: {_I.HELD, _I.CANCELLED, _I.AWAITING_PERMISSION, _I.NEEDS_WORKER},
        _I.NEEDS_WORKER: {_I.CONFIRMED, _I.CANCELLED, _I.AWAITING_PERMISSION},
        _I.HELD: set(),
        _I.CANCELLED: set(),
    }
)
PERMISSION = Transitions(
    {
        _P.NOT_NEEDED: {_P.TO_REQUEST},
        _P.TO_REQUEST: {_P.REQUESTED, _P.NOT_NEEDED},
        # Back to "to request" when the interview moves while the answer is still awaited.
        _P.REQUESTED: {_P.GRANTED, _P.REFUSED, _P.TO_REQUEST},
        _P.GRANTED: {_P.REVOKED, _P.TO_REQUEST},
        _P.REFUSED: {_P.TO_REQUEST},
        _P.REVOKED: {_P.TO_REQUEST},
    }
)
DECISION = Transitions(
    {
        # The candidate may say no at any moment, also before the company has decided.
        _D.PENDING: {_D.OFFER, _D.SECOND_TALK, _D.TRIAL, _D.REJECTED, _D.DECLINED},
        _D.OFFER: {_D.ACCEPTED, _D.DECLINED},
        # A trial that the candidate agreed to ends in a decision of its own.
        _D.TRIAL: {_D.TRYING, _D.DECLINED},
        _D.TRYING: {_D.OFFER, _D.REJECTED, _D.DECLINED},
        # The second talk has a decision of its own; here only while there is none.
        _D.SECOND_TALK: {_D.OFFER, _D.TRIAL, _D.REJECTED, _D.DECLINED},
        _D.REJECTED: set(),
        _D.ACCEPTED: set(),
        _D.DECLINED: set(),
    }
)
_W = ProposalState
PROPOSAL = Transitions(
    {
        _W.ASKED: {_W.PREFERRED, _W.SUITS, _W.REPLACED, _W.EXPIRED},
        _W.PREFERRED: {_W.SETTLED, _W.REPLACED, _W.EXPIRED},
        _W.SUITS: {_W.REPLACED, _W.EXPIRED},
        _W.SETTLED: set(),
        _W.REPLACED: set(),
        _W.EXPIRED: set(),
    }
)
