"""Short ways to somebody with a profile, and to a company that looks for somebody."""

from datetime import time
from itertools import count
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.models import Candidate, Identity, JobWish, Skill
from portal.candidates.states import Channel, Purpose
from portal.competences.models import Competence, Occupation
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation, Workplace
from portal.programmes.models import Programme
from portal.showcase.models import Profile, Sentence
from portal.showcase.states import ProfileState, SentenceKind
from portal.trajectories.models import Trajectory, TrajectoryState
from tests.factories import a_person, a_programme

_numbers = count(1)
SKILLS = {"work_safely": 3, "be_on_time": 3, "lift_safely": 2}
CODED: dict[str, Any] = {
    "region": "ghent_area", "province": "east_flanders", "experience_band": "1_to_3_years", "availability_band": "now",
    "hours_band": "day", "forms": ["permanent", "fixed_term"], "mobility": ["bike"], "licence": "b",
    "languages": {"nl": "work_talk"}, "certificates": ["vca_basic"], "support": ["worker_at_interview", "aftercare"],
}  # fmt: skip


def competence(code: str) -> int:
    found = db.session.scalar(sa.select(Competence.id).where(Competence.code == code))
    assert found is not None, code
    return found


def occupation(code: str = "warehouse_work") -> int:
    found = db.session.scalar(sa.select(Occupation.id).where(Occupation.code == code))
    assert found is not None, code
    return found


def a_worker(first_name: str = "Lien", **more: Any) -> Person:
    return a_person(role=Role.PROJECT_WORKER, first_name=first_name, **more)


def a_candidate(worker: Person, *, first_name: str = "Karim", last_name: str = "Benali", skills: dict[str, int] | None = None,
                state: TrajectoryState = TrajectoryState.SCREENED, **coded: Any) -> Candidate:  # fmt: skip
    """Somebody who was screened, with an identity and a coded job part."""
    programme = a_programme()
    row = Candidate(programme_id=programme.id, worker_id=worker.id, language="nl")
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        [
            Identity(candidate_id=row.id, first_name=first_name, last_name=last_name, nicknames="Krimo", phone="0471 23 45 67",
                     municipality="Dendermonde", street="Kerkstraat", postcode="9200"),
            JobWish(candidate_id=row.id, occupation_id=occupation(), **{**CODED, **coded}),
            Trajectory(candidate_id=row.id, programme_id=programme.id, state=state, accepted_on=clock.today(),
                       screened_on=clock.today()),
            *[Skill(candidate_id=row.id, competence_id=competence(code), level=level) for code, level in (skills or SKILLS).items()],
        ]
    )  # fmt: skip
    db.session.commit()
    return row


def an_approved_profile(worker: Person, reader: Person, *, headline: str = "", **more: Any) -> Profile:
    """A profile that its candidate approved: it waits for a batch."""
    person = a_candidate(worker, state=TrajectoryState.PROFILE_READY, **more)
    profile = Profile(candidate_id=person.id, programme_id=person.programme_id, state=ProfileState.APPROVED)
    db.session.add(profile)
    db.session.flush()
    texts = [(SentenceKind.HEADLINE, None, headline or f"Werkt netjes door, reeks {next(_numbers)}"),
             (SentenceKind.EVIDENCE, competence("work_safely"), "Draagt altijd de juiste bescherming."),
             (SentenceKind.OWN_WORDS, None, "Ik hou van werk dat vooruitgaat.")]  # fmt: skip
    for position, (kind, about, text) in enumerate(texts):
        db.session.add(
            Sentence(profile_id=profile.id, kind=kind, competence_id=about, text=text, written_by=worker.id,
                     approved_by=reader.id, approved_at=clock.now(), position=position)
        )  # fmt: skip
    consents.give(person.id, Purpose.PROFILE, channel=Channel.PAPER)
    db.session.commit()
    return profile


def a_company(worker: Person | None = None, name: str = "Garage Verlinden") -> tuple[Employer, Person]:
    """A verified company, and its admin."""
    number = next(_numbers)
    organisation = Organisation(kind=Kind.COMPANY, name=name, number=f"{number:010d}")
    db.session.add(organisation)
    db.session.flush()
    employer = Employer(organisation_id=organisation.id, programme_id=a_programme().id, state=EmployerState.ACTIVE,
                        worker_id=worker.id if worker else None)  # fmt: skip
    place = Workplace(
        organisation_id=organisation.id, name="Werkplaats", street="Dok 1", postcode="9000", municipality="Gent"
    )
    db.session.add_all([employer, place])
    person = a_person(role=Role.EMPLOYER_ADMIN, first_name="Els", last_name="Verlinden", organisation=organisation)
    return employer, person


def a_vacancy(employer: Employer, contact: Person, *, musts: tuple[str, ...] = ("work_safely", "lift_safely"), learnable: tuple[str, ...] = ("be_on_time",),
              title: str = "Magazijnmedewerker", state: VacancyState = VacancyState.OPEN, **more: Any) -> Vacancy:  # fmt: skip
    place = db.session.scalar(sa.select(Workplace.id).where(Workplace.organisation_id == employer.organisation_id))
    values: dict[str, Any] = {
        "hours_from": time(8), "hours_until": time(16, 30), "forms": ["permanent"], "languages": {"nl": "few_words"}, "licence": "none",
        "tasks": "Goederen klaarzetten en tellen.", **more,
    }  # fmt: skip
    vacancy = Vacancy(employer_id=employer.id, contact_id=contact.id, workplace_id=place, occupation_id=occupation(), title=title,
                      state=state, **values)  # fmt: skip
    db.session.add(vacancy)
    db.session.flush()
    for must, codes in ((True, musts), (False, learnable)):
        db.session.add_all(
            [VacancyCompetence(vacancy_id=vacancy.id, competence_id=competence(code), must=must) for code in codes]
        )
    db.session.commit()
    return vacancy


def the_programme() -> Programme:
    return a_programme()
