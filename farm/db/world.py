"""Writes the world: places, containers, sensors, catalogues. Once, by the first session."""

from __future__ import annotations

import json
from functools import partial

from psycopg import sql
from psycopg.types.json import Jsonb

from farm.db.connection import Connection
from farm.db.tables import table
from farm.domain.plan import Plan

_INSERT = sql.SQL(
    "INSERT INTO {table} ({columns})"
    " SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s) ON CONFLICT DO NOTHING"
)
_dumps = partial(json.dumps, default=str, allow_nan=False)


def write_world(connection: Connection, plan: Plan) -> None:
    """Insert the rows of the plan's world that are not there yet."""
    for name, rows in plan.world.tables().items():
        columns = (sql.Identifier(column.name) for column in table(name).columns)
        statement = _INSERT.format(
            table=sql.Identifier("public", name), columns=sql.SQL(", ").join(columns)
        )
        connection.execute(statement, (Jsonb(rows, dumps=_dumps),))
