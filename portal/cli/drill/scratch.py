"""A portal that a drill makes for itself and takes away again: nothing of it touches the operator's own database."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask

from portal import create_app
from portal.accounts.models import Person
from portal.config import Settings
from portal.foundation.database import db


@contextmanager
def portal(database_url: str, **extra: object) -> Iterator[Flask]:
    """An entered portal with empty tables: a SQLite file in a folder of its own, or a new database on this server.

    Whatever happens, folder and database are gone afterwards. Refuses a server whose named database holds people.
    """
    folder = Path(tempfile.mkdtemp(prefix="doorstart-drill-"))
    try:
        with _database(database_url, folder) as url:
            app = create_app(_settings(folder, url, extra))
            with app.app_context():
                db.create_all()
                let_go()
                try:
                    yield app
                finally:
                    let_go()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def let_go() -> None:
    """Close every connection: a process that is forked must not share one with its parent."""
    db.session.remove()
    db.engine.dispose()


def engine_of(app: Flask) -> sa.Engine:
    """Connections beside the portal's own, each closed after use."""
    return sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)


def _settings(folder: Path, url: str, extra: dict[str, object]) -> Settings:
    return Settings(
        mode="test", instance=folder, database_url=url, secret_key=secrets.token_urlsafe(48),
        encryption_keys=(Fernet.generate_key().decode(),), index_key=secrets.token_urlsafe(48),
        public_url="http://localhost", mail_from="drill@localhost.localdomain", extra=extra,
    )  # fmt: skip


@contextmanager
def _database(url: str, folder: Path) -> Iterator[str]:
    if not url:
        yield f"sqlite:///{folder / 'drill.db'}"
        return
    server = sa.make_url(url)
    if not server.drivername.startswith("postgres"):
        raise click.BadParameter(
            "only PostgreSQL; on SQLite a drill makes a file of its own", param_hint="--database-url"
        )
    server = server.set(drivername="postgresql+psycopg")
    _refuse_people(server)
    name = f"doorstart_drill_{secrets.token_hex(4)}"
    _run(server, f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _refuse_people(server: sa.URL) -> None:
    """A drill beside a portal at work would take its server from under its people."""
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if sa.inspect(connection).has_table(Person.__tablename__):
            found = connection.execute(sa.select(Person.id).limit(1)).first()
            if found is not None:
                raise click.UsageError("This database holds people. A drill runs on a server without a portal at work.")


def _run(server: sa.URL, statement: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
