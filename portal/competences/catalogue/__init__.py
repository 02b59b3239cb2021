"""Loading the starter catalogue: safe to run again, it adds what is new and renames what changed."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.competences import names
from portal.competences.models import Certificate, Competence, Occupation, OccupationCompetence, Sector
from portal.foundation.database import Model, db
from portal.foundation.words import LANGUAGES, pick

HERE = Path(__file__).parent
GENERAL = "general"


def rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def groups() -> dict[str, dict[str, str]]:
    """The coarse names that cards fall back to, by code."""
    return {row["code"]: {k: row[k] for k in ("nl", "fr", "en")} for row in rows("groups")}


def group_label(code: str) -> str:
    return pick(groups()[code])


def load() -> None:
    """Bring the catalogue's tables up to the files."""
    sectors = _keep(Sector, "sectors", lambda row: {"group": row["group"]})
    _keep(Occupation, "roles", lambda row: {"sector_id": sectors[row["sector"]]})
    _keep(Competence, "competences", lambda row: {"sector_id": sectors.get(row["sector"])})
    _keep(Certificate, "certificates", lambda row: {})
    _link()


def _keep(model: Any, name: str, more: Any) -> dict[str, int]:
    known = {row.code: row for row in db.session.scalars(sa.select(model))}
    for row in rows(name):
        values = {"nl": row["nl"], "fr": row["fr"], "en": row["en"], **more(row)}
        found = known.get(row["code"])
        if found is None:
            known[row["code"]] = found = model(code=row["code"])
            db.session.add(found)
        if hasattr(found, "found_by"):
            values["found_by"] = names.kept({code: names.line([row[code]]) for code in LANGUAGES})
        for field, value in values.items():
            setattr(found, field, value)
    db.session.flush()
    return {code: found.id for code, found in known.items()}


def _ids(model: type[Model]) -> dict[str, int]:
    return {code: number for code, number in db.session.execute(sa.select(model.code, model.id))}  # type: ignore[attr-defined]


def _link() -> None:
    occupations, competences = _ids(Occupation), _ids(Competence)
    linked = sa.select(OccupationCompetence.occupation_id, OccupationCompetence.competence_id)
    there = {(o, c) for o, c in db.session.execute(linked)}
    for row in rows("role_competences"):
        pair = (occupations[row["role"]], competences[row["competence"]])
        if pair not in there:
            db.session.add(OccupationCompetence(occupation_id=pair[0], competence_id=pair[1]))
    db.session.flush()
