"""Which occupation asks which competence, as ESCO says it; and from that, the sector of a competence."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import sqlalchemy as sa

from portal.competences.esco import Report
from portal.competences.esco_files import File, Row
from portal.competences.models import Competence, Occupation, OccupationCompetence
from portal.foundation.database import db

_KINDS = {"essential": True, "optional": False}


def relations(files: Collection[File], report: Report, keep: Callable[[], None]) -> None:
    """Bring in the relations of one language (they are the same in all). Relations that ESCO took back go."""
    found = sorted((one for one in files if one.kind == "relations"), key=lambda one: one.language)
    if not found:
        return
    occupations, competences = _numbers(Occupation), _numbers(Competence)
    said: set[tuple[int, int]] = set()
    for batch in report.read(found[0]):
        wanted = {}
        for row in batch:
            why = row.wrong or _wrong(row, occupations, competences)
            pair = (occupations.get(row["occupationUri"], 0), competences.get(row["skillUri"], 0))
            if not why and (pair in said or pair in wanted):
                why = "the same relation stands there twice"
            if why:
                report.left_out(found[0], row, why)
            else:
                wanted[pair] = _KINDS[row["relationType"]]
        _write(wanted, report)
        said |= set(wanted)
        keep()
    _take_back(said, report)
    _sectors(report)
    keep()


def _numbers(model: Any) -> dict[str, int]:
    return {
        uri: number for uri, number in db.session.execute(sa.select(model.uri, model.id).where(model.uri.is_not(None)))
    }


def _wrong(row: Row, occupations: dict[str, int], competences: dict[str, int]) -> str:
    if row["relationType"] not in _KINDS:
        return "relationType is neither essential nor optional"
    if row["occupationUri"] not in occupations:
        return "its occupation is not in our catalogue"
    return "" if row["skillUri"] in competences else "its skill is not in our catalogue"


def _write(wanted: dict[tuple[int, int], bool], report: Report) -> None:
    link = OccupationCompetence
    ids = {occupation for occupation, _competence in wanted}
    there = sa.select(link.id, link.occupation_id, link.competence_id, link.essential).where(
        link.occupation_id.in_(ids)
    )
    old = {(row.occupation_id, row.competence_id): row for row in db.session.execute(there)}
    new = [
        {"occupation_id": pair[0], "competence_id": pair[1], "essential": essential}
        for pair, essential in wanted.items()
        if pair not in old
    ]
    changed = [
        {"id": old[pair].id, "essential": essential}
        for pair, essential in wanted.items()
        if pair in old and old[pair].essential != essential
    ]
    if new:
        db.session.execute(sa.insert(link), new)
    if changed:
        db.session.execute(sa.update(link), changed)
    report.done["new relations"] += len(new)
    report.done["changed relations"] += len(changed)


def _take_back(said: Collection[tuple[int, int]], report: Report) -> None:
    """Drop relations between two rows of ESCO that ESCO no longer makes; what the starter set says stays."""
    link = OccupationCompetence
    of_esco = (
        sa.select(link.id, link.occupation_id, link.competence_id)
        .join(Occupation, Occupation.id == link.occupation_id)
        .join(Competence, Competence.id == link.competence_id)
        .where(Occupation.uri.is_not(None), Competence.uri.is_not(None))
    )
    gone = [number for number, one, other in db.session.execute(of_esco) if (one, other) not in said]
    for few in _in_parts(gone):
        db.session.execute(sa.delete(link).where(link.id.in_(few)))
    report.done["relations taken back"] += len(gone)


def _sectors(report: Report) -> None:
    """A competence that only one sector asks belongs there; what several ask, or none, has no sector."""
    link = OccupationCompetence
    asked = (
        sa.select(
            Competence.id, Competence.sector_id, sa.func.min(Occupation.sector_id), sa.func.max(Occupation.sector_id)
        )
        .outerjoin(link, link.competence_id == Competence.id)
        .outerjoin(Occupation, Occupation.id == link.occupation_id)
        .where(Competence.uri.is_not(None))
        .group_by(Competence.id, Competence.sector_id)
    )
    changed = []
    for number, now, low, high in db.session.execute(asked):
        wanted = low if low == high else None
        if wanted != now:
            changed.append({"id": number, "sector_id": wanted})
    if changed:
        db.session.execute(sa.update(Competence), changed)
    report.done["placed in a sector"] += len(changed)


def _in_parts(numbers: list[int], size: int = 1000) -> Iterable[list[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
