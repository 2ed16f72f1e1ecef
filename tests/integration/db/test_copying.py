"""Several COPYs at once: as if one had followed the other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import pytest

from farm.db.copying import CopyIn, copy_in
from farm.errors import ContractBroken, DatabaseLost
from tests.integration.db.tiny_farm import Worker

pytestmark = pytest.mark.services


def copy_of(table: str, numbers: Sequence[int]) -> CopyIn:
    """Return the COPY of these numbers, its bytes in three parts."""
    rows = b"".join(struct.pack("!hii", 1, 4, number) for number in numbers)
    header = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
    statement = f"COPY {table} FROM STDIN (FORMAT BINARY)".encode()
    return CopyIn(statement, (header, rows, struct.pack("!h", -1)))


@pytest.fixture
def tables(worker: Worker) -> Worker:
    worker.run("CREATE TABLE first (n integer); CREATE TABLE second (n integer CHECK (n > 0))")
    return worker


def test_each_table_gets_its_rows_whatever_their_size(tables: Worker) -> None:
    seen = []
    large = range(1_000_000)  # ten megabytes: more than a socket takes at once
    with tables.database.transaction() as connection:
        copy_in(
            connection,
            [copy_of("first", large), copy_of("second", [1, 2]), copy_of("first", [])],
            lambda: seen.append(1),
        )
    assert tables.one("SELECT sum(n) FROM first") == sum(large)
    assert tables.one("SELECT array_agg(n) FROM second") == [1, 2]
    assert len(seen) == 3


def test_a_refused_one_ends_them_all_and_the_connection_goes_on(tables: Worker) -> None:
    bad = [copy_of("first", [1]), copy_of("second", [0]), copy_of("first", [2])]
    backend = tables.one("SELECT pg_backend_pid()")
    with (
        pytest.raises(ContractBroken, match="refused the rows"),
        tables.database.transaction() as connection,
    ):
        copy_in(connection, bad)
    assert tables.one("SELECT count(*) FROM first") == 0
    assert tables.one("SELECT pg_backend_pid()") == backend


def test_a_connection_that_is_ended_meanwhile_counts_as_lost(
    tables: Worker, hire: Callable[..., Worker]
) -> None:
    backend, other = tables.one("SELECT pg_backend_pid()"), hire("other")

    def end_it() -> None:
        other.run(f"SELECT pg_terminate_backend({backend}, 5000)")

    two = [copy_of("first", [1]), copy_of("second", range(1, 1_000_000))]
    with pytest.raises(DatabaseLost), tables.database.transaction() as connection:
        copy_in(connection, two, end_it)
    # The next use opens another connection, and nothing is there
    assert tables.one("SELECT count(*) FROM first") == 0
