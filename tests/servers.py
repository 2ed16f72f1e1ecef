"""Real servers for tests: PostgreSQL and Valkey in a folder of their own, stopped at the end."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from farm.db import migrate
from farm.services.embedded import Services
from farm.services.endpoints import Endpoints
from farm.settings.settings import load_settings

#: Databases of this test run; another one may use the same server.
_TEMPLATE = f"farm_template_{os.getpid()}"


@contextmanager
def running_servers(home: Path) -> Iterator[Endpoints]:
    """Start both servers in a home, on free ports; stop them at the end."""
    services = Services(load_settings(home=home))
    try:
        yield services.start()
    finally:
        services.stop()


class Databases:
    """Makes databases on one server: empty ones, or copies of one that is migrated once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = itertools.count(1)
        self._has_template = False

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Yield the URL of a new database with the farm's tables."""
        if not self._has_template:
            self._execute("CREATE DATABASE {}", _TEMPLATE)
            migrate.upgrade(self._url_of(_TEMPLATE))
            self._has_template = True
        with self._database("CREATE DATABASE {} TEMPLATE {}", _TEMPLATE) as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a new database without any table."""
        with self._database("CREATE DATABASE {}") as url:
            yield url

    def drop_template(self) -> None:
        """Drop what databases were copied from."""
        self._execute("DROP DATABASE IF EXISTS {}", _TEMPLATE)
        self._has_template = False

    @staticmethod
    def as_user(url: str, user: str, password: str) -> str:
        """Return the URL of the same database for another user."""
        parts = urlsplit(url)
        return f"postgresql://{user}:{password}@{parts.hostname}:{parts.port}{parts.path}"

    @contextmanager
    def _database(self, statement: str, *names: str) -> Iterator[str]:
        name = f"farm_test_{os.getpid()}_{next(self._numbers)}"
        self._execute(statement, name, *names)
        try:
            yield self._url_of(name)
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            identifiers = map(sql.Identifier, names)
            connection.execute(sql.SQL(statement).format(*identifiers))

    def _url_of(self, name: str) -> str:
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()
