"""`flask publish-batch` releases what waits; `flask redact` is the redaction check, to measure it."""

import sys
from collections.abc import Iterable
from typing import BinaryIO

import click
import sqlalchemy as sa
from flask import Flask

from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.programmes.models import Programme
from portal.showcase import batches
from portal.showcase.redaction.command import BrokenLine, known_from, run_batch, run_one


@click.command("publish-batch")
@click.option("--programme", "name", help="The programme's name; all of them when it is not given.")
def publish_batch(name: str | None) -> None:
    """Release the profiles that wait, in each programme where enough have changed."""
    statement = sa.select(Programme).order_by(Programme.id)
    programmes = db.session.scalars(statement if name is None else statement.where(Programme.name == name)).all()
    if not programmes:
        raise click.ClickException(f"there is no programme called {name!r}")
    for programme in programmes:
        click.echo(f"{programme.name}: {_released(programme)}")


def _released(programme: Programme) -> str:
    try:
        batch = batches.release(programme)
    except DomainError as error:
        db.session.rollback()
        return f"nothing released. {error}"
    changes = 0 if batch is None else batch.changes
    db.session.commit()
    return f"{changes} changes released"


@click.command("redact")
@click.option("--known", type=click.File("rb"), help="JSON with the identity values on file.")
@click.option("--lang", default="nl", show_default=True, help="The language of the text: nl, fr or en.")
@click.option("--batch", type=click.File("rb"), help='A file with one {"known", "lang", "text"} a line.')
def redact(known: BinaryIO | None, lang: str, batch: BinaryIO | None) -> None:
    """Print what the redaction check finds: in a text on standard input, or in each line of a batch."""
    # Bytes, because reading text turns "\r\n" into "\n" and so moves every offset behind it.
    if batch is not None:
        _redact_each(line.decode("utf-8", "replace") for line in batch)
        return
    try:
        values = known_from(known.read().decode("utf-8-sig", "replace")) if known is not None else {}
    except BrokenLine as broken:
        raise click.ClickException(str(broken)) from None
    click.echo(run_one(values, lang, sys.stdin.buffer.read().decode("utf-8", "replace")))


def _redact_each(lines: Iterable[str]) -> None:
    """A line that cannot be read gives `null`, so that lines stay paired, and its error beside."""
    broken = 0
    for number, row in enumerate(run_batch(lines), start=1):
        if isinstance(row, BrokenLine):
            broken += 1
            click.echo(f"line {number}: {row}", err=True)
        click.echo("null" if isinstance(row, BrokenLine) else row)
    if broken:
        raise click.ClickException(f"{broken} lines could not be read")


def install(app: Flask) -> None:
    app.cli.add_command(publish_batch)
    app.cli.add_command(redact)
