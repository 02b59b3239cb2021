"""One company that is called for somebody, and the calls over all cases of a programme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.approaches.models import Approach, ApproachCall
from portal.candidates import handles
from portal.candidates.handles import Handle
from portal.competences.models import Sector
from portal.employers import standings
from portal.employers.models import Employer, Lead, Vacancy, VacancyCompetence
from portal.employers.standings import Standing
from portal.employers.states import VacancyState
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.foundation.words import language
from portal.showcase.models import KeptFrom


@dataclass(frozen=True)
class Company:
    """A company as who calls it needs it."""

    employer: Employer
    standing: Standing
    approach: Approach | None
    lead: Lead | None
    kept: bool
    team: Sequence[Person]
    sectors: str


def company_of(case: Handle, key: str) -> Company:
    """A company of the case's programme, with who answers its phone, in one query. Raises NotFound."""
    words = sa.select(
        sa.func.aggregate_strings(Sector.code + "\t" + getattr(Sector, language()), "\n")
    ).scalar_subquery()
    rows = db.session.execute(
        sa.select(
            Employer, standings.standing().label("standing"), Approach, Lead, KeptFrom.id.label("kept"), Person,
            words.label("sectors"),
        )
        .join(Employer.organisation)
        .outerjoin(Approach, sa.and_(Approach.employer_id == Employer.id, Approach.candidate_id == case.id))
        .outerjoin(Lead, Lead.employer_id == Employer.id)
        .outerjoin(KeptFrom, sa.and_(KeptFrom.employer_id == Employer.id, KeptFrom.candidate_id == case.id))
        .outerjoin(
            Membership,
            sa.and_(
                Membership.organisation_id == Employer.organisation_id, Membership.role.in_(EMPLOYERS),
                *seated_today(),
            ),
        )
        .outerjoin(Person, sa.and_(Person.id == Membership.person_id, Person.deactivated_at.is_(None)))
        .options(contains_eager(Employer.organisation), joinedload(Approach.interest))
        .where(Employer.key == key, Employer.programme_id == case.programme_id)
        .order_by(Membership.role, Membership.id)
    ).all()  # fmt: skip
    if not rows:
        raise NotFound()
    row = rows[0]
    if row.Approach is not None:
        row.Approach.employer = row.Employer
    team = list(dict.fromkeys(one.Person for one in rows if one.Person is not None))
    return Company(
        row.Employer, Standing(row.standing), row.Approach, row.Lead, row.kept is not None, team, row.sectors
    )


def open_vacancies(employer: Employer) -> Sequence[Vacancy]:
    statement = (
        sa.select(Vacancy)
        .options(
            joinedload(Vacancy.competences).joinedload(VacancyCompetence.competence),
            joinedload(Vacancy.workplace),
            joinedload(Vacancy.employer).joinedload(Employer.organisation),
        )
        .where(Vacancy.employer_id == employer.id, Vacancy.state == VacancyState.OPEN)
        .order_by(Vacancy.id)
    )
    return db.session.scalars(statement).unique().all()


def vacancy_of(employer: Employer, key: str) -> Vacancy:
    """A vacancy of this company, with what a proposal needs. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Vacancy)
        .options(joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Vacancy.key == key, Vacancy.employer_id == employer.id)
    )
    if found is None:
        raise NotFound()
    return found


def calls(employer_id: int, *, most: int = 30) -> Sequence[ApproachCall]:
    """Who called a company, the latest first, whoever it was for."""
    statement = (
        sa.select(ApproachCall)
        .options(joinedload(ApproachCall.person), joinedload(ApproachCall.approach))
        .where(ApproachCall.employer_id == employer_id)
        .order_by(ApproachCall.called_on.desc(), ApproachCall.id.desc())
        .limit(most)
    )
    return db.session.scalars(statement).all()


# --- Over all cases ------------------------------------------------------------------------------------------------


def steps_due(viewer: Viewer) -> Page[Approach]:
    """The next steps of every case of the viewer's programmes, the first one due on top, a page at a time."""
    statement = (
        sa.select(Approach)
        .join(Employer, Employer.id == Approach.employer_id)
        .options(contains_eager(Approach.employer).joinedload(Employer.organisation))
        .where(Approach.next_on.is_not(None), Employer.programme_id.in_(viewer.programmes(*STAFF)))
    )
    return page(statement, Approach.next_on, Approach.id)


def called_since(viewer: Viewer, day: date) -> Sequence[ApproachCall]:
    """The calls since a day in the viewer's programmes, the latest first."""
    statement = (
        sa.select(ApproachCall)
        .join(ApproachCall.approach)
        .join(Approach.employer)
        .join(Employer.organisation)
        .options(
            contains_eager(ApproachCall.approach)
            .contains_eager(Approach.employer)
            .contains_eager(Employer.organisation),
            joinedload(ApproachCall.person),
        )
        .where(ApproachCall.called_on >= day, Employer.programme_id.in_(viewer.programmes(*STAFF)))
        .order_by(ApproachCall.called_on.desc(), ApproachCall.id.desc())
        .limit(200)
    )
    return db.session.scalars(statement).all()


@dataclass(frozen=True)
class Whose:
    """A case in a list of the programme: whose it is, and its address where the viewer keeps it."""

    worker: str
    key: str


def whose(viewer: Viewer, candidate_ids: Iterable[int]) -> dict[int, Whose]:
    """These cases, without a name: an address only for the case's own worker and who coordinates."""
    wanted = sorted(set(candidate_ids))
    if not wanted:
        return {}
    workers, cases = handles.with_workers(wanted), handles.handles(wanted)
    return {one: Whose(workers[one][1], cases[one].key if _keeps(viewer, cases[one]) else "") for one in wanted}


def _keeps(viewer: Viewer, case: Handle) -> bool:
    own = case.worker_id == viewer.person_id and case.programme_id in viewer.programmes(*STAFF)
    return own or case.programme_id in viewer.programmes(Role.COORDINATOR)


def approach_of(case: Handle, employer: Employer) -> Approach:
    """The approach of a company for somebody, this request's own until it is done. Raises NotFound."""
    statement = sa.select(Approach).where(Approach.candidate_id == case.id, Approach.employer_id == employer.id)
    found = db.session.scalar(statement if is_reading() else statement.with_for_update())
    if found is None:
        raise NotFound()
    found.employer = employer
    return found
