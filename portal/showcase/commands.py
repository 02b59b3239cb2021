"""`flask publish-batch` releases what waits; `flask redact` is the redaction check, to measure it."""

import json
import sys
from typing import Any, TextIO

import click
import sqlalchemy as sa
from flask import Flask

from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.programmes.models import Programme
from portal.showcase import batches
from portal.showcase.redaction.command import run_batch, run_one


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
@click.option("--known", type=click.File(encoding="utf-8"), help="JSON with the identity values on file.")
@click.option("--lang", default="nl", show_default=True, help="The language of the text: nl, fr or en.")
@click.option("--batch", type=click.File(encoding="utf-8"), help='A file with one {"known", "lang", "text"} a line.')
def redact(known: TextIO | None, lang: str, batch: TextIO | None) -> None:
    """Print what the redaction check finds: in a text on standard input, or in each line of a batch."""
    if batch is not None:
        for row in run_batch(batch):
            click.echo(row)
        return
    values: dict[str, Any] = json.load(known) if known is not None else {}
    click.echo(run_one(values, lang, sys.stdin.read()))


def install(app: Flask) -> None:
    app.cli.add_command(publish_batch)
    app.cli.add_command(redact)
