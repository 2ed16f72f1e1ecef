"""What whoever drives the sessions keeps beside the data: figures, and a progress document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from farm.bootstrap import Farm
from farm.cli.markdown import markdown
from farm.db.metrics import count_missing, count_session
from farm.db.progress import Progress
from farm.domain.scenario import Scenario
from farm.errors import FarmError
from farm.orchestration.ports import SessionRow
from farm.orchestration.submit import restored_scenario
from farm.reports.standing import standing
from farm.services.processes import write_whole
from farm.settings import logs
from farm.settings.yardsticks import load_yardsticks

#: The document, in FARM_HOME.
DOCUMENT = "progress.md"

#: Seconds between two looks whether anything was completed or closed: months of a large scenario
#: close one after another, and nobody reads faster.
EVERY_S = 5.0


class Record:
    """Counts completed sessions into `ops.metric` and rewrites the progress document.

    Several may keep the same record: both are idempotent, and the document is replaced whole.
    Whatever goes wrong is logged and tried again at the next change: a run never fails by it.

    Args:
        farm: whose sessions.
        clock: seconds, for when to look again.
    """

    def __init__(self, farm: Farm, clock: Callable[[], float]) -> None:
        self._farm, self._clock = farm, clock
        self._looked_s = float("-inf")
        self._seen: tuple[object, ...] | None = None
        self._scenarios: dict[str, Scenario] = {}

    @property
    def file(self) -> Path:
        """The progress document."""
        return self._farm.settings.home / DOCUMENT

    def keep_up(self) -> None:
        """Bring figures and document up to date if something has changed, at most now and then."""
        if self._clock() - self._looked_s >= EVERY_S:
            self.bring_up_to_date()

    def bring_up_to_date(self, ended: int | None = None) -> None:
        """Do it now. A session that has ``ended`` is counted anew: what it took is known by now."""
        self._looked_s = self._clock()
        try:
            answers = load_yardsticks(self._farm.settings.config_dir).answers
            if ended is not None:
                self._seen = None
                count_session(self._farm.database, ended, answers)
            count_missing(self._farm.database, answers)
            self._rewrite()
        except (FarmError, OSError) as error:
            logs.get_logger().warning("no record was kept", problem=str(error))

    def _rewrite(self) -> None:
        """Rewrite the document, unless it was this record that did and nothing has changed."""
        landmarks = Progress(self._farm.database).landmarks()
        if landmarks == self._seen:
            return
        self._seen = landmarks
        database = self._farm.database
        if rows := self._farm.ledger.sessions():
            found = standing(database, self._scenario(rows[0]), rows[0].fingerprint)
            write_whole(self.file, markdown(found))

    def _scenario(self, row: SessionRow) -> Scenario:
        """Return a session's scenario; to read and check it takes longer than all else together."""
        if row.fingerprint not in self._scenarios:
            self._scenarios = {row.fingerprint: restored_scenario(self._farm.ledger, row)}
        return self._scenarios[row.fingerprint]
