"""What waits for whom, opened by the rooms' own kinds of task and in line with every state."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.candidates import service as candidates
from portal.candidates.models import Referral, Screening
from portal.candidates.states import ReferralState
from portal.cli.demo.ambassadors import NEW
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import DAY, World
from portal.employers import service as employers
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import duties
from portal.interviews.models import Interview
from portal.interviews.queries import whole
from portal.interviews.states import DecisionState, InterviewState, PermissionState
from portal.placements.models import Placement, PlacementState
from portal.showcase.models import Interest
from portal.showcase.states import InterestState, ProfileState
from portal.tasks import service as tasks

T, D, S = InterviewState, DecisionState, Stage


def write(world: World) -> None:
    _companies()
    _referrals(world)
    _cases(world)
    _profiles(world)
    _interests(world)
    _interviews()
    _starts(world)
    _ambassadors(world)


def _companies() -> None:
    registered = (
        sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.state == EmployerState.REGISTERED)
    )
    for employer in db.session.scalars(registered):
        employers.ask_for_a_call(employer)


def _referrals(world: World) -> None:
    found = db.session.scalars(
        sa.select(Referral)
        .options(joinedload(Referral.site), joinedload(Referral.candidate))
        .where(
            Referral.state.in_(
                [ReferralState.RECEIVED, ReferralState.INFO_NEEDED, ReferralState.ACCEPTED, ReferralState.NO_SHOW]
            )
        )
    )
    for referral in found:
        if referral.state == ReferralState.RECEIVED:
            tasks.open_task(
                "candidates.referral", referral, due=referral.received_on + candidates.DECIDE_IN, role=Role.PROJECT_WORKER,
                at=("candidates.referral", {"key": referral.key}), programme_id=referral.programme_id, site=referral.site.nl,
            )  # fmt: skip
        elif referral.state == ReferralState.INFO_NEEDED:
            tasks.open_task(
                "candidates.answer", referral, due=world.ahead(3), at=("candidates.own_referral", {"key": referral.key}),
                owner_id=referral.referrer_id, site=referral.site.nl,
            )  # fmt: skip
        else:
            candidates.wait_for_planning(referral.candidate)


def _cases(world: World) -> None:
    talks = {
        one.candidate_id: one
        for one in db.session.scalars(sa.select(Screening).where(Screening.starts_at > clock.now()))
    }
    for story in world.stories:
        if story.id in talks:
            _screening(story, talks[story.id])
        elif story.stage == S.SCREENED:
            _for_worker("candidates.agree_plan", story, world.ahead(4), "candidates.plan")
        elif story.stage == S.DRAFT:
            _for_worker("candidates.profile", story, world.ahead(2), "showcase.write")


def _screening(story: Story, screening: Screening) -> None:
    tasks.open_task(
        "candidates.screening", screening, due=clock.local(screening.starts_at).date(), about=story.id,
        at=("candidates.screening", {"key": screening.key}), owner_id=screening.worker_id, name=_short(story),
    )  # fmt: skip


def _for_worker(kind: str, story: Story, due: date, endpoint: str) -> None:
    tasks.open_task(
        kind,
        story.row,
        due=due,
        about=story.id,
        at=(endpoint, {"key": story.row.key}),
        owner_id=story.worker_id,
        name=_short(story),
    )


def _short(story: Story) -> str:
    return f"{story.person['first']} {story.person['last'][:1]}."


def _profiles(world: World) -> None:
    for story in world.stories:
        if story.stage == S.REDACTION:
            for reader in _others_of_team(world, story):
                tasks.open_task(
                    "showcase.read_sentences", story.profile, due=world.ahead(2), owner_id=reader, about=story.id,
                    at=("showcase.read_sentences", {"key": story.profile.key}),
                )  # fmt: skip
        elif story.stage == S.APPROVAL and story.profile.state == ProfileState.CANDIDATE_APPROVAL:
            tasks.open_task(
                "showcase.record_approval", story.profile, due=world.ahead(3), owner_id=story.worker_id, about=story.id,
                at=("showcase.approval", {"key": story.row.key}),
            )  # fmt: skip


def _others_of_team(world: World, story: Story) -> Sequence[int]:
    """As the showcase itself asks: everybody else of the team, and whoever comes first reads."""
    team = [data["code"] for data in world.names["staff"] if data.get("programme") == story.programme]
    return [world.staff[code].id for code in team if world.staff[code].id != story.worker_id]


def _interests(world: World) -> None:
    stories = {story.id: story for story in world.stories}
    found = db.session.scalars(
        sa.select(Interest)
        .options(joinedload(Interest.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Interest.state.in_([InterestState.EXPRESSED, InterestState.PROPOSED, InterestState.ACCEPTED]))
    )
    for interest in found:
        story, company = stories[interest.candidate_id], interest.vacancy.employer.name
        if interest.state == InterestState.ACCEPTED:
            duties.plan(interest, worker_id=story.worker_id, programme_id=story.place.programme.id, company=company)
        else:
            proposed = interest.state == InterestState.PROPOSED
            tasks.open_task(
                "showcase.ask_about_proposal" if proposed else "showcase.ask_candidate", interest, due=clock.local(interest.created_at).date() + 3 * DAY,
                at=("showcase.answer", {"key": interest.key}), owner_id=story.worker_id, about=story.id,
                programme_id=story.place.programme.id, company=company, vacancy=interest.vacancy.title,
            )  # fmt: skip
            if proposed:
                tasks.open_task(
                    "showcase.answer_proposal", interest, due=clock.today() + 2 * DAY, owner_id=interest.contact_id,
                    at=("showcase.proposal", {"key": interest.key}), vacancy=interest.vacancy.title,
                )  # fmt: skip


def _interviews() -> None:
    """Each talk asks what its state asks; the interviews' own duties say it in their own words."""
    undecided = sa.select(Interview.id).where(Interview.state.not_in([T.CANCELLED]))
    for interview in whole(list(db.session.scalars(undecided))):
        if interview.state == T.HELD:
            _after_talk(interview)
        elif interview.state == T.NEEDS_WORKER:
            duties.needs_worker(interview)
        elif interview.state == T.CONFIRMED:
            duties.confirmed(interview)
            if interview.id % 2:
                tasks.close("interviews.sheet", interview)
        elif interview.permission.state == PermissionState.REQUESTED:
            duties.permission_requested(interview)
        else:
            duties.planned(interview)


def _after_talk(interview: Interview) -> None:
    decision = interview.decision
    if decision is None:
        return
    if decision.state == D.PENDING:
        duties.held(interview)
    elif decision.told_at is None or decision.state in {D.OFFER, D.TRIAL}:
        duties.decided(interview)
        if decision.state == D.SECOND_TALK:
            employer = interview.vacancy.employer
            duties.plan(
                interview.interest,
                worker_id=interview.worker_id,
                programme_id=employer.programme_id,
                company=employer.name,
            )


def _starts(world: World) -> None:
    found = db.session.scalars(
        sa.select(Placement)
        .options(joinedload(Placement.vacancy), joinedload(Placement.employer).joinedload(Employer.organisation))
        .where(Placement.state == PlacementState.PREPARING)
    )
    for placement in found:
        tasks.open_task(
            "placements.prepare", placement, owner_id=placement.worker_id, about=placement.candidate_id, due=world.ahead(2),
            at=("placements.prepare", {"key": placement.key}), company=placement.employer.name, job=placement.vacancy.title,
        )  # fmt: skip


def _ambassadors(world: World) -> None:
    found = db.session.scalars(
        sa.select(Ambassador).options(joinedload(Ambassador.employer).joinedload(Employer.organisation))
    )
    for one in found:
        if one.state == AmbassadorState.APPLIED:
            tasks.open_task(
                "ambassadors.approve", one, due=world.ahead(5),
                at=("ambassadors.review", {"key": one.key}), role=Role.COORDINATOR, programme_id=one.employer.programme_id, company=one.employer.name,
            )  # fmt: skip
        elif one.employer_id == world.companies[NEW].employer.id:
            tasks.open_task(
                "ambassadors.first_peer", one, due=world.ahead(18),
                at=("ambassadors.invite", {}), owner_id=one.person_id,
            )  # fmt: skip
