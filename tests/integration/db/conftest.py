"""Fixtures for the tests of farm/db on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integration.db.tiny_farm import Worker


@pytest.fixture
def hire(database_url: str) -> Iterator[Callable[..., Worker]]:
    """Makes workers, each with a connection of its own; closes them at the end."""
    hired: list[Worker] = []

    def one(name: str = "worker-1", **settings: float) -> Worker:
        hired.append(Worker.at(database_url, name, **settings))
        return hired[-1]

    yield one
    for worker in hired:
        worker.database.close()


@pytest.fixture
def worker(hire: Callable[..., Worker]) -> Worker:
    """A worker."""
    return hire()
