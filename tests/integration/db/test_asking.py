"""Prepared statements asked together: as if one had followed the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from psycopg import sql

from farm.db.asking import Prepared, Question
from farm.db.connection import Connection
from farm.errors import ContractBroken, DatabaseLost
from tests.integration.db.tiny_farm import Worker

pytestmark = pytest.mark.services

ADD = Prepared.of("add", sql.SQL("INSERT INTO kept VALUES (%(n)s, %(said)s, %(n)s::integer)"))
COUNT = Prepared.of("count", sql.SQL("SELECT count(*), max(n) FROM kept"))


@pytest.fixture
def kept(worker: Worker) -> Worker:
    worker.run("CREATE TABLE kept (n integer CHECK (n > 0), said jsonb, again integer)")
    return worker


def add(n: int) -> Question:
    return ADD.of_values({"n": n, "said": {"it's": None}, "besides": 1})


def test_values_arrive_and_each_statement_is_answered(kept: Worker) -> None:
    with kept.database.transaction_with(add(1), COUNT.of_values({})) as (connection, answers):
        assert [answer.ntuples for answer in answers] == [0, 1]
        assert answers[1].get_value(0, 0) == b"1"
        kept.database.commit_with(connection, add(2))
    assert kept.rows("SELECT n, again FROM kept") == [(1, 1), (2, 2)]
    assert kept.one("SELECT said FROM kept LIMIT 1") == {"it's": None}


def test_a_transaction_that_nothing_ends_is_committed(kept: Worker) -> None:
    with kept.database.transaction_with(add(1)):
        pass
    assert kept.one("SELECT count(*) FROM kept") == 1


def test_a_refused_one_leaves_nothing_and_the_connection_goes_on(kept: Worker) -> None:
    with pytest.raises(ContractBroken), kept.database.transaction_with(add(1), add(0), add(2)):
        pass
    assert kept.one("SELECT count(*) FROM kept") == 0
    with (
        pytest.raises(ContractBroken),
        kept.database.transaction_with(add(1)) as (connection, _),
    ):
        kept.database.commit_with(connection, add(0))
    assert kept.one("SELECT count(*) FROM kept") == 0


def test_what_is_prepared_outlives_changes_of_tables_and_failures(kept: Worker) -> None:
    def often(connection: Connection) -> None:
        for _ in range(10):  # psycopg would prepare it, and forget all when a table changes
            connection.execute("SELECT 1")

    kept.database.ask(add(1))
    with kept.database.transaction() as connection:
        often(connection)
        connection.execute("ALTER TABLE kept ADD COLUMN more integer; DROP TABLE IF EXISTS gone")
        often(connection)
    with pytest.raises(ZeroDivisionError), kept.database.transaction():
        raise ZeroDivisionError
    kept.database.ask(add(2))
    assert kept.one("SELECT count(*) FROM kept") == 2


def test_a_new_connection_prepares_anew(kept: Worker, hire: Callable[..., Worker]) -> None:
    kept.database.ask(add(1))
    kept.database.close()
    kept.database.ask(add(2))
    # When the server ends the connection
    with kept.database.transaction() as connection:
        pid = connection.info.backend_pid
    hire().run(f"SELECT pg_terminate_backend({pid}, 5000)")
    with pytest.raises(DatabaseLost):
        kept.database.ask(add(3))
    kept.database.ask(add(4))
    assert kept.rows("SELECT n FROM kept") == [(1,), (2,), (4,)]
