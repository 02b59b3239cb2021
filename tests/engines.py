"""The two engines: SQLite by copying a file of empty tables, PostgreSQL by cloning a template database."""

import os
import secrets
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal import create_app, settle
from portal.config import Settings
from portal.foundation import acting, crypto
from portal.foundation.database import db, reads_only

_apps: dict[str, Flask] = {}
_kept: set[tuple[str, str]] = set()
KEY = Fernet.generate_key().decode()
URL = "TEST_DATABASE_URL"
_cluster: list[Any] = []
_lines: list[Any] = []


def start_once(config: pytest.Config) -> None:
    """One PostgreSQL for the run, started by the controller; workers hear of it through the environment."""
    if hasattr(config, "workerinput") or os.environ.get(URL) or config.getoption("--sqlite-only"):
        return
    if config.getoption("--collect-only", False):
        return
    from tests import cluster

    _cluster.append(cluster.start())
    os.environ[URL] = _cluster[0].url


def stop(config: pytest.Config) -> None:
    for app in _apps.values():
        with app.app_context():
            db.engine.dispose()
    while _lines:
        _lines.pop().close()
    if _cluster and not hasattr(config, "workerinput"):
        _cluster.pop().stop()


def settings(engine: str, base: Path) -> Settings:
    url = f"sqlite:///{base / 'test.db'}" if engine == "sqlite" else _own_database()
    return Settings(
        mode="test",
        instance=base,
        database_url=url,
        secret_key="test " * 8,
        encryption_keys=(KEY,),
        index_key="index " * 8,
        public_url="http://localhost",
        extra={"PROPAGATE_EXCEPTIONS": True},
    )


@event.listens_for(Engine, "connect")
def _trust_the_disk(connection: Any, _record: Any) -> None:
    """No test pulls the plug of the machine, so none waits for the disk (PostgreSQL: tests/cluster.py)."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def fresh(engine: str, base: Path) -> Flask:
    """This process's app for an engine, on empty tables with the catalogue."""
    if engine not in _apps:
        _apps[engine] = _build(engine, base)
    app = _apps[engine]
    # A test before this one may have built a portal of its own in this process, with keys of its own.
    crypto.use(app.extensions["doorstart"].encryption_keys, app.extensions["doorstart"].index_key)
    with app.app_context():
        again(engine, base, "empty")
    # Files without a row would meet the next test that reads them all, with keys that it does not have.
    shutil.rmtree(base / "uploads", ignore_errors=True)
    reads_only(False)
    acting.become(acting.Actor())
    return app


def keep(engine: str, base: Path, name: str) -> None:
    """Keep the tables as they are now, so that other tests of this process may begin with them: `again`."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    if engine == "sqlite":
        closing = sqlite3.connect(base / "test.db")
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        closing.close()
        shutil.copy(base / "test.db", base / f"{name}.db")
    else:
        _admin(
            f'DROP DATABASE IF EXISTS "{_name()}_{name}"', f'CREATE DATABASE "{_name()}_{name}" TEMPLATE "{_name()}"'
        )
    _kept.add((engine, name))


def is_kept(engine: str, name: str) -> bool:
    return (engine, name) in _kept


def again(engine: str, base: Path, name: str) -> None:
    """The tables as they were kept under this name."""
    db.session.remove()
    db.engine.dispose()
    if engine == "sqlite":
        shutil.copy(base / f"{name}.db", base / "test.db")
        for tail in ("-wal", "-shm"):
            (base / f"test.db{tail}").unlink(missing_ok=True)
    else:
        _admin(
            f'DROP DATABASE IF EXISTS "{_name()}" WITH (FORCE)',
            # By files, since copying through the log writes every page twice.
            f'CREATE DATABASE "{_name()}" TEMPLATE "{_name()}_{name}" STRATEGY FILE_COPY',
        )


def leave(app: Flask) -> None:
    reads_only(False)
    acting.become(acting.Actor())


def _build(engine: str, base: Path) -> Flask:
    app = create_app(settings(engine, base))
    app.jinja_env.bytecode_cache = compiled(base)
    with app.app_context():
        db.drop_all()
        db.create_all()
        from portal.competences import catalogue

        catalogue.load()
        keep(engine, base, "empty")
    # As in a process that serves: else a tenth of the time goes to looking for garbage among what stays.
    settle()
    return app


def compiled(base: Path) -> FileSystemBytecodeCache:
    """Where the portals of a run, in whichever process, find the templates that another one of them has compiled."""
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


_own: list[str] = []


def _name() -> str:
    if not _own:
        _own.append(f"door_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(3)}")
    return _own[0]


def _own_database() -> str:
    """A database of this process's own in the run's cluster."""
    _admin(f'CREATE DATABASE "{_name()}"')
    return sa.make_url(os.environ[URL]).set(drivername="postgresql+psycopg", database=_name()).render_as_string(False)


def _admin(*statements: str) -> None:
    """Said to the cluster itself, over one line that stays: calling anew for each test costs as much as a page."""
    if not _lines:
        url = sa.make_url(os.environ[URL]).set(drivername="postgresql").render_as_string(False)
        _lines.append(psycopg.connect(url, autocommit=True, prepare_threshold=None))
    for statement in statements:
        _lines[0].execute(statement)


def letters(app: Flask) -> list[str]:
    from portal.outbox.models import Letter

    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter.template)))
