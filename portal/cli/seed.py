"""The demo year: written once into an empty portal."""

import click
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.foundation.database import db


def once() -> bool:
    """Fill an empty portal; a portal with people in it is left alone. Says whether it wrote."""
    from portal.cli import demo

    if db.session.scalar(sa.select(sa.exists().where(Person.id.is_not(None)))):
        return False
    click.echo("Writing the demo year (everybody in it is invented) …")
    demo.write(lambda title: click.echo(f"  {title}"))
    return True


@click.command("seed")
def seed() -> None:
    """Fill an empty portal with the demo year."""
    if not once():
        click.echo("There are people here already: nothing was written.")
