"""What a run says at its end: the sessions, what failed and what to do, where the data is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.live import failure_text
from farm.cli.tables import SessionsTable
from farm.db.progress import FailedChunk, Progress
from farm.domain.scenario import Scenario
from farm.orchestration.states import SessionState
from farm.reports.observe import status
from farm.reports.status import SessionStatus
from farm.settings.secrets import mask

#: Failed chunks that are named; `farm status N` names all.
MOST_NAMED = 10


def show_summary(console: Console, farm: Farm, scenario: Scenario) -> None:
    """Print how every session stands, what failed and why, and where the data is."""
    progress = Progress(farm.database)
    seen = status(progress, scenario)
    console.print(SessionsTable(seen.sessions))
    failures = progress.failures()
    for one in seen.sessions:
        of_this = [failure for failure in failures if failure.address.session == one.session]
        for line in (*failure_lines(one, of_this, most=MOST_NAMED), *advice(one)):
            console.print(line, soft_wrap=True)
    if seen.rows:
        where = mask(str(farm.settings.database_url))
        rows = figures.several(seen.rows, "row")
        console.print(Text(f"{rows} in PostgreSQL: psql '{where}'"), soft_wrap=True)


def failure_lines(
    one: SessionStatus, failures: Sequence[FailedChunk], *, most: int
) -> Iterator[Text]:
    """Yield a line per failed chunk, the first ``most`` of them."""
    for failure in failures[:most]:
        tries = figures.several(failure.attempts, "attempt")
        yield Text(f"failed chunk {failure_text(failure)} ({tries})", style="bright_red")
    if len(failures) > most:
        more = figures.several(len(failures) - most, "failed chunk")
        yield Text(f"… and {more} more: `farm status {one.session}`", style="bright_red")


def advice(one: SessionStatus) -> Iterator[Text]:
    """Yield the line that says what a session which has stopped is waiting for."""
    number = one.session
    if one.state is SessionState.PAUSED:
        why = one.reason or "no reason recorded"
        yield Text(
            f"session {number} is paused: {why}; make room, then `farm run` or"
            f" `farm resume {number}`",
            style="bold yellow",
        )
    elif one.state is SessionState.FAILED:
        why = one.reason or figures.several(one.chunks.failed, "chunk") + " failed"
        yield Text(
            f"session {number} failed: {why}; put the cause right, then `farm retry {number}`"
            " and `farm run`",
            style="bold bright_red",
        )
    elif one.chunks.failed:
        chunks = figures.several(one.chunks.failed, "chunk")
        yield Text(
            f"session {number}: {chunks} failed so far; `farm retry {number}` tries again",
            style="bright_red",
        )
