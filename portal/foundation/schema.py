"""Whether the database's tables are those of this code."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from portal.config import ROOT

MIGRATIONS: Path = ROOT / "migrations"


@cache
def head() -> str | None:
    """The newest migration of this code."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def at_head(connection: Connection) -> bool:
    found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found is not None and found == head()
