"""The generation itself: sessions, months, chunks, markers. Schema `ops`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from farm.db.tables.naming import metadata
from farm.orchestration.states import ChunkState, MonthState, SessionState

SCHEMA = "ops"
_INSTANT = TIMESTAMP(timezone=True)


def _one_of(column: str, states: Iterable[str]) -> CheckConstraint:
    allowed = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def _session() -> Column[int]:
    return Column("session", Integer, ForeignKey("ops.session.session"), nullable=False)


Table(
    "session",
    metadata,
    Column("session", Integer, primary_key=True, autoincrement=False),
    Column("years", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("scenario_name", Text, nullable=False),
    Column("scenario", JSONB, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("generator_version", Integer, nullable=False),
    Column("numpy_version", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("started", _INSTANT, nullable=False),
    Column("completed", _INSTANT),
    Column("runtime_s", Double),
    Column("memory_peak_mb", Double),
    Column("rows", BigInteger),
    Column("reason", Text),
    _one_of("status", (s for s in SessionState if s is not SessionState.NOT_STARTED)),
    schema=SCHEMA,
)

# `json`, not `jsonb`: the text is kept as it was written, so that keys keep their order and every
# float comes back as the float it was.
Table(
    "snapshot",
    metadata,
    _session(),
    Column("geography", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", JSON, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("session", "geography"),
    schema=SCHEMA,
)

Table(
    "month",
    metadata,
    _session(),
    Column("month", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened", _INSTANT),
    Column("closed", _INSTANT),
    Column("close_s", Double),
    PrimaryKeyConstraint("session", "month"),
    CheckConstraint("extract(day FROM month) = 1", name="month"),
    _one_of("state", MonthState),
    schema=SCHEMA,
)

# `batch` is the chunk's subject: a batch's code, or a geography's for a simulation, which has no
# month. `epoch` is the session's epoch under which the chunk was claimed last.
Table(
    "chunk",
    metadata,
    _session(),
    Column("chunk", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("month", Date),
    Column("planned_rows", JSONB, nullable=False),
    Column("planned_total", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("epoch", BigInteger),
    Column("worker", Text),
    Column("backend_pid", Integer),
    Column("backend_start", _INSTANT),
    Column("published", _INSTANT),
    Column("claimed", _INSTANT),
    Column("error", Text),
    Column("error_kind", Text),
    PrimaryKeyConstraint("session", "chunk"),
    _one_of("state", ChunkState),
    Index("chunk_session_month_idx", "session", "month"),
    schema=SCHEMA,
)

# What a chunk is rendered from, as `farm.db.slices` packs it: it is compressed already, so that the
# server is told not to try. Written with the history and never changed.
Table(
    "slice",
    metadata,
    _session(),
    Column("chunk", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("session", "chunk"),
    schema=SCHEMA,
)

Table(
    "chunk_commit",
    metadata,
    Column("session", Integer, nullable=False),
    Column("chunk", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("rows", JSONB, nullable=False),
    Column("rows_total", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("generator_version", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("read_s", Double, nullable=False),
    Column("make_s", Double, nullable=False),
    Column("encode_s", Double, nullable=False),
    Column("copy_s", Double, nullable=False),
    Column("commit_s", Double),
    Column("peak_rss_mb", Double, nullable=False),
    Column("committed_at", _INSTANT, nullable=False),
    PrimaryKeyConstraint("session", "chunk"),
    ForeignKeyConstraint(["session", "chunk"], ["ops.chunk.session", "ops.chunk.chunk"]),
    schema=SCHEMA,
)

# Figures of a completed session (`session`) and of everything up to its end (`cumulative`). One for
# which there is nothing to divide by, such as feed conversion without growth, has no row.
Table(
    "metric",
    metadata,
    _session(),
    Column("scope", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Double, nullable=False),
    Column("unit", Text, nullable=False),
    PrimaryKeyConstraint("session", "scope", "name"),
    _one_of("scope", ("session", "cumulative")),
    schema=SCHEMA,
)

# One row for each check and run of `farm validate`. `session` is the one looked at, null for all;
# `generator_version` is null in runs of generators before the fourth.
Table(
    "check_result",
    metadata,
    Column("run_time", _INSTANT, nullable=False),
    Column("session", Integer),
    Column("check_id", Text, nullable=False),
    Column("check_group", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("measured", Double, nullable=False),
    Column("low", Double, nullable=False),
    Column("high", Double, nullable=False),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("offenders", JSONB, nullable=False),
    Column("generator_version", Integer),
    PrimaryKeyConstraint("run_time", "check_id"),
    _one_of("check_group", ("integrity", "business", "statistics")),
    schema=SCHEMA,
)
