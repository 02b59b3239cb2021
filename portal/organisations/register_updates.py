"""An update of the register: what changed since the extract that is loaded, in one transaction.

The register says it so: of each number in a `_delete` file everything of that file goes, then the `_insert` file's rows come.
A number that is in both files of the enterprises changed; one that is deleted only has ended.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.organisations import register
from portal.organisations import register_rows as made
from portal.organisations.register_files import Cells, Meta, NotTheRegister, Source, digits
from portal.organisations.register_models import RegisterEntry, RegisterLoad

_NAMES = dict.fromkeys(("name_nl", "name_fr", "name_de", "name_other"), "")
_SECTION = {"section": ""}
_SEAT = {name: "" for name in made.EMPTY if name not in _NAMES and name not in _SECTION}

Made = Callable[[list[Cells], bool], dict[str, str]]


def bring(source: Source, meta: Meta, report: register.Report) -> RegisterLoad:
    """Raises NotTheRegister where nothing is loaded, or where an update in between is missing."""
    load = register.current()
    if load is None:
        raise NotTheRegister("This is an update, and nothing is loaded yet. Begin with a full extract.")
    if meta.extract != load.extract + 1:
        raise NotTheRegister(
            f"Extract {load.extract} is loaded; the next update is {load.extract + 1}, not {meta.extract}."
        )
    _enterprises(source, load, report)
    beside: tuple[tuple[str, Iterator[Cells], dict[str, str], Made], ...] = (
        ("denomination", _some(source, "denomination", register.denominations), _NAMES, made.names),
        ("address", _some(source, "address", register.addresses), _SEAT, made.seat),
        (
            "activity",
            _some(source, "activity", register.activities),
            _SECTION,
            lambda rows, natural: made.section(rows),
        ),
    )
    for name, rows, empty, fresh in beside:
        _anew(load, report, name, _deleted(source, name), rows, empty, fresh)
    _without_name(load)
    load.extract, load.snapshot_on, load.finished_at = meta.extract, meta.snapshot_on, clock.now()
    journal.note("register.updated", load, extract=load.extract)
    db.session.commit()
    return load


def _some(source: Source, name: str, read: Callable[[Source, str], Iterator[Cells]]) -> Iterator[Cells]:
    file = f"{name}_insert.csv"
    return read(source, file) if source.has(file) else iter(())


def _deleted(source: Source, name: str) -> set[str]:
    file, column = f"{name}_delete.csv", "EnterpriseNumber" if name == "enterprise" else "EntityNumber"
    return {digits(one[0]) for one in source.rows(file, (column,))} - {""} if source.has(file) else set()


def _enterprises(source: Source, load: RegisterLoad, report: register.Report) -> None:
    file = "enterprise_insert.csv"
    rows = source.rows(file, made.ENTERPRISE) if source.has(file) else iter(())
    changed = {digits(cells[0]): cells for cells in rows if cells[1] == "AC"}
    changed.pop("", None)
    ended = _deleted(source, "enterprise") - set(changed)
    for some in _pieces(sorted(ended)):
        _run(sa.delete(RegisterEntry).where(*_those(load, some)))
    report.done["ended"] += len(ended)
    for some in _pieces(sorted(changed)):
        there = _known(load, some)
        for number in some:
            own = made.facts(changed[number])
            if int(number) in there:
                _run(sa.update(RegisterEntry).where(*_those(load, [number])).values(**own))
                report.done["changed"] += 1
            else:
                new = {"number": int(number), **own, **made.EMPTY, "load_id": load.id, "created_at": clock.now()}
                _run(sa.insert(RegisterEntry).values(**new))
                report.done["new"] += 1


def _anew(
    load: RegisterLoad, report: register.Report, name: str, deleted: set[str], rows: Iterable[Cells],
    empty: dict[str, str], fresh: Made,
) -> None:  # fmt: skip
    """Everything of this kind of these companies is what the update says."""
    by_number: dict[str, list[Cells]] = {number: [] for number in deleted}
    for row in rows:
        by_number.setdefault(row[0], []).append(row)
    for some in _pieces(sorted(by_number)):
        there = _known(load, some)
        for number in some:
            if int(number) not in there:
                if by_number[number]:
                    report.skip(f"{name}_insert.csv", 0, "its enterprise is not loaded", number)
                continue
            values = {**empty, **fresh(by_number[number], there[int(number)])}
            _run(sa.update(RegisterEntry).where(*_those(load, [number])).values(**values))
            report.done[f"{name} changed"] += 1


def _without_name(load: RegisterLoad) -> None:
    """Somebody who is a company alone and has no commercial name is not kept."""
    nameless = [sa.column(name) == "" for name in _NAMES]
    _run(sa.delete(RegisterEntry).where(RegisterEntry.load_id == load.id, RegisterEntry.natural.is_(True), *nameless))


def _known(load: RegisterLoad, numbers: Sequence[str]) -> dict[int, bool]:
    found = sa.select(RegisterEntry.number, RegisterEntry.natural).where(*_those(load, numbers))
    return {number: natural for number, natural in db.session.execute(found)}


def _those(load: RegisterLoad, numbers: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [RegisterEntry.load_id == load.id, RegisterEntry.number.in_([int(one) for one in numbers])]


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _pieces(numbers: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(numbers)
    while some := list(islice(waiting, 500)):
        yield some
