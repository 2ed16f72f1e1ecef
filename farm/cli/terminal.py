"""The console that commands print to."""

from __future__ import annotations

import os
import sys

from rich.console import Console

#: Columns where there is no window to measure: wide enough for every table of the project.
PIPE_WIDTH = 160


def human_console() -> Console:
    """Return a console on stdout: colours and the window's width on a terminal, plain elsewhere."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(width=width, highlight=False, soft_wrap=False)
