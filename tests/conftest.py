"""Fixtures for every test: a clean environment, and real servers for those that ask."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from farm.services.endpoints import Endpoints
from tests.servers import Databases, running_servers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let tests of the database run on another server than the embedded one."""
    parser.addoption(
        "--postgres",
        metavar="URL",
        help="PostgreSQL on which tests make their databases, as a user who may do anything",
    )


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Keep the FARM_* settings of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("FARM_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def servers(
    _clean_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Endpoints]:
    """A real PostgreSQL and a real Redis-protocol server, shared by the whole session."""
    with running_servers(tmp_path_factory.mktemp("servers")) as endpoints:
        yield endpoints


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Makes databases on the session's PostgreSQL, or on the one that `--postgres` names."""
    url = request.config.getoption("--postgres")
    made = Databases(url or request.getfixturevalue("servers").database_url)
    yield made
    made.drop_template()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own, with the farm's tables and no rows."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own, without any table."""
    with databases.empty() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(servers: Endpoints) -> str:
    """The session's Redis-protocol server; tests share it and use keys of their own."""
    return servers.redis_url
