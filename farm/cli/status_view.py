"""How `farm status` looks to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from farm.cli import charts, figures
from farm.cli.live import BAR_WIDTH, share_done
from farm.cli.matrix_view import FRAME_LINES, MatrixView
from farm.cli.summary import MOST_NAMED, advice, failure_lines
from farm.cli.tables import SessionsTable, table
from farm.db.metrics import Metric
from farm.orchestration.states import SessionState
from farm.reports.metrics import in_order, title
from farm.reports.session_look import SessionLook


class StatusView:
    """The sessions; matrix and figures of the closer one; what failed and what to do about it.

    ``fit`` keeps it within the window, for --watch; otherwise every batch has its line.
    """

    def __init__(
        self, seen: SessionLook, metrics: Sequence[Metric] = (), *, fit: bool = False
    ) -> None:
        self.seen, self.metrics, self.fit = seen, metrics, fit

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
        yield from self._figures()
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

    def _figures(self) -> Iterator[Text | Table]:
        closer = self.seen.closer.session if self.seen.closer else None
        own = {(m.name, m.scope): m for m in self.metrics if m.session == closer}
        if not own:
            return
        made = table("figure", "session", "so far", "unit", right=("session", "so far"))
        for name in in_order({name for name, _ in own}):
            both = own.get((name, "session")), own.get((name, "cumulative"))
            unit = next(one.unit for one in both if one is not None)
            values = ("-" if m is None else figures.measured(m.value, unit) for m in both)
            made.add_row(title(name), *values, unit)
        yield Text()
        yield made

    def _stops(self) -> Iterator[Text]:
        closer = self.seen.closer.session if self.seen.closer else None
        for one in self.seen.status.sessions:
            failures = [f for f in self.seen.failures if f.address.session == one.session]
            everything = one.session == closer and not self.fit
            yield from failure_lines(
                one, failures, most=len(failures) if everything else MOST_NAMED
            )
            yield from advice(one)
