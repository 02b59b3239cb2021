"""Reading cases, scoped to the viewer: a worker's own, a coordinator's programme, a partner's own referrals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from portal.accounts.roles import PARTNERS, STAFF, Role
from portal.candidates import doors, identities, marks
from portal.candidates.doors import Door
from portal.candidates.identities import Name
from portal.candidates.models import (
    Candidate,
    Contact,
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
from portal.candidates.states import ReferralState
from portal.competences.models import Competence
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.tasks.models import Task

# Whoever sits the day reads the case until a week after (privacy.md).
SIT_DAY_READS = timedelta(days=7)
OPEN = (ReferralState.RECEIVED, ReferralState.INFO_NEEDED)


@dataclass(frozen=True)
class Case:
    """Somebody's case, opened: who it is, and whether the viewer is its own worker."""

    candidate: Candidate
    identity: Identity
    own: bool

    @property
    def name(self) -> Name:
        return Name(self.identity.first_name, self.identity.last_name)

    @property
    def doors(self) -> list[Door]:
        return doors.of(self.candidate.key)


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The cases that this viewer may read."""
    sits = sa.select(Screening.candidate_id).where(_sits(viewer))
    own = sa.and_(
        Candidate.programme_id.in_(viewer.programmes(*STAFF)),
        sa.or_(Candidate.worker_id == viewer.person_id, Candidate.id.in_(sits)),
    )
    return sa.or_(own, Candidate.programme_id.in_(viewer.programmes(Role.COORDINATOR)))


def _sits(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Screening.worker_id == viewer.person_id, Screening.starts_at > clock.now() - SIT_DAY_READS)


def caseload(viewer: Viewer, search: str = "") -> Page[Candidate]:
    """The cases of a viewer by what is next in each, a page at a time."""
    due = (
        sa.select(sa.func.coalesce(sa.cast(sa.func.min(Task.due), sa.String), "9999-12-31"))
        .where(Task.about == Candidate.id, Task.closed_at.is_(None))
        .correlate(Candidate)
        .scalar_subquery()
        .label("next_due")
    )
    statement = (
        sa.select(Candidate)
        .options(joinedload(Candidate.worker), joinedload(Candidate.site), with_expression(Candidate.next_due, due))
        .where(visible(viewer), Candidate.worker_id.is_not(None))
    )
    wanted = marks.found(search) if search else None
    if wanted is not None:
        statement = statement.where(wanted)
    return page(statement, due, Candidate.id)


def case_of(viewer: Viewer, key: str, reason: str, *, own_reads: str = "", own_only: bool = False) -> Case:
    """Open a case, and write down that it was opened. Raises NotFound for a stranger's.

    `own_reads` names what the page shows besides, to the case's own worker only. `own_only` is for what nobody else
    writes (identity, consents): who only reads the case finds no such page.
    """
    row = db.session.execute(
        sa.select(Candidate, Identity)
        .join(Identity, Identity.candidate_id == Candidate.id)
        .options(joinedload(Candidate.worker), joinedload(Candidate.site), joinedload(Candidate.programme))
        .where(Candidate.key == key, visible(viewer))
    ).first()
    if row is None:
        raise NotFound()
    candidate, identity = row
    own = candidate.worker_id == viewer.person_id
    if own_only and not own:
        raise NotFound()
    identities.saw(candidate.id, reason, *([own_reads] if own and own_reads else []))
    return Case(candidate, identity, own)


# --- Referrals -------------------------------------------------------------------------------------------------


def referrals_of(viewer: Viewer) -> Page[Referral]:
    """What a partner referred, the latest first."""
    statement = sa.select(Referral).options(joinedload(Referral.site)).where(_referred_by(viewer))
    return page(statement, Referral.id, newest_first=True)


def own_referral(viewer: Viewer, key: str) -> Referral:
    """A referral for the partner who made it."""
    statement = sa.select(Referral).options(joinedload(Referral.site), joinedload(Referral.candidate))
    return _one(db.session.scalar(statement.where(Referral.key == key, _referred_by(viewer))))


def _referred_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """What a partner referred to a programme with which the partner still works."""
    here = Referral.programme_id.in_(viewer.programmes(*PARTNERS))
    return sa.and_(Referral.referrer_id == viewer.person_id, here)


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
        .where(sa.or_(Referral.state.in_(OPEN), visible(viewer)))
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
    row = db.session.execute(
        sa.select(Referral, Screening)
        .outerjoin(Screening, booked)
        .options(joinedload(Referral.site))
        .where(Referral.candidate_id == candidate_id)
        .order_by(Referral.id.desc(), Screening.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def namesakes(referral: Referral, name: Name) -> Sequence[Candidate]:
    """Cases of the programme that may be the same person."""
    statement = (
        sa.select(Candidate)
        .options(joinedload(Candidate.site), joinedload(Candidate.worker))
        .where(Candidate.programme_id == referral.programme_id, Candidate.id != referral.candidate_id)
        .where(Candidate.worker_id.is_not(None), marks.namesakes(name.first, name.last))
        .order_by(Candidate.id)
        .limit(5)
    )
    return db.session.scalars(statement).all()


# --- Screening, plan, contacts -----------------------------------------------------------------------------------


def screening_of(viewer: Viewer, key: str) -> tuple[Screening, Candidate]:
    """A screening for who sits the day, or whose case it is: nobody else fills it in."""
    row = db.session.execute(
        sa.select(Screening, Candidate)
        .join(Candidate, Candidate.id == Screening.candidate_id)
        .options(joinedload(Candidate.site))
        .where(Screening.key == key, Candidate.programme_id.in_(viewer.programmes(Role.PROJECT_WORKER)))
        .where(sa.or_(_sits(viewer), Candidate.worker_id == viewer.person_id))
    ).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


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
