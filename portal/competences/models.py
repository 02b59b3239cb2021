"""Occupations and competences, in two kinds of rows that stand together: the starter set (files in `catalogue/`, no `uri`)
and what came in from ESCO, known by its `uri`. What ESCO gives up is marked retired: nobody is offered it any more, but
what was noted with it stays.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.database import Model
from portal.foundation.words import Spoken


class Sector(Spoken, Model):
    """A line of work; `group` is the coarser name that a card falls back to when a class would be too small."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    group: Mapped[str] = mapped_column(sa.String(60))
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))


class Catalogued(Spoken):
    """What occupations and competences share. `found_by` holds every name, a folded line a language, for searching only."""

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    uri: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    retired: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    found_by: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class Occupation(Catalogued, Model):
    """A kind of job (product.md calls it role; the word `role` is taken by what people may do here)."""

    __tablename__ = "occupation"

    sector_id: Mapped[int] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))

    sector: Mapped[Sector] = relationship(lazy="raise")


class Competence(Catalogued, Model):
    """Something that a person can do at work. sector_id is None for what several sectors ask, or every job."""

    __tablename__ = "competence"

    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    nl: Mapped[str] = mapped_column(sa.String(200))
    fr: Mapped[str] = mapped_column(sa.String(200))
    en: Mapped[str] = mapped_column(sa.String(200))

    sector: Mapped[Sector | None] = relationship(lazy="raise")


class OccupationCompetence(Model):
    """An occupation usually asks this competence; without `essential` it is welcome there."""

    __tablename__ = "occupation_competence"
    __table_args__ = (sa.UniqueConstraint("occupation_id", "competence_id"),)

    occupation_id: Mapped[int] = mapped_column(sa.ForeignKey("occupation.id"))
    competence_id: Mapped[int] = mapped_column(sa.ForeignKey("competence.id"), index=True)
    essential: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class Certificate(Spoken, Model):
    """A certificate that an employer may ask for."""

    __tablename__ = "certificate"

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))


class CatalogueName(Model):
    """What an occupation or competence from ESCO is called in a language that the pages do not speak: search finds it by it."""

    __tablename__ = "catalogue_name"
    __table_args__ = (sa.UniqueConstraint("kind", "code", "language"),)

    kind: Mapped[str] = mapped_column(sa.String(20))
    code: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.String(300))
