"""One finished farm for all tests that look at one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.validation.finished_farm import Finished, make
from tests.servers import Databases


@pytest.fixture(scope="session")
def finished(databases: Databases) -> Iterator[Finished]:
    """The finished smoke scenario, to ask and to damage."""
    with databases.migrated() as url:
        scenario = make(url)
        with Finished.at(url, scenario) as farm:
            yield farm
