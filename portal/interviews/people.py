"""The people of an interview change while its moment stays: another companion, another contact, a colleague who takes it over.

Each time: CANCEL to the one, REQUEST to the other, and nothing to the rest (scheduling.md, case 16).
"""

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.agenda import holds
from portal.agenda.models import Hold, HoldKind
from portal.agenda.slots import Slot
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.interviews import duties, letters, proposals, queries, reveals
from portal.interviews.certainty import ready_to_confirm, stays
from portal.interviews.models import Interview, Participant
from portal.interviews.rules import TimeNotHeld
from portal.interviews.states import InterviewState
from portal.journal import service as journal
from portal.tasks import service as tasks

_I = InterviewState


def let_out(interview: Interview, person: Person) -> None:
    """Somebody no longer goes along: the time is free again, and the calendar hears it where it knew."""
    if _knew(interview, person):
        interview.sequence += 1
        letters.uninvite(interview, person)
    letters.take_back(interview, person)
    _forget(interview, person)


def _knew(interview: Interview, person: Person) -> bool:
    """Whether the interview stands in this person's calendar, and a letter still finds its way there."""
    party = holds.person(person.id)
    row = next((one for one in interview.participants if one.party == party), None)
    return row is not None and row.invited_sequence > 0 and person.deactivated_at is None


def _forget(interview: Interview, person: Person) -> None:
    party = holds.person(person.id)
    mine = (Participant.interview_id == interview.id, Participant.party == party)
    db.session.execute(sa.delete(Participant).where(*mine))
    holds.drop(interview, party)


def _instead(interview: Interview, before: Person | None, new: holds.Party) -> dict[str, Hold]:
    """The held time goes from one to another at the same moment; the others keep theirs.

    Raises TimeNotHeld when theirs is no longer held, AlreadyTaken when the new one is not free.
    """
    gone = holds.person(before.id) if before is not None else ""
    others = [hold for hold in holds.of(interview) if hold.party != gone]
    if {hold.party for hold in others} != _all_of(interview) - {gone}:
        raise TimeNotHeld()
    if not interview.open or interview.starts_at is None or interview.ends_at is None:
        raise TimeNotHeld()
    stay = [holds.Party(hold.party, Span(hold.blocked_from, hold.blocked_until), hold.postcode) for hold in others]
    at = Span(interview.starts_at, interview.ends_at)
    return holds.move(interview, HoldKind.INTERVIEW, at, [*stay, new])


def _all_of(interview: Interview) -> set[str]:
    """Whose time must be held; nobody's to go along where nobody does."""
    along = {holds.person(interview.companion_id)} if interview.companion_id is not None else set()
    return {holds.candidate(interview.candidate_id), holds.person(interview.contact_id), *along}


def change_companion(interview: Interview, slot: Slot) -> None:
    """Somebody else goes along at the same moment.

    Raises TimeNotHeld when the others' time is no longer held, AlreadyTaken when the new one is not free.
    """
    before, ref = interview.companion, holds.person(slot.companion)
    if before is not None and before.id == slot.companion:
        return
    stays(slot.companion)
    held = _instead(interview, before, holds.Party(ref, slot.companion_span))
    interview.companion_id, interview.companion_hold_id = slot.companion, held[ref].id
    interview.revision += 1
    db.session.flush()
    proposals.follow(interview)
    if before is not None:
        let_out(interview, before)
    elif interview.sequence:
        # Whoever went along before and left may be the one who comes back: newer than what took it out of that calendar.
        interview.sequence += 1
    interview = queries.whole([interview.id])[0]
    letters.participant(interview, ref)
    journal.note("interview.companion_changed", interview, companion=slot.companion)
    if interview.state is _I.NEEDS_WORKER:
        ready_to_confirm(interview)
        interview.move_to(_I.CONFIRMED)
    if interview.state is _I.CONFIRMED:
        _invite_who_is_new(interview)
    duties.companion_found(interview)


def _invite_who_is_new(interview: Interview) -> None:
    """The companion; and a contact who got the interview while nobody went along, and was only asked about the moment."""
    people = [one for one in (interview.contact, interview.companion) if one is not None]
    new = [one for one in people if not letters.participant(interview, holds.person(one.id)).invited_sequence]
    letters.invite(interview, *new)
    if interview.contact in new:
        proposals.close(interview.interest_id)
        reveals.open_for(interview)


def hand_over(interview: Interview, slot: Slot) -> None:
    """A colleague goes along, and takes the steps before and after it as well: what is to be done moves along."""
    before = interview.worker_id
    change_companion(interview, slot)
    interview.worker_id = slot.companion
    db.session.flush()
    tasks.give(interview, old_owner=before, new_owner=slot.companion)
    proposals.give(interview, old_owner=before, new_owner=slot.companion)
    journal.note("interview.handed_over", interview, worker=slot.companion)


def change_contact(interview: Interview, contact: Person, blocked: Span) -> None:
    """A colleague of the contact has the interview. The name closes for the one, and opens for the other with consent.

    `blocked` is what the moment takes of the new contact. Raises WrongState once it has begun, TimeNotHeld, AlreadyTaken.
    """
    before, ref = interview.contact, holds.person(contact.id)
    if not interview.open or interview.begun:
        raise WrongState()
    if before.id == contact.id:
        return
    stays(contact.id)
    _instead(interview, before, holds.Party(ref, blocked))
    knew, told = _knew(interview, before), before.deactivated_at is None
    reveals.end_for(interview, before.id, clock.now())
    interview.contact_id = contact.id
    interview.revision += 1
    interview.sequence += 1 if knew else 0
    db.session.flush()
    _forget(interview, before)
    letters.take_back(interview, before)
    interview = queries.whole([interview.id])[0]
    letters.participant(interview, ref)
    journal.note("interview.contact_changed", interview, before=before.id, contact=contact.id)
    if told:
        letters.other_contact(interview, before, invited=knew)
    _introduce(interview)


def _introduce(interview: Interview) -> None:
    """What the new contact gets: the invitation, or the moment that is held, with the question whether it suits."""
    if interview.state is _I.CONFIRMED:
        proposals.close(interview.interest_id)
        letters.invite(interview, interview.contact)
        reveals.open_for(interview)
    else:
        proposals.ask_about(interview)
    duties.contact_changed(interview)
