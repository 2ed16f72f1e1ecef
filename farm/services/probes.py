"""What a server says about itself: reachable, new enough, set up for keeping messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg
import redis

from farm.errors import ServiceUnavailable
from farm.settings.secrets import mask

_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class RedisFacts:
    """What matters of a Redis-protocol server."""

    version: tuple[int, ...]
    keeps_messages: bool  #: an append-only file: a restart loses at most a second
    eviction: str  #: what it does when memory is full; anything but noeviction loses messages


@dataclass(frozen=True, slots=True)
class PostgresFacts:
    """What matters of a PostgreSQL database and this user's rights in it."""

    version: int  #: 180006 is 18.6
    has_btree_gist: bool  #: installed, or there to be installed
    may_create: bool  #: schemas in the database and tables in `public`
    clients: tuple[str, ...]  #: names of the farm's other connections


def answers(url: str) -> bool:
    """Return whether a server takes this URL's login now."""
    try:
        if url.startswith("postgresql"):
            psycopg.connect(url, connect_timeout=_TIMEOUT_S).close()
        else:
            with _client(url) as client:
                client.ping()
    except (psycopg.Error, redis.RedisError, OSError):
        return False
    return True


def redis_facts(url: str) -> RedisFacts:
    """Ask a Redis-protocol server; raises ServiceUnavailable when it does not answer."""
    try:
        with _client(url) as client:
            info = dict(client.info())
    except (redis.RedisError, OSError) as error:
        raise _unusable("Redis", error) from error
    return RedisFacts(
        version=tuple(int(part) for part in str(info["redis_version"]).split(".")[:2]),
        keeps_messages=bool(int(info.get("aof_enabled", 0))),
        eviction=str(info.get("maxmemory_policy", "unknown")),
    )


def postgres_facts(url: str) -> PostgresFacts:
    """Ask a database; raises ServiceUnavailable when it does not answer."""
    try:
        with closing(psycopg.connect(url, connect_timeout=_TIMEOUT_S, autocommit=True)) as found:
            row = found.execute(_RIGHTS).fetchone() or (False, False)
            clients = tuple(str(name) for (name,) in found.execute(_CLIENTS))
            return PostgresFacts(found.info.server_version, bool(row[0]), bool(row[1]), clients)
    except psycopg.Error as error:
        raise _unusable("PostgreSQL", error) from error


def has_schema(url: str, name: str) -> bool:
    """Return whether a database has a schema; raises ServiceUnavailable when it does not answer."""
    try:
        with closing(psycopg.connect(url, connect_timeout=_TIMEOUT_S, autocommit=True)) as found:
            return found.execute("SELECT to_regnamespace(%s)", [name]).fetchone() != (None,)
    except psycopg.Error as error:
        raise _unusable("PostgreSQL", error) from error


def delete_keys(url: str, prefix: str) -> int:
    """Delete every key that begins with a prefix, and return how many there were.

    Raises ServiceUnavailable when the server does not answer.
    """
    try:
        with _client(url) as client:
            return sum(client.unlink(*keys) for keys in _in_portions(client, prefix))
    except (redis.RedisError, OSError) as error:
        raise _unusable("Redis", error) from error


def _unusable(name: str, error: Exception) -> ServiceUnavailable:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return ServiceUnavailable(f"{name} cannot be used: {mask(lines[0])}")


def _in_portions(client: redis.Redis, prefix: str) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    for key in client.scan_iter(match=f"{prefix}*", count=1000):
        portion.append(key)
        if len(portion) == 1000:
            yield portion
            portion = []
    if portion:
        yield portion


def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)


_RIGHTS = """
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist'),
       has_database_privilege(current_database(), 'CREATE')
       AND has_schema_privilege('public', 'CREATE')
"""

_CLIENTS = """
SELECT DISTINCT application_name FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'farm:%'
   AND pid <> pg_backend_pid()
 ORDER BY application_name
"""
