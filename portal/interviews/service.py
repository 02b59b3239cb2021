"""What happens to an interview's moment and its companion: request, confirm, move, change, cancel."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda import holds
from portal.agenda.messages import new_uid
from portal.agenda.models import Hold, HoldKind
from portal.agenda.slots import Slot
from portal.agenda.windows import Span
from portal.candidates.handles import Handle
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import duties, letters, queries, reveals
from portal.interviews.models import Interview, Participant, Permission
from portal.interviews.planning import needs_permission
from portal.interviews.rules import (
    NobodyToAccompany,
    PermissionMissing,
    TimeNotHeld,
    TooLate,
    rule,
)
from portal.interviews.states import InterviewState, Mode, PermissionState, Presence
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
        starts_at=slot.start, ends_at=slot.end, uid=new_uid(), sequence=0, framing=framing or None,
    )  # fmt: skip
    db.session.add(interview)
    db.session.flush()
    _stays(slot.companion)
    with _beside_the_slots():
        held = holds.take(interview, HoldKind.INTERVIEW, Span(slot.start, slot.end), parties(interview, slot))
    interview.companion_hold_id = held[holds.person(slot.companion)].id
    needed = needs_permission(case, mode)
    db.session.add(
        Permission(
            interview_id=interview.id, candidate_id=interview.candidate_id, file_by=slot.file_by,
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
    letters.propose(whole)
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


def ready_to_confirm(interview: Interview) -> None:
    """Every condition of a confirmed interview, asked anew."""
    if interview.begun:
        raise TooLate()
    if interview.companion is None or interview.companion_hold is None or not _works(interview.companion):
        raise NobodyToAccompany()
    held = {hold.party: hold for hold in holds.of(interview)}
    wanted = {
        holds.person(interview.companion.id), holds.person(interview.contact_id),
        holds.candidate(interview.candidate_id),
    }  # fmt: skip
    if not wanted <= set(held) or any(held[party].starts_at != interview.starts_at for party in wanted):
        raise TimeNotHeld()
    if not covered(interview.permission, held[holds.candidate(interview.candidate_id)]):
        raise PermissionMissing()


def covered(permission: Permission, hold: Hold) -> bool:
    """Whether somebody may be away for the way there, the interview and the way back."""
    if permission.state is _P.NOT_NEEDED:
        return True
    if permission.state is not _P.GRANTED or permission.covers_from is None or permission.covers_until is None:
        return False
    return permission.covers_from <= hold.blocked_from and hold.blocked_until <= permission.covers_until


def _works(person: Person) -> bool:
    seats = accounts.current_memberships(person.id)
    return person.deactivated_at is None and any(seat.role is Role.PROJECT_WORKER for seat in seats)


def _stays(person_id: int) -> None:
    """Until the commit nobody closes the account of who goes along: a worker who leaves then finds this interview.

    Raises NobodyToAccompany when the account is closed already.
    """
    here = sa.select(Person.id).where(Person.id == person_id, Person.deactivated_at.is_(None))
    if db.session.scalar(here.with_for_update(read=True)) is None:
        raise NobodyToAccompany()


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
    _stays(slot.companion)
    with _beside_the_slots():
        held = holds.move(interview, HoldKind.INTERVIEW, at, parties(interview, slot))
    interview.starts_at, interview.ends_at = slot.start, slot.end
    interview.companion_id, interview.companion_hold_id = slot.companion, held[holds.person(slot.companion)].id
    db.session.flush()
    letters.take_back(interview)
    changed = before is not None and before.id != slot.companion
    if before is not None and changed:
        _let_out(interview, before)
    interview = queries.whole([interview.id])[0]
    journal.note("interview.moved", interview)
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
    letters.tell_it_is_off(interview, "proposed")
    duties.planned(interview)


def _let_out(interview: Interview, person: Person) -> None:
    """Somebody no longer goes along: the time is free again, and the calendar hears it where it knew."""
    party = holds.person(person.id)
    row = next((one for one in interview.participants if one.party == party), None)
    if row is not None and row.invited_sequence and person.deactivated_at is None:
        interview.sequence += 1
        letters.uninvite(interview, person)
    db.session.execute(
        sa.delete(Participant).where(Participant.interview_id == interview.id, Participant.party == party)
    )
    holds.drop(interview, party)


def change_companion(interview: Interview, slot: Slot) -> None:
    """Somebody else goes along at the same moment: CANCEL to the one, REQUEST to the other, nothing to the rest.

    Raises TimeNotHeld when the others' time is no longer held, AlreadyTaken when the new one is not free.
    """
    before, ref = interview.companion, holds.person(slot.companion)
    others = [hold for hold in holds.of(interview) if before is None or hold.party != holds.person(before.id)]
    if len(others) != 2 or not interview.open or interview.starts_at is None or interview.ends_at is None:
        raise TimeNotHeld()
    if before is not None and before.id == slot.companion:
        return
    stay = [holds.Party(hold.party, Span(hold.blocked_from, hold.blocked_until), hold.postcode) for hold in others]
    at = Span(interview.starts_at, interview.ends_at)
    _stays(slot.companion)
    held = holds.move(interview, HoldKind.INTERVIEW, at, [*stay, holds.Party(ref, slot.companion_span)])
    interview.companion_id, interview.companion_hold_id = slot.companion, held[ref].id
    db.session.flush()
    if before is not None:
        _let_out(interview, before)
    interview = queries.whole([interview.id])[0]
    letters.participant(interview, ref)
    journal.note("interview.companion_changed", interview, companion=slot.companion)
    if interview.state is _I.NEEDS_WORKER:
        ready_to_confirm(interview)
        interview.move_to(_I.CONFIRMED)
    if interview.state is _I.CONFIRMED and interview.companion is not None:
        letters.invite(interview, interview.companion)
    duties.companion_found(interview)


def cancel(interview: Interview, reason: str) -> None:
    """It does not take place. Everybody who was invited hears it, the time is free, reminders are void."""
    interview.move_to(_I.CANCELLED, reason)
    interview.cancelled_because, interview.companion_hold_id = reason, None
    db.session.flush()
    letters.take_back(interview)
    holds.release(interview)
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
