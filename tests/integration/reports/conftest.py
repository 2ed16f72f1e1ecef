"""One finished farm, and one report of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.reports.site.build import build
from farm.settings.yardsticks import Yardsticks, load_yardsticks
from tests.integration.reports.written import Written
from tests.integration.validation.finished_farm import CONFIG, Finished


@pytest.fixture(scope="session")
def yardsticks() -> Yardsticks:
    """Those of the project."""
    return load_yardsticks(CONFIG)


@pytest.fixture(scope="session")
def farm_url(finished: Finished) -> str:
    """The database of the finished smoke scenario."""
    return finished.url


@pytest.fixture(scope="session")
def written(farm_url: str, yardsticks: Yardsticks, tmp_path_factory) -> Written:
    """The report of that farm, in a folder."""
    out: Path = tmp_path_factory.mktemp("reports") / "out"
    return Written(build(farm_url, out, yardsticks))
