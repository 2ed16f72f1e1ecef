"""Whether and when to try again. Failures are classified here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from farm.errors import DiskFull, Transient


class Remedy(StrEnum):
    """What helps against a failure."""

    WAIT = "wait"  #: an outage: try again later, the attempt does not count
    REPEAT = "repeat"  #: the chunk itself went wrong, perhaps by chance: the attempt counts
    PAUSE = "pause"  #: the whole session has to stop until a person has made room


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """What to do about a failure, and in how many seconds to try again."""

    remedy: Remedy
    countdown_s: float


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How failures are treated.

    ``outages`` and ``accidents`` are error types besides the farm's own: the first come from
    servers and never count, the second (memory, time limit) count as an attempt of the chunk.
    Seconds between tries double from ``first_s`` to ``longest_s``. Both stay far below the broker's
    visibility timeout, because a message with a countdown waits in a worker's memory.
    """

    outages: tuple[type[BaseException], ...] = (ConnectionError, TimeoutError)
    accidents: tuple[type[BaseException], ...] = (MemoryError,)
    first_s: float = 1.0
    longest_s: float = 30.0

    def countdown_s(self, attempt: int) -> float:
        """Return the seconds to wait after the ``attempt``-th failure, counted from 1."""
        doublings = min(max(attempt - 1, 0), 16)
        return float(min(self.first_s * 2**doublings, self.longest_s))


def decide(error: BaseException, attempt: int, policy: RetryPolicy) -> RetryDecision | None:
    """Return what helps against ``error``, or None when trying again cannot.

    ``attempt`` is how often this piece of work has failed so far, this time included.
    """
    wait_s = policy.countdown_s(attempt)
    if isinstance(error, DiskFull):
        return RetryDecision(Remedy.PAUSE, policy.longest_s)
    if isinstance(error, (Transient, *policy.outages)):
        return RetryDecision(Remedy.WAIT, wait_s)
    if isinstance(error, policy.accidents):
        return RetryDecision(Remedy.REPEAT, wait_s)
    return None
