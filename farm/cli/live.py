"""The live display of a run on a terminal. Draws a RunView into whatever the window has."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from farm.cli import charts, figures
from farm.cli.matrix_view import FRAME_LINES, MatrixView
from farm.cli.tables import SessionsTable
from farm.db.progress import FailedChunk
from farm.orchestration.states import SessionState
from farm.reports.run_view import Memory, RunView
from farm.reports.status import SessionStatus

#: Most lines that notes and failures take, so that the matrix keeps its place.
MOST_NOTES = 3
MOST_FAILURES = 4
#: Columns of the progress bar.
BAR_WIDTH = 30


class LiveView:
    """Draws one look at the run, never taller than the window.

    From top to bottom: progress, speed and memory; the sessions; the matrix of the current session,
    in the space that is left; failures and notes.
    """

    def __init__(self, view: RunView) -> None:
        self.view = view

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts, the matrix fitted into what the others leave of the height."""
        table = SessionsTable(self.view.status.sessions)
        head = [progress_line(self.view), speed_line(self.view)]
        if self.view.memory is not None:
            head.append(memory_line(self.view.memory))
        head.append(Text())
        taken = len(head) + len(console.render_lines(table, options))
        room = (options.height or console.size.height) - 1 - taken
        tail = list(self._tail(options.max_width))[: max(room, 0)]
        left = room - len(tail) - 1
        yield from head
        yield table
        if left > FRAME_LINES and self.view.matrix.subjects:
            yield Text()
            yield MatrixView(self.view.matrix, height=min(left, _wanted(self.view)))
        yield from tail

    def _tail(self, width: int) -> Iterator[RenderableType]:
        failures = self.view.failures
        for failure in failures[-MOST_FAILURES:]:
            line = Text(f"x {failure_text(failure)}", style="bright_red", no_wrap=True)
            line.truncate(width, overflow="ellipsis")
            yield line
        if len(failures) > MOST_FAILURES:
            more = len(failures) - MOST_FAILURES
            yield Text(f"  and {figures.several(more, 'failed chunk')} more", style="bright_red")
        for note in self.view.notes[-MOST_NOTES:]:
            line = Text(note, style="yellow", no_wrap=True)
            line.truncate(width, overflow="ellipsis")
            yield line


def progress_line(view: RunView) -> Text:
    """Return the line with the bar of the current session."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{view.status.scenario}  ", style="bold")
    current = view.current
    if current is None:
        return text.append("starting")
    text.append(f"{current.title}  ")
    if current.state in {SessionState.NOT_STARTED, SessionState.PLANNING}:
        return text.append("simulating the days of the farm", style="yellow")
    done = share_done(current)
    text.append(charts.bar(done, width=BAR_WIDTH), style="bright_green on grey23")
    return text.append(f" {done:4.0%}")


def speed_line(view: RunView) -> Text:
    """Return the line with rows per second and the times."""
    parts = [f"{figures.duration(view.elapsed_s)} so far", *speed(view)]
    return Text(" · ".join(parts), no_wrap=True, overflow="ellipsis")


def speed(view: RunView) -> list[str]:
    """Return rows per second and the time left, as far as they are known."""
    parts = []
    if view.rows_s is not None:
        parts.append(f"{figures.count(view.rows_s)} rows/s")
    if view.session_eta_s:  # zero while the last months are closed
        parts.append(f"{figures.duration(view.session_eta_s)} left")
    if view.run_eta_s is not None:
        parts.append(f"{figures.duration(view.run_eta_s)} to the end of the run")
    return parts


def memory_line(memory: Memory) -> Text:
    """Return the line with the memory of coordinator and workers against the limit."""
    text = Text("memory ", no_wrap=True, overflow="ellipsis")
    over = memory.limit_mb is not None and memory.total_mb > memory.limit_mb
    text.append(figures.megabytes(memory.total_mb), style="bold bright_red" if over else "")
    if memory.limit_mb is not None:
        text.append(f" of {figures.megabytes(memory.limit_mb)}")
    text.append(
        f" · coordinator {figures.megabytes(memory.coordinator_mb)}"
        f" · {figures.several(memory.workers, 'worker')} {figures.megabytes(memory.workers_mb)}"
    )
    return text


def share_done(session: SessionStatus) -> float:
    """Return how much of a session is committed, 0 to 1, by rows where they are known."""
    if session.state is SessionState.COMPLETED:
        return 1.0
    if session.planned_rows:
        return min(session.rows / session.planned_rows, 1.0)
    return session.chunks.committed / session.chunks.planned if session.chunks.planned else 0.0


def _wanted(view: RunView) -> int:
    return len(view.matrix.subjects) + FRAME_LINES


def failure_text(failure: FailedChunk) -> str:
    """Return a failed chunk with its reason: ``1/FO-2015-01/2015-03: ImbalanceError: ...``."""
    address = str(failure.address)
    words = [address, failure.error_kind, failure.error.removeprefix(f"chunk {address}: ")]
    return ": ".join(word for word in words if word)
