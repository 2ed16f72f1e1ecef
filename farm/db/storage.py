"""How by-month tables are kept: native partitions or TimescaleDB hypertables, one for all of them.

It is decided when a database gets its tables and read off its catalogue ever after: a by-month
table that is partitioned is one of native partitions. No record beside the tables can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import psycopg
from psycopg import sql

from farm.db import hypertables
from farm.db.connection import Connection, connect, where
from farm.db.failures import translated
from farm.db.hypertables import Hypertables
from farm.db.leaf import Leaf
from farm.db.partitions import Partitions
from farm.db.tables import MONTHLY_TABLES
from farm.errors import ContractBroken, ServiceUnavailable, SettingsInvalid
from farm.settings import logs
from farm.settings.settings import Timescale

#: There is no `set_partitioning_interval` before. Tested: 2.19.3 (Apache part alone) and 2.29.2.
_NEEDED = (2, 13)


class Storage(Protocol):
    """What the farm asks of either way. A leaf is made, loaded, indexed and then attached."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def finished_only(self) -> sql.SQL:
        """A WHERE clause that leaves the rows of unfinished leaves out of a by-month table."""

    def create(self, connection: Connection, leaves: Sequence[Leaf]) -> None:
        """Create the leaves that are not there yet: no indexes, kept away from autovacuum."""

    def unfinished(self, connection: Connection, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Return those leaves that are not indexed and attached."""

    def index(self, leaf: Leaf) -> sql.Composed:
        """Return the statement that indexes a leaf by its natural key."""

    def attach(self, leaf: Leaf) -> sql.Composed:
        """Return the statements that make an indexed leaf part of its table, if it is not yet."""


def found(connection: Connection) -> Storage | None:
    """Return how a database keeps its by-month tables; None when it has none yet."""
    row = connection.execute(
        "SELECT relkind FROM pg_class WHERE oid = to_regclass('public.environmental_reading')"
    ).fetchone()
    if row is None:
        return None
    return Partitions() if row[0] == "p" else Hypertables()


def storage_of(connection: Connection) -> Storage:
    """Return how a database keeps its by-month tables."""
    return found(connection) or Partitions()  # what is done with it then says what is missing


def require_no_change(before: Storage | None, wanted: Timescale) -> None:
    """Raise SettingsInvalid when a database that has its tables already keeps them otherwise."""
    if wanted == "auto" or before is None:
        return
    if isinstance(before, Hypertables) != (wanted == "on"):
        raise SettingsInvalid(
            f"FARM_TIMESCALE={wanted}, but the database keeps its data in {before.name}:"
            " set it to auto, or begin anew with `farm reset`"
        )


def outlook(database_url: str, wanted: Timescale) -> str:
    """Return how a database keeps its by-month tables, or would once it gets them.

    Raises:
        SettingsInvalid, ServiceUnavailable: not as wanted.
    """
    with translated(where(database_url)), connect(database_url, "check") as connection:
        before = found(connection)
        require_no_change(before, wanted)
        if before is not None:
            return before.name
        reason = None if wanted == "off" else why_no_hypertables(connection)
    if wanted == "on" and reason is not None:
        raise ServiceUnavailable(f"FARM_TIMESCALE=on, but {reason}")
    return Partitions.name if wanted == "off" or reason else Hypertables.name


def settle(connection: Connection, before: Storage | None, wanted: Timescale) -> None:
    """Make hypertables of the by-month tables that the migrations made, if that is what is wanted.

    Args:
        connection: inside the transaction of the migrations.
        before: how the database kept its tables before them.
        wanted: as the settings say.

    Raises:
        ServiceUnavailable: it must be TimescaleDB, and it cannot.
    """
    if isinstance(before, Hypertables):
        hypertables.convert(connection, _partitioned(connection))
        return
    if before is not None or wanted == "off":
        return
    reason = why_no_hypertables(connection)
    log = logs.get_logger().info
    if reason is None:
        log = logs.get_logger().warning
        try:
            with connection.transaction():  # a savepoint
                connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public")
                hypertables.convert(connection, MONTHLY_TABLES)
        except psycopg.OperationalError:
            raise
        except (psycopg.DatabaseError, ContractBroken) as error:
            reason = f"TimescaleDB cannot be used: {str(error).partition(chr(10))[0]}"
        else:
            return
    if wanted == "on":
        raise ServiceUnavailable(f"FARM_TIMESCALE=on, but {reason}")
    log("by-month tables are native month partitions", reason=reason)


def why_no_hypertables(connection: Connection) -> str | None:
    """Return why a database cannot have hypertables, as far as can be told; None if it may."""
    row = connection.execute(hypertables.SQL["extension"]).fetchone()
    if row is None:
        return "the server has no extension timescaledb"
    version = str(row[0])
    major, minor, *_ = re.findall("[0-9]+", version)
    if (int(major), int(minor)) < _NEEDED:
        needed = ".".join(map(str, _NEEDED))
        return f"TimescaleDB is version {version} and would have to be {needed} or newer"
    preloaded = connection.execute(hypertables.SQL["preloaded"]).fetchone()
    if not (preloaded and preloaded[0]):
        return "the server's shared_preload_libraries lack timescaledb"
    return None


def _partitioned(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'p' AND relname = ANY(%s)",
        (list(MONTHLY_TABLES),),
    )
    return [row[0] for row in rows]
