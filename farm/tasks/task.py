"""The task all tasks are made of: logs, progress, retries. What is done lives in orchestration."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import redis
from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError

from farm.domain.address import ChunkAddress
from farm.errors import DiskFull, ServiceUnavailable
from farm.orchestration.canvas import shown
from farm.orchestration.ports import Claim
from farm.orchestration.retry import Remedy, RetryPolicy, decide
from farm.orchestration.states import SessionState
from farm.orchestration.work import Earlier, Outcome, TryAgain, WorkDeps
from farm.settings import logs

if TYPE_CHECKING:
    from farm.bootstrap import Farm
    from farm.tasks.process import WorkerProcess

#: What breaks when Redis goes away under a publisher.
BROKER_LOST = (OperationalError, redis.ConnectionError, redis.TimeoutError)

POLICY = RetryPolicy(
    outages=(ConnectionError, TimeoutError, *BROKER_LOST),
    accidents=(MemoryError, SoftTimeLimitExceeded),
)

#: Message header with a claim an outage left counted: ``epoch:attempt``. See `Earlier`.
OWED = "farm_owed"

Turn = Callable[[ChunkAddress, WorkDeps, Earlier], Outcome]


class FarmTask(Task):  # type: ignore[misc] # Celery ships no types
    """Binds session, chunk and worker to the logs, shows progress in Flower, retries outages."""

    abstract = True
    #: A killed process becomes a retry of its task after this many seconds. How often a chunk may
    #: be tried at all is the ledger's to say; this only ends a loop that never reaches the ledger.
    max_retries = 20
    default_retry_delay = 2
    #: Set by the module that registers the tasks.
    process: WorkerProcess

    @property
    def worker(self) -> str:
        """The name of this process: ``worker@host/1234``."""
        return f"{self.request.hostname or 'local'}/{os.getpid()}"

    def signature_from_request(  # noqa: D102 - Celery's, but readable in Flower
        self,
        request: Any = None,
        args: Any = None,
        kwargs: Any = None,
        queue: Any = None,
        **options: Any,
    ) -> Any:
        address = kwargs or (request or self.request).kwargs or {}
        options.setdefault("kwargsrepr", shown(address))
        return super().signature_from_request(request, args, kwargs, queue, **options)

    def take_turn(self, address: ChunkAddress, turn: Turn) -> str:
        """Do one turn at a chunk and return what Flower and the chord are told: state and rows."""
        with logs.bound(session=address.session, chunk=str(address), worker=self.worker):
            log, begin = logs.get_logger(), time.perf_counter()
            deps = self.process.farm().work_deps(
                self.worker,
                POLICY,
                tell=self._tell,
                warn=lambda event, error: log.warning(event, error=str(error)),
            )
            earlier = Earlier(self.request.retries, self._owed(address))
            try:
                outcome = turn(address, deps, earlier)
            except TryAgain as again:
                owed = "" if again.owed is None else f"{again.owed.epoch}:{again.owed.attempt}"
                self._log_wait("chunk", again.error, again.countdown_s)
                raise self._later(again.error, again.countdown_s, headers={OWED: owed}) from again
            except Exception as error:
                log.exception("chunk", kind=type(error).__name__, error=str(error))
                raise
            seconds = round(time.perf_counter() - begin, 3)
            log.info("chunk", state=outcome.state, rows=outcome.rows, seconds=seconds)
            return f"{outcome.state}: {outcome.rows} rows"

    def move(self, session: int, event: str, do: Callable[[Farm], object]) -> None:
        """Do something to a session as a whole; safe to do again whenever it fails half-way."""
        with logs.bound(session=session, worker=self.worker):
            log, farm = logs.get_logger(), self.process.farm()
            try:
                done = do(farm)
            except ServiceUnavailable as error:
                log.warning(event, left_to="reconciler", error=str(error))
                return
            except Exception as error:
                decision = decide(error, self.request.retries + 1, POLICY)
                if decision is None:
                    log.exception(event, error=str(error))
                    raise
                if decision.remedy is Remedy.PAUSE and isinstance(error, DiskFull):
                    log.error("session paused", error=str(error))  # noqa: TRY400 - no traceback
                    farm.ledger.set_session_state(session, SessionState.PAUSED, reason=str(error))
                    raise
                self._log_wait(event, error, decision.countdown_s)
                raise self._later(error, decision.countdown_s) from error
            log.info(event, done=str(done))

    def _later(
        self, error: Exception, countdown_s: float, headers: dict[str, str] | None = None
    ) -> Exception:
        """Send this message again for later; an outage may do so as often as it lasts."""
        retried: Exception = self.retry(
            exc=error,
            countdown=countdown_s,
            max_retries=self.request.retries + 1,
            headers=headers or {},
            throw=False,
        )
        return retried

    def _owed(self, address: ChunkAddress) -> Claim | None:
        headers = self.request.headers or {}
        text = headers.get(OWED) or self.request.get(OWED) or ""
        epoch, _, attempt = text.partition(":")
        return Claim(address, int(epoch), int(attempt)) if attempt else None

    def _tell(self, text: str) -> None:
        """Show how far the chunk is in Flower, which reads the result of a progress event."""
        try:
            self.send_event("task-progress", result=text)
        except (OSError, *BROKER_LOST) as error:
            logs.get_logger().debug("progress not shown", error=str(error))

    @staticmethod
    def _log_wait(event: str, error: Exception, countdown_s: float) -> None:
        kind = type(error).__name__
        logs.get_logger().warning(event, kind=kind, error=str(error), retry_in_s=countdown_s)
