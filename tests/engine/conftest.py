"""Tests that need a container engine; without one they are skipped, and the report says why.

Where `FARM_REQUIRE_ENGINE` is set (to anything), a missing engine is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_docker_tools.wrappers import container as published

from tests.engine.stack import Stack, why_no_engine

#: Read before the settings of whoever runs the tests are taken out of the environment.
REQUIRED = bool(os.environ.get("FARM_REQUIRE_ENGINE"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail, before any fixture looks for the engine."""
    if item.get_closest_marker("engine") and (reason := why_no_engine()):
        if REQUIRED:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _ports_are_published_here() -> Iterator[None]:
    """Reach containers at their published ports, even where `/.dockerenv` looks like a container.

    The tools behind pytest-celery take that file for the sign that they share a network with what
    they start.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "tests_inside_container", lambda: False)
        yield


@pytest.fixture(scope="session")
def image(_clean_environment: None) -> Iterator[str]:
    """This project's image under a name of its own, built once and removed at the end."""
    stack = Stack()
    stack.compose("build", "--quiet", "coordinator")
    yield stack.image
    stack.remove_image()
