"""A company that asked to meet somebody who said yes: all that stands before a talk is planned."""

from dataclasses import dataclass
from datetime import time
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.models import Candidate, Identity, WorkConstraints
from portal.candidates.states import Channel, Purpose
from portal.competences.models import Occupation
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import outcome, permissions, planning, service
from portal.interviews.models import Interview
from portal.interviews.queries import whole
from portal.interviews.states import Mode, Presence
from portal.organisations.models import Kind, Organisation, Workplace
from portal.programmes.models import Programme, Site, SiteKind
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.trajectories.models import Trajectory, TrajectoryState
from tests.factories import a_person, a_programme

_numbers = count(1)
# Monday in Brussels: winter time, no holiday near.
NOW = "2026-11-16 09:00:00+00:00"
CANARY = "Zebedeus"


@dataclass
class Case:
    """Who takes part."""

    interest: Interest
    worker: Person
    contact: Person
    candidate: Candidate
    vacancy: Vacancy
    employer: Employer
    programme: Programme


def a_worker(name: str = "Lien", programme: Programme | None = None) -> Person:
    return a_person(role=Role.PROJECT_WORKER, first_name=name, last_name="Claes", programme=programme or a_programme())


def a_coordinator(programme: Programme | None = None) -> Person:
    return a_person(role=Role.COORDINATOR, first_name="Griet", programme=programme or a_programme())


def a_company(name: str = "Transport Nys", **vacancy: Any) -> tuple[Employer, Person, Vacancy]:
    organisation = Organisation(kind=Kind.COMPANY, name=name)
    db.session.add(organisation)
    db.session.flush()
    contact = a_person(role=Role.EMPLOYER_CONTACT, first_name="An", last_name="Nys", organisation=organisation)
    employer = Employer(organisation_id=organisation.id, programme_id=a_programme().id, state=EmployerState.ACTIVE)
    workplace = Workplace(
        organisation_id=organisation.id, name="Depot", street="Kaai 4", postcode="9000", municipality="Gent",
        public_transport="Bus 3, halte Kaai",
    )  # fmt: skip
    db.session.add_all([employer, workplace])
    db.session.flush()
    row = Vacancy(
        employer_id=employer.id, contact_id=contact.id, workplace_id=workplace.id, state=VacancyState.OPEN,
        occupation_id=db.session.scalars(sa.select(Occupation.id).order_by(Occupation.id)).first(),
        title="Magazijnmedewerker", tasks="Pakken", hours_from=time(8), hours_until=time(17), **vacancy,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return employer, contact, row


def a_candidate(worker: Person, *, permission: bool = True, lead: int = 5, postcode: str = "9700") -> Candidate:
    programme = a_programme()
    number = next(_numbers)
    site = Site(
        kind=SiteKind.PRISON, code=f"site-{number}", nl="Gevangenis van Oudenaarde", fr="Prison", en="Prison",
        postcode=postcode, municipality="Oudenaarde",
    )  # fmt: skip
    db.session.add(site)
    db.session.flush()
    candidate = Candidate(programme_id=programme.id, worker_id=worker.id, site_id=site.id, language="nl")
    db.session.add(candidate)
    db.session.flush()
    db.session.add_all(
        [
            Identity(candidate_id=candidate.id, first_name=CANARY, last_name="Kwartelslag", phone="0470 00 00 00"),
            WorkConstraints(
                candidate_id=candidate.id, answers={}, permission_needed=permission, lead_days=lead if permission else 0
            ),
            Trajectory(
                candidate_id=candidate.id, programme_id=programme.id, state=TrajectoryState.SEARCHING,
                accepted_on=clock.today(),
            ),
        ]
    )  # fmt: skip
    db.session.flush()
    return candidate


def an_interest(
    worker: Person | None = None, *, company: tuple[Employer, Person, Vacancy] | None = None, consent: bool = True,
    candidate: Candidate | None = None, name: str = "Transport Nys", **about: Any,
) -> Case:  # fmt: skip
    """An interest that the candidate accepted."""
    worker = worker or a_worker()
    employer, contact, vacancy = company or a_company(name)
    candidate = candidate or a_candidate(worker, **about)
    interest = Interest(
        vacancy_id=vacancy.id, employer_id=employer.id, candidate_id=candidate.id, contact_id=contact.id,
        state=InterestState.ACCEPTED, code=f"K7M-{next(_numbers):02}"[:8], answered_at=clock.now(), reasons=[],
    )  # fmt: skip
    db.session.add(interest)
    db.session.flush()
    if consent:
        consents.give(candidate.id, Purpose.IDENTITY, channel=Channel.PAPER, employer_id=employer.id)
    db.session.commit()
    return Case(interest, worker, contact, candidate, vacancy, employer, a_programme())


def slots_of(case: Case, mode: Mode = Mode.AT_COMPANY, interview: Interview | None = None) -> tuple[Any, list[Any]]:
    """The search and the free slots of a case, on the whole hours."""
    interest = _loaded(case)
    found = planning.search(interest.vacancy, case.contact.id, handle(case.candidate.id), mode, interview=interview)
    from portal.agenda.slots import find_slots

    return found, [slot for slot in find_slots(found.question).slots if slot.start.minute == 0]


def _loaded(case: Case) -> Interest:
    from sqlalchemy.orm import joinedload

    vacancy = joinedload(Interest.vacancy)
    return db.session.scalars(
        sa.select(Interest)
        .where(Interest.id == case.interest.id)
        .options(
            vacancy.joinedload(Vacancy.workplace),
            vacancy.joinedload(Vacancy.employer).joinedload(Employer.organisation),
        )
        .execution_options(populate_existing=True)
    ).one()


def a_requested(case: Case, *, slot: int = 0, framing: str = "") -> Interview:
    """A talk whose moment is held."""
    with acting.as_(case.worker.id, "project_worker"):
        found = slots_of(case)[1]
        return service.request(
            _loaded(case), handle(case.candidate.id), found[slot], mode=Mode.AT_COMPANY, framing=framing
        )


def a_confirmed(case: Case, *, slot: int = 0, framing: str = "") -> Interview:
    interview = a_requested(case, slot=slot, framing=framing)
    with acting.as_(case.worker.id, "project_worker"):
        if not interview.permission.stands:
            permissions.requested(interview, clock.today())
            permissions.granted(interview, permissions.needed_span(interview))
        service.confirm(interview)
    db.session.commit()
    return again(interview)


def all_there(interview: Interview) -> None:
    """The talk was held."""
    outcome.record_presence(interview, {one.party: Presence.PRESENT for one in interview.participants})
    db.session.commit()


def again(interview: Interview) -> Interview:
    db.session.commit()
    return whole([interview.id])[0]
