"""Who proposes: a company is asked when it would like to meet, and answers with up to three windows, or that a held moment suits.

An answer counts for what it was asked about and no other thing: a moment that moved, a question that expired, an interview
that does not go on. Then nothing changes, and whoever answers is told (scheduling.md, case 17).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.accounts.roles import EMPLOYERS, Role
from portal.agenda.windows import DAY, workdays_after
from portal.candidates.handles import Handle, handle
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.interviews import letters, preferred
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from portal.interviews.rules import Late, rule
from portal.interviews.states import ProposalState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks

_W = ProposalState
STANDING = (_W.ASKED, _W.PREFERRED, _W.SUITS)
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
    """None of the other times that the company gave works out: which ones would? The moment that is held stays held."""
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
    if row.state not in STANDING or row.expires_at <= clock.now():
        return False
    interview = row.interview
    if interview is None:
        return row.interest.state in (InterestState.ACCEPTED, InterestState.INTERVIEW)
    same = interview.revision == row.revision and interview.contact_id == row.contact_id
    return same and interview.open and not interview.begun and _held(interview)


def _held(interview: Interview) -> bool:
    """Also while nobody goes along: the time of the others is kept then."""
    return interview.companion_hold_id is not None or interview.companion_id is None


def answer(
    row: Proposal, *, seen: str, windows: Sequence[Window] = (), fields: Sequence[str] = (), suits: bool = False
) -> Proposal:
    """The company's answer: windows, or that the held moment suits. A new one replaces the old one.

    `seen`: the state in which the answering person saw the question. Raises Late, and what `preferred.checked` raises.
    """
    if not is_open(row) or seen != row.state.value:
        raise Late()
    suits = suits and row.interview_id is not None
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
        if _over(row, clock.now()):
            row.move_to(_W.EXPIRED)
            tasks.close(None, row, "expired")
            done += 1
    db.session.commit()
    return done


def _over(row: Proposal, now: datetime) -> bool:
    if row.state is _W.PREFERRED:
        return all(window.span.end <= now for window in preferred.read(row.windows))
    return row.expires_at <= now


# --- Reading ----------------------------------------------------------------------------------------------------------


def _whole() -> Any:
    """All that a question is about; each is one row."""
    vacancy = joinedload(Proposal.interest).joinedload(Interest.vacancy)
    return (
        vacancy.joinedload(Vacancy.workplace), vacancy.joinedload(Vacancy.employer).joinedload(Employer.organisation),
        joinedload(Proposal.contact), joinedload(Proposal.interview).joinedload(Interview.companion),
        joinedload(Proposal.interview).joinedload(Interview.workplace),
    )  # fmt: skip


def one(*where: sa.ColumnElement[bool], lock: bool = False) -> Proposal:
    """The question with all that its page shows; with `lock` it is this transaction's until the commit. Raises NotFound."""
    statement = sa.select(Proposal).where(*where).options(*_whole()).execution_options(populate_existing=True)
    found = db.session.scalar(statement.with_for_update(of=Proposal) if lock else statement)
    if found is None:
        raise NotFound()
    return found


def of_contact(viewer: Viewer, key: str) -> Proposal:
    """A question that this contact was asked, as long as the contact speaks for the company. Raises NotFound."""
    found = one(Proposal.key == key, Proposal.contact_id == viewer.me, lock=not is_reading())
    if found.interest.vacancy.employer.organisation_id not in viewer.organisations(*EMPLOYERS):
        raise NotFound()
    return found


def of_staff(viewer: Viewer, key: str) -> tuple[Proposal, Handle]:
    """A question about somebody of the viewer's, with the row that is planned locked before it. Raises NotFound."""
    row = one(Proposal.key == key)
    case = handle(row.candidate_id)
    mine = row.interview.worker_id if row.interview is not None else case.worker_id
    own = case.programme_id in viewer.programmes(Role.PROJECT_WORKER) and mine == viewer.me
    if not own and case.programme_id not in viewer.programmes(Role.COORDINATOR):
        raise NotFound()
    if not is_reading():
        planned: Any = Interest if row.interview_id is None else Interview
        number = row.interest_id if row.interview_id is None else row.interview_id
        db.session.execute(sa.select(planned.id).where(planned.id == number).with_for_update())
        row = one(Proposal.id == row.id, lock=True)
    return row, case


def standing(interest_id: int) -> Proposal | None:
    """What the company was asked about an interest, and has answered, as far as it still counts."""
    found = db.session.scalar(
        sa.select(Proposal)
        .where(Proposal.interest_id == interest_id, Proposal.state.in_(STANDING))
        .options(joinedload(Proposal.contact))
    )
    return None if found is None or _over(found, clock.now()) else found


def so_far(interest_id: int) -> tuple[Interview | None, Proposal | None]:
    """The last interview that was planned for an interest, and what the company was asked, in one query."""
    last = sa.select(sa.func.max(Interview.id)).where(Interview.interest_id == interest_id).scalar_subquery()
    statement = (
        sa.select(Interview, Proposal)
        .select_from(Interest)
        .outerjoin(Interview, Interview.id == last)
        .outerjoin(Proposal, sa.and_(Proposal.interest_id == Interest.id, Proposal.state.in_(STANDING)))
        .options(joinedload(Interview.decision), joinedload(Proposal.contact))
        .where(Interest.id == interest_id)
    )
    interview, proposal = db.session.execute(statement).one()
    return interview, None if proposal is None or _over(proposal, clock.now()) else proposal
