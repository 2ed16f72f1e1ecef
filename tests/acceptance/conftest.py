"""Homes for the acceptance tests: each a farm of its own, stopped at the end by its own command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.homes import MAKE, Home

SCENARIO = "smoke"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home."""
    made = Home(tmp_path / "home")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def quiet_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home in which one worker made the whole smoke scenario undisturbed."""
    made = Home(tmp_path_factory.mktemp("quiet") / "home")
    made.farm(*MAKE, "--scenario", SCENARIO, "--workers", "1")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def quiet_digest(quiet_home: Home) -> Any:
    """What an undisturbed run generates."""
    return quiet_home.digest()


@pytest.fixture
def assert_invariants(quiet_digest: Any) -> Callable[[Home], None]:
    """The promises that hold after every fault."""

    def check(home: Home) -> None:
        status = home.json("status")
        assert [s["status"] for s in status["sessions"]] == ["completed"] * 4
        # exactly once: what the markers promise is what the tables hold, nothing else
        digest = home.digest()
        promised = dict(
            home.sql(
                "SELECT key, sum(value::bigint)::bigint"
                " FROM ops.chunk_commit, jsonb_each_text(rows)"
                " WHERE chunk NOT LIKE '%/simulate' GROUP BY key"
            )
        )
        for table, rows in promised.items():
            assert digest["tables"][table]["rows"] == rows, table
        # bit-identical: the same bytes as in the quiet home
        assert digest == quiet_digest
        # no leaks: nobody is left in the database, no message waits
        assert home.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'farm:worker%'"
        ) == [(0,)]

    return check
