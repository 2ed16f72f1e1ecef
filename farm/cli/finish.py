"""How a run ends when the sessions asked for are completed: with the checks, then the report."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.opened import opened
from farm.cli.record import Record
from farm.cli.report import index_of, report_and_print
from farm.cli.terminal import human_console
from farm.cli.validate import validate_and_print
from farm.db.progress import Progress, SessionProgress
from farm.db.verdicts import CheckRun, newest_run
from farm.orchestration.states import SessionState
from farm.reports.site.yardsticks import load_yardsticks
from farm.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Finish:
    """What is to be done at the end of a run."""

    validate: bool
    report: bool


def due(console: Console, farm: Farm, wanted: Finish) -> Finish:
    """Return what of it is not done yet, and say why the data need not, or cannot, be checked.

    They need not if nothing was completed since all checks of this generator passed; they cannot
    while a session is not completed. The report is due if it is older than what it tells of.
    """
    sessions, run = Progress(farm.database).sessions(), newest_run(farm.database)
    validate = wanted.validate and _must_be_checked(console, sessions, run)
    report = wanted.report and (validate or _is_outdated(farm.settings, sessions, run))
    return Finish(validate, report)


def finish(settings: Settings, what: Finish) -> bool:
    """Do it; return whether every check passed."""
    if not (what.validate or what.report):
        return True
    console = human_console()
    with opened(settings) as farm:
        is_true = not what.validate or check(console, farm)
        if what.report:
            report_and_print(console, farm, load_yardsticks(settings.config_dir))
    return is_true


def check(console: Console, farm: Farm, session: int | None = None) -> bool:
    """Run all checks, show what failed and a line, record it; return whether every one passed.

    Raises as `farm.cli.validate.validated`.
    """
    is_true = validate_and_print(console, farm, session, brief=True)
    Record(farm, time.monotonic).bring_up_to_date()
    return is_true


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
