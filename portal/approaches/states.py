"""How far a company is that is called for somebody, and the one table of its steps."""

from enum import StrEnum

from portal.foundation.states import Transitions


class ApproachState(StrEnum):
    """How far a company is that a worker calls for somebody."""

    PLANNED = "planned"
    CALLED = "called"
    INTERESTED = "interested"
    NOT_NOW = "not_now"
    NO = "no"


_A = ApproachState
# What a later call brings goes through "called" again: every answer is somebody's who was really spoken to.
APPROACH = Transitions(
    {
        _A.PLANNED: {_A.CALLED},
        _A.CALLED: {_A.INTERESTED, _A.NOT_NOW, _A.NO},
        _A.INTERESTED: {_A.CALLED},
        _A.NOT_NOW: {_A.CALLED},
        _A.NO: {_A.CALLED},
    }
)
