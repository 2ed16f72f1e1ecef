"""All that is promised of the database holds on a server with TimescaleDB as well."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytest_docker_tools import container
from pytest_docker_tools.wrappers import Container

from tests.engine.stack import PROJECT

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

#: Without background workers: they would be connected to the database that others are copied from.
COMMAND = (
    *("postgres", "-c", "shared_preload_libraries=timescaledb", "-c", "fsync=off"),
    *("-c", "timescaledb.max_background_workers=0", "-c", "timescaledb.telemetry_level=off"),
)

timescale = container(
    image="timescale/timescaledb:latest-pg17",
    environment={"POSTGRES_USER": "farm", "POSTGRES_PASSWORD": "farm", "NO_TS_TUNE": "true"},
    ports={"5432/tcp": None},
    tmpfs={"/var/lib/postgresql/data": ""},
    command=list(COMMAND),
    timeout=60,
)


def test_the_tests_of_the_database_pass_with_hypertables(timescale: Container):
    _, port = timescale.get_addr("5432/tcp")
    server = f"postgresql://farm:farm@127.0.0.1:{port}/farm"

    pytest_here = (sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider")
    done = subprocess.run(
        [*pytest_here, "tests/integration/db", "--postgres", server],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "no extension timescaledb" not in done.stdout, "tests of hypertables were left out"
