"""A chord of the farm's own tasks over three worker nodes in containers, one of which is killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from pytest_celery import (
    CeleryBackendCluster,
    CeleryBrokerCluster,
    CeleryTestSetup,
    CeleryTestWorker,
    CeleryWorkerCluster,
    CeleryWorkerContainer,
    RedisContainer,
    RedisTestBackend,
    RedisTestBroker,
)
from pytest_docker_tools import container, fxtr
from pytest_docker_tools.wrappers import Container

from farm.bootstrap import Farm, assemble, celery_settings
from farm.db import digest, migrate
from farm.domain.scenario import Scenario
from farm.orchestration.canvas import make_app
from farm.orchestration.states import SessionState
from farm.settings.scenarios import load_scenario
from farm.settings.settings import Settings, load_settings, project_config_dir
from tests.engine.holding import Running, rendering_held_back, until

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

GOLDEN = Path(__file__).parent.parent / "golden" / "smoke.json"
POSTGRES_ENVIRONMENT = {"POSTGRES_USER": "farm", "POSTGRES_PASSWORD": "farm", "POSTGRES_DB": "farm"}


class FarmNode(CeleryWorkerContainer):  # type: ignore[misc] # pytest-celery ships no types
    """A container of this project's image, whose entry point is `farm`."""

    @classmethod
    def command(cls, *_args: str, **_options: Any) -> list[str]:
        """Return the farm command that becomes the worker."""
        return ["worker", "--concurrency", "1"]

    @classmethod
    def worker_name(cls) -> str:
        """Return what `farm worker` calls itself before the @."""
        return "worker"


# Data of a test lie in memory: a volume of an image would outlive its container.
postgres = container(
    image="postgres:17",
    environment=POSTGRES_ENVIRONMENT,
    ports={"5432/tcp": None},
    network="{default_pytest_celery_network.name}",
    tmpfs={"/var/lib/postgresql/data": ""},
    timeout=60,
)
default_redis_broker = container(
    image="redis:7",
    ports={"6379/tcp": None},
    network="{default_pytest_celery_network.name}",
    tmpfs={"/data": ""},
    wrapper_class=RedisContainer,
    timeout=60,
    command=fxtr("default_redis_broker_command"),
)


def _node() -> Any:
    return container(
        image="{image}",
        environment=fxtr("default_worker_env"),
        network="{default_pytest_celery_network.name}",
        wrapper_class=FarmNode,
        timeout=60,
        command=fxtr("default_worker_command"),
    )


node_1, node_2, node_3 = _node(), _node(), _node()


@pytest.fixture
def default_worker_container_cls() -> type[FarmNode]:
    """Our worker instead of the built-in one."""
    return FarmNode


@pytest.fixture
def default_worker_env(postgres: Container, default_redis_broker: RedisContainer) -> dict[str, str]:
    """Where a node finds the servers: by the names they have on the network of the test."""
    host = postgres.attrs["Config"]["Hostname"]
    return {
        "FARM_DATABASE_URL": f"postgresql://farm:farm@{host}:5432/farm",
        "FARM_REDIS_URL": default_redis_broker.url,
        "REMAP_SIGTERM": "SIGQUIT",
    }


@pytest.fixture
def settings(postgres: Container, default_redis_broker: RedisContainer, tmp_path: Path) -> Settings:
    """Where this process finds the same servers."""
    _, port = postgres.get_addr("5432/tcp")
    return load_settings(
        home=tmp_path,
        database_url=f"postgresql://farm:farm@127.0.0.1:{port}/farm",
        redis_url=default_redis_broker.host_url,
    )


@pytest.fixture
def celery_broker_cluster(default_redis_broker: RedisContainer) -> Iterator[CeleryBrokerCluster]:
    """One Redis carries the messages; none of the other brokers is tried."""
    cluster = CeleryBrokerCluster(RedisTestBroker(default_redis_broker))
    yield cluster
    cluster.teardown()


@pytest.fixture
def celery_backend_cluster(default_redis_broker: RedisContainer) -> Iterator[CeleryBackendCluster]:
    """The same Redis keeps the results, as in every farm."""
    cluster = CeleryBackendCluster(RedisTestBackend(default_redis_broker))
    yield cluster
    cluster.teardown()


@pytest.fixture
def celery_worker_cluster(
    node_1: FarmNode, node_2: FarmNode, node_3: FarmNode, default_worker_app: Celery
) -> Iterator[CeleryWorkerCluster]:
    """Three nodes with one process each."""
    nodes = (CeleryTestWorker(node, default_worker_app) for node in (node_1, node_2, node_3))
    cluster = CeleryWorkerCluster(*nodes)
    yield cluster
    cluster.teardown()


@pytest.fixture
def celery_setup_app(settings: Settings) -> Celery:
    """The farm's app, with its serialisers, its key prefix and its retries."""
    return make_app(lambda: celery_settings(settings))


@pytest.fixture
def farm(settings: Settings) -> Iterator[Farm]:
    """This process as the coordinator."""
    migrate.upgrade(str(settings.database_url))
    assembled = assemble(settings, role="coordinator")
    yield assembled
    assembled.close()


def test_a_node_killed_amid_a_chord_costs_nothing_but_its_chunk_a_second_try(
    celery_setup: CeleryTestSetup, farm: Farm
):
    # Given three sessions made by three nodes
    assert celery_setup.ready()
    scenario = load_scenario("smoke", project_config_dir())
    for session in (1, 2, 3):
        complete(farm, session, scenario)

    # And a server that looks, while it waits, whether who asked is still there: what was said last,
    # marker and commit, it would carry out for a dead node as well
    with farm.database.statement() as connection:
        connection.execute("ALTER SYSTEM SET client_connection_check_interval = '100ms'")
    with farm.database.statement() as connection:
        connection.execute("SELECT pg_reload_conf()")

    # And, in the fourth, each node between the rows and the marker of a chunk of the same chord
    with rendering_held_back(farm.database.url) as waiting:
        farm.submit(4, scenario)
        begun = waiting(3)
        assert len({chunk.month for chunk in begun}) == 1
        nodes = {node.container.id[:12]: node for node in celery_setup.worker_cluster}
        assert {chunk.host for chunk in begun} == nodes.keys()

        # When one of them is killed
        lost, *others = begun
        nodes.pop(lost.host).kill()
        waiting(2)

    # Then the session completes, the lost chunk was made by another node, the others only once
    complete(farm, 4, scenario)
    assert tries(farm, lost)[0] > 1
    assert tries(farm, lost)[1] in nodes
    assert [tries(farm, chunk) for chunk in others] == [(1, chunk.host) for chunk in others]
    # And the chord's body ran on a node that was left
    body = f"Task farm.close_month[close_month.4.{lost.month:%Y-%m}."
    assert any(body in node.logs() for node in nodes.values())
    # And the data are those of an undisturbed run
    with farm.database.snapshot() as connection:
        assert digest.digest(connection).as_json() == json.loads(GOLDEN.read_text())


def complete(farm: Farm, session: int, scenario: Scenario) -> None:
    """Submit a session and look after it until it is completed."""
    farm.submit(session, scenario)
    reconciler = farm.reconciler()

    def is_completed() -> bool:
        reconciler.step()
        (state,) = (row.state for row in farm.ledger.sessions() if row.session == session)
        assert state is not SessionState.FAILED
        return state is SessionState.COMPLETED

    until(is_completed)


def tries(farm: Farm, chunk: Running) -> tuple[int, str]:
    """Return how often a chunk was begun, and the host that committed it."""
    query = """
        SELECT attempts, split_part(split_part(m.worker, '@', 2), '/', 1)
          FROM ops.chunk JOIN ops.chunk_commit AS m USING (session, chunk)
         WHERE session = 4 AND chunk = %s
    """
    with farm.database.snapshot() as connection:
        ((attempts, host),) = connection.execute(query, [chunk.chunk]).fetchall()
    return int(attempts), str(host)
