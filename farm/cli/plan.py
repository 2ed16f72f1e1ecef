"""`farm plan`: what a scenario would make. Needs no server and writes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from farm.cli import charts, figures
from farm.cli.options import DEFAULT_SCENARIO, scenario_option, seed_option
from farm.cli.tables import table
from farm.cli.terminal import human_console
from farm.orchestration.blueprint import Blueprint
from farm.reports.programme import Programme, programme
from farm.reports.size import bytes_needed
from farm.settings.scenarios import load_scenario
from farm.settings.settings import load_settings

#: Batches shown in the human view; the JSON has them all.
BATCHES_SHOWN = 12

#: The embedded server's log grows to max_wal_size between two checkpoints; settings of
#: farm/services/postgres.py.
MOST_LOG = 8 * 2**30

#: Columns before and after a chart: its label, and its figures with a space on each side.
LABEL_WIDTH, SUMMARY_WIDTH = 7, 29


@click.command("plan")
@scenario_option
@seed_option
@click.option("--json", "as_json", is_flag=True, help="Print the whole plan as JSON.")
def plan(scenario: str | None, seed: int | None, *, as_json: bool) -> None:
    """Show what a scenario would make: batches, occupancy, chunks, rows, disk. Writes nothing."""
    settings = load_settings()
    chosen = load_scenario(scenario or DEFAULT_SCENARIO, settings.config_dir, seed)
    made = programme(Blueprint.of(chosen))
    if as_json:
        click.echo(json.dumps(made.as_json(), indent=2))
        return
    # Where PostgreSQL runs elsewhere, this machine's disk says nothing.
    free = _free(settings.home) if settings.database_url is None else None
    show(human_console(), made, free_bytes=free)


def show(console: Console, made: Programme, *, free_bytes: int | None) -> None:
    """Print the human view of a programme."""
    console.print(_headline(made))
    console.print()
    console.print(_rows(made))
    console.print(_disk(made.bytes, free_bytes))
    console.print()
    for line in _over_time(made, max(console.width - LABEL_WIDTH - SUMMARY_WIDTH, 12)):
        console.print(line, no_wrap=True, overflow="crop")
    console.print()
    console.print(_batches(made))
    if len(made.batches) > BATCHES_SHOWN:
        more = len(made.batches) - BATCHES_SHOWN
        console.print(
            f"… and {figures.several(more, 'more batch', 'more batches')}; --json has all"
        )


def _headline(made: Programme) -> Text:
    text = Text(made.scenario, style="bold")
    parts = (
        f"{made.months[0]} to {made.months[-1]}",
        figures.several(len(made.batches), "batch", "batches"),
        figures.several(made.containers, "container"),
        figures.several(made.chunks, "chunk"),
        f"about {figures.several(sum(made.rows.values()), 'row')}",
        figures.size(made.bytes),
    )
    return text.append(": " + ", ".join(parts), style="not bold")


def _rows(made: Programme) -> Table:
    shown = table("table", "rows", "disk with index", right=("rows", "disk with index"))
    months = len(made.months)
    for name, rows in sorted(made.rows.items(), key=lambda item: -item[1]):
        needed = bytes_needed({name: rows}, months)
        shown.add_row(name, figures.count(rows), figures.size(needed))
    return shown


def _disk(needed: int, free: int | None) -> Text:
    log = min(needed, MOST_LOG)
    text = Text(f"disk needed about {figures.size(needed)}")
    text.append(f", and up to {figures.size(log)} of write-ahead log meanwhile")
    if free is not None:
        text.append(f"; free {figures.size(free)}")
        if needed + log > free:
            text.append(": not enough", style="bold bright_red")
    return text


def _over_time(made: Programme, width: int) -> Iterator[Text]:
    """Yield the charts: occupancy by kind of container, and active batches, month by month."""
    indent = " " * (LABEL_WIDTH + 1)
    yield Text("over time", style="bold")
    yield Text(indent + charts.years_above(made.months, width), style="bright_black")
    for kind, by_month in made.occupancy.items():
        shares = [by_month[month] for month in made.months]
        line = Text(f"{kind + 's':<{LABEL_WIDTH}} ")
        line.append(charts.sparkline(shares, width=width, top=1.0), style="bright_cyan")
        mean = sum(shares) / len(shares)
        yield line.append(f" {mean:.0%} occupied, {max(shares):.0%} at most")
    counts = [made.active_batches_by_month[month] for month in made.months]
    line = Text(f"{'batches':<{LABEL_WIDTH}} ")
    line.append(charts.sparkline(counts, width=width), style="bright_green")
    yield line.append(f" {min(counts)} to {max(counts)} active")


def _batches(made: Programme) -> Table:
    shown = table(
        *("batch", "geography", "eggs from", "eggs", "start", "harvest", "until"),
        right=("eggs",),
    )
    for batch in made.batches[:BATCHES_SHOWN]:
        shown.add_row(
            batch.code,
            batch.geography,
            batch.egg_source,
            figures.count(batch.eggs),
            str(batch.start_date),
            str(batch.harvest_from),
            str(batch.harvest_to),
        )
    return shown


def _free(home: Path) -> int:
    """Return the free bytes of the file system that ``home`` is on or will be on."""
    existing = next(p for p in (home, *home.parents) if p.exists())
    return shutil.disk_usage(existing).free
