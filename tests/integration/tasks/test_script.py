"""A script on a connection of its own does what redis-py's would, whatever became of either."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import redis

from farm.orchestration.script import QuickScript

pytestmark = pytest.mark.services

NOWHERE = "redis://127.0.0.1:1/0"
COUNT = "return redis.call('INCRBY', KEYS[1], ARGV[1])"


@pytest.fixture
def count(client: redis.Redis) -> Callable[[int], int]:
    script = QuickScript(client, COUNT, (redis.RedisError,))
    return lambda number: script(["farm:counted"], [number])


def test_it_outlives_what_it_is_called_on(count, client):
    assert [count(1), count(2)] == [1, 3]
    # When the server forgets the script
    client.script_flush()
    assert [count(1), count(1)] == [4, 5]
    # When the connection is cut
    client.client_kill_filter(_type="normal", skipme=True)
    assert [count(1), count(1)] == [6, 7]


def test_a_process_forked_from_its_own_has_a_connection_of_its_own(count, client):
    count(1)
    child = os.fork()
    if not child:
        os._exit(count(1) != 2)
    assert os.waitpid(child, 0)[1] == 0
    assert count(1) == 3


def test_an_answer_that_is_not_waited_for_is_nobody_elses(count, client, monkeypatch):
    count(1)
    with monkeypatch.context() as patch:

        def stopped(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(redis.Connection, "read_response", stopped)
        with pytest.raises(KeyboardInterrupt):
            count(1)
    assert count(5) == 7


def test_without_a_server_it_says_so():
    with pytest.raises(redis.ConnectionError):
        QuickScript(redis.Redis.from_url(NOWHERE), COUNT, (redis.RedisError,))(["k"], [1])
