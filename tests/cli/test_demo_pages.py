"""Everybody of the demo can walk around: no page breaks, no link leads nowhere, and no employer meets a name too early."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates.models import Identity
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Reveal
from tests.visitor import Page, Visitor

DEPTH, OF_A_KIND, SAMPLE = 3, 2, 3
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


def crawl(visitor: Visitor, *, depth: int = DEPTH, of_a_kind: int = OF_A_KIND) -> Iterator[Any]:
    """The pages that links lead to, a few of each kind."""
    seen: set[str] = {"/"}
    kinds: Counter[str] = Counter()
    todo = deque([("/", 0)])
    while todo:
        path, far = todo.popleft()
        page = _open(visitor, path)
        yield page
        if page.tree is None or page.status != 200 or far == depth:
            continue
        for link in _links(page):
            kind = _kind(visitor.app, link)
            if link not in seen and kind and kinds[kind] < of_a_kind:
                seen.add(link)
                kinds[kind] += 1
                todo.append((link, far + 1))


@dataclass(frozen=True)
class Broken:
    """A page that raised instead of answering."""

    path: str
    status: str
    html: str = ""
    tree: None = None


def _open(visitor: Visitor, path: str) -> Any:
    try:
        return visitor._ask(lambda: visitor.client.get(path, follow_redirects=True))
    except Exception as error:
        db.session.rollback()
        return Broken(path, repr(error))


def _links(page: Page) -> list[str]:
    assert page.tree is not None
    found = [urlsplit(str(a.get("href"))) for a in page.tree.xpath("//a[@href]")]
    here = [one for one in found if one.scheme in {"", "http"} and one.netloc in {"", "localhost"} and one.path]
    return [f"{one.path}?{one.query}" if one.query else one.path for one in here]


def _kind(app: Flask, path: str) -> str:
    """The page that an address leads to; nothing for a file or for leaving."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path)
    except HTTPException:
        return "unknown"
    return "" if endpoint == "static" or endpoint.endswith((".static", "sign_out", "language")) else str(endpoint)


@pytest.mark.parametrize("role", list(Role))
def test_no_page_breaks_and_no_link_leads_nowhere(year: Flask, visitors: Any, role: Role) -> None:
    for person in spread(people(role), SAMPLE):
        pages = list(crawl(visitors(person)))
        broken = [f"{page.path}: {page.status}" for page in pages if page.status not in {200, 403}]
        assert not broken, f"{person.name} ({role}): {broken}"
        dear = [f"{page.path}: {len(page.queries)}" for page in pages if asked_once(page) and len(page.queries) > MOST]
        assert not dear, f"more than {MOST} queries, session and journal included: {dear}"


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
