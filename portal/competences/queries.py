"""Reading the catalogue. It is small and changes rarely, but each request reads it afresh: processes share nothing."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.competences.models import Certificate, Competence, Occupation, OccupationCompetence, Sector
from portal.foundation.database import db


def sectors() -> Sequence[Sector]:
    return db.session.scalars(sa.select(Sector).order_by(Sector.id)).all()


def occupations() -> Sequence[Occupation]:
    """Every occupation with its sector, by sector."""
    statement = (
        sa.select(Occupation).options(joinedload(Occupation.sector)).order_by(Occupation.sector_id, Occupation.id)
    )
    return db.session.scalars(statement).all()


def occupation(code: str) -> Occupation | None:
    statement = sa.select(Occupation).options(joinedload(Occupation.sector)).where(Occupation.code == code)
    return db.session.scalar(statement)


def competences_for(occupation_id: int) -> Sequence[Competence]:
    """What an occupation usually asks, its own first, then what every job asks."""
    asked = sa.and_(
        OccupationCompetence.competence_id == Competence.id, OccupationCompetence.occupation_id == occupation_id
    )
    statement = (
        sa.select(Competence)
        .outerjoin(OccupationCompetence, asked)
        .where(sa.or_(OccupationCompetence.id.is_not(None), Competence.sector_id.is_(None)))
        .order_by(OccupationCompetence.id.is_(None), Competence.sector_id.is_(None), Competence.id)
    )
    return db.session.scalars(statement).all()


def competences(sector_id: int | None = None) -> Sequence[Competence]:
    """The competences of a sector and of every job; all of them when no sector is named."""
    statement = sa.select(Competence).order_by(Competence.sector_id, Competence.id)
    if sector_id is not None:
        statement = statement.where(sa.or_(Competence.sector_id == sector_id, Competence.sector_id.is_(None)))
    return db.session.scalars(statement).all()


def certificates() -> Sequence[Certificate]:
    return db.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
