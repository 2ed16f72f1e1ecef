"""Where a scenario's sessions stand: one entry for every session, submitted or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from farm.db.metrics import Metric
from farm.orchestration.states import SessionState
from farm.reports import metrics as figures


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """Chunks of one session: all that are listed, and how many of them ended which way."""

    planned: int = 0
    committed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session. ``rows`` are committed rows; ``runtime_s`` runs on while the session does.

    ``planned_rows`` is what the history promises for all of its chunks; 0 before it is expanded.
    """

    session: int
    years: str
    state: SessionState
    started: datetime | None = None
    completed: datetime | None = None
    runtime_s: float = 0.0
    memory_peak_mb: float = 0.0
    rows: int = 0
    planned_rows: int = 0
    chunks: ChunkCounts = ChunkCounts()
    reason: str | None = None

    @property
    def title(self) -> str:
        """The session and its years, as people say it: ``session 4 (year 10)``."""
        noun = "years" if "-" in self.years else "year"
        return f"session {self.session} ({noun} {self.years})"

    def as_json(self) -> dict[str, Any]:
        """Return the entry of `farm status --json`."""
        return {
            "session": self.session,
            "years": self.years,
            "status": self.state.value,
            "started": _iso(self.started),
            "completed": _iso(self.completed),
            "runtime_s": round(self.runtime_s, 3),
            "memory_peak_mb": round(self.memory_peak_mb, 1),
            "rows": self.rows,
            "chunks": {
                "planned": self.chunks.planned,
                "committed": self.chunks.committed,
                "failed": self.chunks.failed,
            },
        }


@dataclass(frozen=True, slots=True)
class Status:
    """Every session of one scenario, in order."""

    scenario: str
    seed: int
    fingerprint: str
    sessions: tuple[SessionStatus, ...]

    def as_json(self, metrics: Sequence[Metric] = ()) -> dict[str, Any]:
        """Return the answer of `farm status --json`, with the figures of counted sessions."""
        return {
            "scenario": self.scenario,
            "seed": self.seed,
            "fingerprint": self.fingerprint,
            "sessions": [
                {**s.as_json(), "metrics": figures.as_json(metrics, s.session)}
                for s in self.sessions
            ],
        }

    def session(self, number: int) -> SessionStatus:
        """Return one session; raises KeyError when the scenario has no such session."""
        for one in self.sessions:
            if one.session == number:
                return one
        raise KeyError(number)

    @property
    def rows(self) -> int:
        """Committed rows of all sessions."""
        return sum(s.rows for s in self.sessions)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
