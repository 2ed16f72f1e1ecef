"""How a run ends when the sessions asked for are completed: with the checks, then the report."""

from __future__ import annotations

import time

from rich.console import Console

from farm.bootstrap import Farm
from farm.cli.due import Finish
from farm.cli.opened import opened
from farm.cli.record import Record
from farm.cli.report import report_and_print
from farm.cli.terminal import human_console
from farm.cli.validate import validate_and_print
from farm.settings.settings import Settings
from farm.settings.yardsticks import load_yardsticks


def finish(settings: Settings, what: Finish) -> bool:
    """Do it; return whether every check passed."""
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
