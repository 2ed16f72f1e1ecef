"""Rich tables made from plain read models. They decide looks only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from farm.cli import figures
from farm.orchestration.states import SessionState
from farm.reports.status import SessionStatus

_STATE_STYLE = {
    SessionState.NOT_STARTED: "bright_black",
    SessionState.PLANNING: "yellow",
    SessionState.RUNNING: "bright_cyan",
    SessionState.PAUSED: "bold yellow",
    SessionState.COMPLETED: "bright_green",
    SessionState.FAILED: "bold bright_red",
}


def table(*columns: str, right: Iterable[str] = (), gap: int = 2) -> Table:
    """Return an empty table in the house style; columns named in ``right`` hold numbers."""
    numbers = set(right)
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0))
    for name in columns:
        made.add_column(name, justify="right" if name in numbers else "left", no_wrap=True)
    return made


class SessionsTable:
    """The table of sessions: years, status, times, run time, memory peak, rows, chunks.

    In a narrow window the chunks go first, then the dates of the times, then the wide gaps; the
    columns of the contract stay.
    """

    def __init__(self, sessions: Sequence[SessionStatus]) -> None:
        self.sessions = sessions

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the widest variant that fits."""
        wide = options.update(max_width=1_000)
        made = self._wide()
        for made in (self._wide(), self._medium(), self._narrow()):
            if Measurement.get(console, wide, made).maximum <= options.max_width:
                break
        yield made

    def _wide(self) -> Table:
        made = table(
            *("session", "years", "status", "started", "completed", "runtime", "memory peak"),
            *("rows", "chunks"),
            right=("runtime", "memory peak", "rows", "chunks"),
        )
        for one in self.sessions:
            times = (figures.instant(one.started), figures.instant(one.completed))
            made.add_row(*_row(one, times), _chunks(one))
        return made

    def _medium(self) -> Table:
        made = table(
            *("session", "years", "status", "started", "completed", "runtime", "memory peak"),
            "rows",
            right=("runtime", "memory peak", "rows"),
        )
        for one in self.sessions:
            times = (figures.instant(one.started), figures.instant(one.completed))
            made.add_row(*_row(one, times))
        return made

    def _narrow(self) -> Table:
        made = table(
            *("#", "years", "status", "started", "ended", "runtime", "memory", "rows"),
            right=("runtime", "memory", "rows"),
            gap=1,
        )
        for one in self.sessions:
            times = (figures.time_of_day(one.started), figures.time_of_day(one.completed))
            made.add_row(*_row(one, times))
        return made


def _row(one: SessionStatus, times: tuple[str, str]) -> Iterator[str | Text]:
    begun = one.state is not SessionState.NOT_STARTED
    yield str(one.session)
    yield one.years
    yield Text(one.state.value.replace("_", " "), style=_STATE_STYLE[one.state])
    yield from times
    yield figures.duration(one.runtime_s) if begun else "-"
    yield figures.megabytes(one.memory_peak_mb or None)
    yield figures.count(one.rows) if begun else "-"


def _chunks(one: SessionStatus) -> Text:
    if one.state is SessionState.NOT_STARTED:
        return Text("-")
    text = Text(f"{figures.count(one.chunks.committed)} of {figures.count(one.chunks.planned)}")
    if one.chunks.failed:
        text.append(f", {figures.count(one.chunks.failed)} failed", style="bold bright_red")
    return text
