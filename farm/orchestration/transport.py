"""How workers take messages from Redis: as kombu does it, for half of the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from kombu.transport import redis

from farm.orchestration.script import KeptConnection

# Their methods have no types.
_KombuQoS: Any = redis.QoS
_KombuTransport: Any = redis.Transport


class QoS(_KombuQoS):  # type: ignore[misc]
    """Notes what is taken up, and with it what was acknowledged since: one round trip for both.

    kombu's own takes one for each, and each as a transaction with twice as many replies. Neither
    needs to be one: cut off between its commands, a message is at worst made again, or lost as if
    it had been between being taken up and being noted; the ledger notices either.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owed: list[str] = []

    @contextmanager
    def pipe_or_acquire(self, pipe: Any = None) -> Iterator[Any]:
        """Yield the pipeline that is given, else notes that begin with what is owed."""
        if pipe is None:
            pipe = Notes(self.channel)
            if self._owed:
                pipe.zrem(self.unacked_index_key, *self._owed)
                pipe.hdel(self.unacked_key, *self._owed)
        yield pipe

    def append(self, message: Any, delivery_tag: str) -> None:
        """Note a message that is taken up, and remove those that are owed."""
        super().append(message, delivery_tag)
        self._owed.clear()

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message: with the next that is taken up, at once if none is asked for."""
        self._owed.append(delivery_tag)
        self._quick_ack(delivery_tag)
        if not (self.channel.active_queues and self.can_consume()):
            self.settle()

    def settle(self) -> None:
        """Acknowledge what is owed."""
        if self._owed:
            with self.pipe_or_acquire() as pipe:
                pipe.execute()
            self._owed.clear()

    def restore_visible(self, *args: Any, **options: Any) -> None:
        """Every few seconds: acknowledge what is owed, look for messages of dead workers."""
        self.settle()
        super().restore_visible(*args, **options)

    def restore_unacked_once(self, stderr: Any = None) -> None:
        """Give back, at the end, what was taken up and not acknowledged."""
        with suppress(*self.channel.connection_errors):
            self.settle()
        super().restore_unacked_once(stderr)


class Notes:
    """A pipeline of the few commands that note messages, each with the name redis-py gives it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._commands: list[tuple[Any, ...]] = []

    def zadd(self, key: str, scores: Mapping[str, float]) -> Notes:
        """Note when messages were taken up."""
        self._commands += [("ZADD", key, score, tag) for tag, score in scores.items()]
        return self

    def hset(self, key: str, tag: str, message: str) -> Notes:
        """Note a message."""
        self._commands.append(("HSET", key, tag, message))
        return self

    def zrem(self, key: str, *tags: str) -> Notes:
        """Forget when messages were taken up."""
        self._commands.append(("ZREM", key, *tags))
        return self

    def hdel(self, key: str, *tags: str) -> Notes:
        """Forget messages."""
        self._commands.append(("HDEL", key, *tags))
        return self

    def execute(self) -> list[Any]:
        """Send what was noted. Doing so twice is harmless."""
        return self._channel.note(self._commands)


class Channel(redis.Channel):
    """A channel that keeps the client and connection with which it notes what becomes of messages.

    kombu's own makes a client each time, and redis-py a pipeline, twice for every message: a fifth
    of what a message costs the worker's main process. Both come from the channel's pool.
    """

    QoS = QoS
    _kept: Any = None
    _connection: KeptConnection

    @contextmanager
    def conn_or_acquire(self, client: Any = None) -> Iterator[Any]:
        """Yield the client that is given, else the one that is kept, of the pool there is now."""
        if client is None and (self._kept is None or self._kept.connection_pool is not self.pool):
            with super().conn_or_acquire() as self._kept:
                self._connection = KeptConnection(self._kept)
        yield client or self._kept

    def note(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Carry out commands, key first, on the kept connection; redis-py sees to a lost one."""
        with self.conn_or_acquire() as client:
            try:
                return self._connection.ask(
                    *((name, self.global_keyprefix + key, *rest) for name, key, *rest in commands)
                )
            except self.connection_errors:
                pipe = client.pipeline(transaction=False)
                for command in commands:
                    pipe.execute_command(*command)
                answers: list[Any] = pipe.execute()
                return answers


class Transport(_KombuTransport):  # type: ignore[misc]
    """Messages through Redis, as kombu sends them."""

    Channel = Channel

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        """Have the loop watch the connections: kombu says so before each wait, here it is once."""
        super().register_with_event_loop(connection, WatchedOnce(loop))


class WatchedOnce:
    """An event loop that need not be told again of a reader that it has."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop

    def add_reader(self, fd: int, callback: Any, *args: Any) -> None:
        """Watch a file unless this callback is what it is watched for."""
        if self._loop.readers.get(fd) != (callback, args):
            self._loop.add_reader(fd, callback, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)
