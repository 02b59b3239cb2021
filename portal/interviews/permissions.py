"""The leave that a candidate needs to come: requested, granted for these hours, refused, revoked.

The employer never reads of it: a refusal only says that the interview must move.
"""

from collections.abc import Sequence
from datetime import date

from portal.agenda import holds
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import duties, letters, permission_history, proposals
from portal.interviews.models import Interview
from portal.interviews.permission_models import Outcome
from portal.interviews.rules import DoesNotCover, TimeNotHeld
from portal.interviews.states import InterviewState, PermissionState

_P = PermissionState


def needed_span(interview: Interview) -> Span:
    """The hours that must be granted: the way there, the interview, the way back. Raises TimeNotHeld."""
    ref = holds.candidate(interview.candidate_id)
    hold = next((one for one in holds.of(interview) if one.party == ref), None)
    if hold is None:
        raise TimeNotHeld()
    return Span(hold.blocked_from, hold.blocked_until)


def _still_open(interview: Interview) -> None:
    """An answer that comes after the end changes nothing, and tells nobody anything. Raises WrongState."""
    if not interview.open:
        raise WrongState()


def requested(interview: Interview, on: date, *, office: str = "", channel: str = "") -> None:
    """It was asked for, on this day: of which office and how, for the hours that are held now. Raises TimeNotHeld."""
    _still_open(interview)
    needed = needed_span(interview)
    interview.permission.move_to(_P.REQUESTED)
    permission_history.begin(interview, needed, on, office=office, channel=channel)
    interview.permission.requested_on = on
    duties.permission_requested(interview)


def granted(interview: Interview, covers: Span, conditions: Sequence[str] = ()) -> None:
    """Raises DoesNotCover when travel and talk do not fit inside the granted hours."""
    _still_open(interview)
    needed = needed_span(interview)
    if not covers.contains(needed):
        raise DoesNotCover.between(needed)
    permission = interview.permission
    permission.covers_from, permission.covers_until = covers.start, covers.end
    permission.decided_on = clock.today()
    permission.move_to(_P.GRANTED)
    permission_history.answer(interview, Outcome.GRANTED, covers=covers, conditions=conditions)
    duties.permission_granted(interview)


def refused(interview: Interview, reason: str = "not_said") -> None:
    """reason: of the list of refusals, for the team only."""
    _still_open(interview)
    interview.permission.decided_on = clock.today()
    interview.permission.move_to(_P.REFUSED)
    permission_history.answer(interview, Outcome.REFUSED, reason=reason)
    _must_move(interview)


def revoked(interview: Interview, reason: str = "not_said") -> None:
    """Raises WrongState once the interview has been held: then there is nothing left to move."""
    _still_open(interview)
    interview.permission.move_to(_P.REVOKED)
    permission_history.revoke(interview, reason)
    interview.permission.covers_from = interview.permission.covers_until = None
    if interview.state is not InterviewState.AWAITING_PERMISSION:
        interview.move_to(InterviewState.AWAITING_PERMISSION, "permission revoked")
    _must_move(interview)


def _must_move(interview: Interview) -> None:
    """The moment cannot be kept: the time is free again, and those who knew of it hear it without a reason."""
    interview.companion_hold_id = None
    interview.revision += 1
    db.session.flush()
    proposals.close(interview.interest_id)
    letters.take_back(interview)
    holds.release(interview)
    letters.tell_it_is_off(interview, "must_move")
    duties.must_move(interview)
