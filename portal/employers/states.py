"""The states of product.md for employers and vacancies, and the one table of steps between them."""

from enum import StrEnum

from portal.foundation.states import Transitions


class EmployerState(StrEnum):
    LEAD = "lead"
    REGISTERED = "registered"
    VERIFIED = "verified"
    ACTIVE = "active"
    DORMANT = "dormant"
    BLOCKED = "blocked"


# Verified employers see cards; the first vacancy makes them active.
RECRUITING = frozenset({EmployerState.VERIFIED, EmployerState.ACTIVE, EmployerState.DORMANT})


class VacancyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    ON_HOLD = "on_hold"
    FILLED = "filled"
    EXPIRED = "expired"
    CLOSED = "closed"


_E, _V = EmployerState, VacancyState

EMPLOYER = Transitions(
    {
        _E.LEAD: {_E.REGISTERED, _E.BLOCKED},
        _E.REGISTERED: {_E.VERIFIED, _E.BLOCKED},
        _E.VERIFIED: {_E.ACTIVE, _E.BLOCKED},
        _E.ACTIVE: {_E.DORMANT, _E.BLOCKED},
        _E.DORMANT: {_E.ACTIVE, _E.BLOCKED},
        # Unblocked, a company is what it was.
        _E.BLOCKED: {_E.LEAD, _E.REGISTERED, _E.VERIFIED, _E.ACTIVE},
    }
)
VACANCY = Transitions(
    {
        _V.DRAFT: {_V.OPEN, _V.CLOSED},
        _V.OPEN: {_V.ON_HOLD, _V.FILLED, _V.EXPIRED, _V.CLOSED},
        _V.ON_HOLD: {_V.OPEN, _V.FILLED, _V.EXPIRED, _V.CLOSED},
        _V.FILLED: set(),
        _V.EXPIRED: {_V.OPEN},
        _V.CLOSED: set(),
    }
)
