"""Bringing the public register into the portal: a full extract beside the one that is read, then in its place at once; an
update into the one that is read. Memory does not grow with the files, and no transaction lasts longer than a batch.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.organisations import register_rows as made
from portal.organisations.register_files import Beside, Cells, Meta, NotTheRegister, Source, digits, in_order
from portal.organisations.register_models import LoadState, RegisterEntry, RegisterLoad

BATCH = 5_000

Told = Callable[[str, int], None]
LeftOut = Callable[[str, int, str, str], None]


@dataclass
class Report:
    """What was kept and what was left out, why: by file and reason, so that it stays small whatever the files hold."""

    told: Told
    left_out: LeftOut
    done: Counter[str] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    def skip(self, file: str, line: int, why: str, number: str) -> None:
        self.skipped[(file, why)] += 1
        self.left_out(file, line, why, number)


def bring(path: Path, report: Report) -> RegisterLoad:
    """Read a folder or ZIP of the register. Raises NotTheRegister, also for an update that does not follow what is loaded."""
    source = Source(path, report.told, report.skip)
    meta = source.meta()
    if meta.full:
        return _full(source, meta, report)
    from portal.organisations import register_updates  # it reads the files as this module does

    return register_updates.bring(source, meta, report)


def current() -> RegisterLoad | None:
    return db.session.scalar(sa.select(RegisterLoad).where(RegisterLoad.load_state == LoadState.CURRENT))


def _full(source: Source, meta: Meta, report: Report) -> RegisterLoad:
    known = current()
    if known is not None and known.extract >= meta.extract:
        raise NotTheRegister(f"Extract {known.extract} is loaded already; this one is {meta.extract}.")
    load = _begun(meta)
    with tempfile.TemporaryDirectory(prefix="register-") as folder:
        _fill(load, _entries(source, Path(folder), report, load.reached), report)
    _take_place(load)
    return load


def _begun(meta: Meta) -> RegisterLoad:
    """The reading of this extract that was cut off, or a new one. What is left of any other is cleared away."""
    drop(LoadState.OLD, LoadState.LOADING, keep=meta.extract)
    begun = sa.select(RegisterLoad).where(
        RegisterLoad.load_state == LoadState.LOADING, RegisterLoad.extract == meta.extract
    )
    load = db.session.scalar(begun) or RegisterLoad(
        extract=meta.extract, snapshot_on=meta.snapshot_on, load_state=LoadState.LOADING, reached=0
    )
    db.session.add(load)
    db.session.commit()
    return load


def _entries(source: Source, folder: Path, report: Report, after: int) -> Iterator[dict[str, Any]]:
    """One row a company, by its number: the four files are sorted on disk and read side by side."""

    def beside(file: str, rows: Iterator[Cells]) -> Beside:
        lost = "its enterprise is not in enterprise.csv, or was left out"
        return Beside(in_order(rows, folder, file), lambda number: report.skip(file, 0, lost, number))

    enterprises = in_order(_enterprises(source, report), folder, "enterprise.csv")
    named = beside("denomination.csv", denominations(source, "denomination.csv"))
    placed = beside("address.csv", addresses(source, "address.csv"))
    active = beside("activity.csv", activities(source, "activity.csv"))
    before = ""
    for cells in enterprises:
        number = cells[0]
        of_names, of_seat, of_work = named.of(number), placed.of(number), active.of(number)
        if number == before:
            report.skip("enterprise.csv", 0, "the number stands there twice", number)
            continue
        before = number
        if int(number) <= after:
            continue
        row = entry(cells, of_names, of_seat, of_work)
        if row["natural"] and not row["name_nl"] + row["name_fr"] + row["name_de"] + row["name_other"]:
            report.skip("enterprise.csv", 0, "somebody who is a company alone, without a commercial name", number)
            continue
        yield row
    for one in (named, placed, active):
        one.rest()


def entry(cells: Cells, of_names: list[Cells], of_seat: list[Cells], of_work: list[Cells]) -> dict[str, Any]:
    own = made.facts(cells)
    natural = own["natural"]
    return {
        "number": int(cells[0]), **own, **made.EMPTY, **made.names(of_names, natural), **made.seat(of_seat, natural),
        **made.section(of_work),
    }  # fmt: skip


def _enterprises(source: Source, report: Report) -> Iterator[Cells]:
    for line, cells in enumerate(source.rows("enterprise.csv", made.ENTERPRISE), start=2):
        number = digits(cells[0])
        if not number:
            report.skip("enterprise.csv", line, "the number is not that of an enterprise", cells[0])
        elif cells[1] != "AC":
            report.skip("enterprise.csv", line, "the enterprise is not active", cells[0])
        else:
            yield (number, *cells[1:])


def denominations(source: Source, file: str) -> Iterator[Cells]:
    """The names of enterprises, without those of establishments and without abbreviations."""
    for cells in source.rows(file, made.DENOMINATION):
        if cells[2] in (made.SOCIAL, made.COMMERCIAL) and (number := digits(cells[0])):
            yield (number, *cells[1:])


def addresses(source: Source, file: str) -> Iterator[Cells]:
    """The seats that still stand."""
    for cells in source.rows(file, made.ADDRESS):
        if cells[1] == made.SEAT and not cells[9] and (number := digits(cells[0])):
            yield (number, *cells[1:])


def activities(source: Source, file: str) -> Iterator[Cells]:
    """The main activities, in a classification that is read."""
    for cells in source.rows(file, made.ACTIVITY):
        if cells[4] == "MAIN" and cells[2] in made.versions() and (number := digits(cells[0])):
            yield (number, *cells[1:])


def _fill(load: RegisterLoad, rows: Iterator[dict[str, Any]], report: Report) -> None:
    """Keep them batch by batch, each with the number that was reached, in a short transaction of its own."""
    batch: list[dict[str, Any]] = []
    number, now, kept = load.id, clock.now(), 0
    for row in rows:
        batch.append({**row, "load_id": number, "created_at": now})
        if len(batch) == BATCH:
            kept += _keep(load, batch)
            report.told("kept", kept)
    kept += _keep(load, batch)
    report.told("kept", kept)
    report.done["kept"] += kept


def _keep(load: RegisterLoad, batch: list[dict[str, Any]]) -> int:
    if not batch:
        return 0
    size = len(batch)
    db.session.connection().execute(sa.insert(RegisterEntry.__table__), batch)  # type: ignore[arg-type]
    load.reached = batch[-1]["number"]
    db.session.commit()
    batch.clear()
    return size


def _take_place(load: RegisterLoad) -> None:
    """From one moment to the next, pages read the new one; the old one goes afterwards, piece by piece."""
    db.session.execute(
        sa.update(RegisterLoad)
        .where(RegisterLoad.load_state == LoadState.CURRENT)
        .values(load_state=LoadState.OLD)
        .execution_options(synchronize_session=False)
    )
    load.load_state, load.finished_at = LoadState.CURRENT, clock.now()
    journal.note("register.loaded", load, extract=load.extract)
    db.session.commit()
    drop(LoadState.OLD)


def drop(*states: LoadState, keep: int | None = None) -> None:
    """Clear readings away, some thousands of rows at a time: nobody waits for it, and cut off it goes on the next time."""
    gone = sa.select(RegisterLoad.id).where(RegisterLoad.load_state.in_(states))
    if keep is not None:
        gone = gone.where(sa.or_(RegisterLoad.load_state == LoadState.OLD, RegisterLoad.extract != keep))
    for load_id in db.session.scalars(gone).all():
        piece = sa.select(RegisterEntry.id).where(RegisterEntry.load_id == load_id).limit(BATCH * 4)
        while _deleted(sa.delete(RegisterEntry).where(RegisterEntry.id.in_(piece))):
            db.session.commit()
        db.session.execute(sa.delete(RegisterLoad).where(RegisterLoad.id == load_id))
        db.session.commit()


def _deleted(statement: sa.Delete) -> int:
    return int(db.session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]
