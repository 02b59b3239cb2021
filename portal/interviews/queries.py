"""Reading interviews, scoped to the viewer: a stranger's interview is not there. One query brings all that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates.handles import Handle, handle
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.interviews.models import Decision, Interview
from portal.interviews.outcome_models import Scorer
from portal.interviews.rules import rule
from portal.interviews.states import DecisionState, InterviewState
from portal.organisations.models import Organisation
from portal.showcase.models import Interest
from portal.showcase.states import InterestState

_I = InterviewState
OPEN = tuple(state for state in InterviewState if state not in (_I.HELD, _I.CANCELLED))


def _company() -> Any:
    return joinedload(Interview.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation)


WHOLE = (
    _company(), joinedload(Interview.interest), joinedload(Interview.contact), joinedload(Interview.worker),
    joinedload(Interview.companion), joinedload(Interview.companion_hold), joinedload(Interview.workplace),
    joinedload(Interview.permission), joinedload(Interview.decision), joinedload(Interview.participants),
    joinedload(Interview.scorecards), joinedload(Interview.reveals), joinedload(Interview.framed), joinedload(Interview.note),
)  # fmt: skip


def for_staff(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A worker's own cases, those a worker goes along to (until a week after), and all of a coordinator's programmes."""
    until = clock.now() - timedelta(days=rule("companion_reads_days"))
    along = sa.and_(Interview.companion_id == viewer.me, sa.or_(Interview.ends_at.is_(None), Interview.ends_at > until))
    here = Employer.programme_id.in_(viewer.programmes(Role.PROJECT_WORKER))
    mine = sa.and_(here, sa.or_(Interview.worker_id == viewer.me, along))
    return sa.or_(mine, Employer.programme_id.in_(viewer.programmes(Role.COORDINATOR)))


def for_employer(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A contact's own interviews, as long as the contact speaks for that company; all of the company's for its admin."""
    companies = viewer.organisations(Role.EMPLOYER_ADMIN)
    theirs = sa.or_(_own(viewer), Employer.organisation_id.in_(companies))
    return sa.and_(theirs, Employer.state != EmployerState.BLOCKED)


def _own(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Interview.contact_id == viewer.me, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)))


def staff_interview(viewer: Viewer, key: str, *, lock: bool = False) -> Interview:
    """Raises NotFound. With `lock` it is this transaction's until the commit."""
    return _one(for_staff(viewer), key, lock)


def deciding_talk(viewer: Viewer, key: str, *, lock: bool = False) -> Interview:
    """An interview that the viewer answers for: the contact's own, and all of the company's for its admin. Raises NotFound."""
    return _one(for_employer(viewer), key, lock)


def answers_for(viewer: Viewer, interview: Interview) -> bool:
    """Whether the viewer decides for the company: its contact there, or its admin."""
    company = interview.vacancy.employer.organisation_id
    return interview.contact_id == viewer.me or company in viewer.organisations(Role.EMPLOYER_ADMIN)


def scored_talk(viewer: Viewer, key: str, *, lock: bool = False) -> Interview:
    """An interview that the viewer fills in a card for: those to answer for, and where a colleague asks. Raises NotFound."""
    asked = sa.exists().where(Scorer.interview_id == Interview.id, Scorer.person_id == viewer.me)
    here = Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS))
    mine = sa.and_(asked, here, Employer.state != EmployerState.BLOCKED)
    return _one(sa.or_(for_employer(viewer), mine), key, lock)


def _one(scope: sa.ColumnElement[bool], key: str, lock: bool) -> Interview:
    if lock:
        _hold(Interview.key == key)
    statement = (
        sa.select(Interview)
        .join(Employer, Employer.id == Interview.employer_id)
        .where(Interview.key == key, scope)
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    found: Interview | None = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def readable(viewer: Viewer, interview: Interview) -> bool:
    """Whether this worker or coordinator still finds it, as it stands now."""
    mine = sa.select(Interview.id).join(Employer, Employer.id == Interview.employer_id)
    return db.session.scalar(mine.where(Interview.id == interview.id, for_staff(viewer))) is not None


def _hold(which: sa.ColumnElement[bool]) -> None:
    """Take the rows first and read them after: a statement that waits for a lock brings its row anew, but what it joins
    (the decision, the permission) as it was before the wait."""
    db.session.execute(sa.select(Interview.id).where(which).order_by(Interview.id).with_for_update())


def whole(ids: Sequence[int], *, lock: bool = False) -> Sequence[Interview]:
    """These interviews with all that their letters need. With `lock` they are this transaction's until the commit."""
    if lock:
        _hold(Interview.id.in_(ids))
    statement = sa.select(Interview).where(Interview.id.in_(ids)).options(*WHOLE).order_by(Interview.id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).unique().all()


def interest_to_plan(viewer: Viewer, key: str, *, lock: bool = False) -> tuple[Interest, Handle]:
    """An interest whose candidate's worker (or coordinator) the viewer is. Raises NotFound."""
    vacancy = joinedload(Interest.vacancy)
    statement = (
        sa.select(Interest)
        .where(Interest.key == key)
        .options(vacancy.joinedload(Vacancy.workplace), vacancy.joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .execution_options(populate_existing=True)
    )  # fmt: skip
    interest = db.session.scalar(statement.with_for_update(of=Interest) if lock else statement)
    if interest is None:
        raise NotFound()
    case = handle(interest.candidate_id)
    own = case.programme_id in viewer.programmes(Role.PROJECT_WORKER) and case.worker_id == viewer.me
    if not own and case.programme_id not in viewer.programmes(Role.COORDINATOR):
        raise NotFound()
    return interest, case


def latest_of(interest_id: int) -> Interview | None:
    """The last interview that was planned for an interest, with its decision."""
    return db.session.scalar(
        sa.select(Interview)
        .where(Interview.interest_id == interest_id)
        .options(joinedload(Interview.decision))
        .order_by(Interview.id.desc())
        .limit(1)
    )


def has_later(interview: Interview) -> bool:
    """Whether a later talk for the same interest is planned, or was held: then that one carries the decision."""
    later = sa.select(Interview.id).where(
        Interview.interest_id == interview.interest_id, Interview.id > interview.id, Interview.state != _I.CANCELLED
    )
    return db.session.scalar(later.limit(1)) is not None


def may_plan(interest: Interest, latest: Interview | None) -> bool:
    """A first talk after the candidate's yes, a new one after a cancellation, or the second one that was asked for."""
    if interest.state not in (InterestState.ACCEPTED, InterestState.INTERVIEW):
        return False
    if latest is None or latest.state is _I.CANCELLED:
        return True
    second = latest.decision is not None and latest.decision.state is DecisionState.SECOND_TALK
    return latest.state is _I.HELD and second


def coming(scope: sa.ColumnElement[bool]) -> Sequence[Interview]:
    """The interviews that still have something to come, the first one first."""
    waits = sa.or_(
        Interview.state.in_(OPEN),
        sa.and_(Interview.state == _I.HELD, sa.or_(Decision.id.is_(None), Decision.state.in_(_UNFINISHED))),
    )
    in_order = _listed(scope).where(waits).order_by(Interview.starts_at, Interview.id).limit(100)
    return db.session.scalars(in_order).unique().all()


@dataclass(frozen=True)
class Coming:
    """A talk by its address, moment and company: no word about who is met."""

    key: str
    starts_at: datetime
    company: str


def next_of_staff(viewer: Viewer, limit: int = 3) -> list[Coming]:
    """The first talks that this worker or coordinator reads, the nearest first."""
    statement = (
        sa.select(Interview.key, Interview.starts_at, Organisation.name)
        .join(Employer, Employer.id == Interview.employer_id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(for_staff(viewer), Interview.state.in_(OPEN), Interview.starts_at > clock.now())
        .order_by(Interview.starts_at, Interview.id)
        .limit(limit)
    )
    rows = db.session.execute(statement)
    return [Coming(key, starts_at, company) for key, starts_at, company in rows if starts_at is not None]


def past(scope: sa.ColumnElement[bool]) -> Page[Interview]:
    """What was decided or cancelled, the latest talk first."""
    done = sa.or_(
        Interview.state == _I.CANCELLED,
        sa.and_(Interview.state == _I.HELD, Decision.state.not_in(_UNFINISHED)),
    )
    return page(_listed(scope).where(done), Interview.starts_at, Interview.id, size=20, newest_first=True)


_UNFINISHED = (DecisionState.PENDING, DecisionState.OFFER, DecisionState.TRIAL, DecisionState.TRYING)


def _listed(scope: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(Interview)
        .join(Employer, Employer.id == Interview.employer_id)
        .outerjoin(Decision, Decision.interview_id == Interview.id)
        .where(scope, Interview.starts_at.is_not(None))
        .options(
            _company(), joinedload(Interview.interest), joinedload(Interview.companion),
            joinedload(Interview.contact), joinedload(Interview.decision), joinedload(Interview.permission),
        )
    )  # fmt: skip


def accompanied_by(person_id: int) -> Sequence[int]:
    """The interviews to come that somebody goes along to."""
    return db.session.scalars(
        sa.select(Interview.id)
        .where(Interview.companion_id == person_id, Interview.state.in_(OPEN))
        .where(sa.or_(Interview.ends_at.is_(None), Interview.ends_at > clock.now()))
    ).all()


def goes_on(candidate_id: int, besides: int) -> bool:
    """Whether another talk of this person is coming, or waits for its decision."""
    waits = sa.or_(
        Interview.state.in_((_I.CONFIRMED, _I.NEEDS_WORKER)),
        sa.and_(Interview.state == _I.HELD, Decision.state.in_((*_UNFINISHED, DecisionState.SECOND_TALK))),
    )
    found = db.session.scalar(
        sa.select(sa.func.count(Interview.id))
        .outerjoin(Decision, Decision.interview_id == Interview.id)
        .where(Interview.candidate_id == candidate_id, Interview.id != besides, waits)
    )
    return bool(found)
