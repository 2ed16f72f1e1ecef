"""What a run moves, on a real farm; and the memory of the coordinator that moves it."""

from __future__ import annotations

import contextlib
import resource
from dataclasses import dataclass

import psutil

from farm.bootstrap import Farm
from farm.cli.record import Record
from farm.db.peak import add_own_peak
from farm.domain.scenario import Scenario
from farm.errors import ServiceUnavailable
from farm.orchestration.reconcile import Reconciler, Step
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Submitted
from farm.services.embedded import Services
from farm.settings import logs


@dataclass(frozen=True, slots=True)
class FarmWork:
    """Moves the sessions of a farm, and starts embedded servers again that have died."""

    farm: Farm
    scenario: Scenario
    reconciler: Reconciler
    services: Services
    record: Record

    def submit(self, session: int) -> Submitted:
        """Open a session, or move on one that is open already."""
        submitted = self.farm.submit(session, self.scenario)
        logs.get_logger().info("submitted", session=session, outcome=submitted.value)
        return submitted

    def prepare(self, session: int) -> None:
        """Simulate a session while the one before it is still open."""
        submitted = self.farm.submit(session, self.scenario, ahead=True)
        logs.get_logger().info("prepared", session=session, outcome=submitted.value)

    def state(self, session: int) -> SessionState:
        """Return where a session stands."""
        found = {row.session: row.state for row in self.farm.ledger.sessions()}
        return found.get(session, SessionState.NOT_STARTED)

    def resume(self, session: int) -> None:
        """Put back what is missing of a session that was left unfinished."""
        self.farm.resume(session)

    def step(self) -> Step:
        """Take one step of the reconciler."""
        step = self.reconciler.step()
        if step.problem is not None:
            logs.get_logger().info("waiting for a server", problem=step.problem)
            with contextlib.suppress(ServiceUnavailable):  # the next step says what is missing
                self.services.start()
        return step

    def keep_up(self) -> None:
        """Bring figures and the progress document up to date, now and then."""
        self.record.keep_up()

    def ended(self, session: int) -> None:
        """Add the coordinator's own memory peak to what the workers took; count the session."""
        add_own_peak(self.farm.database, session, own_peak_mb())
        self.record.bring_up_to_date(session)


def own_memory_mb() -> float:
    """Return the resident memory of this process, in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20


def own_peak_mb() -> float:
    """Return the most resident memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
