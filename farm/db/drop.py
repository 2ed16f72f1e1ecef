"""Drops what the farm made in a database that is not its own to delete."""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg import sql

from farm.db import queries
from farm.db.connection import connect, where
from farm.db.failures import translated
from farm.db.tables import DATA_TABLES, MONTHLY_TABLES, OPS

SQL = queries.load("upkeep")

#: Tables dropped in one transaction: each needs several of the server's locks, 64 times its
#: connections by default.
_PORTION = 100

#: Leaves by name, because native ones of open months are not attached to their tables yet.
_LEAF = re.compile(rf"(?:{'|'.join(MONTHLY_TABLES)})_[0-9]{{4}}_[0-9]{{2}}")


def drop_everything(database_url: str) -> None:
    """Drop the farm's tables and its schema `ops`; leave everything else in the database alone.

    The ledger goes first: without it no worker commits another row, and an interrupted drop leaves
    a database that only another one helps, never one that looks complete.

    Raises:
        ServiceUnavailable: the user lacks the right.
        DatabaseLost: the connection broke; call again.
    """
    with translated(where(database_url)), connect(database_url, "reset") as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(OPS)))
        found = [str(row[0]) for row in connection.execute(SQL["public_tables"])]
        leaves = [name for name in found if _LEAF.fullmatch(name)]
        for first in range(0, len(leaves), _PORTION):
            connection.execute(_drop(leaves[first : first + _PORTION]))
        for name in MONTHLY_TABLES:  # a hypertable is not dropped along with other tables
            connection.execute(_drop([name]))
        connection.execute(_drop([name for name in DATA_TABLES if name not in MONTHLY_TABLES]))


def _drop(tables: Sequence[str]) -> sql.Composed:
    names = (sql.Identifier("public", name) for name in tables)
    return sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.SQL(", ").join(names))
