"""Holding a session in the middle of its chunks, for as long as a test needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import psycopg

#: Longer than anything takes on a busy machine; only a hang reaches it.
PATIENCE_S = 120.0
_POLL_S = 0.1

#: A number for the lock that no part of the farm uses.
_LOCK = 1906

_GATE = f"""
CREATE FUNCTION pg_temp.gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({_LOCK});
  RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE INSERT ON ops.chunk_commit FOR EACH ROW
  WHEN (NEW.chunk NOT LIKE '%/simulate') EXECUTE FUNCTION pg_temp.gate();
"""
_AT_THE_GATE = f"SELECT count(*) FROM pg_locks WHERE objid = {_LOCK} AND NOT granted"
_RUNNING = """
SELECT split_part(split_part(worker, '@', 2), '/', 1), chunk, month
  FROM ops.chunk WHERE state = 'running' ORDER BY chunk
"""


class Running(NamedTuple):
    """A chunk and who works on it; in a container, the host is the container's short id."""

    host: str
    chunk: str
    month: date


@contextmanager
def rendering_held_back(url: str) -> Iterator[Callable[[int], list[Running]]]:
    """Let no rendered chunk commit: workers come to stand between its rows and its marker.

    Yields a function that returns these chunks as soon as they are as many as it is told.
    """
    with psycopg.connect(url, autocommit=True) as connection:

        def waiting(number: int) -> list[Running]:
            until(lambda: connection.execute(_AT_THE_GATE).fetchone() == (number,))
            return [Running(*row) for row in connection.execute(_RUNNING)]

        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        connection.execute(_GATE)
        try:
            yield waiting
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
            connection.execute("DROP TRIGGER gate ON ops.chunk_commit")


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it takes too long."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE_S, "waited too long"
        time.sleep(_POLL_S)
