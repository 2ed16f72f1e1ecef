"""Brings a database to the newest schema, however many processes ask for it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
import sqlalchemy.exc
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from farm.db import storage
from farm.db.connection import Connection, connect, where
from farm.db.failures import translated
from farm.db.tables import OPS
from farm.db.views import create_views, drop_views
from farm.errors import ServiceUnavailable
from farm.settings.settings import Timescale

#: Advisory lock held while migrating: "farm" in ASCII.
_LOCK = 0x6661726D

#: Where Alembic notes the revision: among the farm's own tables, not among the data.
VERSION_TABLE: dict[str, Any] = {"version_table": "alembic_version", "version_table_schema": OPS}

_NO_EXTENSION = (
    "the farm needs the PostgreSQL extension btree_gist: install the server's contrib package, or"
    " have an administrator run CREATE EXTENSION btree_gist in the database"
)


def upgrade(database_url: str, timescale: Timescale = "auto") -> None:
    """Bring the database to the newest schema. Does nothing when it is there already.

    One transaction under an advisory lock: it happens once and entirely, or not at all.

    Args:
        database_url: where; the user may create schemas, tables and the extension btree_gist.
        timescale: whether by-month tables are to be TimescaleDB hypertables; it counts when the
            database gets its tables, and must not contradict them afterwards.

    Raises:
        ServiceUnavailable: the user lacks a right, or the server lacks the extension btree_gist,
            or timescaledb if that is a must.
        SettingsInvalid: the database keeps its by-month tables otherwise.
        DatabaseLost: the server cannot be reached.
    """
    with _connection(database_url) as connection, connection.begin():
        connection.execute(sqlalchemy.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        raw = _raw(connection)
        before = storage.found(raw)
        storage.require_no_change(before, timescale)
        if _revision(connection) == _newest():
            return
        connection.execute(sqlalchemy.text("SET LOCAL synchronous_commit = on"))
        # IF NOT EXISTS would ask for the right to create even where the schema was prepared.
        if connection.scalar(sqlalchemy.text(f"SELECT to_regnamespace('{OPS}')")) is None:
            connection.execute(sqlalchemy.text(f"CREATE SCHEMA {OPS}"))
        config = _config()
        config.attributes["connection"] = connection
        drop_views(raw)
        command.upgrade(config, "head")
        storage.settle(raw, before, timescale)
        create_views(raw)


def is_current(database_url: str) -> bool:
    """Return whether the database has the newest schema."""
    with _connection(database_url) as connection:
        return _revision(connection) == _newest()


@contextmanager
def _connection(database_url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: _transactional(database_url),
        poolclass=NullPool,
    )
    with translated(where(database_url)):
        try:
            with engine.connect() as connection:
                yield connection
        except sqlalchemy.exc.DBAPIError as error:
            if 'extension "btree_gist"' in str(error.orig):
                raise ServiceUnavailable(f"{where(database_url)}: {_NO_EXTENSION}") from error
            raise (error.orig or error) from error
        finally:
            engine.dispose()


def _transactional(database_url: str) -> Connection:
    """Return a connection as SQLAlchemy expects it: every statement is in a transaction."""
    connection = connect(database_url, "migrate")
    connection.autocommit = False
    return connection


def _raw(connection: sqlalchemy.Connection) -> Connection:
    """Return the connection beneath, for what the rest of `farm.db` does on one."""
    raw: Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


def _revision(connection: sqlalchemy.Connection) -> str | None:
    context = MigrationContext.configure(connection, opts=VERSION_TABLE)
    return context.get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
