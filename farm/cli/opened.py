"""What most commands begin with: servers up, schema current, ports joined."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from farm.bootstrap import Farm, assemble
from farm.db.connection import check
from farm.db.migrate import upgrade
from farm.errors import ServiceUnavailable
from farm.services.embedded import Services
from farm.settings import logs
from farm.settings.secrets import mask
from farm.settings.settings import Settings


@contextmanager
def opened(settings: Settings, role: str = "cli") -> Iterator[Farm]:
    """Start the embedded servers unless they run, bring the schema up to date, yield the farm.

    What this process logs carries its ``role``; nothing but an answer goes to stdout.

    Raises:
        ServiceUnavailable: a server cannot be started, reached or used.
    """
    logs.configure(settings, role)
    endpoints = Services(settings).start()
    check(endpoints.database_url)
    upgrade(endpoints.database_url, settings.timescale)
    located = settings.with_servers(
        database_url=endpoints.database_url, redis_url=endpoints.redis_url
    )
    farm = assemble(located, role=role)
    try:
        yield farm
    finally:
        farm.close()


def require_redis(farm: Farm) -> None:
    """Raise ServiceUnavailable when Redis does not answer: without it nothing can be sent."""
    try:
        farm.redis.ping()
    except redis.RedisError as error:
        url = mask(str(farm.settings.redis_url))
        raise ServiceUnavailable(f"Redis at {url} cannot be used: {error}") from error
