"""The chords: how work reaches the workers. The only module of orchestration that knows Celery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import uuid4

from celery import Celery, group
from celery.backends.redis import CHORD_PART_RETURN_LUA, RedisBackend, ResultConsumer
from celery.canvas import Signature
from celery.exceptions import BackendError, OperationalError
from kombu.exceptions import BatchPublishError

from farm.domain.address import ChunkAddress, kind_of_code
from farm.domain.calendar import Month
from farm.errors import ServiceUnavailable
from farm.orchestration.delivery import CONTROL, RENDER, SIMULATE
from farm.orchestration.script import QuickScript

SIMULATE_TASK = "farm.simulate"
RENDER_TASK = "farm.render"
CLOSE_MONTH_TASK = "farm.close_month"
ADVANCE_TASK = "farm.advance"

#: Headers of one chord. Each carries a copy of the body, and Redis joins them in one step.
MAX_HEADERS = 2_000


def make_app(settings: Callable[[], Mapping[str, Any]], include: Sequence[str] = ()) -> Celery:
    """Return a Celery app that asks for its settings when it first needs them.

    ``include`` are the modules with tasks that a worker of this app imports.
    """
    app = Celery("farm", set_as_current=False, include=list(include))
    app.add_defaults(settings)
    return app


class _NoConsumer(ResultConsumer):  # type: ignore[misc] # Celery ships no types
    """Subscribes to nothing."""

    def start(self, *_args: Any, **_options: Any) -> None:
        """Open no subscription."""

    def consume_from(self, task_id: str) -> None:
        """Do not wait for this result."""

    def cancel_for(self, task_id: str) -> None:
        """Have nothing to cancel."""


class UnwatchedBackend(RedisBackend):  # type: ignore[misc]
    """Redis results that chords count and nobody waits for: ``result.get()`` would not return.

    Celery's own subscribes the publisher to every result of a chord, one by one, and never reads
    them: they pile up in Redis for a client that does not listen. A chord counts its header by
    itself; a result of each task beside that would be written, published and read by nobody.
    """

    ResultConsumer = _NoConsumer

    @cached_property
    def _chord_part_return_script(self) -> QuickScript:
        """What counts a chord's results, once for each task however often it is called."""
        errors = (*self.connection_errors, *self.channel_errors)
        return QuickScript(self.client, CHORD_PART_RETURN_LUA, errors)

    def _store_result(self, _task_id: str, result: Any, *_: Any, **_options: Any) -> Any:
        """Keep nothing."""
        return result


class CeleryPublisher:
    """Publishes chunks as chords. Messages are strings: session, subject or geography, month.

    Every chord has `farm.advance` as its errback. A chord's body may come early, twice or never;
    it only asks the ledger.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app

    def simulate(self, session: int, chunks: Sequence[ChunkAddress]) -> None:
        """Publish the chord that simulates these geographies and then advances the session."""
        header = [
            self._task(SIMULATE_TASK, SIMULATE, session=str(session), geography=chunk.subject)
            for chunk in chunks
        ]
        self._publish(session, header, lambda: self._advance(session))

    def render(self, session: int, month: Month, chunks: Sequence[ChunkAddress]) -> None:
        """Publish the chord (or several) that renders these chunks and then closes the month."""
        header = [
            self._task(
                RENDER_TASK, RENDER, session=str(session), subject=chunk.subject, month=str(month)
            )
            for chunk in chunks
        ]
        self._publish(session, header, lambda: self._close_month(session, month))

    def close_month(self, session: int, month: Month) -> None:
        """Publish the task that closes one month."""
        self._send(self._close_month(session, month))

    def _publish(
        self, session: int, header: Sequence[Signature], body: Callable[[], Signature]
    ) -> None:
        for part in _cut(header, MAX_HEADERS):
            closing = body().on_error(self._advance(session))
            # A chord of one would become a chain, whose errback differs; it needs no chord at all.
            # The others are sent as `chord` would send its header, except that `chord` keeps no
            # producer and so sends message by message.
            if len(part) == 1:
                self._send(part[0].set(link=[closing], link_error=[self._advance(session)]))
            else:
                self._send(group(part, app=self._app), chord=closing)

    def _advance(self, session: int) -> Signature:
        return self._task(ADVANCE_TASK, CONTROL, session=str(session))

    def _close_month(self, session: int, month: Month) -> Signature:
        return self._task(CLOSE_MONTH_TASK, CONTROL, session=str(session), month=str(month))

    def _task(self, name: str, queue: str, **address: str) -> Signature:
        """Return a message: immutable, so that a chord's results are not put in front."""
        readable = ".".join((name.removeprefix("farm."), *address.values()))
        return self._app.signature(
            name,
            kwargs=address,
            immutable=True,
            queue=queue,
            task_id=f"{readable}.{uuid4().hex[:12]}",
            kwargsrepr=shown(address),
        )

    def _send(self, message: Signature, **options: Any) -> None:
        """Send a signature's messages in one pipeline: half the cost of one after the other."""
        lost = (
            *(OperationalError, BackendError, BatchPublishError, OSError),
            *self._app.backend.connection_errors,
        )
        try:
            with self._app.producer_or_acquire() as producer, producer.batch():
                # Declaring its queue for each message takes a sixth of sending it; workers do.
                message.apply_async(producer=producer, declare=(), **options)
        except lost as error:
            raise ServiceUnavailable(f"the broker did not take the messages: {error}") from error


def shown(address: Mapping[str, Any]) -> str:
    """Return an address as Flower shows and finds it: ``session=1 batch=… month=2016-03``.

    What is rendered is called by its kind, ``batch`` or ``area``.
    """
    named = {
        kind_of_code(value) if name == "subject" else name: value for name, value in address.items()
    }
    return " ".join(f"{name}={value}" for name, value in named.items())


def _cut(items: Iterable[Signature], size: int) -> Iterator[list[Signature]]:
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
