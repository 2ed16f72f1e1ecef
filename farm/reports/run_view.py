"""One look at a running farm: everything the live display and the plain lines show."""

from __future__ import annotations

from dataclasses import dataclass

from farm.db.progress import FailedChunk
from farm.reports.matrix import Matrix
from farm.reports.status import SessionStatus, Status


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory right now, in megabytes, against the limit for all processes together."""

    coordinator_mb: float
    workers_mb: float
    workers: int
    limit_mb: float | None

    @property
    def total_mb(self) -> float:
        """Coordinator and workers together."""
        return self.coordinator_mb + self.workers_mb


@dataclass(frozen=True, slots=True)
class RunView:
    """One consistent look.

    ``session`` is the one being worked on, None before the first. ``memory`` is None where the
    workers run elsewhere; ``rows_s`` and the ETAs are None while they cannot be known. ``notes``
    are things that happened, oldest first.
    """

    status: Status
    session: int | None
    matrix: Matrix
    rows_s: float | None
    session_eta_s: float | None
    run_eta_s: float | None
    memory: Memory | None
    failures: tuple[FailedChunk, ...]
    notes: tuple[str, ...]
    elapsed_s: float

    @property
    def current(self) -> SessionStatus | None:
        """The status of the session being worked on."""
        return None if self.session is None else self.status.session(self.session)
