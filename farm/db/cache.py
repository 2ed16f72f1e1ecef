"""The fast copy of the ledger in Redis, and what is known of the queues there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import redis

from farm.domain.address import ChunkAddress
from farm.errors import ServiceUnavailable
from farm.orchestration.delivery import KEY_PREFIX, QUEUES
from farm.orchestration.script import QuickScript
from farm.settings.secrets import mask

#: KEYS: set of addresses, hash of counters. ARGV: address, then table and rows in turns. One step,
#: so that a crash between cannot count a chunk that is not in the set, or the other way round.
_ADD = """
if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then
  for i = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
  return 1
end
return 0
"""

#: How long a worker may be held up by a cache that does not answer.
_TIMEOUT_S = 5.0


def open_client(url: str) -> redis.Redis:
    """Return a client that connects when first used; raises ServiceUnavailable for a bad URL."""
    try:
        return redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            health_check_interval=25,
        )
    except ValueError as error:
        raise ServiceUnavailable(f"FARM_REDIS_URL {mask(url)}: {error}") from error


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise ServiceUnavailable(f"Redis cannot be used: {error}") from error


class RedisLedgerCache:
    """Sets of committed chunks and row counters, one pair of keys per session."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._add = QuickScript(client, _ADD, (redis.RedisError, OSError))

    def add(self, address: ChunkAddress, rows: Mapping[str, int]) -> None:
        """Record a committed chunk. Adding it twice counts it once."""
        values = [str(address)]
        for table, number in rows.items():
            if number:
                values += [table, str(number)]
        with _translated():
            self._add(keys=_keys(address.session), args=values)

    def committed(self, session: int) -> set[str]:
        """Return the addresses recorded for a session."""
        with _translated():
            return cast("set[str]", self._client.smembers(_keys(session)[0]))

    def replace(self, session: int, rows: Mapping[str, Mapping[str, int]]) -> None:
        """Replace a session's record by what PostgreSQL says: address to rows by table."""
        chunks, counters = _keys(session)
        totals: dict[str, int] = {}
        for by_table in rows.values():
            for table, number in by_table.items():
                totals[table] = totals.get(table, 0) + number
        with _translated(), self._client.pipeline(transaction=True) as pipe:
            pipe.delete(chunks, counters)
            if rows:
                pipe.sadd(chunks, *rows)
            if totals:
                pipe.hset(counters, mapping=cast("dict[Any, Any]", totals))
            pipe.execute()

    def counters(self, session: int) -> dict[str, int]:
        """Return the rows recorded for a session, by table; tables without rows are left out."""
        with _translated():
            found = cast("dict[str, str]", self._client.hgetall(_keys(session)[1]))
        return {table: int(number) for table, number in found.items() if int(number)}


class RedisBroker:
    """Looks into the queues that Celery keeps in Redis."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def waiting(self) -> int | None:
        """Return how many messages wait in the queues, None when Redis cannot be reached.

        Messages a worker has taken are not counted: whether it lives, the ledger knows better.
        """
        try:
            with _translated(), self._client.pipeline(transaction=True) as pipe:
                for queue in QUEUES:
                    pipe.llen(f"{KEY_PREFIX}{queue}")
                return sum(int(length) for length in pipe.execute())
        except ServiceUnavailable:
            return None


def _keys(session: int) -> tuple[str, str]:
    return f"{KEY_PREFIX}ledger:{session}:chunks", f"{KEY_PREFIX}ledger:{session}:rows"
