"""A start that falls through goes back to searching with nothing lost: profile, interests, consents, plan, milestones, calls."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.approaches.models import Approach, ApproachCall
from portal.candidates import consents
from portal.candidates.models import Candidate, Consent, Identity, JobWish, Plan, PlanStep, Skill
from portal.candidates.states import Channel, Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import offer_accepted
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.placements import service
from portal.placements.answers import EndAnswer
from portal.placements.models import Placement
from portal.showcase.models import Interest, Opening, Profile, Sentence
from portal.showcase.states import InterestState, ProfileState
from portal.trajectories import reviews
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState
from portal.trajectories.reviews import ReviewAnswer
from portal.trajectories.service import begin, of
from tests.placements.factories import Cast, a_candidate, a_cast, an_interview

pytestmark = pytest.mark.usefixtures("app")
KEPT = (
    Profile,
    Sentence,
    Interest,
    Opening,
    Consent,
    Plan,
    PlanStep,
    Milestone,
    Approach,
    ApproachCall,
    JobWish,
    Skill,
    Identity,
)


@pytest.fixture(autouse=True)
def at() -> Any:
    with time_machine.travel("2026-09-21 08:00:00+00:00", tick=False) as traveller:
        yield traveller


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Each row of what somebody built up, as it stands."""
    db.session.commit()
    return {
        model.__tablename__: [
            tuple(row) for row in db.session.execute(sa.select(*model.__table__.columns).order_by(model.id))
        ]
        for model in KEPT
    }


def a_rich_case(cast: Cast) -> Interview:
    """Somebody with all that was built up before an offer, and a second company that is interested."""
    candidate = a_candidate(cast)
    db.session.execute(sa.delete(Trajectory).where(Trajectory.candidate_id == candidate.id))
    way = begin(candidate)
    way.state = TrajectoryState.INTERVIEWING
    other = a_cast(cast.worker, "Garage Zon")
    interview = an_interview(cast, candidate)
    profile = Profile(candidate_id=candidate.id, programme_id=candidate.programme_id, state=ProfileState.PUBLISHED)
    plan = Plan(candidate_id=candidate.id, goal="Bakker worden", agreed_on=date(2026, 7, 1), channel=Channel.PAPER)
    approach = Approach(
        candidate_id=candidate.id, employer_id=other.employer.id, code="K3T", called_on=date(2026, 9, 1)
    )
    db.session.add_all([profile, plan, approach])
    db.session.flush()
    db.session.add_all(
        [
            Interest(
                vacancy_id=other.vacancy.id, employer_id=other.employer.id, candidate_id=candidate.id,
                contact_id=other.contact.id, code="B2C-11", state=InterestState.ACCEPTED,
            ),
            PlanStep(plan_id=plan.id, text="Attest halen", owner="worker", due=date(2026, 10, 1)),
        ]
    )  # fmt: skip
    for purpose in (Purpose.PROFILE, Purpose.AFTERCARE):
        consents.give(candidate.id, purpose, channel=Channel.PAPER)
    db.session.commit()
    return interview


def a_start_to_prepare(cast: Cast) -> Placement:
    interview = a_rich_case(cast)
    offer_accepted.send(interview)
    db.session.commit()
    return db.session.scalars(sa.select(Placement)).one()


def test_a_start_that_falls_through_leaves_all_that_was_built_up_as_it_stood(visitors: Any) -> None:
    cast = a_cast()
    placement = a_start_to_prepare(cast)
    before = everything()
    assert all(
        before[name] for name in ("profile", "interest", "consent", "plan", "plan_step", "milestone", "approach")
    )
    lien = visitors(cast.worker)
    lien.open(f"/placements/{placement.key}/prepare").send(
        "Ontwerp bewaren",
        starts_on="2026-10-05",
        form="fixed_term",
        hours_week="32",
        disclosure="who",
        aftercare_consent=True,
    )
    page = lien.open(f"/placements/{placement.key}/fell-through")
    page.send(reason="employer_withdrew", by="employer").says("Het zoeken gaat verder")
    assert everything() == before
    assert of(placement.candidate_id).state == TrajectoryState.SEARCHING


def test_the_same_company_or_another_may_be_met_again(visitors: Any) -> None:
    """The next yes makes a start of its own; the one that fell through stays in the file with its reason."""
    cast = a_cast()
    first = a_start_to_prepare(cast)
    service.fall_through(first, "transport", "employee")
    candidate = first.candidate_id
    of(candidate).state = TrajectoryState.INTERVIEWING
    second = service.prepare(an_interview(a_cast(cast.worker, "Garage Maan"), db.session.get_one(Candidate, candidate)))
    db.session.commit()
    assert second.id != first.id
    assert of(candidate).state == TrajectoryState.STARTING
    visitors(cast.worker).open(f"/aftercare/{first.key}").says("Geen vervoer")


def test_whoever_meets_another_company_already_goes_back_to_interviewing() -> None:
    cast = a_cast()
    placement = a_start_to_prepare(cast)
    talk = an_interview(a_cast(cast.worker, "Garage Maan"), db.session.get_one(Candidate, placement.candidate_id))
    talk.state = InterviewState.REQUESTED
    db.session.flush()
    service.fall_through(placement, "transport", "employee")
    assert of(placement.candidate_id).state == TrajectoryState.INTERVIEWING


@pytest.mark.parametrize("how", ["falls through", "ends"])
def test_who_was_looked_back_on_as_started_stands_on_the_board_again(at: Any, how: str, visitors: Any) -> None:
    cast = a_cast()
    placement = a_start_to_prepare(cast)
    way = of(placement.candidate_id)
    reviews.review(way, ReviewAnswer(outcome="started", until=None, because="", words=""))
    visitors(cast.worker).open("/board").lacks("Karim")
    if how == "ends":
        placement.starts_on = clock.today()
        service.record_start(placement)
        at.shift(timedelta(days=20))
        service.end(placement, EndAnswer(clock.today(), "job_does_not_fit", "employee"))
    else:
        service.fall_through(placement, "transport", "employee")
    db.session.commit()
    review = db.session.scalars(sa.select(Milestone).where(Milestone.code == "review")).one()
    assert review.done_on is None and review.expected_by >= clock.today() + reviews.SEARCHES
    visitors(cast.worker).open("/board").says("Karim")


def test_an_extended_way_keeps_the_day_that_was_agreed() -> None:
    placement = a_start_to_prepare(a_cast())
    way = of(placement.candidate_id)
    until = clock.today() + timedelta(days=60)
    reviews.review(way, ReviewAnswer(outcome="extended", until=until, because="", words=""))
    service.fall_through(placement, "transport", "employee")
    assert db.session.scalars(sa.select(Milestone).where(Milestone.code == "review")).one().agreed_until == until
