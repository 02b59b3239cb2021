"""Everybody of the demo can walk around: no page breaks, no link leads nowhere, and no employer meets a name too early."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates.models import Identity
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Reveal
from tests.crawling import crawl

SAMPLE = 3
MOST = 8


def people(*roles: Role) -> Sequence[Person]:
    """Who holds one of these roles, in the order of the demo sign-in page."""
    statement = (
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Employer, Employer.organisation_id == Membership.organisation_id)
        .where(Membership.role.in_(roles), sa.or_(Employer.id.is_(None), Employer.state != EmployerState.BLOCKED))
        .order_by(Membership.id)
    )
    return db.session.scalars(statement).unique().all()


def spread(found: Sequence[Person], number: int) -> list[Person]:
    """The first, the last, and some between."""
    if len(found) <= number:
        return list(found)
    return [found[round(n * (len(found) - 1) / (number - 1))] for n in range(number)]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_breaks_and_no_link_leads_nowhere(year: Flask, visitors: Any, role: Role) -> None:
    for person in spread(people(role), SAMPLE):
        visitor = visitors(person)
        pages = list(crawl(visitor))
        broken = [f"{page.path}: {page.status}" for page in pages if page.status not in {200, 403}]
        assert not broken, f"{person.name} ({role}): {broken}"
        dear = [f"{page.path}: {len(page.queries)}" for page in pages if asked_once(page) and is_dear(visitor, page)]
        assert not dear, f"more than {MOST} queries, session and journal included: {dear}"


def is_dear(visitor: Any, page: Any) -> bool:
    """More than its queries, also when it is asked again: what a process keeps of the pool is read once per batch."""
    return len(page.queries) > MOST and len(visitor.open(page.path).queries) > MOST


def asked_once(page: Any) -> bool:
    """Not led on to another page, whose queries would be counted with it."""
    return not page.response.history


def test_the_first_page_of_every_employer_opens(year: Flask, visitors: Any) -> None:
    for person in people(*EMPLOYERS):
        visitors(person).open("/")


def test_no_employer_meets_a_name_before_its_candidate_agreed(year: Flask, visitors: Any) -> None:
    """Every last name of the demo is looked for in every byte that employers receive (privacy.md)."""
    last = dict(db.session.execute(sa.select(Identity.candidate_id, Identity.last_name)).all())
    names = {name for name in last.values() if len(name) > 5}
    assert len(names) > 60
    shown: dict[int, set[str]] = {}
    for person_id, candidate_id in db.session.execute(
        sa.select(Reveal.person_id, Reveal.candidate_id).where(
            sa.or_(Reveal.ends_at.is_(None), Reveal.ends_at > clock.now())
        )
    ):
        shown.setdefault(person_id, set()).add(last[candidate_id])
    anybody = re.compile(r"\b(" + "|".join(sorted(map(re.escape, names))) + r")\b")
    read = 0
    for person in spread(people(*EMPLOYERS), 14):
        person_id, whose = person.id, person.name
        for page in crawl(visitors(person), of_a_kind=4):
            read += 1
            met = {found for found in anybody.findall(page.html) if found not in whose}
            assert met <= shown.get(person_id, set()), (
                f"{whose} reads {met - shown.get(person_id, set())} on {page.path}"
            )
    assert read > 100


def test_a_revealed_name_is_told_to_its_own_contact(year: Flask, visitors: Any) -> None:
    """The canary sings: where a name may be told, the crawl finds it."""
    told = db.session.execute(
        sa.select(Reveal.person_id, Identity.first_name)
        .join(Identity, Identity.candidate_id == Reveal.candidate_id)
        .where(Reveal.ends_at.is_(None))
        .order_by(Reveal.id.desc())
        .limit(5)
    ).all()
    met = 0
    for person_id, first_name in told:
        person = db.session.get_one(Person, person_id)
        met += any(first_name in page.html for page in crawl(visitors(person), of_a_kind=6))
    assert met
