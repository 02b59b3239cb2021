"""The job part of a person as coded values: what a card or a blind profile may be made of.

Anonymity is a type: what stands here was selected column by column from tables that never held a name (house.md 12).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.candidates.models import Candidate, JobWish, Skill
from portal.competences.models import Occupation, Sector
from portal.foundation.database import db


@dataclass(frozen=True)
class JobPart:
    """What somebody seeks and can do. Every value is a code of a closed list, a number, or a level from 0 to 4."""

    candidate_id: int
    occupation_id: int
    occupation_code: str
    sector_code: str
    sector_group: str
    region: str
    province: str
    experience_band: str
    availability_band: str
    hours_band: str
    hours_week: int
    forms: tuple[str, ...]
    mobility: tuple[str, ...]
    licence: str
    languages: Mapping[str, str]
    certificates: tuple[str, ...]
    support: tuple[str, ...]
    skills: Mapping[int, int]


_COLUMNS = (
    JobWish.candidate_id, JobWish.occupation_id, Occupation.code.label("occupation_code"), Sector.code.label("sector_code"),
    Sector.group.label("sector_group"), JobWish.region, JobWish.province, JobWish.experience_band,
    JobWish.availability_band, JobWish.hours_band, JobWish.hours_week, JobWish.forms, JobWish.mobility, JobWish.licence,
    JobWish.languages, JobWish.certificates, JobWish.support,
)  # fmt: skip
_LISTS = ("forms", "mobility", "certificates", "support")


def job_part(candidate_id: int) -> JobPart | None:
    """One person's job part in one query, or None before the screening."""
    rows = db.session.execute(
        _wishes(JobWish.candidate_id == candidate_id)
        .add_columns(Skill.competence_id, Skill.level)
        .outerjoin(Skill, Skill.candidate_id == JobWish.candidate_id)
    ).all()
    if not rows:
        return None
    return _part(rows[0], {row.competence_id: row.level for row in rows if row.competence_id is not None})


def job_parts(programme_id: int) -> list[JobPart]:
    """The job parts of everybody in a programme who was screened, in two queries."""
    return _read(Candidate.programme_id == programme_id)


def _read(where: sa.ColumnElement[bool]) -> list[JobPart]:
    skills = _skills(sa.select(JobWish.candidate_id).join(Candidate, Candidate.id == JobWish.candidate_id).where(where))
    return [_part(row, skills.get(row.candidate_id, {})) for row in db.session.execute(_wishes(where))]


def _wishes(where: sa.ColumnElement[bool]) -> sa.Select:
    return (
        sa.select(*_COLUMNS)
        .join(Candidate, Candidate.id == JobWish.candidate_id)
        .join(Occupation, Occupation.id == JobWish.occupation_id)
        .join(Sector, Sector.id == Occupation.sector_id)
        .where(where)
        .order_by(JobWish.candidate_id)
    )


def _skills(whose: sa.Select[Any]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    levels = sa.select(Skill.candidate_id, Skill.competence_id, Skill.level).where(Skill.candidate_id.in_(whose))
    for candidate_id, competence_id, level in db.session.execute(levels):
        found.setdefault(candidate_id, {})[competence_id] = level
    return found


def _part(row: sa.Row, skills: dict[int, int]) -> JobPart:
    values = {column.key: getattr(row, column.key) for column in _COLUMNS}
    values.update({name: tuple(values[name] or ()) for name in _LISTS})
    values["languages"] = dict(values["languages"] or {})
    return JobPart(**values, skills=skills)
