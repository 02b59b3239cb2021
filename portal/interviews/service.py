"""What happens to an interview's moment: request, confirm, move, cancel. Who takes part changes in `people`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from portal.agenda import holds
from portal.agenda.messages import new_uid
from portal.agenda.models import Hold, HoldKind
from portal.agenda.slots import Slot
from portal.agenda.windows import Span
from portal.candidates.handles import Handle, handle
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import duties, letters, proposals, queries, reveals
from portal.interviews.certainty import covered, ready_to_confirm, stays
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.people import let_out
from portal.interviews.planning import needs_permission
from portal.interviews.rules import rule
from portal.interviews.states import InterviewState, Mode, PermissionState, Presence, ProposalState
from portal.journal import service as journal
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

_I, _P = InterviewState, PermissionState
# Cancelled for these reasons there is nothing left to plan.
_THE_END = ("vacancy_filled", "candidate_withdraws")


def request(interest: Interest, case: Handle, slot: Slot, *, mode: Mode, framing: str = "") -> Interview:
    """Hold the moment for all three, and ask for the permission where one is needed.

    Raises AlreadyTaken when somebody was first.
    """
    interview = Interview(
        interest_id=interest.id, candidate_id=interest.candidate_id, employer_id=interest.employer_id,
        vacancy_id=interest.vacancy_id, contact_id=interest.contact_id, worker_id=case.worker_id or slot.companion,
        companion_id=slot.companion, workplace_id=interest.vacancy.workplace_id, state=_I.REQUESTED, mode=mode,
        starts_at=slot.start, ends_at=slot.end, uid=new_uid(), sequence=0, revision=1, framing=framing or None,
    )  # fmt: skip
    db.session.add(interview)
    db.session.flush()
    stays(slot.companion)
    with _beside_the_slots():
        held = holds.take(interview, HoldKind.INTERVIEW, Span(slot.start, slot.end), parties(interview, slot))
    interview.companion_hold_id = held[holds.person(slot.companion)].id
    needed = needs_permission(case, mode)
    db.session.add(
        Permission(
            interview_id=interview.id, candidate_id=interview.candidate_id, file_by=slot.file_by,
            lead_days=case.lead_days if needed else None,
            state=_P.TO_REQUEST if needed else _P.NOT_NEEDED,
        )
    )  # fmt: skip
    db.session.add_all(Participant(interview_id=interview.id, party=party) for party in held)
    journal.note("interview.requested", interview)
    if interest.state is InterestState.ACCEPTED:
        interest.move_to(InterestState.INTERVIEW)
    if needed:
        interview.move_to(_I.AWAITING_PERMISSION)
    db.session.flush()
    whole = queries.whole([interview.id])[0]
    proposals.close(interest.id, ProposalState.SETTLED)
    proposals.ask_about(whole)
    duties.planned(whole)
    return whole


def parties(interview: Interview, slot: Slot) -> list[holds.Party]:
    """Whose time a slot takes, each with the travel that it makes of it."""
    return [
        holds.Party(holds.person(slot.companion), slot.companion_span),
        holds.Party(holds.person(interview.contact_id), slot.employer_span),
        holds.Party(holds.candidate(interview.candidate_id), slot.candidate_span),
    ]


@contextmanager
def _beside_the_slots() -> Iterator[None]:
    try:
        yield
    except holds.AlreadyTaken as error:
        error.field = "slot"
        raise


def confirm(interview: Interview) -> None:
    """Make it certain: everything is checked again, then those who come are invited.

    Raises WrongState, TooLate, NobodyToAccompany, TimeNotHeld or PermissionMissing.
    """
    if not interview.may_move_to(_I.CONFIRMED):
        raise WrongState()
    ready_to_confirm(interview)
    interview.move_to(_I.CONFIRMED)
    _tell_the_invited(interview, moved=False)
    reveals.open_for(interview)
    if trajectories.of(interview.candidate_id).state is TrajectoryState.PROFILE_READY:
        trajectories.push(interview.candidate_id, TrajectoryState.SEARCHING)
    trajectories.push(interview.candidate_id, TrajectoryState.INTERVIEWING)
    duties.confirmed(interview)


def _tell_the_invited(interview: Interview, *, moved: bool) -> None:
    interview.sequence += 1
    interview.reminded_hours = _reminders_passed(interview)
    people = [interview.contact, *([interview.companion] if interview.companion else [])]
    letters.invite(interview, *people, moved=moved)


def _reminders_passed(interview: Interview) -> int | None:
    """A reminder whose time had come before anybody was invited is not sent."""
    if interview.starts_at is None:
        return None
    left = interview.starts_at - clock.now()
    passed = [hours for hours in rule("reminder_hours") if left <= timedelta(hours=hours)]
    return min(passed, default=None)


def move(interview: Interview, slot: Slot) -> None:
    """Another moment, and maybe another companion: it may overlap the old one.

    The permission is asked again where the old one does not cover it; every answer starts anew. Raises AlreadyTaken.
    """
    if not interview.open:
        raise WrongState()
    was, before = interview.state, interview.companion
    at = Span(slot.start, slot.end)
    stays(slot.companion)
    with _beside_the_slots():
        held = holds.move(interview, HoldKind.INTERVIEW, at, parties(interview, slot))
    interview.starts_at, interview.ends_at = slot.start, slot.end
    interview.revision += 1
    interview.companion_id, interview.companion_hold_id = slot.companion, held[holds.person(slot.companion)].id
    db.session.flush()
    letters.take_back(interview)
    changed = before is not None and before.id != slot.companion
    if before is not None and changed:
        let_out(interview, before)
    interview = queries.whole([interview.id])[0]
    journal.note("interview.moved", interview)
    proposals.close(interview.interest_id, ProposalState.SETTLED)
    for one in interview.participants:
        one.presence = Presence.EXPECTED
    letters.participant(interview, holds.person(slot.companion))
    stands = _ask_permission_again(interview, slot, held[holds.candidate(interview.candidate_id)])
    _settle_after_move(interview, was, stands)


def _ask_permission_again(interview: Interview, slot: Slot, hold: Hold) -> bool:
    """Whether the permission covers the new moment; when it does not, it is to be requested again."""
    permission = interview.permission
    if covered(permission, hold):
        return True
    if permission.state is not _P.TO_REQUEST:
        permission.move_to(_P.TO_REQUEST)
    permission.file_by, permission.requested_on, permission.decided_on = slot.file_by, None, None
    permission.lead_days = handle(interview.candidate_id).lead_days
    permission.covers_from = permission.covers_until = None
    return False


def _settle_after_move(interview: Interview, was: InterviewState, stands: bool) -> None:
    if was is _I.NEEDS_WORKER:
        interview.move_to(_I.CONFIRMED)
    if was in (_I.CONFIRMED, _I.NEEDS_WORKER) and stands:
        _tell_the_invited(interview, moved=True)
        duties.confirmed(interview, again=True)
        return
    if was in (_I.CONFIRMED, _I.NEEDS_WORKER):
        interview.move_to(_I.AWAITING_PERMISSION, "moved outside what was granted")
    proposals.ask_about(interview, "proposed")
    duties.planned(interview)


def cancel(interview: Interview, reason: str) -> None:
    """It does not take place. Everybody who was invited hears it, the time is free, reminders are void."""
    interview.move_to(_I.CANCELLED, reason)
    interview.cancelled_because, interview.companion_hold_id = reason, None
    db.session.flush()
    interview.revision += 1
    letters.take_back(interview)
    holds.release(interview)
    proposals.close(interview.interest_id)
    letters.tell_it_is_off(interview, "cancelled")
    reveals.end(interview, clock.now())
    back_to_searching(interview)
    if reason in _THE_END and interview.interest.may_move_to(InterestState.LAPSED):
        interview.interest.move_to(InterestState.LAPSED, reason)
    duties.cancelled(interview, plan_again=reason not in _THE_END)


def back_to_searching(interview: Interview) -> None:
    """The search goes on, unless another talk of this person does."""
    interviewing = trajectories.of(interview.candidate_id).state is TrajectoryState.INTERVIEWING
    if interviewing and not queries.goes_on(interview.candidate_id, interview.id):
        trajectories.push(interview.candidate_id, TrajectoryState.SEARCHING)
