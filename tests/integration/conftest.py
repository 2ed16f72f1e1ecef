"""One finished farm for all tests that look at one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from farm.cli import errors
from farm.cli.main import cli
from tests.integration.validation.finished_farm import Finished, make
from tests.servers import Databases


@pytest.fixture(scope="session")
def finished(databases: Databases) -> Iterator[Finished]:
    """The finished smoke scenario, to ask and to damage."""
    with databases.migrated() as url:
        scenario = make(url)
        with Finished.at(url, scenario) as made:
            yield made


@pytest.fixture
def farm(finished: Finished, redis_url: str, tmp_path, monkeypatch, capsys):
    """Runs commands on the finished farm; returns the exit code and what was printed."""
    monkeypatch.setenv("FARM_HOME", str(tmp_path))
    monkeypatch.setenv("FARM_DATABASE_URL", finished.url)
    monkeypatch.setenv("FARM_REDIS_URL", redis_url)

    def run(*args: str):
        code = errors.run(cli, list(args))
        return code, *capsys.readouterr()

    return run
