"""Alembic's way into the portal: one head, the same migrations for SQLite and PostgreSQL."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogen: Any) -> Any:
    """Our own column types are written as what the database sees, so that a migration outlives a rename in the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        impl = item.impl
        return f"sa.{type(impl).__name__}({'timezone=True' if getattr(impl, 'timezone', False) else ''})"
    return False


def run() -> None:
    engine = database.engine
    with engine.connect() as connection:
        # SQLite cannot alter a table that others point at while it checks foreign keys; inside a transaction it would not
        # hear that it should stop, so that the driver is told before one begins.
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows point at nothing after migrating: {broken[:5]}")


run()
