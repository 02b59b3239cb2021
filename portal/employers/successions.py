"""Somebody's seat was taken away, or the account closed, by an administrator: what that contact held waits for a colleague.

Nobody is made to take over: the company's admin chooses, or, where none is left, the programme's worker after a call. What
is held is asked of the rooms, so that the page also finds what was left behind before anybody asked.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Person
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import queries, team
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.tasks import service as tasks

TASK = "employers.who_takes_over"
tasks.kind(
    TASK,
    title=lazy("%(who)s no longer speaks for %(company)s: who takes over?"),
    why=lazy("What this colleague held here waits for somebody else: vacancies, interviews, forms, the network."),
    action=lazy("Choose a colleague"),
)
Held = Callable[[int], sa.Select[int]]
_held: list[Held] = []


def holds(held: Held) -> None:
    """Register whom a room's rows of a company (by its number) still wait for, as a select of persons."""
    _held.append(held)


@holds
def _vacancies(employer_id: int) -> sa.Select[int]:
    return sa.select(Vacancy.contact_id).where(Vacancy.employer_id == employer_id, Vacancy.state.in_(team.STANDING))


def gone(employer: Employer) -> Sequence[Person]:
    """Who holds something of this company and does not speak for it any more, in one query."""
    here = (
        sa.select(Membership.person_id)
        .where(Membership.organisation_id == employer.organisation_id, Membership.role.in_(EMPLOYERS))
        .where(*seated_today())
    )
    holding = sa.union(*(held(employer.id) for held in _held)).subquery()
    left = sa.or_(Person.deactivated_at.is_not(None), Person.id.not_in(here))
    statement = sa.select(Person).where(Person.id.in_(sa.select(holding.c[0])), left).order_by(Person.id)
    return db.session.scalars(statement).all()


def ask(person: Person, organisation_id: int) -> None:
    """A task for whoever may choose, where something waits: the company's admins, else the programme's worker."""
    db.session.flush()
    employer = db.session.scalar(
        sa.select(Employer)
        .options(joinedload(Employer.organisation))
        .where(Employer.organisation_id == organisation_id)
    )
    if employer is None or person not in gone(employer):
        return
    worker = employer.worker_id
    if _admins(employer):
        tasks.open_task(
            TASK, employer, due=clock.today(), at=("employers.take_over", {}), role=Role.EMPLOYER_ADMIN,
            organisation_id=organisation_id, who=person.name, company=employer.name,
        )  # fmt: skip
    else:
        tasks.open_task(
            TASK, employer, due=clock.today(), at=("employers.take_over_for", {"key": employer.key}), owner_id=worker,
            role=None if worker else Role.PROJECT_WORKER, programme_id=employer.programme_id, who=person.name,
            company=employer.name,
        )  # fmt: skip


def _admins(employer: Employer) -> list[Membership]:
    return [one for one in queries.team(employer) if one.role is Role.EMPLOYER_ADMIN and one.person.confirmed_at]


def nobody_looks_after(employer: Employer) -> bool:
    return not _admins(employer)


def take_over(employer: Employer, *, successor: str, becomes_admin: bool = False) -> None:
    """Everything that those who are gone held is a colleague's from now on; who looks after the team is asked only where
    nobody does. Raises NobodyTakesOver, StillInvited or LastAdmin."""
    queries.lock(employer)
    follows, left = team.follows(employer, successor), gone(employer)
    if left and nobody_looks_after(employer):
        if not becomes_admin:
            raise team.LastAdmin()
        team.change_role(employer, follows, Role.EMPLOYER_ADMIN)
        db.session.flush()
    for person in left:
        team.hand_over(employer, person, follows.person)
        journal.note("team.taken_over", employer, person=person.id, successor=follows.person_id)
    tasks.close(TASK, employer)
