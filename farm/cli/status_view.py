"""How `farm status` looks to people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from farm.cli import charts, figures
from farm.cli.live import BAR_WIDTH, share_done
from farm.cli.matrix_view import FRAME_LINES, MatrixView
from farm.cli.summary import MOST_NAMED, advice, failure_lines
from farm.cli.tables import SessionsTable
from farm.orchestration.states import SessionState
from farm.reports.session_look import SessionLook


class StatusView:
    """The sessions; the matrix of the closer one; what failed and what to do about it.

    ``fit`` keeps it within the window, for --watch; otherwise every batch has its line.
    """

    def __init__(self, seen: SessionLook, *, fit: bool = False) -> None:
        self.seen, self.fit = seen, fit

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts, from the whole to the detail."""
        seen = self.seen
        head: list[RenderableType] = [
            Text(f"{seen.status.scenario}, seed {seen.status.seed}", style="bold"),
            SessionsTable(seen.status.sessions),
            *self._closer(),
        ]
        tail = list(self._stops())
        yield from head
        if seen.matrix.subjects:
            height = len(seen.matrix.subjects) + FRAME_LINES
            if self.fit:
                taken = sum(len(console.render_lines(part, options)) for part in [*head, *tail])
                height = min(height, max(console.size.height - taken - 2, FRAME_LINES + 1))
            yield Text()
            yield MatrixView(seen.matrix, height=height)
        yield from tail

    def _closer(self) -> Iterator[Text]:
        one = self.seen.closer
        if one is None or one.state is SessionState.NOT_STARTED:
            return
        yield Text()
        line = Text(f"{one.title}  ")
        done = share_done(one)
        line.append(charts.bar(done, width=BAR_WIDTH), style="bright_green on grey23")
        line.append(
            f" {done:.0%} · {figures.count(one.chunks.committed)} of"
            f" {figures.several(one.chunks.planned, 'chunk')}"
        )
        if self.seen.rows_s > 0:
            line.append(f" · {figures.count(self.seen.rows_s)} rows/s")
        if self.seen.eta_s is not None:
            line.append(f" · {figures.duration(self.seen.eta_s)} left")
        yield line
        for work in self.seen.at_work:
            yield Text(f"{work.worker}: {work.address} for {figures.duration(work.seconds)}")

    def _stops(self) -> Iterator[Text]:
        closer = self.seen.closer.session if self.seen.closer else None
        for one in self.seen.status.sessions:
            failures = [f for f in self.seen.failures if f.address.session == one.session]
            everything = one.session == closer and not self.fit
            yield from failure_lines(
                one, failures, most=len(failures) if everything else MOST_NAMED
            )
            yield from advice(one)
