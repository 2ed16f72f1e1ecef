"""Named queries: SQL lives in farm/db/sql/*.sql, each query under its name and a sentence.

-- claim_chunk --
-- planned -> running, for one worker.
UPDATE ops.chunk SET ...;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import LiteralString, cast

from psycopg import sql

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- ([a-z][a-z0-9_]*) --$", re.MULTILINE)


def load(room: str) -> Mapping[str, sql.SQL]:
    """Return the queries of `farm/db/sql/<room>.sql` by name.

    A query may hold ``{leaf}``-like places for identifiers: fill them with ``.format``.

    Raises:
        ValueError: a name twice, or text before the first name.
    """
    return parse((_FOLDER / f"{room}.sql").read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, sql.SQL]:
    """Return the queries of a file's text by name; see `load`."""
    head, *parts = _NAME.split(text)
    if re.sub(r"^--.*$", "", head, flags=re.MULTILINE).strip():
        raise ValueError("SQL before the first `-- name --`")
    queries: dict[str, sql.SQL] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in queries:
            raise ValueError(f"two queries are called {name}")
        # Our own files are as much a part of the source as a literal.
        queries[name] = sql.SQL(cast("LiteralString", body.strip().removesuffix(";")))
    return queries
