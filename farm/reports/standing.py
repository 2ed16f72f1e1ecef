"""Where the generation stands in full: sessions, months, figures and the newest checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from farm.db.connection import Database
from farm.db.metrics import Metric, read_metrics
from farm.db.progress import Progress
from farm.db.verdicts import CheckRun, newest_run
from farm.domain.scenario import Scenario
from farm.reports.observe import status
from farm.reports.status import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """One look. ``months``: how many of a session's months are closed, and how many it has."""

    at: datetime
    status: Status
    months: Mapping[int, tuple[int, int]]
    metrics: Sequence[Metric]
    checked: CheckRun | None


def standing(database: Database, scenario: Scenario, fingerprint: str | None = None) -> Standing:
    """Return where the sessions of a scenario stand now; its fingerprint may be known already."""
    progress = Progress(database)
    return Standing(
        at=datetime.now(UTC),
        status=status(progress, scenario, fingerprint),
        months=progress.months_closed(),
        metrics=read_metrics(database),
        checked=newest_run(database),
    )
