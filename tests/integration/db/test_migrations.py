"""The migrations and the metadata describe one schema; upgrading is safe at any moment."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from typing import Any

import psycopg
import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.pool import NullPool

from farm.db import migrate
from farm.db.connection import connect
from farm.db.tables import DATA_TABLES, OPS, metadata
from farm.domain import world
from farm.errors import ServiceUnavailable
from tests.servers import Databases

pytestmark = pytest.mark.services

_CATALOGUE = """
SELECT n.nspname, c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') || ' at ' || a.attnum
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND c.relkind IN ('r', 'p')
UNION ALL
SELECT n.nspname, c.relname, 'constraint', k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT n.nspname, t.relname, 'index', c.relname, pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT n.nspname, c.relname, 'partitioned', '', pg_get_partkeydef(c.oid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'p'
"""


def _catalogue(url: str) -> set[tuple[Any, ...]]:
    with connect(url, "test") as connection:
        rows = connection.execute(_CATALOGUE.encode()).fetchall()
    return {row for row in rows if row[0] in {"public", "ops"} and row[1] != "alembic_version"}


def _engine(url: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connect(url, "test"), poolclass=NullPool
    )


def test_alembic_finds_no_difference_between_metadata_and_migrations(
    empty_database_url: str,
) -> None:
    migrate.upgrade(empty_database_url, "off")
    with _engine(empty_database_url).connect() as connection:
        options = {"include_schemas": True, "compare_server_default": True, **migrate.VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_metadata_and_migrations_make_the_same_catalogue(databases: Databases) -> None:
    # Given one database made by the migrations and one by the metadata
    with databases.empty() as migrated, databases.empty() as created:
        migrate.upgrade(migrated, "off")
        with _engine(created).begin() as connection:
            connection.execute(sqlalchemy.text(f"CREATE SCHEMA {OPS}"))
            connection.execute(sqlalchemy.text("CREATE EXTENSION btree_gist"))
            metadata.create_all(connection)
        # Then columns, constraints, indexes and partition keys are the same, names included
        assert _catalogue(migrated) == _catalogue(created)


def test_world_tables_have_the_fields_of_the_world_as_columns() -> None:
    records = {f.name: f.type for f in fields(world.World)}
    for name, kind in records.items():
        record = getattr(world, str(kind).removeprefix("tuple[").partition(",")[0])
        assert [c.name for c in DATA_TABLES[name].columns] == [f.name for f in fields(record)]


def test_upgrading_twice_changes_nothing(empty_database_url: str) -> None:
    assert not migrate.is_current(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)
    before = _catalogue(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert _catalogue(empty_database_url) == before


def test_many_processes_may_upgrade_at_once(empty_database_url: str) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        list(pool.map(migrate.upgrade, [empty_database_url] * 3))
    assert migrate.is_current(empty_database_url)


def test_an_upgrade_that_fails_leaves_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an upgrade that fails after all its statements
    real = command.upgrade

    def upgrade_and_fail(config: Config, revision: str) -> None:
        real(config, revision)
        raise RuntimeError

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)
    with pytest.raises(RuntimeError):
        migrate.upgrade(empty_database_url)
    # Then the database is as it was
    assert _catalogue(empty_database_url) == set()
    assert not migrate.is_current(empty_database_url)


def test_a_user_without_rights_gets_one_line_and_leaves_nothing(
    databases: Databases, empty_database_url: str
) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN PASSWORD 'guest-secret'")
    guest = databases.as_user(empty_database_url, "guest", "guest-secret")
    with pytest.raises(ServiceUnavailable) as refused:
        migrate.upgrade(guest)
    said = str(refused.value)
    assert "permission denied for database" in said
    assert "grant the user CREATE" in said
    assert "guest-secret" not in said
    assert "\n" not in said
    assert not migrate.is_current(empty_database_url)


def test_a_user_who_may_not_create_the_extension_is_told_so(
    databases: Databases, empty_database_url: str
) -> None:
    # Given a user who may create schemas and tables; btree_gist is trusted, so that only taking
    # CREATE on the database after the schema is there keeps it away
    with psycopg.connect(empty_database_url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN PASSWORD 'guest-secret'")
        owner.execute("CREATE SCHEMA ops AUTHORIZATION guest")
        owner.execute("GRANT ALL ON SCHEMA public TO guest")
    guest = databases.as_user(empty_database_url, "guest", "guest-secret")
    with pytest.raises(ServiceUnavailable, match="CREATE EXTENSION btree_gist"):
        migrate.upgrade(guest)
