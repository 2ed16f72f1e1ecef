"""Where a run is shown: a live display on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
from typing import Protocol

import click
from rich.console import Console
from rich.live import Live

from farm.cli.live import LiveView
from farm.cli.plain import PlainLines
from farm.reports.run_view import RunView


class Screen(Protocol):
    """Shows looks at a run, one after another."""

    def show(self, view: RunView) -> None:
        """Show a look."""

    def say(self, line: str) -> None:
        """Show a line that stays."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


class PlainScreen:
    """Prints what is new as lines on stdout."""

    def __init__(self) -> None:
        self._lines = PlainLines()

    def show(self, view: RunView) -> None:
        """Print what this look brings that the ones before did not."""
        for line in self._lines.lines(view):
            self.say(line)

    def say(self, line: str) -> None:
        """Print a line at once, also into a pipe."""
        click.echo(line)
        sys.stdout.flush()

    def close(self) -> None:
        """Do nothing: lines leave nothing to clean up."""


class LiveScreen:
    """Redraws the display in place. It disappears at the end, for the final table."""

    def __init__(self, console: Console) -> None:
        self._live = Live(
            console=console, auto_refresh=False, transient=True, vertical_overflow="crop"
        )
        self._live.start()

    def show(self, view: RunView) -> None:
        """Redraw."""
        self._live.update(LiveView(view), refresh=True)

    def say(self, line: str) -> None:
        """Print a line above the display, where it scrolls away like any output."""
        self._live.console.print(line, markup=False)

    def close(self) -> None:
        """Take the display off the terminal and give the cursor back."""
        self._live.stop()


def open_screen(console: Console) -> Screen:
    """Return the screen that fits what stdout is."""
    return LiveScreen(console) if console.is_terminal else PlainScreen()
