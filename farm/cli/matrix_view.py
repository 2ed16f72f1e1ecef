"""The matrix of a session as a Rich renderable: letters and colours, fitted to the space."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from farm.cli import charts
from farm.reports.matrix import FittedMatrix, Mark, Matrix

#: Meaning and colour of each letter. Colours repeat what the letters say, never add to it.
MEANING: dict[Mark, tuple[str, str]] = {
    Mark.PLANNED: ("planned", "bright_black"),
    Mark.PUBLISHED: ("published", "yellow"),
    Mark.RUNNING: ("running", "bright_cyan"),
    Mark.PARTLY: ("partly", "green"),
    Mark.COMMITTED: ("committed", "bright_green"),
    Mark.FAILED: ("failed", "bold bright_red"),
}

#: Lines that the matrix needs beside its rows: the header of years and the legend.
FRAME_LINES = 2


def legend(*, shared: bool) -> Text:
    """Return the line that explains the letters; with the shared one only where it can occur."""
    text = Text(no_wrap=True)
    for letter, (meaning, style) in MEANING.items():
        if letter is Mark.PARTLY and not shared:
            continue
        text.append(f"{letter} ", style=style).append(f"{meaning}   ")
    text.rstrip()
    return text


class MatrixView:
    """Draws a matrix into ``height`` lines (frame included) of whatever width the console has."""

    def __init__(self, matrix: Matrix, *, height: int) -> None:
        self.matrix, self.height = matrix, height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines: years, one line per batch or area (or group of them), legend."""
        fitted = self._fitted(options.max_width)
        gutter = max((len(label) for label in fitted.labels), default=0)
        years = charts.years_above([str(month) for month in fitted.columns], len(fitted.columns))
        yield Text(" " * (gutter + 1) + years, style="bright_black", no_wrap=True)
        for label, letters in zip(fitted.labels, fitted.lines, strict=True):
            line = Text(f"{label:<{gutter}} ", no_wrap=True, overflow="crop")
            for letter in letters:
                style = MEANING[Mark(letter)][1] if letter != Mark.NONE else ""
                line.append(letter, style=style)
            yield line
        closing = legend(shared=fitted.is_shared)
        if fitted.is_shared:
            subjects, months = fitted.full_size
            closing.append(
                f"   ({subjects} batches and areas, {months} months)", style="bright_black"
            )
        closing.truncate(options.max_width, overflow="ellipsis")
        yield closing

    def _fitted(self, width: int) -> FittedMatrix:
        rows = max(self.height - FRAME_LINES, 1)
        longest = max((len(code) for code in self.matrix.subjects), default=0)
        gutter = longest + (4 if len(self.matrix.subjects) > rows else 1)
        return self.matrix.fitted(height=rows, width=max(width - gutter, 1))
