"""A company's team: roles that change, members who leave and hand over what they hold, and four times a year the question
whether everybody still works there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import administration, links
from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, SignIn
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import queries
from portal.employers.dormancy import months_before
from portal.employers.models import Employer, Vacancy
from portal.employers.rules import rule
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.signals import colleague_left
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.tasks import service as tasks

LETTER = "employers/who_works_here"
TASK = "employers.team_unchecked"
STANDING = (VacancyState.DRAFT, VacancyState.OPEN, VacancyState.ON_HOLD)
_ASKED = (EmployerState.VERIFIED, EmployerState.ACTIVE)


class LastAdmin(Conflict):
    sentence = lazy("Somebody must look after the team. Give a colleague that role first.")


class NobodyTakesOver(DomainError):
    sentence = lazy("Choose a colleague who takes over.")
    field = "successor"


class StillInvited(DomainError):
    sentence = lazy("This colleague has not confirmed the address yet. Choose somebody else, or wait for it.")
    field = "successor"


@dataclass(frozen=True)
class Member:
    """A colleague as the team sees it: since when, and the month (not the day) in which it was last here."""

    seat: Membership
    last_seen: date | None
    holds: int

    @property
    def person(self) -> Person:
        return self.seat.person


def members(employer: Employer) -> list[Member]:
    """The team, each with the month of the last sign-in and how many vacancies it answers for."""
    team = queries.team(employer)
    ids = [one.person_id for one in team]
    # Since the seat began: when somebody was invited, nobody reads whether that address was known here before.
    began = {one.person_id: one.created_at for one in team}
    seen = {
        number: clock.local(when).date().replace(day=1)
        for number, when in db.session.execute(
            sa.select(SignIn.person_id, sa.func.max(SignIn.last_seen_at))
            .where(SignIn.person_id.in_(ids))
            .group_by(SignIn.person_id)
        )
        if when >= began[number]
    }
    held = dict(
        db.session.execute(
            sa.select(Vacancy.contact_id, sa.func.count())
            .where(Vacancy.employer_id == employer.id, Vacancy.state.in_(STANDING))
            .group_by(Vacancy.contact_id)
        ).all()
    )
    return [Member(one, seen.get(one.person_id), held.get(one.person_id, 0)) for one in team]


def seat_of(employer: Employer, key: str) -> Membership:
    """A colleague's seat. Raises NotFound: a stranger and somebody who left are the same."""
    found = next((one for one in queries.team(employer) if one.person.key == key), None)
    if found is None:
        raise NotFound()
    return found


def change_role(employer: Employer, seat: Membership, role: Role) -> None:
    """Another role from now on, as a seat of its own; the old one ends. Raises LastAdmin."""
    # Two admins who demote or remove each other at once queue here: the second finds that it is the last.
    queries.lock(employer)
    if role not in EMPLOYERS or seat.role is role:
        return
    if role is not Role.EMPLOYER_ADMIN:
        _keep_an_admin(employer, seat)
    administration.end_seat(seat)
    accounts.seat(seat.person, role, organisation_id=employer.organisation_id)


def _keep_an_admin(employer: Employer, seat: Membership) -> None:
    others = [one for one in queries.team(employer) if one.role is Role.EMPLOYER_ADMIN and one.id != seat.id]
    if seat.role is Role.EMPLOYER_ADMIN and not any(one.person.confirmed_at for one in others):
        raise LastAdmin()


def leave(employer: Employer, seat: Membership, *, successor: str, becomes_admin: bool = False) -> None:
    """Somebody no longer works here: the seat ends at the next request, and what it held goes to a colleague.

    The last admin names who looks after the team from now on. Raises NobodyTakesOver, StillInvited or LastAdmin.
    """
    queries.lock(employer)
    person, takes_over = seat.person, _successor(employer, seat, successor)
    if becomes_admin and takes_over.role is not Role.EMPLOYER_ADMIN:
        change_role(employer, takes_over, Role.EMPLOYER_ADMIN)
    db.session.flush()
    _keep_an_admin(employer, seat)
    hand_over(employer, person, takes_over.person)
    administration.end_seat(seat)
    _end_sign_ins(person)
    journal.note("team.left", employer, person=person.id, successor=takes_over.person_id)


def _successor(employer: Employer, seat: Membership, key: str) -> Membership:
    found = follows(employer, key)
    if found.person_id == seat.person_id:
        raise NobodyTakesOver()
    return found


def follows(employer: Employer, key: str) -> Membership:
    """The seat of a colleague who can take over. Raises NobodyTakesOver or StillInvited."""
    found = next((one for one in queries.team(employer) if one.person.key == key), None)
    if found is None:
        raise NobodyTakesOver()
    if found.person.confirmed_at is None:
        raise StillInvited()
    return found


def hand_over(employer: Employer, person: Person, successor: Person) -> None:
    """What somebody held here is the successor's: vacancies, the first contact, and what later rooms keep in that name."""
    held = sa.select(Vacancy).where(Vacancy.employer_id == employer.id, Vacancy.contact_id == person.id)
    for vacancy in db.session.scalars(held).all():
        vacancy.contact_id = successor.id
        tasks.give(vacancy, old_owner=person.id, new_owner=successor.id)
        journal.note("vacancy.handed_over", vacancy, before=person.id, contact=successor.id)
    if employer.first_contact_id == person.id:
        employer.first_contact_id = successor.id
    db.session.flush()
    colleague_left.send(employer, person=person, successor=successor)


def _end_sign_ins(person: Person) -> None:
    """Whoever has no seat left anywhere is signed out, and the letter that invites closes."""
    if people.current_memberships(person.id):
        return
    accounts.end_all_sign_ins(person)
    links.withdraw("welcome", person)


# --- Four times a year -----------------------------------------------------------------------------------------------


def everybody_here(employer: Employer) -> None:
    """The admin looked: whoever is in the list works there today."""
    employer.team_checked_on = clock.today()
    employer.team_asked_on = employer.team_reminded_on = None
    tasks.close(TASK, employer, "checked")
    journal.note("team.checked", employer, people=len(queries.team(employer)))


def look() -> None:
    """Each night: the question to teams of two and more, one reminder, then the worker's task."""
    today = clock.today()
    for employer in db.session.scalars(_due(today)).unique().all():
        if employer.team_asked_on is None:
            _ask(employer, reminder=False)
        elif employer.team_reminded_on is None:
            _remind(employer, today)
        elif employer.team_asked_on <= today - timedelta(days=int(rule("team", "task_days"))):
            _tell_worker(employer)


def _due(today: date) -> sa.Select[Employer]:
    since = months_before(today, int(rule("team", "every_months")))
    number = (
        sa.select(sa.func.count(sa.distinct(Membership.person_id)))
        .where(Membership.organisation_id == Employer.organisation_id, Membership.role.in_(EMPLOYERS))
        .where(*people.seated_today())
        .correlate(Employer)
        .scalar_subquery()
    )
    began = sa.func.coalesce(Employer.verified_at, Employer.registered_at, Employer.created_at)
    checked = sa.case(
        (Employer.team_checked_on.is_not(None), Employer.team_checked_on <= since),
        else_=began <= clock.midnight(since),
    )
    statement = sa.select(Employer).options(joinedload(Employer.organisation), joinedload(Employer.worker))
    return statement.where(Employer.state.in_(_ASKED), number > 1, checked).order_by(Employer.id)


def _ask(employer: Employer, *, reminder: bool) -> None:
    person = _admin(employer)
    if reminder:
        employer.team_reminded_on = clock.today()
    else:
        employer.team_asked_on = clock.today()
    if person is None:
        return
    values = {
        "first_name": person.first_name, "company": employer.name, "reminder": reminder,
        "link": outbox.address_of("employers.check_team"),
    }  # fmt: skip
    outbox.leave(LETTER, to=accounts.recipient(person), about=employer, values=values)


def _remind(employer: Employer, today: date) -> None:
    assert employer.team_asked_on is not None
    if employer.team_asked_on <= today - timedelta(days=int(rule("team", "reminder_days"))):
        _ask(employer, reminder=True)


def _admin(employer: Employer) -> Person | None:
    team: Sequence[Membership] = queries.team(employer)
    admins = [one for one in team if one.role is Role.EMPLOYER_ADMIN and one.person.confirmed_at is not None]
    chosen = [one for one in admins if one.person_id == employer.first_contact_id]
    found = next(iter([*chosen, *admins]), None)
    return found.person if found is not None else None


def _tell_worker(employer: Employer) -> None:
    """Once: the question is over for this quarter, and the worker asks by phone."""
    employer.team_checked_on = clock.today()
    employer.team_asked_on = employer.team_reminded_on = None
    tasks.open_task(
        TASK, employer, due=clock.today() + timedelta(days=14), at=("employers.show", {"key": employer.key}),
        owner_id=employer.worker_id, role=None if employer.worker_id else Role.PROJECT_WORKER,
        programme_id=employer.programme_id, company=employer.name,
    )  # fmt: skip


def letter_stands(letter: Letter) -> bool:
    """Asked again at sending: whoever answered meanwhile is asked no more."""
    employer = db.session.get(Employer, letter.about_id) if letter.about_id is not None else None
    return employer is not None and employer.state in _ASKED and employer.team_asked_on is not None
