"""A company, a vacancy, a person and a placement between them: each as small as a test of the start needs."""

from dataclasses import dataclass
from datetime import date, time
from itertools import count

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates.models import Candidate, Identity
from portal.competences.models import Occupation
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.organisations.models import Kind, Organisation, Workplace
from portal.placements.models import Placement, PlacementState
from portal.showcase.models import Interest
from portal.trajectories.models import Trajectory, TrajectoryState
from tests.factories import a_person, a_programme

_numbers = count(1)
NAME = "Karim"


@dataclass
class Cast:
    """Who plays in a test: the worker, the company with its contact, and the person."""

    worker: Person
    contact: Person
    employer: Employer
    vacancy: Vacancy
    workplace: Workplace


def a_cast(worker: Person | None = None, company: str = "Bakkerij Soetaert") -> Cast:
    number = next(_numbers)
    worker = worker or a_person(f"lien{number}@example.org", role=Role.PROJECT_WORKER)
    worker.phone = "0470 00 00 01"
    organisation = Organisation(kind=Kind.COMPANY, name=company)
    db.session.add(organisation)
    db.session.flush()
    workplace = Workplace(
        organisation_id=organisation.id, name="Bakkerij", street="Molenstraat 1", postcode="9000", municipality="Gent"
    )
    contact = a_person(
        f"bakker{number}@example.org", role=Role.EMPLOYER_CONTACT, first_name="Greet", last_name="Soetaert",
        organisation=organisation,
    )  # fmt: skip
    contact.phone = "09 000 00 01"
    employer = Employer(
        organisation_id=organisation.id, programme_id=a_programme().id, worker_id=worker.id, state=EmployerState.ACTIVE
    )
    db.session.add_all([workplace, employer])
    db.session.flush()
    vacancy = Vacancy(
        employer_id=employer.id, contact_id=contact.id, workplace_id=workplace.id, state=VacancyState.OPEN,
        occupation_id=db.session.scalars(sa.select(Occupation.id).limit(1)).one(), title="Bakkersgast",
        tasks="Brood bakken", hours_week=32, hours_from=time(5), hours_until=time(12), forms=["fixed_term"],
    )  # fmt: skip
    db.session.add(vacancy)
    db.session.commit()
    return Cast(worker, contact, employer, vacancy, workplace)


def a_candidate(cast: Cast, state: TrajectoryState = TrajectoryState.INTERVIEWING, language: str = "nl") -> Candidate:
    candidate = Candidate(programme_id=cast.employer.programme_id, worker_id=cast.worker.id, language=language)
    db.session.add(candidate)
    db.session.flush()
    db.session.add(Identity(candidate_id=candidate.id, first_name=NAME, last_name="Benali"))
    db.session.add(
        Trajectory(
            candidate_id=candidate.id, programme_id=candidate.programme_id, state=state, accepted_on=date(2026, 6, 1)
        )
    )
    db.session.commit()
    return candidate


def an_interview(cast: Cast, candidate: Candidate | None = None) -> Interview:
    """An interview whose offer is about to be accepted."""
    candidate = candidate or a_candidate(cast)
    interest = Interest(
        vacancy_id=cast.vacancy.id, employer_id=cast.employer.id, candidate_id=candidate.id, contact_id=cast.contact.id,
        code="K7M-42",
    )  # fmt: skip
    db.session.add(interest)
    db.session.flush()
    interview = Interview(
        interest_id=interest.id, candidate_id=candidate.id, employer_id=cast.employer.id, vacancy_id=cast.vacancy.id,
        contact_id=cast.contact.id, worker_id=cast.worker.id, workplace_id=cast.workplace.id,
        uid=f"interview-{interest.id}@example.org",
    )  # fmt: skip
    db.session.add(interview)
    db.session.commit()
    return interview


def a_placement(
    cast: Cast, starts_on: date, *, state: PlacementState = PlacementState.PREPARING,
    trajectory: TrajectoryState = TrajectoryState.STARTING, language: str = "nl",
    justice_assistant: Person | None = None, contract_ends_on: date | None = None,
) -> Placement:  # fmt: skip
    """A placement of somebody of this worker, in preparation unless said otherwise."""
    candidate = a_candidate(cast, trajectory, language)
    way = db.session.scalars(sa.select(Trajectory.id).where(Trajectory.candidate_id == candidate.id)).one()
    placement = Placement(
        candidate_id=candidate.id, trajectory_id=way, employer_id=cast.employer.id, vacancy_id=cast.vacancy.id,
        contact_id=cast.contact.id, worker_id=cast.worker.id, workplace_id=cast.workplace.id, state=state,
        starts_on=starts_on, form="fixed_term", hours_week=32, contract_ends_on=contract_ends_on,
        justice_assistant_id=justice_assistant.id if justice_assistant else None,
    )  # fmt: skip
    db.session.add(placement)
    db.session.commit()
    return placement


def a_start(cast: Cast, starts_on: date | None = None, **more: object) -> Placement:
    """A start that is recorded today, with its 26 weeks laid out."""
    from portal.placements import service

    placement = a_placement(cast, starts_on or clock.today(), **more)  # type: ignore[arg-type]
    service.record_start(placement)
    db.session.commit()
    return placement
