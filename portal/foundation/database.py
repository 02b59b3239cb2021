"""One database, two engines: embedded SQLite and PostgreSQL behind the same typed models."""

import json
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm import registry as orm_registry
from sqlalchemy.types import TypeDecorator

from portal.foundation import clock, crypto

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on both engines; a naive one is a mistake and is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Said aloud, since a decorated type counts as any object: a list reads its place in the address by it."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Text that the database holds only sealed (a stolen backup tells nothing)."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.cipher().seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.cipher().open(value)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that the database holds only sealed. Assign a new value to change it: mutation is not seen."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else crypto.cipher().seal(crypto.dump(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(crypto.cipher().open(value))


class Base(DeclarativeBase):
    """Every table has a number for joins and knows when its row came."""

    registry = orm_registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[str]: sa.JSON},
    )
    metadata = registry.metadata

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=-9)


class Addressed:
    """A row with a page of its own: its address is random, never the row's number."""

    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=crypto.address_key, sort_order=-8)


E = TypeVar("E", bound=StrEnum)


def choice(options: type[E]) -> sa.Enum:
    """The column type of a closed list: text, with a CHECK that the database enforces on both engines."""
    return sa.Enum(
        options,
        native_enum=False,
        create_constraint=True,
        name=_snake(options.__name__),
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

# On SQLite a transaction that means to write takes the lock at its start: two writers then queue instead of failing
# half-way. A GET only reads, so the guard turns this off for it.
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)


def reads_only(yes: bool) -> None:
    """Say, per request, whether its transactions only read."""
    _reads_only.set(yes)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if _reads_only.get():
        # Waits for nobody and cannot fail, so every page is spared what a statement costs around it.
        connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_reading() -> bool:
    """Whether this request's transactions only read."""
    return _reads_only.get()
