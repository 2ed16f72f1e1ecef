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
from farm.simulation.supply import Supply

#: Batches shown in the human view; the JSON has them all.
BATCHES_SHOWN = 12

#: The embedded server's log grows to max_wal_size between two checkpoints; settings of
#: farm/services/postgres.py.
MOST_LOG = 8 * 2**30

#: Columns before and after a chart: its label, and its figures with a space on each side.
LABEL_WIDTH, SUMMARY_WIDTH = 10, 33

#: What people call the containers of a kind of hall; pens and sites are called that.
LABELS = {"egg_alevin": "trays", "post_smolt": "post-smolt"}


@click.command("plan")
@scenario_option
@seed_option
@click.option("--json", "as_json", is_flag=True, help="Print the whole plan as JSON.")
def plan(scenario: str | None, seed: int | None, *, as_json: bool) -> None:
    """Show what a scenario would make: the programme, rows, chunks, disk. Writes nothing.

    A batch is active on the 15th of a month if it has fish then, pens until they must be empty.
    Facilities are used while there are fish in them and while they are cleaned or lie fallow.
    """
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
    for line in _programme(made):
        console.print(line)
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
    """Yield the charts, month by month: active batches, use of the facilities, harvested pens.

    The means of the facilities are those of the time after the ramp.
    """
    indent = " " * (LABEL_WIDTH + 1)
    yield Text("over time", style="bold")
    yield Text(indent + charts.years_above(made.months, width), style="bright_black")
    counts = [made.active_batches_by_month[month] for month in made.months]
    line = Text(f"{'batches':<{LABEL_WIDTH}} ")
    line.append(charts.sparkline(counts, width=width), style="bright_green")
    yield line.append(f" {min(counts)} to {max(counts)} active")
    since = made.full_from or made.months[0]
    for kind, use in made.facilities.items():
        label = LABELS.get(kind, f"{kind}s" if kind in {"pen", "site"} else kind)
        line = Text(f"{label:<{LABEL_WIDTH}} ")
        shares = [use.in_use[month] for month in made.months]
        line.append(charts.sparkline(shares, width=width, top=1.0), style="bright_cyan")
        stocked, in_use = (
            [by_month[month] for month in made.months if month >= since]
            for by_month in (use.stocked, use.in_use)
        )
        summary = f" {_mean(stocked):.0%} stocked, {_mean(in_use):.0%} used"
        yield line.append(f"{summary}, {max(shares):.0%} peak")
    for code, supply in made.supply.items():
        pens = [supply.pens.get(month, 0) for month in made.months]
        line = Text(f"{'harvest ' + code:<{LABEL_WIDTH}} ")
        line.append(charts.sparkline(pens, width=width), style="bright_yellow")
        yield line.append(f" {figures.several(sum(pens), 'pen')}, {max(pens)} a month at most")


def _mean(shares: list[float]) -> float:
    return sum(shares) / len(shares)


def _programme(made: Programme) -> Iterator[Text]:
    """Yield the programme in words: starts, ramp, harvest, and whether the rules are kept."""
    starts = ", ".join(f"{year} {number}" for year, number in made.starts_by_year.items())
    yield _said("starts", starts)
    if made.active_when_full is None:
        yield _said("ramp", f"never nine tenths of the {made.target:g} batches aimed at")
    else:
        low, high = made.active_when_full
        yield _said(
            "ramp", f"until {made.full_from}; {low} to {high} batches active every month since"
        )
    for code, supply in made.supply.items():
        yield _said(f"harvest {code}", _harvest(supply))
    rules = "one batch to a container, cleaning and fallow kept, one generation to a site"
    if not made.breaches:
        yield _said("checked", rules)
    for breach in made.breaches:
        broken = _said("broken", breach)
        broken.stylize("bold bright_red")
        yield broken


def _said(label: str, text: str) -> Text:
    return Text(f"{label:<{LABEL_WIDTH}} {text}")


def _harvest(supply: Supply) -> str:
    if not supply.pens:
        return "none within the horizon"
    months = len(supply.empty_months)
    without = f"{figures.several(months, 'month')} without" if months else "no month without"
    gap = figures.several(supply.longest_gap_days, "day")
    return f"from {next(iter(supply.pens))}, {without}; longest gap {gap}"


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
