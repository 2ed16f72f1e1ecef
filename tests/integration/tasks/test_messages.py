"""What really lies in the queues, and the fast copy of the ledger beside them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import redis

from farm.bootstrap import celery_settings
from farm.db.cache import RedisBroker, RedisLedgerCache, open_client
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ServiceUnavailable
from farm.orchestration import canvas, transport
from farm.orchestration.canvas import CeleryPublisher, make_app
from farm.orchestration.delivery import delivery_settings
from farm.settings.settings import Settings

pytestmark = pytest.mark.services

MARCH = Month(2016, 3)
CHUNKS = [ChunkAddress(1, f"FO-2015-0{n}", MARCH) for n in (5, 6, 7)]
NOWHERE = "redis://127.0.0.1:1/0"
TLS = "rediss://127.0.0.1:1/0?ssl_cert_reqs=required"


@pytest.fixture
def publisher(settings: Settings) -> CeleryPublisher:
    return CeleryPublisher(make_app(lambda: celery_settings(settings)))


def waiting(client: redis.Redis, queue: str) -> list[dict[str, Any]]:
    """Return the messages of a queue, oldest first, with their bodies read."""
    raw = client.lrange(f"farm:{queue}", 0, -1)
    messages = [json.loads(text) for text in reversed(raw)]
    for message in messages:
        message["body"] = json.loads(base64.b64decode(message["body"]))
    return messages


def test_a_message_is_an_address_that_flower_shows(publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    messages = waiting(client, "render")
    args, kwargs, _ = messages[2]["body"]
    assert (args, kwargs) == ([], {"session": "1", "subject": "FO-2015-07", "month": "2016-03"})
    headers = messages[2]["headers"]
    assert headers["task"] == "farm.render"
    assert headers["kwargsrepr"] == "session=1 batch=FO-2015-07 month=2016-03"
    assert headers["id"].startswith("render.1.FO-2015-07.2016-03.")
    assert messages[2]["content-type"] == "application/json"


def test_messages_are_taken_up_and_acknowledged_with_one_client(settings, publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    app = make_app(lambda: celery_settings(settings))
    with app.connection_for_read() as connection:
        assert isinstance(connection.default_channel, transport.Channel)
        channel: Any = connection.default_channel
        used = set()
        for left in (2, 1, 0):
            message = channel.basic_get("render")
            with channel.conn_or_acquire() as one:
                used.add(one)
            assert client.hlen("farm:unacked") == 1
            message.ack()
            assert (client.llen("farm:render"), client.hlen("farm:unacked")) == (left, 0)
        assert len(used) == 1

        # Once its connections are dropped, as after an outage, it is one of the new ones
        channel._disconnect_pools()
        with channel.conn_or_acquire() as another:
            assert another not in used
            assert another.ping()


def test_a_message_is_acknowledged_with_the_next_or_when_there_is_none(settings, publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    app = make_app(lambda: celery_settings(settings))
    taken: list[Any] = []
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel

        def unacked() -> tuple[int, int]:
            return client.hlen("farm:unacked"), client.zcard("farm:unacked_index")

        queue = app.amqp.queues["render"]
        with app.amqp.TaskConsumer(
            channel, queues=[queue], callbacks=[lambda _, message: taken.append(message)]
        ) as consumer:
            consumer.qos(prefetch_count=1)
            connection.drain_events(timeout=5)
            taken[0].ack()
            # Still noted, but not counted any more: another one is asked for, and pays for both
            assert unacked() == (1, 1)
            connection.drain_events(timeout=5)
            assert len(taken) == 2
            assert unacked() == (1, 1)
            assert client.hexists("farm:unacked", taken[1].delivery_tag)
            # When no other comes
            taken[1].ack()
            channel.qos.restore_visible()
            assert unacked() == (0, 0)
            connection.drain_events(timeout=5)
        # When none is asked for any more
        taken[2].ack()
        assert unacked() == (0, 0)


def test_what_is_noted_outlives_a_connection_that_is_cut(settings, publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    app = make_app(lambda: celery_settings(settings))
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        for left in (2, 1):
            message = channel.basic_get("render")
            assert client.hlen("farm:unacked") == 1
            client.client_kill_filter(_type="normal", skipme=True)
            message.ack()
            assert (client.llen("farm:render"), client.hlen("farm:unacked")) == (left, 0)


def test_tls_is_left_to_kombu(settings):
    given = {**celery_settings(settings), **delivery_settings(TLS, workers=1, memory_limit_mb=999)}
    connection = make_app(lambda: given).connection_for_read()
    assert connection.ssl
    assert not isinstance(connection.transport, transport.Transport)


def test_a_month_is_a_chord_that_ends_in_closing_it_or_in_advancing(publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    for message in waiting(client, "render"):
        body = message["body"][2]["chord"]
        assert (body["task"], body["kwargs"]) == (
            "farm.close_month",
            {"session": "1", "month": "2016-03"},
        )
        assert body["immutable"]
        (errback,) = body["options"]["link_error"]
        assert (errback["task"], errback["kwargs"]) == ("farm.advance", {"session": "1"})


def test_a_month_with_one_chunk_needs_no_chord(publisher, client):
    publisher.render(1, MARCH, CHUNKS[:1])
    (message,) = waiting(client, "render")
    links = message["body"][2]
    assert links["chord"] is None
    assert [link["task"] for link in links["callbacks"]] == ["farm.close_month"]
    assert [link["task"] for link in links["errbacks"]] == ["farm.advance"]


def test_a_month_above_the_limit_is_cut_into_several_chords(publisher, client, monkeypatch):
    monkeypatch.setattr(canvas, "MAX_HEADERS", 2)
    publisher.render(1, MARCH, [*CHUNKS, ChunkAddress(1, "SC-2015-01", MARCH)])
    groups = [message["headers"]["group"] for message in waiting(client, "render")]
    assert len(groups) == 4
    assert len(set(groups)) == 2


def test_simulations_are_a_chord_that_ends_in_advancing(publisher, client):
    chunks = [ChunkAddress.simulation(2, geography) for geography in ("FO", "SC")]
    publisher.simulate(2, chunks)
    messages = waiting(client, "plan")
    assert [m["body"][1] for m in messages] == [
        {"session": "2", "geography": "FO"},
        {"session": "2", "geography": "SC"},
    ]
    assert {m["body"][2]["chord"]["task"] for m in messages} == {"farm.advance"}


def test_sending_the_same_chunk_twice_gives_two_messages_of_different_names(publisher, client):
    publisher.render(1, MARCH, CHUNKS[:1])
    publisher.render(1, MARCH, CHUNKS[:1])
    first, second = (message["headers"]["id"] for message in waiting(client, "render"))
    assert first != second


def test_nobody_subscribes_to_results(publisher, client):
    publisher.render(1, MARCH, CHUNKS)
    assert client.pubsub_channels() == []


def test_a_broker_out_of_reach_is_told_in_one_line(settings):
    app = make_app(
        lambda: (
            celery_settings(settings.model_copy(update={"redis_url": NOWHERE}))
            | {"task_publish_retry": False, "result_backend_always_retry": False}
        )
    )
    with pytest.raises(ServiceUnavailable, match="the broker did not take the messages"):
        CeleryPublisher(app).close_month(1, MARCH)


def test_the_broker_counts_what_waits_in_all_queues(publisher, client):
    broker = RedisBroker(client)
    assert broker.waiting() == 0
    publisher.render(1, MARCH, CHUNKS)
    publisher.close_month(1, MARCH)
    assert broker.waiting() == 4


def test_a_broker_that_cannot_be_asked_is_not_an_empty_one():
    assert RedisBroker(open_client(NOWHERE)).waiting() is None


def test_a_chunk_counts_once_however_often_it_is_added(client):
    cache = RedisLedgerCache(client)
    for _ in range(2):
        cache.add(CHUNKS[0], {"feeding_event": 5, "mortality_event": 0})
    cache.add(CHUNKS[1], {"feeding_event": 2})
    assert cache.committed(1) == {str(CHUNKS[0]), str(CHUNKS[1])}
    assert cache.counters(1) == {"feeding_event": 7}


def test_a_session_is_replaced_as_a_whole_and_others_stay(client):
    cache = RedisLedgerCache(client)
    cache.add(CHUNKS[0], {"feeding_event": 5})
    cache.add(ChunkAddress(2, "FO-2015-07", MARCH), {"feeding_event": 1})
    cache.replace(1, {str(CHUNKS[2]): {"feeding_event": 3}})
    assert (cache.committed(1), cache.counters(1)) == ({str(CHUNKS[2])}, {"feeding_event": 3})
    assert cache.counters(2) == {"feeding_event": 1}
    cache.replace(1, {})
    assert (cache.committed(1), cache.counters(1)) == (set(), {})


def test_a_cache_out_of_reach_raises_only_what_callers_expect():
    cache = RedisLedgerCache(open_client(NOWHERE))
    for call in (lambda: cache.committed(1), lambda: cache.add(CHUNKS[0], {})):
        with pytest.raises(ServiceUnavailable):
            call()
