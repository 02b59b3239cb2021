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


class Occupation(Spoken, Model):
    """A kind of job (product.md calls it role; the word `role` is taken by what people may do here)."""

    __tablename__ = "occupation"

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    sector_id: Mapped[int] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))

    sector: Mapped[Sector] = relationship(lazy="raise")


class Competence(Spoken, Model):
    """Something that a person can do at work. sector_id is None for what every job asks."""

    __tablename__ = "competence"

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    nl: Mapped[str] = mapped_column(sa.String(200))
    fr: Mapped[str] = mapped_column(sa.String(200))
    en: Mapped[str] = mapped_column(sa.String(200))


class OccupationCompetence(Model):
    """An occupation usually asks this competence."""

    __tablename__ = "occupation_competence"
    __table_args__ = (sa.UniqueConstraint("occupation_id", "competence_id"),)

    occupation_id: Mapped[int] = mapped_column(sa.ForeignKey("occupation.id"))
    competence_id: Mapped[int] = mapped_column(sa.ForeignKey("competence.id"), index=True)


class Certificate(Spoken, Model):
    """A certificate that an employer may ask for."""

    __tablename__ = "certificate"

    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    nl: Mapped[str] = mapped_column(sa.String(160))
    fr: Mapped[str] = mapped_column(sa.String(160))
    en: Mapped[str] = mapped_column(sa.String(160))
