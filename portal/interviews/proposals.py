"""Who proposes: a company is asked when it would like to meet, and answers with up to three windows, or that a held moment suits.

An answer counts for what it was asked about and no other thing: a moment that moved, a question that expired, an interview
that does not go on. Then nothing changes, and whoever answers is told (scheduling.md, case 17).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.accounts.roles import Role
from portal.agenda.windows import DAY, workdays_after
from portal.candidates.handles import handle
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import letters, preferred
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from portal.interviews.proposal_queries import STANDING, is_over, one
from portal.interviews.rules import Late, rule
from portal.interviews.states import ProposalState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks

_W = ProposalState
LINK = "interviews.times"
# A link shows where things stand for a while after its question has closed.
AFTERWARDS = timedelta(days=30)


# --- Asking ---------------------------------------------------------------------------------------------------------


def ask(interest: Interest, *, again: bool = False) -> Proposal:
    """Ask the contact for times, before any moment is held. `again`: none of those that it gave works out."""
    close(interest.id, _W.REPLACED)
    until = clock.midnight(workdays_after(clock.today(), rule("times_workdays")) + DAY)
    row = _new(interest, contact_id=interest.contact_id, expires_at=until)
    _ask_by_letter(row, again=again)
    return row


def ask_again(interview: Interview) -> Proposal:
    """None of the other times that the company gave works out: which ones would? The moment that is held stays held.

    Raises Late once the interview is over.
    """
    if not interview.open:
        raise Late()
    close(interview.interest_id, _W.REPLACED)
    row = _about(interview)
    _ask_by_letter(row, again=True)
    return row


def ask_about(interview: Interview, letter: str = "") -> Proposal:
    """A moment is held: does it suit? `letter` names the one that takes the place of the plain question."""
    close(interview.interest_id, _W.REPLACED)
    row = _about(interview)
    link = _link(row)
    if letter:
        letters.tell_it_is_off(interview, letter, answer=link, until=row.expires_at)
    else:
        letters.propose(interview, link, row.expires_at)
    return row


def _about(interview: Interview) -> Proposal:
    until = clock.midnight(workdays_after(clock.today(), rule("moment_workdays")) + DAY)
    return _new(
        interview.interest, contact_id=interview.contact_id, interview_id=interview.id, revision=interview.revision,
        expires_at=min(until, interview.starts_at or until),
    )  # fmt: skip


def _new(interest: Interest, **more: Any) -> Proposal:
    row = Proposal(interest_id=interest.id, candidate_id=interest.candidate_id, windows=[], **more)
    db.session.add(row)
    db.session.flush()
    return row


def _link(row: Proposal) -> PersonalLink:
    reader = f"person:{row.contact_id}"
    return links.make(LINK, row, reader=reader, expires=row.expires_at + AFTERWARDS, single_use=False)


def _ask_by_letter(row: Proposal, *, again: bool) -> None:
    found = one(Proposal.id == row.id)
    case, interest = handle(found.candidate_id), found.interest
    worker = db.session.get(Person, case.worker_id) if case.worker_id else None
    letters.ask_times(found.contact, interest, _link(row), about=row, until=row.expires_at, worker=worker, again=again)
    tasks.open_task(
        "interviews.prefer", row, owner_id=row.contact_id, due=last_day(row), about=row.candidate_id,
        at=("interviews.times", {"key": row.key}), vacancy=interest.vacancy.title, profile=interest.code,
    )  # fmt: skip


def last_day(row: Proposal) -> Any:
    """Until which day, that day included, it can be answered."""
    return clock.local(row.expires_at - timedelta(minutes=1)).date()


# --- Answering --------------------------------------------------------------------------------------------------------


def is_open(row: Proposal) -> bool:
    """Whether an answer still counts: for this very moment, by this contact, in time."""
    if row.state not in STANDING or row.expires_at <= clock.now() or row.contact.deactivated_at is not None:
        return False
    interview = row.interview
    if interview is None:
        return row.interest.state in (InterestState.ACCEPTED, InterestState.INTERVIEW)
    same = interview.revision == row.revision and interview.contact_id == row.contact_id
    return same and interview.open and not interview.begun


def is_held(interview: Interview) -> bool:
    """Whether the moment is kept for the company; also while nobody goes along."""
    return not interview.lost_its_moment


def answer(
    row: Proposal, *, seen: str, windows: Sequence[Window] = (), fields: Sequence[str] = (), suits: bool = False
) -> Proposal:
    """The company's answer: windows, or that the held moment suits. A new one replaces the old one.

    `seen`: the state in which the answering person saw the question. Raises Late, and what `preferred.checked` raises.
    """
    if not is_open(row) or seen != row.state.value:
        raise Late()
    suits = suits and row.interview is not None and is_held(row.interview)
    given = [] if suits else preferred.checked(windows, fields)
    if row.state is not _W.ASKED:
        row = _anew(row)
    row.windows = [one.kept() for one in given]
    row.answered_by, row.answered_at = row.contact_id, clock.now()
    row.move_to(_W.SUITS if suits else _W.PREFERRED)
    tasks.close(None, row, row.state.value)
    journal.note("proposal.answered", row, windows=row.windows, revision=row.revision, person=row.contact_id)
    if not suits:
        _to_settle(row)
    return row


def _anew(row: Proposal) -> Proposal:
    """The answer before stays in the record, and no longer counts."""
    row.move_to(_W.REPLACED)
    tasks.close(None, row, "replaced")
    db.session.flush()
    fresh = _new(
        row.interest, contact_id=row.contact_id, interview_id=row.interview_id, revision=row.revision,
        expires_at=row.expires_at,
    )  # fmt: skip
    return one(Proposal.id == fresh.id)


def _to_settle(row: Proposal) -> None:
    """Whoever plans looks at the times that the company gave."""
    interest, interview = row.interest, row.interview
    case = handle(row.candidate_id)
    owner = interview.worker_id if interview is not None else case.worker_id
    page = (
        ("interviews.plan", {"key": interest.key}) if interview is None else ("interviews.move", {"key": interview.key})
    )
    tasks.open_task(
        "interviews.settle", row, owner_id=owner, role=None if owner else Role.COORDINATOR, programme_id=case.programme_id,
        due=workdays_after(clock.today(), 1), at=page, about=row.candidate_id,
        company=interest.vacancy.employer.organisation.name,
        times="; ".join(window.short for window in preferred.read(row.windows)),
    )  # fmt: skip


# --- Its end ----------------------------------------------------------------------------------------------------------


def close(interest_id: int, how: ProposalState = _W.EXPIRED) -> None:
    """What stands about an interest no longer counts: settled, replaced by another question, or over."""
    rows = sa.select(Proposal).where(Proposal.interest_id == interest_id, Proposal.state.in_(STANDING))
    for row in db.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all():
        row.move_to(how if row.may_move_to(how) else _W.EXPIRED)
        tasks.close(None, row, row.state.value)
        outbox.cancel_waiting(row)
    db.session.flush()


def follow(interview: Interview) -> None:
    """Somebody else goes along at the same moment: the question about that moment stays open."""
    mine = sa.update(Proposal).where(Proposal.interview_id == interview.id, Proposal.state.in_(STANDING))
    db.session.execute(mine.values(revision=interview.revision))


def give(interview: Interview, *, old_owner: int, new_owner: int) -> None:
    """The answers that wait for whoever had the interview wait for the colleague who has it now."""
    for row in db.session.scalars(
        sa.select(Proposal).where(Proposal.interest_id == interview.interest_id, Proposal.state.in_(STANDING))
    ):
        tasks.give(row, old_owner=old_owner, new_owner=new_owner)


def expire() -> int:
    """Each night: questions that nobody answered, and answers whose last window is over; returns how many."""
    rows = sa.select(Proposal).where(Proposal.state.in_(STANDING)).order_by(Proposal.id).with_for_update()
    done = 0
    for row in db.session.scalars(rows).all():
        if is_over(row):
            row.move_to(_W.EXPIRED)
            tasks.close(None, row, "expired")
            done += 1
    db.session.commit()
    return done
