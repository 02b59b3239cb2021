"""The demo year is whole: as many of everything as promised, in every state, in line with each other."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.aftercare.models import Alert, AlertState, CheckIn, CheckInState, FormAnswer
from portal.agenda.models import Hold, HoldCell, SitDay
from portal.ambassadors.models import Ambassador, Invitation, InvitationState
from portal.candidates.models import Candidate, Identity, JobWish, Referral, Screening
from portal.candidates.states import ReferralState
from portal.cli import seed
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Decision, Interview, Permission, Reveal
from portal.interviews.states import DecisionState, InterviewState
from portal.placements.models import Placement, PlacementState
from portal.programmes.models import Programme, ProgrammeSite, Site, SiteKind
from portal.showcase.models import Batch, Interest, Listing, Profile, Sentence
from portal.showcase.states import InterestState, ProfileState
from portal.tasks.models import Task
from portal.trajectories.models import Trajectory, TrajectoryState


def number(model: Any, *where: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count(model.id)).where(*where)) or 0


def states(model: Any) -> set[Any]:
    return set(db.session.scalars(sa.select(model.state).distinct()))


@pytest.mark.engine
def test_the_year_has_what_a_first_visit_should_find(year: Flask) -> None:
    at_work = sa.select(ProgrammeSite.site_id)
    assert number(Site, Site.kind == SiteKind.PRISON, Site.id.in_(at_work)) == 6
    assert number(Site, Site.kind == SiteKind.CENTRE, Site.id.in_(at_work)) == 2
    assert number(Employer) >= 40
    assert number(Candidate) == number(Identity) == 160
    assert number(Interview, Interview.starts_at < clock.now()) >= 40
    assert number(Interview, Interview.starts_at > clock.now()) >= 10
    assert number(Vacancy) >= 90
    assert 25 <= number(Vacancy, Vacancy.state == VacancyState.OPEN) <= 40
    assert number(Ambassador) == 8
    assert number(Screening, Screening.starts_at > clock.now()) >= 5
    assert number(SitDay, SitDay.day >= clock.today()) >= 20


@pytest.mark.engine
def test_somebody_works_in_every_week_of_aftercare(year: Flask) -> None:
    started = db.session.scalars(
        sa.select(Placement.starts_on).where(Placement.state.not_in([PlacementState.PREPARING, PlacementState.ENDED]))
    )
    weeks = {(clock.today() - day).days // 7 + 1 for day in started}
    assert set(range(1, 27)) <= weeks
    assert max(weeks) > 26
    assert number(CheckIn, CheckIn.state == CheckInState.DONE) > 300
    assert number(CheckIn, CheckIn.due < clock.today(), CheckIn.state == CheckInState.PLANNED) == 0
    assert number(FormAnswer) > 500
    assert 3 <= number(Alert, Alert.state == AlertState.OPEN) <= 12


def test_every_state_that_a_case_can_be_in_is_there(year: Flask) -> None:
    assert states(Referral) == set(ReferralState)
    assert states(Trajectory) == set(TrajectoryState)
    assert states(Interest) == set(InterestState)
    assert states(Interview) == set(InterviewState)
    assert states(Decision) == set(DecisionState)
    assert states(Invitation) == set(InvitationState)
    assert states(Profile) >= set(ProfileState) - {ProfileState.WITHDRAWN}
    assert states(Placement) >= set(PlacementState) - {PlacementState.FELL_THROUGH}


def test_figures_are_believable(year: Flask) -> None:
    programme = db.session.scalars(sa.select(Programme).order_by(Programme.id)).first()
    assert programme is not None
    cohort = (Trajectory.programme_id == programme.id, Trajectory.counted_on >= programme.period_start)
    counted = number(Trajectory, *cohort)
    started = db.session.scalar(
        sa.select(sa.func.count(Trajectory.id.distinct()))
        .join(Placement, Placement.trajectory_id == Trajectory.id)
        .where(*cohort, Placement.state.not_in([PlacementState.PREPARING, PlacementState.FELL_THROUGH]))
    )
    assert 60 <= counted <= 90
    assert 0.28 <= (started or 0) / counted <= 0.45


@pytest.mark.engine
def test_each_occupation_that_is_sought_has_a_vacancy_with_five_cards_at_least(year: Flask) -> None:
    cards = sa.func.count(Listing.id)
    found = db.session.execute(
        sa.select(Vacancy.occupation_id, cards)
        .join(Listing, Listing.vacancy_id == Vacancy.id)
        .where(Vacancy.state == VacancyState.OPEN, Listing.shown)
        .group_by(Vacancy.id, Vacancy.occupation_id)
    )
    enough = {occupation for occupation, shown in found if shown >= 5}
    sought = set(
        db.session.scalars(
            sa.select(JobWish.occupation_id)
            .join(Profile, Profile.candidate_id == JobWish.candidate_id)
            .where(Profile.published.is_not(None))
        )
    )
    assert sought <= enough
    assert number(Batch) >= 4
    assert (
        number(Profile, Profile.published.is_not(None)) + number(Profile, Profile.state == ProfileState.APPROVED) >= 75
    )
    assert number(Sentence, Sentence.approved_by.is_not(None)) > 300


def test_the_garage_is_the_first_employer_and_has_people_to_read(year: Flask) -> None:
    first = db.session.scalars(
        sa.select(Membership).where(Membership.role == Role.EMPLOYER_ADMIN).order_by(Membership.id)
    ).first()
    assert first is not None
    dirk = db.session.get_one(Person, first.person_id)
    assert dirk.name == "Dirk Verlinden"
    open_list = sa.select(Vacancy.id).where(
        Vacancy.contact_id == dirk.id, Vacancy.title == "Bandenmonteur", Vacancy.state == VacancyState.OPEN
    )
    assert number(Listing, Listing.vacancy_id.in_(open_list), Listing.shown) >= 5


def test_nobody_sits_in_two_places_and_every_talk_is_accompanied(year: Flask) -> None:
    assert number(HoldCell) > 1000
    certain = Interview.state.in_([InterviewState.CONFIRMED, InterviewState.HELD])
    for interview in db.session.scalars(sa.select(Interview).where(certain)):
        held = {
            hold.party
            for hold in db.session.scalars(
                sa.select(Hold).where(Hold.subject_kind == "interview", Hold.subject_id == interview.id)
            )
        }
        assert held == {
            f"person:{interview.companion_id}",
            f"person:{interview.contact_id}",
            f"candidate:{interview.candidate_id}",
        }
    assert number(Permission) == number(Interview)
    assert number(Reveal) == number(Interview, certain)


def test_each_no_has_reasons_about_the_job(year: Flask) -> None:
    for decision in db.session.scalars(sa.select(Decision).where(Decision.state == DecisionState.REJECTED)):
        assert decision.reasons


def test_every_worker_has_work_and_nobody_too_much(year: Flask) -> None:
    workers = db.session.scalars(sa.select(Membership.person_id).where(Membership.role == Role.PROJECT_WORKER))
    for worker in workers:
        own = db.session.execute(
            sa.select(Task.kind, sa.func.count())
            .where(Task.owner_id == worker, Task.closed_at.is_(None))
            .group_by(Task.kind)
        ).all()
        assert len(own) >= 3
        assert 4 <= sum(count for _, count in own) <= 30


def test_a_portal_with_people_in_it_is_left_alone(year: Flask) -> None:
    before = number(Person)
    assert seed.once() is False
    assert number(Person) == before
    assert year.test_cli_runner().invoke(args=["seed"]).output.startswith("There are people here already")


def test_nobody_of_the_demo_has_a_password_and_everybody_may_step_in(year: Flask) -> None:
    assert number(Person, Person.password_hash.is_not(None)) == 0
    assert number(Person, Person.confirmed_at.is_(None)) == 0
