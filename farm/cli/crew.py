"""The workers of a run: started, watched, started again when they die, stopped warmly."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from farm.errors import ServiceUnavailable

#: A worker that lives this long has started properly; its death is an accident, not a defect.
STEADY_S = 20.0
#: Deaths in a row, each before STEADY_S, after which starting again is pointless.
MOST_EARLY_DEATHS = 5
#: Seconds that workers get to finish the chunks they hold. A chunk takes seconds at most.
GRACE_S = 60.0


class Group(Protocol):
    """The part of `WorkerGroup` that the crew uses."""

    def stand_by(self) -> None:
        """Let the workers get ready before there are servers."""

    def start(self) -> None:
        """Start the workers, or let those that stand by begin."""

    def alive(self) -> bool:
        """Return whether they run."""

    def exit_code(self) -> int | None:
        """Return what they ended with."""

    def rss_mb(self) -> float:
        """Return their resident memory."""

    def stop(self, grace_s: float) -> bool:
        """End them; return whether all ended by themselves."""


@dataclass(slots=True)
class Crew:
    """Keeps a group of workers running. ``last_words`` says why a dead one died."""

    group: Group
    last_words: Callable[[], str]
    _started_s: float = 0.0
    _early_deaths: int = field(default=0)

    def stand_by(self) -> None:
        """Let the workers get ready for a `start` that follows soon."""
        self.group.stand_by()

    def start(self, now_s: float) -> None:
        """Start the workers; ``now_s`` is any steady clock, the same in all calls."""
        self._started_s = now_s
        self.group.start()

    def revive(self, now_s: float) -> str | None:
        """Start dead workers again and return a line about it; None when they are alive.

        Raises:
            ServiceUnavailable: they die again and again as soon as they are started.
        """
        if self.group.alive():
            return None
        ended = _ending(self.group.exit_code())
        early = now_s - self._started_s < STEADY_S
        self._early_deaths = self._early_deaths + 1 if early else 0
        if self._early_deaths >= MOST_EARLY_DEATHS:
            raise ServiceUnavailable(
                f"the workers ended {MOST_EARLY_DEATHS} times right after their start"
                f" ({ended}): {self.last_words()}"
            )
        self.start(now_s)
        return f"the workers ended ({ended}) and were started again"

    def memory_mb(self) -> float:
        """Return the resident memory of all workers, in megabytes."""
        return self.group.rss_mb()

    def stop(self) -> bool:
        """Let the workers finish the chunks they hold and end; return whether they all did."""
        return self.group.stop(GRACE_S)

    def kill(self) -> None:
        """End the workers at once. What they held is made again later."""
        self.group.stop(0.0)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"
