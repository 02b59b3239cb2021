"""Two sign-ups that may be one company: a name that reads alike in the same province, or addresses of the same house.

Found through an index of traces, never by reading all companies. Only staff sees it: the visitor reads the same page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz
from sqlalchemy import event
from sqlalchemy.orm import Session, aliased, joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import joining, queries
from portal.employers.join_models import CompanyTrace, JoinRequest
from portal.employers.join_states import JoinWay
from portal.employers.leads import FORMS
from portal.employers.models import CallNote, Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock, folding
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.options import load
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import places
from portal.organisations.models import Organisation, Workplace
from portal.tasks import service as tasks

NAME, MAIL = "name", "mail"
ALIKE = 88
_MOST = 300
_BEGINNING = 4


class NotAsOne(Conflict):
    sentence = lazy("Only a company that waits for its first call can turn out to be another one of your programme.")


@dataclass
class Maybe:
    """A company that may be the same, and why: how its name reads, or the mail domain that both have."""

    employer: Employer
    name: bool = False
    domains: list[str] = field(default_factory=list)


def folded(name: str) -> str:
    """A name as it is compared: small letters without accents, signs or the company's legal form."""
    return " ".join(re.findall(r"[a-z0-9]+", folding.folded(FORMS.sub(" ", name))))


def alike(one: str, other: str) -> bool:
    """Whether two names read alike: the same words in another order, one within the other, or a slip of a letter."""
    first, second = folded(one), folded(other)
    if not first or not second:
        return False
    squeezed = fuzz.ratio(first.replace(" ", ""), second.replace(" ", ""))
    shorter = min(first, second, key=len)
    words = fuzz.token_set_ratio(first, second) if " " in shorter else 0
    return max(squeezed, words) >= ALIKE


def domain(email: str) -> str:
    """The house of an address; nothing for one that anybody can have."""
    found = email.strip().lower().rpartition("@")[2]
    return "" if found in _free() else found


@cache
def _free() -> frozenset[str]:
    return frozenset(load("employers", "mail_domains")["free"])


def shares_domain(employer: Employer, email: str) -> bool:
    """Whether an address is of the same house as somebody's of this company."""
    house = domain(email)
    if not house:
        return False
    return db.session.scalar(
        sa.select(CompanyTrace.id).where(
            CompanyTrace.kind == MAIL, CompanyTrace.value == house,
            CompanyTrace.organisation_id == employer.organisation_id,
        )
    ) is not None  # fmt: skip


def maybe_same(employer: Employer) -> list[Maybe]:
    """Who shares a trace with this company and reads alike, the surest first. One query by an index."""
    own, theirs = aliased(CompanyTrace), aliased(CompanyTrace)
    statement = (
        sa.select(Employer, theirs.kind, theirs.value)
        .join(theirs, theirs.organisation_id == Employer.organisation_id)
        .join(own, sa.and_(own.kind == theirs.kind, own.value == theirs.value))
        .options(joinedload(Employer.organisation))
        .where(own.organisation_id == employer.organisation_id, Employer.id != employer.id)
        .where(Employer.programme_id == employer.programme_id, Employer.same_as_id.is_(None))
        .order_by(theirs.kind, Employer.id)
        .limit(_MOST)
    )
    found: dict[int, Maybe] = {}
    for other, kind, value in db.session.execute(statement):
        one = found.setdefault(other.id, Maybe(other))
        if kind == MAIL:
            one.domains.append(value)
        elif not one.name:
            one.name = alike(employer.name, other.name)
    return sorted(
        (one for one in found.values() if one.name or one.domains), key=lambda one: -one.name - len(one.domains)
    )


def may_merge(newer: Employer, stays: Employer) -> bool:
    """Only what nobody verified yet stands still, and only for another company of its programme that goes on."""
    goes_on = stays.state is not EmployerState.BLOCKED and stays.same_as_id is None
    alike_place = newer.programme_id == stays.programme_id and newer.id != stays.id
    return newer.state is EmployerState.REGISTERED and newer.same_as_id is None and goes_on and alike_place


def merge(newer: Employer, stays: Employer, *, ask: bool) -> None:
    """The newer sign-up stands still and points to the other. What was heard goes along; its people join or ask to join.

    Raises NotAsOne.
    """
    if not may_merge(newer, stays):
        raise NotAsOne()
    _move(sa.update(CallNote).where(CallNote.employer_id == newer.id).values(employer_id=stays.id))
    drafts = sa.select(Vacancy).where(Vacancy.employer_id == newer.id, Vacancy.state == VacancyState.DRAFT)
    for vacancy in db.session.scalars(drafts).all():
        vacancy.move_to(VacancyState.CLOSED, "same company")
    for membership in queries.team(newer):
        _bring(membership, stays, ask=ask)
    joining.goes_on(newer, stays)
    newer.same_as_id = stays.id
    newer.move_to(EmployerState.BLOCKED, "same company")
    tasks.close(None, newer, "same company")
    _move(sa.delete(CompanyTrace).where(CompanyTrace.organisation_id == newer.organisation_id))
    journal.note("employer.same_as", newer, other=stays.id)


def _bring(membership: Membership, stays: Employer, *, ask: bool) -> None:
    """A seat that nobody verified goes; the person sits at the other company, or that company decides."""
    person = membership.person
    db.session.delete(membership)
    db.session.flush()
    if any(one.person_id == person.id for one in queries.team(stays)):
        return
    if ask:
        known = sa.select(JoinRequest.id).where(JoinRequest.employer_id == stays.id, JoinRequest.person_id == person.id)
        if db.session.scalar(known) is None:
            joining.ask(stays, person, JoinWay.SAME)
    else:
        accounts.seat(person, Role.EMPLOYER_CONTACT, organisation_id=stays.organisation_id)


def _move(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def fill_missing(most: int = 500) -> int:
    """Write the traces of companies that have none yet (nightly: those of before); returns how many."""
    known = sa.exists().where(CompanyTrace.organisation_id == Employer.organisation_id)
    statement = sa.select(Employer.organisation_id).where(~known, Employer.same_as_id.is_(None)).limit(most)
    missing = db.session.scalars(statement).all()
    _keep(db.session(), set(missing))
    return len(missing)


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """A name, a place or a seat came or changed: the company's traces follow in the same transaction."""
    touched: set[int] = set()
    for row in {*session.new, *session.dirty}:
        if isinstance(row, Employer | Workplace | Membership) and row.organisation_id is not None:
            touched.add(row.organisation_id)
        elif isinstance(row, Organisation):
            touched.add(row.id)
    if touched:
        _keep(session, touched)


def _keep(session: Session, organisations: set[int]) -> None:
    connection = session.connection()
    named = sa.select(Organisation.id, Organisation.name).join(Employer, Employer.organisation_id == Organisation.id)
    names = connection.execute(named.where(Organisation.id.in_(organisations), Employer.same_as_id.is_(None))).all()
    if not names:
        return
    wanted = {(number, NAME, value) for number, name in names for value in _of_name(connection, number, name)}
    wanted |= {(number, MAIL, value) for number, _name in names for value in _of_mail(connection, number)}
    ids = [number for number, _name in names]
    table = CompanyTrace.__table__
    kept = sa.select(table.c.id, table.c.organisation_id, table.c.kind, table.c.value).where(
        table.c.organisation_id.in_(ids)
    )
    there = {(row.organisation_id, row.kind, row.value): row.id for row in connection.execute(kept)}
    gone = [number for key, number in there.items() if key not in wanted]
    if gone:
        connection.execute(sa.delete(table).where(table.c.id.in_(gone)))  # type: ignore[arg-type]
    new = [
        {"organisation_id": number, "kind": kind, "value": value, "created_at": clock.now()}
        for number, kind, value in sorted(wanted - set(there))
    ]
    if new:
        connection.execute(sa.insert(table), new)  # type: ignore[arg-type]


def _of_name(connection: Any, number: int, name: str) -> set[str]:
    """The beginnings of its words, in each province where it works."""
    postcodes = connection.scalars(sa.select(Workplace.postcode).where(Workplace.organisation_id == number).distinct())
    provinces = {places.province_of(one) or "" for one in postcodes} or {""}
    words = {word[:_BEGINNING] for word in folded(name).split() if len(word) > 1}
    return {f"{province}:{word}" for province in provinces for word in words}


def _of_mail(connection: Any, number: int) -> set[str]:
    seats = sa.select(Membership.person_id).where(
        Membership.organisation_id == number, Membership.role.in_(EMPLOYERS), Membership.until.is_(None)
    )
    addresses: Sequence[str] = connection.scalars(sa.select(Person.email).where(Person.id.in_(seats))).all()
    return {domain(one) for one in addresses} - {""}
