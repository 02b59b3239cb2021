"""Reading the catalogue. Each request reads it afresh: processes share nothing.

It may hold sixty occupations (the starter set) or three thousand, with fourteen thousand competences (ESCO). So lists that a
page shows as a whole are bounded, and everything else is found by its name, a page at a time. What is retired is not offered.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.competences import catalogue
from portal.competences.models import Certificate, Competence, Occupation, OccupationCompetence, Sector
from portal.competences.names import folded
from portal.foundation.database import db
from portal.foundation.lists import Page, page
from portal.foundation.words import language

# What a form asks about one occupation, at most; ESCO names a hundred for some.
MOST_OF_ONE = 30
A_PAGE = 30
# What every job asks, as the name of a sector.
GENERAL = "general"
_LONGEST_SEARCH = 60


def sectors() -> Sequence[Sector]:
    return db.session.scalars(sa.select(Sector).order_by(Sector.id)).all()


def occupations() -> Sequence[Occupation]:
    """The short list, with each one's sector, by sector: what a page shows as a whole. The others are searched."""
    statement = (
        sa.select(Occupation)
        .options(joinedload(Occupation.sector))
        .where(Occupation.uri.is_(None), Occupation.retired.is_(False))
        .order_by(Occupation.sector_id, Occupation.id)
    )
    return db.session.scalars(statement).all()


def more_occupations() -> bool:
    """Whether there is more to search than the short list."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(Occupation.uri.is_not(None), Occupation.retired.is_(False))))
    )


def occupation(code: str) -> Occupation | None:
    """An occupation by its code, a retired one too: somebody may have chosen it before."""
    statement = sa.select(Occupation).options(joinedload(Occupation.sector)).where(Occupation.code == code)
    return db.session.scalar(statement)


def occupations_found(words: str) -> Page[Occupation]:
    """The occupations with these words in a name, in any language, a page at a time."""
    statement = sa.select(Occupation).options(joinedload(Occupation.sector)).where(*_offered(Occupation, words))
    return page(statement, getattr(Occupation, language()), Occupation.id, size=A_PAGE)


def competences_for(occupation_id: int) -> Sequence[Competence]:
    """What an occupation usually asks, what is essential first, then what every job asks."""
    link = OccupationCompetence
    asked = sa.and_(link.competence_id == Competence.id, link.occupation_id == occupation_id)
    of_every_job = sa.and_(Competence.sector_id.is_(None), Competence.uri.is_(None))
    statement = (
        sa.select(Competence, link.id)
        .outerjoin(link, asked)
        .where(sa.or_(link.id.is_not(None), of_every_job), Competence.retired.is_(False))
        .order_by(link.id.is_(None), link.essential.desc(), Competence.sector_id.is_(None), Competence.id)
    )
    rows = db.session.execute(statement).all()
    own = [one for one, number in rows if number is not None]
    return [*own[:MOST_OF_ONE], *(one for one, number in rows if number is None)]


def competences_called(codes: Collection[str]) -> Sequence[Competence]:
    """The competences with these codes, retired ones too: they were noted already."""
    if not codes:
        return ()
    statement = sa.select(Competence).options(joinedload(Competence.sector)).where(Competence.code.in_(list(codes)))
    return db.session.scalars(statement.order_by(Competence.sector_id, Competence.id)).all()


def competences_found(words: str, sector: str = "") -> Page[Competence]:
    """The competences of a sector (or GENERAL), with these words in a name, in any language; a page at a time."""
    statement = sa.select(Competence).options(joinedload(Competence.sector)).where(*_offered(Competence, words))
    if sector == GENERAL:
        statement = statement.where(Competence.sector_id.is_(None), Competence.uri.is_(None))
    elif sector:
        statement = statement.join(Sector, Sector.id == Competence.sector_id).where(Sector.code == sector)
    return page(statement, getattr(Competence, language()), Competence.id, size=A_PAGE)


@cache
def certificates() -> Sequence[Certificate]:
    """The papers of the shipped catalogue, in its order: their table is filled from nowhere else, so that a form asks nothing."""
    return [
        Certificate(**{name: row[name] for name in ("code", "nl", "fr", "en")})
        for row in catalogue.rows("certificates")
    ]


def _offered(model: Any, words: str) -> list[sa.ColumnElement[bool]]:
    """Every word stands in some name of it. The label counts too, for rows that came before names were kept."""
    wanted = folded(words[:_LONGEST_SEARCH]).split()
    label = getattr(model, language())
    in_a_name = [
        sa.or_(model.found_by.contains(one, autoescape=True), sa.func.lower(label).contains(one, autoescape=True))
        for one in wanted
    ]
    return [model.retired.is_(False), *in_a_name]
