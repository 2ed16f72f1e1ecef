"""`farm coverage`: how many rows of which year each table has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import click
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from farm.cli import figures
from farm.cli.opened import opened
from farm.cli.options import json_option
from farm.cli.tables import table
from farm.cli.terminal import human_console
from farm.db.coverage import dated, rows_by_year
from farm.reports.coverage import Coverage, TableCoverage
from farm.reports.coverage import coverage as coverage_of
from farm.settings.settings import load_settings


@click.command("coverage")
@json_option
def coverage(*, as_json: bool) -> None:
    """Show how many rows of which calendar year each table has, and which tables are empty.

    Rows of closed months count: those that can be seen. The world belongs to no year.
    """
    with opened(load_settings()) as farm, farm.database.snapshot() as connection:
        found = coverage_of(rows_by_year(connection), dated())
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    else:
        human_console().print(CoverageView(found))


class CoverageView:
    """The table of tables and years. In a narrow window figures are rounded: 1,234,567 is 1.2M."""

    def __init__(self, found: Coverage) -> None:
        self.found = found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the widest variant that fits."""
        wide = options.update(max_width=1_000)
        made = self._table(figures.count, gap=2)
        if Measurement.get(console, wide, made).maximum > options.max_width:
            made = self._table(figures.short, gap=1)
        empty = self.found.empty
        said = f"empty: {', '.join(empty)}" if empty else "no table is empty"
        yield Group(made, Text(said, style="bold yellow" if empty else "green"))

    def _table(self, written: Callable[[float], str], *, gap: int) -> Table:
        years = [str(year) for year in self.found.years]
        made = table("table", *years, "rows", right=(*years, "rows"), gap=gap)
        for one in self.found.tables:
            made.add_row(*self._row(one, written))
        made.add_section()
        by_year = (written(self.found.rows_of(year)) for year in self.found.years)
        made.add_row("all", *by_year, written(self.found.rows))
        return made

    def _row(self, one: TableCoverage, written: Callable[[float], str]) -> Iterator[str | Text]:
        yield one.name
        for year in self.found.years:
            number = one.by_year.get(year, 0)
            missing = Text("-", style="bright_black") if not one.is_dated else Text("0", "yellow")
            yield written(number) if number else missing
        yield written(one.rows) if one.rows else Text("0", style="bold yellow")
