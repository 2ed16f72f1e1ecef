"""The chords: how work reaches the workers. The only module of orchestration that knows Celery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from celery import Celery
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


class Message(NamedTuple):
    """A task by its name, the queue it goes to, and the address it is given, in strings."""

    task: str
    queue: str
    address: Mapping[str, str]

    def options(self) -> dict[str, Any]:
        """Return what Celery is told: every time another id, that says whose message it is."""
        readable = ".".join((self.task.removeprefix("farm."), *self.address.values()))
        return {
            "kwargs": self.address,
            "queue": self.queue,
            "task_id": f"{readable}.{uuid4().hex[:12]}",
            "argsrepr": "()",
            "kwargsrepr": shown(self.address),
        }


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
            Message(SIMULATE_TASK, SIMULATE, {"session": str(session), "geography": chunk.subject})
            for chunk in chunks
        ]
        self._publish(session, header, _advancing(session))

    def render(self, session: int, month: Month, chunks: Sequence[ChunkAddress]) -> None:
        """Publish the chord (or several) that renders these chunks and then closes the month."""
        of, when = str(session), str(month)
        header = [
            Message(RENDER_TASK, RENDER, {"session": of, "subject": chunk.subject, "month": when})
            for chunk in chunks
        ]
        self._publish(session, header, _closing(session, month))

    def close_month(self, session: int, month: Month) -> None:
        """Publish the task that closes one month."""
        self._send([_closing(session, month)])

    def _publish(self, session: int, header: Sequence[Message], body: Message) -> None:
        for part in _cut(header, MAX_HEADERS):
            closing = self._signature(body).on_error(self._signature(_advancing(session)))
            # A chord of one would become a chain, whose errback differs; it needs no chord at all.
            if len(part) == 1:
                errback = self._signature(_advancing(session))
                self._send(part, link=[closing], link_error=[errback])
            else:
                self._send(part, group_id=str(uuid4()), chord=closing)

    def _signature(self, message: Message) -> Signature:
        """Return a message to be sent later; immutable: no results are put in front."""
        return self._app.signature(message.task, immutable=True, **message.options())

    def _send(
        self, messages: Sequence[Message], *, group_id: str | None = None, **options: Any
    ) -> None:
        """Send messages in one pipeline: half the cost of one after the other.

        With a group they are the header of a chord. `celery.chord` would send the same, but make
        each message from copies of signatures, half as long again, and keep no producer.
        """
        app = self._app
        lost = (
            *(OperationalError, BackendError, BatchPublishError, OSError),
            *app.backend.connection_errors,
        )
        try:
            with app.producer_or_acquire() as producer, producer.batch():
                if group_id is not None:
                    app.backend.set_chord_size(group_id, len(messages))
                for index, message in enumerate(messages):
                    app.send_task(
                        message.task,
                        producer=producer,
                        # Declaring its queue takes a sixth of sending a message; workers do.
                        declare=(),
                        add_to_parent=False,
                        group_id=group_id,
                        group_index=None if group_id is None else index,
                        **message.options(),
                        **options,
                    )
        except lost as error:
            raise ServiceUnavailable(f"the broker did not take the messages: {error}") from error


def _advancing(session: int) -> Message:
    return Message(ADVANCE_TASK, CONTROL, {"session": str(session)})


def _closing(session: int, month: Month) -> Message:
    return Message(CLOSE_MONTH_TASK, CONTROL, {"session": str(session), "month": str(month)})


def shown(address: Mapping[str, Any]) -> str:
    """Return an address as Flower shows and finds it: ``session=1 batch=… month=2016-03``.

    What is rendered is called by its kind, ``batch`` or ``area``.
    """
    named = {
        kind_of_code(value) if name == "subject" else name: value for name, value in address.items()
    }
    return " ".join(f"{name}={value}" for name, value in named.items())


def _cut(items: Iterable[Message], size: int) -> Iterator[list[Message]]:
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
