"""Several COPYs asked for at once: the server goes from one to the next without a round trip.

psycopg's own `Cursor.copy` waits for the server twice per table; a chunk has many small tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg.abc import PQGen
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn

from farm.db.asking import error_of, flushed, next_result
from farm.db.connection import Connection

#: libpq keeps what the socket does not take yet; it is given no more than this at a time.
_PIECE = 4 * 2**20


@dataclass(frozen=True, slots=True)
class CopyIn:
    """A ``COPY ... FROM STDIN (FORMAT BINARY)`` and its data."""

    statement: bytes
    parts: Sequence[bytes | memoryview]


def copy_in(
    connection: Connection, copies: Sequence[CopyIn], copied: Callable[[], None] = lambda: None
) -> None:
    """Carry out COPYs one after the other, inside a transaction; ``copied`` is called after each.

    Raises:
        psycopg.Error: the server refused one; those after it were not begun.
    """
    if copies:
        connection.wait(_copying(connection.pgconn, copies, copied))


def _copying(pgconn: PGconn, copies: Sequence[CopyIn], copied: Callable[[], None]) -> PQGen[None]:
    pgconn.send_query(b"; ".join(copy.statement for copy in copies))
    yield from flushed(pgconn)
    waiting_for_data = iter(copies)
    refused = None
    while (result := (yield from next_result(pgconn))) is not None:
        if result.status == ExecStatus.COPY_IN:
            yield from _sent(pgconn, next(waiting_for_data).parts)
        elif result.status == ExecStatus.COMMAND_OK:
            copied()
        else:
            refused = refused or error_of(result)
    if refused is not None:
        raise refused


def _sent(pgconn: PGconn, parts: Sequence[bytes | memoryview]) -> PQGen[None]:
    for part in parts:
        for begin in range(0, len(part), _PIECE):
            while not pgconn.put_copy_data(part[begin : begin + _PIECE]):
                yield from flushed(pgconn)
    while not pgconn.put_copy_end():
        yield from flushed(pgconn)
    yield from flushed(pgconn)
