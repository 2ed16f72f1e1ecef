"""What is left to do when the sessions asked for are completed: checks, and the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from farm.bootstrap import Farm
from farm.cli import figures
from farm.db.progress import Progress, SessionProgress
from farm.db.verdicts import CheckRun, newest_run
from farm.orchestration.states import SessionState
from farm.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Finish:
    """What is to be done at the end of a run."""

    validate: bool
    report: bool

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.validate or self.report)


def due(console: Console, farm: Farm, wanted: Finish) -> Finish:
    """Return what of it is not done yet, and say why the data need not, or cannot, be checked.

    They need not if nothing was completed since all checks of this generator passed; they cannot
    while a session is not completed. The report is due if it is older than what it tells of.
    """
    sessions, run = Progress(farm.database).sessions(), newest_run(farm.database)
    validate = wanted.validate and _must_be_checked(console, sessions, run)
    report = wanted.report and (validate or _is_outdated(farm.settings, sessions, run))
    return Finish(validate, report)


def index_of(settings: Settings) -> Path:
    """Return the page to open of the report in FARM_HOME, whether it is there or not."""
    return settings.home / "report" / "index.html"


def _must_be_checked(
    console: Console, sessions: list[SessionProgress], run: CheckRun | None
) -> bool:
    for one in sessions:
        if one.state is not SessionState.COMPLETED:
            console.print(f"not checked: session {one.session} is {one.state.value}")
            return False
    if run is None or run.failed or not run.is_newest:
        return True
    passed, when = figures.several(run.passed, "check"), figures.instant(run.run_time)
    console.print(f"{passed} passed at {when}, and nothing was made since")
    return False


def _is_outdated(settings: Settings, sessions: list[SessionProgress], run: CheckRun | None) -> bool:
    try:
        written = datetime.fromtimestamp(index_of(settings).stat().st_mtime, UTC)
    except FileNotFoundError:
        return True
    told = [one.completed for one in sessions if one.completed is not None]
    return written < max([*told, run.run_time] if run else told)
