"""Sealing everything anew with the newest key, so that an old key can be dropped (docs/operations.md, Keys)."""

from collections.abc import Iterator
from pathlib import Path

import click
import sqlalchemy as sa

from portal.foundation import crypto
from portal.foundation.database import Encrypted, EncryptedJson, db
from portal.foundation.storage import Folder, StoredFile, storage

BATCH = 500


def sealed_columns() -> list[sa.Column[str]]:
    """Every column that holds sealed text, found by its type: a new one cannot be forgotten."""
    typed = [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedJson)
    ]
    return [*typed, db.metadata.tables[StoredFile.__tablename__].columns["sealed"]]


def rotate() -> dict[str, int]:
    """Seal all columns and uploads anew, in short transactions; gives how many values of each. Safe to run again.

    A value that somebody writes meanwhile is left as it is: whoever writes uses the newest key already.
    """
    done = {f"{column.table.name}.{column.name}": _column(column) for column in sealed_columns()}
    kept = storage()
    done["uploads"] = _folder(kept.folder) if isinstance(kept, Folder) else 0
    return done


def _column(column: sa.Column[str]) -> int:
    number, raw = column.table.columns["id"], sa.type_coerce(column, sa.Text())
    change = (
        sa.update(column.table)
        .where(number == sa.bindparam("row"), raw == sa.bindparam("before", type_=sa.Text()))
        .values({column.name: sa.bindparam("after", type_=sa.Text())})
    )
    changed = 0
    for rows in _batches(number, raw):
        again = [{"row": n, "before": sealed, "after": crypto.cipher().rotate(sealed)} for n, sealed in rows]
        with db.engine.begin() as connection:
            connection.execute(change, again)
        changed += len(again)
    return changed


def _batches(number: sa.Column[int], raw: sa.ColumnElement[str]) -> Iterator[list[tuple[int, str]]]:
    last = 0
    while True:
        with db.engine.connect() as connection:
            found = connection.execute(
                sa.select(number, raw).where(number > last, raw.is_not(None)).order_by(number).limit(BATCH)
            )
            rows = [(row[0], row[1]) for row in found]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _folder(folder: Path) -> int:
    """Uploads in a folder: each is written whole beside the old one, and then takes its place."""
    files = [path for path in folder.glob("*") if path.is_file() and path.suffix != ".part"] if folder.is_dir() else []
    for path in files:
        half = path.with_suffix(".part")
        half.write_text(crypto.cipher().rotate(path.read_text()))
        half.rename(path)
    return len(files)


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything anew with the first of ENCRYPTION_KEYS."""
    db.session.remove()
    for name, number in rotate().items():
        if number:
            click.echo(f"{number:>8}  {name}")
    click.echo("Everything is sealed with the first key. The others can go once no process runs with the old list.")
