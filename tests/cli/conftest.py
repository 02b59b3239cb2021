"""The demo year for tests: written once per process on SQLite, then copied; written anew on PostgreSQL."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.cli import demo
from portal.foundation.database import db

_written: dict[str, Path] = {}


@pytest.fixture
def year(app: Flask, engine: str, post: Any, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A portal with the demo year in it."""
    base = tmp_path_factory.getbasetemp()
    if engine == "sqlite" and engine in _written:
        db.session.remove()
        db.engine.dispose()
        for tail in ("-wal", "-shm"):
            (base / f"test.db{tail}").unlink(missing_ok=True)
        shutil.copy(_written[engine], base / "test.db")
        return app
    demo.write(lambda title: None)
    if engine == "sqlite":
        db.session.remove()
        db.engine.dispose()
        closing = sqlite3.connect(base / "test.db")
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        closing.close()
        _written[engine] = base / "year.db"
        shutil.copy(base / "test.db", _written[engine])
    return app
