"""`farm retry`: another chance for exactly the chunks that failed for good."""

from __future__ import annotations

from collections.abc import Iterable

import click

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.choice import submitted_sessions
from farm.cli.opened import opened, require_redis
from farm.cli.options import MonthType, session_argument
from farm.db.progress import Progress
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import SessionRefused
from farm.orchestration.retry_failed import Selection
from farm.settings.settings import load_settings


@click.command("retry")
@session_argument
@click.option("--batch", metavar="CODE", help="Only chunks of this batch, area or geography.")
@click.option("--month", type=MonthType(), help="Only chunks of this month.")
@click.option("--dry-run", is_flag=True, help="Name the chunks and change nothing.")
def retry(session: int | None, batch: str | None, month: Month | None, *, dry_run: bool) -> None:
    """Publish failed chunks again, of one session or of all. Their attempts start anew."""
    settings = load_settings()
    with opened(settings) as farm:
        numbers = submitted_sessions(farm, session)
        _require_known(farm, numbers, batch, month)
        if not dry_run:
            require_redis(farm)
        selection = Selection(batch, month)
        chunks = [chunk for n in numbers for chunk in farm.retry(n, selection, dry_run=dry_run)]
    for chunk in chunks:
        click.echo(f"would retry {chunk}" if dry_run else f"retrying {chunk}")
    found = figures.several(len(chunks), "failed chunk")
    if not chunks:
        click.echo("no failed chunks: nothing to retry")
    elif dry_run:
        click.echo(f"{found}; nothing was changed")
    else:
        click.echo(f"{found} published again; `farm run` makes them, or any running worker")


def _require_known(
    farm: Farm, numbers: Iterable[int], batch: str | None, month: Month | None
) -> None:
    """Raise SessionRefused for a batch or month that no chunk of these sessions has."""
    progress = Progress(farm.database)
    chunks: list[ChunkAddress] = [chunk for n in numbers for chunk in progress.chunks(n)]
    which = " or ".join(f"session {n}" for n in numbers)
    if batch is not None and all(chunk.subject != batch for chunk in chunks):
        known = sorted({chunk.subject for chunk in chunks})
        raise SessionRefused(f"{which} has no batch or area {batch}; known: {', '.join(known)}")
    if month is not None and all(chunk.month != month for chunk in chunks):
        months = sorted({chunk.month for chunk in chunks if chunk.month is not None})
        span = f"{months[0]} to {months[-1]}" if months else "none yet"
        raise SessionRefused(f"{which} has no chunks in {month}; its months are {span}")
