"""Reading cases, scoped to the viewer: a worker's own, a coordinator's programme, a partner's own referrals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import STAFF, Role
from portal.candidates import break_glass, doors, identities, marks
from portal.candidates.doors import Door
from portal.candidates.identities import Name
from portal.candidates.models import (
    BreakGlass,
    Candidate,
    Contact,
    Handover,
    Identity,
    JobWish,
    Plan,
    PlanStep,
    Precondition,
    Referral,
    Screening,
    Skill,
    WorkConstraints,
)
from portal.candidates.states import HandoverState, ReferralState, Scope
from portal.competences.models import Competence
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page

# Whoever sits the day reads the case until a week after (privacy.md).
SIT_DAY_READS = timedelta(days=7)
OPEN = (ReferralState.RECEIVED, ReferralState.INFO_NEEDED)


@dataclass(frozen=True)
class Case:
    """Somebody's case, opened: who it is, and whether the viewer is its own worker."""

    candidate: Candidate
    identity: Identity
    own: bool
    # Whether the viewer works in this case (own, sits the day, coordinates), or only reads it through an opened glass.
    works: bool = True
    # Whether the viewer keeps it: its own worker and the coordinator.
    keeps: bool = True
    opened: BreakGlass | None = None
    # A colleague was asked to take it over, and has not answered yet.
    asked: bool = False
    # What work must reckon with, where the page shows it and the viewer may read it.
    constraints: WorkConstraints | None = None

    @property
    def key(self) -> str:
        return self.candidate.key

    @property
    def name(self) -> Name:
        return Name(self.identity.first_name, self.identity.last_name)

    @property
    def doors(self) -> list[Door]:
        return doors.of(self.candidate.key, works=self.works, keeps=self.keeps)


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases that this viewer may read: for reading only, since a glass that was broken writes nothing."""
    return sa.or_(worked(viewer), break_glass.opened_cases(viewer))


def worked(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases in which this viewer works: those that it keeps, and those of its sit-days."""
    return sa.or_(kept(viewer), sat_by(viewer))


def kept(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases that this viewer keeps and writes in: the own ones, a coordinator's whole programme."""
    own = sa.and_(Candidate.programme_id.in_(viewer.programmes(*STAFF)), Candidate.worker_id == viewer.person_id)
    return sa.or_(own, Candidate.programme_id.in_(viewer.programmes(Role.COORDINATOR)))


def sat_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases of the viewer's sit-days, until a week after."""
    sits = sa.select(Screening.candidate_id).where(_sits(viewer))
    return sa.and_(Candidate.programme_id.in_(viewer.programmes(*STAFF)), Candidate.id.in_(sits))


def _sits(viewer: Viewer) -> sa.ColumnElement[bool]:
    # A talk that was called off is nobody's: who would have sat it has no reason left to read.
    stands = sa.or_(Screening.hold_id.is_not(None), Screening.done_on.is_not(None), Screening.missed)
    return sa.and_(Screening.worker_id == viewer.person_id, Screening.starts_at > clock.now() - SIT_DAY_READS, stands)


def case_of(
    viewer: Viewer, key: str, reason: str, *, own_reads: str = "", own_only: bool = False, keeps_only: bool = False, glass: bool = False
) -> Case:  # fmt: skip
    """Open a case, and write down that it was opened. Raises NotFound for a stranger's.

    `own_reads` names what the page shows besides, to who may read what detention means for work. `own_only` is for what
    nobody else writes (identity, consents), `keeps_only` for the own worker and the coordinator and not for who sits the
    day. Only a page with `glass`, which must write nothing, opens to somebody who broke the glass.
    """
    row = db.session.execute(
        sa.select(
            Candidate, Identity, BreakGlass, sa.case((worked(viewer), True), else_=False), Handover.id, WorkConstraints
        )
        .join(Identity, Identity.candidate_id == Candidate.id)
        # Unsealed only where the page shows it.
        .outerjoin(
            WorkConstraints,
            sa.and_(WorkConstraints.candidate_id == Candidate.id, sa.true() if own_reads else sa.false()),
        )
        .outerjoin(Handover, sa.and_(Handover.candidate_id == Candidate.id, Handover.state == HandoverState.PROPOSED))
        .outerjoin(BreakGlass, break_glass.of_this_case(viewer))
        .options(joinedload(Candidate.worker), joinedload(Candidate.site), joinedload(Candidate.programme))
        .where(Candidate.key == key, visible(viewer))
    ).first()
    if row is None:
        raise NotFound()
    *opened, constraints = row
    case = _opened(viewer, *opened)
    if own_reads and reads_constraints(viewer, case):
        case = replace(case, constraints=constraints)
    if (own_only and not case.own) or (not glass and not case.works) or (keeps_only and not case.keeps):
        raise NotFound()
    if case.opened is not None:
        break_glass.enter(case.opened, key)
    identities.saw(case.candidate.id, reason, *([own_reads] if case.constraints is not None else []))
    return case


def _opened(
    viewer: Viewer, candidate: Candidate, identity: Identity, glass: BreakGlass | None, works: bool, asked: int | None
) -> Case:  # fmt: skip
    own = works and candidate.worker_id == viewer.person_id and candidate.programme_id in viewer.programmes(*STAFF)
    coordinates = candidate.programme_id in viewer.programmes(Role.COORDINATOR)
    # An opening that has become needless (the case was given to the viewer meanwhile) is not gone through.
    needed = glass is not None and not own and (not works or glass.scope == Scope.CONSTRAINTS)
    return Case(candidate, identity, own, works, own or coordinates, glass if needed else None, asked is not None)


def reads_constraints(viewer: Viewer, case: Case) -> bool:
    """What detention means for work: the case's own worker, and a coordinator who broke the glass for it (privacy.md)."""
    if case.own:
        return viewer.has(Role.PROJECT_WORKER)
    return case.keeps and case.opened is not None and case.opened.scope == Scope.CONSTRAINTS


# --- Referrals -------------------------------------------------------------------------------------------------


def open_referrals(viewer: Viewer) -> Page[Referral]:
    """Referrals of the viewer's programmes that nobody has decided on, the oldest first."""
    statement = (
        sa.select(Referral)
        .options(joinedload(Referral.site), joinedload(Referral.referrer))
        .where(Referral.state.in_(OPEN), Referral.programme_id.in_(viewer.programmes(*STAFF)))
    )
    return page(statement, Referral.id)


def referral_for(viewer: Viewer, key: str) -> Referral:
    """A referral for the team: undecided for everybody in the programme, later for who may read the case."""
    statement = (
        sa.select(Referral)
        .join(Candidate, Candidate.id == Referral.candidate_id)
        .options(joinedload(Referral.candidate), joinedload(Referral.site), joinedload(Referral.referrer))
        .where(Referral.key == key, Referral.programme_id.in_(viewer.programmes(*STAFF)))
        .where(sa.or_(Referral.state.in_(OPEN), worked(viewer)))
    )
    # Two who decide at once: the second waits, and then finds it decided.
    return _one(db.session.scalar(statement if is_reading() else statement.with_for_update(of=Referral)))


def latest_referral(candidate_id: int) -> Referral:
    """The referral that a case runs on."""
    statement = sa.select(Referral).options(joinedload(Referral.site)).where(Referral.candidate_id == candidate_id)
    return _one(db.session.scalar(statement.order_by(Referral.id.desc()).limit(1)))


def to_screen(candidate_id: int) -> tuple[Referral, Screening | None]:
    """The referral that a case runs on, and the screening that is booked and not done, in one query."""
    booked = sa.and_(
        Screening.candidate_id == Referral.candidate_id, Screening.done_on.is_(None), Screening.missed.is_(False)
    )
    statement = (
        sa.select(Referral, Screening)
        .outerjoin(Screening, booked)
        .options(joinedload(Referral.site))
        .where(Referral.candidate_id == candidate_id)
        .order_by(Referral.id.desc(), Screening.id.desc())
        .limit(1)
    )
    # Two who plan the same person at once: the second waits, and then finds it planned.
    row = db.session.execute(statement if is_reading() else statement.with_for_update(of=Referral)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def namesakes(referral: Referral, name: Name) -> Sequence[Candidate]:
    """Cases of the programme that may be the same person: the same whole name, or born that day with a name like it."""
    here, names = referral.programme_id, (name.first, name.last)
    same = marks.namesakes(here, *names)
    born = db.session.scalar(sa.select(Identity.birth_date).where(Identity.candidate_id == referral.candidate_id))
    if born:
        same = sa.or_(same, marks.same_birth(here, *names, born))
    statement = (
        sa.select(Candidate)
        .options(joinedload(Candidate.site), joinedload(Candidate.worker))
        .where(Candidate.programme_id == referral.programme_id, Candidate.id != referral.candidate_id)
        .where(Candidate.worker_id.is_not(None), same)
        .order_by(Candidate.id)
        .limit(5)
    )
    return db.session.scalars(statement).all()


# --- Screening, plan, contacts -----------------------------------------------------------------------------------


def screening_of(viewer: Viewer, key: str) -> tuple[Screening, Candidate]:
    """A screening for who sits the day, or whose case it is: nobody else fills it in."""
    statement = (
        sa.select(Screening, Candidate)
        .join(Candidate, Candidate.id == Screening.candidate_id)
        .options(joinedload(Candidate.site))
        .where(Screening.key == key, Candidate.programme_id.in_(viewer.programmes(Role.PROJECT_WORKER)))
        .where(sa.or_(_sits(viewer), Candidate.worker_id == viewer.person_id))
    )
    # Two tabs keep two steps in one draft: the second waits, so that neither step is lost.
    row = db.session.execute(statement if is_reading() else statement.with_for_update(of=Screening)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def open_screening(viewer: Viewer, key: str) -> tuple[Screening, Candidate]:
    """One that is still being filled in; one that is done or missed has no form any more. Raises NotFound."""
    found, candidate = screening_of(viewer, key)
    if found.done_on is not None or found.missed:
        raise NotFound()
    return found, candidate


def screenings_on(sit_day_id: int) -> Sequence[Screening]:
    """Who is expected on a sit-day, by the hour."""
    statement = sa.select(Screening).where(Screening.sit_day_id == sit_day_id, Screening.missed.is_(False))
    return db.session.scalars(statement.order_by(Screening.starts_at)).all()


def skills_of(candidate_id: int) -> Sequence[tuple[Skill, Competence]]:
    statement = (
        sa.select(Skill, Competence)
        .join(Competence, Competence.id == Skill.competence_id)
        .where(Skill.candidate_id == candidate_id)
        .order_by(Skill.level.desc(), Competence.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def preconditions_of(candidate_id: int) -> Sequence[Precondition]:
    statement = sa.select(Precondition).where(Precondition.candidate_id == candidate_id).order_by(Precondition.id)
    return db.session.scalars(statement).all()


def job_of(candidate_id: int) -> tuple[JobWish | None, WorkConstraints | None, Screening | None]:
    """What is sought, what work must reckon with (for the own worker only: the caller sees to it), and the talk itself."""
    row = db.session.execute(
        sa.select(JobWish, WorkConstraints, Screening)
        .options(joinedload(JobWish.occupation))
        .outerjoin(WorkConstraints, WorkConstraints.candidate_id == JobWish.candidate_id)
        .outerjoin(Screening, sa.and_(Screening.candidate_id == JobWish.candidate_id, Screening.done_on.is_not(None)))
        .where(JobWish.candidate_id == candidate_id)
        .order_by(Screening.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row is not None else (None, None, None)


def constraints_of(candidate_id: int) -> WorkConstraints | None:
    """What work must reckon with; who may read it is the caller's rule."""
    return db.session.scalar(sa.select(WorkConstraints).where(WorkConstraints.candidate_id == candidate_id))


def plan_of(candidate_id: int) -> Plan | None:
    """The latest plan, agreed or not."""
    return db.session.scalar(sa.select(Plan).where(Plan.candidate_id == candidate_id).order_by(Plan.id.desc()).limit(1))


def steps_of(plan: Plan | None) -> Sequence[PlanStep]:
    if plan is None:
        return ()
    return db.session.scalars(sa.select(PlanStep).where(PlanStep.plan_id == plan.id).order_by(PlanStep.id)).all()


def contacts_of(candidate_id: int) -> Page[Contact]:
    statement = sa.select(Contact).options(joinedload(Contact.person)).where(Contact.candidate_id == candidate_id)
    return page(statement, Contact.id, newest_first=True)


def _one(found: Referral | None) -> Referral:
    if found is None:
        raise NotFound()
    return found
