"""Bringing ESCO into the catalogue: occupations of our sectors, all competences, and which occupation asks which.

Rows are known by their address (`uri`), so a second run changes nothing, a new name replaces the old one, and a run that was
stopped is simply begun again. Nothing is deleted: what ESCO gave up is retired. Files are read in batches that are kept one
by one, so that memory does not grow with the files.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from portal.competences import names
from portal.competences.esco_files import File, Row, rows
from portal.competences.models import CatalogueName, Competence, Occupation, Sector
from portal.foundation.database import db
from portal.foundation.options import load
from portal.foundation.words import LANGUAGES

BATCH = 1000
# From which language a name is borrowed where a file is missing, the first that there is.
BORROWED_FROM = ("en", "nl", "fr")
# More than this share missing from the files is a broken download rather than news from ESCO.
MISSING_AT_MOST = 0.1
_ADDRESS = re.compile(r"https?://[^\s/]+/esco/(?:skill|occupation)/([\w.-]{1,50})")
_MODELS: dict[str, Any] = {"skills": Competence, "occupations": Occupation}
_CONCEPTS = {"skills": "KnowledgeSkillCompetence", "occupations": "Occupation"}


@dataclass
class Report:
    """What became of the rows. `tell` hears of progress, `skip` of each row that stays out, with its line and reason."""

    tell: Callable[[str, int], None] = lambda _file, _rows: None
    skip: Callable[[File, Row, str], None] = lambda _file, _row, _why: None
    done: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def left_out(self, file: File, row: Row, why: str) -> None:
        self.skipped[why] += 1
        self.skip(file, row, why)

    def read(self, file: File) -> Iterator[tuple[Row, ...]]:
        """The rows of a file in batches, telling how far it is."""
        seen, reading = 0, rows(file)
        while batch := tuple(islice(reading, BATCH)):
            yield batch
            seen += len(batch)
            self.tell(file.path.name, seen)


def concepts(files: Collection[File], kind: str, report: Report, keep: Callable[[], None]) -> set[str]:
    """Bring in the skills or occupations of every language, ours first. Returns the addresses that the files hold."""
    seen: set[str] = set()
    sectors = {code: number for code, number in db.session.execute(sa.select(Sector.code, Sector.id))}
    ordered = sorted(
        (one for one in files if one.kind == kind), key=lambda one: (one.language not in LANGUAGES, one.language)
    )
    for file in ordered:
        in_this_file: set[str] = set()
        for batch in report.read(file):
            _Batch(file, report, in_this_file, sectors).keep(batch)
            keep()
        seen |= in_this_file
    return seen


class _Batch:
    """A few rows of one file, compared with what the catalogue has."""

    def __init__(self, file: File, report: Report, seen: set[str], sectors: dict[str, int]) -> None:
        self.kind, self.file, self.report, self.seen, self.sectors = file.kind, file, report, seen, sectors
        self.model: Any = _MODELS[file.kind]
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []

    def keep(self, batch: Iterable[Row]) -> None:
        readable = [row for row in batch if self._readable(row)]
        known = self._known([row["conceptUri"] for row in readable])
        for row in readable:
            self._one(row, known.get(row["conceptUri"]))
        if self.new:
            db.session.execute(sa.insert(self.model), self.new)
        if self.changed:
            db.session.execute(sa.update(self.model), self.changed)
        if self.file.language not in LANGUAGES:
            self._other_names([row for row in readable if row["conceptUri"] in known])

    def _readable(self, row: Row) -> bool:
        why = row.wrong or _wrong(row, self.kind, self.model)
        if not why and row["conceptUri"] in self.seen:
            why = "the same address stands there twice"
        if why:
            self.report.left_out(self.file, row, why)
            return False
        self.seen.add(row["conceptUri"])
        return True

    def _known(self, uris: Collection[str]) -> dict[str, Any]:
        found = db.session.execute(sa.select(*_columns(self.model)).where(self.model.uri.in_(uris)))
        return {row.uri: row for row in found}

    def _one(self, row: Row, known: Any) -> None:
        sector = sector_of(row["iscoGroup"]) if self.kind == "occupations" else None
        out = "it is obsolete in ESCO" if row["status"].lower() not in {"", "released"} else ""
        if self.kind == "occupations" and sector is None:
            out = "its ISCO group has no sector in isco_sectors.toml"
        if out:
            self.report.left_out(self.file, row, out)
            if known is not None and not known.retired:
                self._change(known, {"retired": True}, "retired")
            return
        if known is None:
            self._add(row, sector)
            return
        wanted = _renamed(known, self.file.language, row)
        wanted["retired"] = False
        if sector is not None:
            wanted["sector_id"] = self.sectors[sector]
        different = {name: value for name, value in wanted.items() if getattr(known, name) != value}
        if different:
            self._change(known, different, "renamed" if {"nl", "fr", "en"} & set(different) else "brought up to date")

    def _add(self, row: Row, sector: str | None) -> None:
        if self.file.language not in LANGUAGES:
            self.report.left_out(self.file, row, "it has no name in nl, fr or en")
            return
        label = row["preferredLabel"]
        values = {"code": code_of(row["conceptUri"]), "uri": row["conceptUri"], "nl": label, "fr": label, "en": label}
        values["found_by"] = names.kept({self.file.language: names.line(row.names)})
        self.new.append({**values, "retired": False, "sector_id": self.sectors[sector] if sector else None})
        self.report.done["new"] += 1

    def _change(self, known: Any, values: dict[str, Any], how: str) -> None:
        self.changed.append({"id": known.id, **values})
        self.report.done[how] += 1

    def _other_names(self, batch: Collection[Row]) -> None:
        """What these are called in a language that no page speaks."""
        kind, language = self.model.__tablename__, self.file.language
        wanted = {code_of(row["conceptUri"]): row["preferredLabel"] for row in batch}
        there = sa.select(CatalogueName.id, CatalogueName.code, CatalogueName.text).where(
            CatalogueName.kind == kind, CatalogueName.language == language, CatalogueName.code.in_(list(wanted))
        )
        old = [(number, code, text) for number, code, text in db.session.execute(there)]
        changed = [{"id": number, "text": wanted[code]} for number, code, text in old if text != wanted[code]]
        if changed:
            db.session.execute(sa.update(CatalogueName), changed)
        for _number, code, _text in old:
            del wanted[code]
        if wanted:
            rows_ = [{"kind": kind, "code": code, "language": language, "text": text} for code, text in wanted.items()]
            db.session.execute(sa.insert(CatalogueName), rows_)


def _columns(model: Any) -> list[Any]:
    return [model.id, model.uri, model.nl, model.fr, model.en, model.retired, model.found_by, model.sector_id]


def _wrong(row: Row, kind: str, model: Any) -> str:
    """Why a row cannot be a concept of this kind, or nothing."""
    if row["conceptType"] != _CONCEPTS[kind]:
        return f"conceptType is not {_CONCEPTS[kind]}"
    if not _ADDRESS.fullmatch(row["conceptUri"]):
        return "conceptUri is no address of ESCO"
    if not row["preferredLabel"]:
        return "preferredLabel is empty"
    most = model.nl.type.length
    return f"preferredLabel has more than {most} characters" if len(row["preferredLabel"]) > most else ""


def _renamed(known: Any, language: str, row: Row) -> dict[str, Any]:
    """The names of a known row with this language's new ones; a language without a file borrows a name."""
    by_language = {**names.lines(known.found_by), language: names.line(row.names)}
    labels = {code: row["preferredLabel"] if code == language else getattr(known, code) for code in LANGUAGES}
    borrowed = labels[next(code for code in BORROWED_FROM if code in by_language)]
    own = {code: label if code in by_language else borrowed for code, label in labels.items()}
    return {**own, "found_by": names.kept(by_language)}


def code_of(uri: str) -> str:
    found = _ADDRESS.fullmatch(uri)
    return f"esco_{found[1]}" if found else ""


@cache
def _prefixes() -> dict[str, str]:
    table = load("competences", "isco_sectors")["sectors"]
    return {str(number): sector for sector, numbers in table.items() for number in numbers}


def sector_of(isco_group: str) -> str | None:
    """The code of our sector for an ISCO group ("7212", "C7212" or its address): the longest number that fits."""
    number = "".join(c for c in isco_group.rpartition("/")[2] if c.isdigit())
    fits = (_prefixes().get(number[:length]) for length in range(len(number), 0, -1))
    return next((sector for sector in fits if sector is not None), None)


def retire_missing(kind: str, seen: Collection[str], report: Report, *, any_number: bool = False) -> int:
    """Retire what earlier runs brought in and the files no longer hold. Returns how many were left because too many miss."""
    model = _MODELS[kind]
    offered = sa.select(model.id, model.uri).where(model.uri.is_not(None), model.retired.is_(False))
    there = [(number, uri) for number, uri in db.session.execute(offered)]
    missing = [number for number, uri in there if uri not in seen]
    if len(missing) > max(20, len(there) * MISSING_AT_MOST) and not any_number:
        return len(missing)
    if missing:
        db.session.execute(sa.update(model), [{"id": number, "retired": True} for number in missing])
        report.done["retired"] += len(missing)
    return 0
