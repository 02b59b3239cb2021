"""Reading words of companies: what stands in public now, and what is whose. Only what was agreed to, exactly, is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.ambassadors.words_models import PeerWords, WordsState
from portal.answers.library import Heard
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.foundation.options import label
from portal.foundation.words import language
from portal.organisations.models import Organisation, Workplace

A_PAGE_FULL = 3


def _standing() -> sa.Select[Any]:
    """Agreed words of companies that are not blocked."""
    return (
        sa.select(PeerWords)
        .join(Employer, Employer.id == PeerWords.employer_id)
        .where(PeerWords.state == WordsState.AGREED, Employer.state != EmployerState.BLOCKED)
        .order_by(PeerWords.agreed_at.desc(), PeerWords.id.desc())
    )


def beside(slugs: Collection[str]) -> Mapping[str, Sequence[Heard]]:
    """The words beside these answers, in the language being written; words in other languages stay away."""
    found: dict[str, list[Heard]] = {}
    for one in db.session.scalars(_standing().where(PeerWords.slug.in_(list(slugs))).limit(60)):
        text, signed = one.texts.get(language()), one.signed.get(language())
        if text and signed and len(found.setdefault(one.slug, [])) < A_PAGE_FULL:
            found[one.slug].append(Heard(text, signed))
    return found


@dataclass(frozen=True)
class OnTheWall:
    """A company that chose to be named, with its own words where it agreed to them."""

    company: str
    municipality: str
    sector: str
    text: str
    signed: str


def wall(limit: int = 60) -> Sequence[OnTheWall]:
    """Ambassadors of today that chose it, and what companies said; who speaks comes first.

    Words that are not signed with the company's name stand apart from it, so that nobody reads whose they are. In a language
    in which somebody agreed to nothing, nothing of it is said: that is what was asked.
    """
    rows = db.session.execute(_named_companies(limit)).all()
    names = {row.id: row.name for row in rows}
    own: dict[int, PeerWords] = {}
    others: dict[int, PeerWords] = {}
    for one in db.session.scalars(_standing().where(PeerWords.on_wall.is_(True)).limit(200)):
        if not one.texts.get(language()):
            continue
        (own if _says(one, names.get(one.employer_id)) else others).setdefault(one.employer_id, one)
    lines = [_named(row, own.get(row.id)) for row in rows]
    lines += [_line("", "", "", one) for one in others.values()]
    return sorted(lines, key=lambda one: not one.text)[:limit]


def _says(words: PeerWords, name: str | None) -> bool:
    """Whether these words are signed with a company's own name, in each language."""
    return name is not None and all(name.lower() in line.lower() for line in words.signed.values())


def _named_companies(limit: int) -> sa.Select[Any]:
    first = (
        sa.select(Workplace.municipality)
        .where(Workplace.organisation_id == Organisation.id, Workplace.retired_at.is_(None))
        .order_by(Workplace.id)
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )
    return (
        sa.select(Employer.id, Organisation.name, Employer.section, first.label("municipality"))
        .join(Ambassador, Ambassador.employer_id == Employer.id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(
            Ambassador.named_publicly.is_(True), Ambassador.state == AmbassadorState.ACTIVE,
            Employer.state != EmployerState.BLOCKED,
        )
        .order_by(Organisation.name)
        .limit(limit)
    )  # fmt: skip


def _named(row: Any, said: PeerWords | None) -> OnTheWall:
    sector = label("employers", "sectors", row.section) if row.section else ""
    return _line(row.name, row.municipality or "", sector, said)


def _line(company: str, municipality: str, sector: str, said: PeerWords | None) -> OnTheWall:
    if said is None:
        return OnTheWall(company, municipality, sector, "", "")
    return OnTheWall(company, municipality, sector, said.texts[language()], said.signed[language()])


def _whole() -> sa.Select[Any]:
    return sa.select(PeerWords).options(
        joinedload(PeerWords.person), joinedload(PeerWords.employer).joinedload(Employer.organisation)
    )


def _one(statement: sa.Select[Any], which: sa.ColumnElement[bool]) -> PeerWords:
    """A yes and a withdrawal at once: the second waits, and then finds it settled."""
    if not is_reading():
        db.session.execute(sa.select(PeerWords.id).where(which).with_for_update())
    found: PeerWords | None = db.session.scalar(statement.where(which))
    if found is None:
        raise NotFound()
    return found


def behind(token: str, purpose: str) -> PeerWords:
    """The words that a personal link opens. Raises NoSuchLink."""
    return _one(_whole(), PeerWords.id == links.find(purpose, token).subject_id)


def of_company(viewer: Viewer) -> Sequence[PeerWords]:
    """What stands or waits of the viewer's company: its own drafts are the team's until they are put before it."""
    theirs = Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS, Role.AMBASSADOR))
    return db.session.scalars(
        _whole()
        .join(Employer, Employer.id == PeerWords.employer_id)
        .where(theirs, PeerWords.state != WordsState.REFUSED)
        .order_by(PeerWords.id.desc())
        .limit(50)
    ).all()


def one_of_company(viewer: Viewer, key: str) -> PeerWords:
    theirs = Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS, Role.AMBASSADOR))
    return _one(_whole().join(Employer, Employer.id == PeerWords.employer_id).where(theirs), PeerWords.key == key)


def of_team(viewer: Viewer, key: str) -> PeerWords:
    mine = Employer.programme_id.in_(viewer.programmes(*STAFF))
    return _one(_whole().join(Employer, Employer.id == PeerWords.employer_id).where(mine), PeerWords.key == key)


def all_of_team(viewer: Viewer) -> Page[PeerWords]:
    """All words of the viewer's programmes, the newest first."""
    mine = Employer.programme_id.in_(viewer.programmes(*STAFF))
    return page(
        _whole().join(Employer, Employer.id == PeerWords.employer_id).where(mine), PeerWords.id, newest_first=True
    )
