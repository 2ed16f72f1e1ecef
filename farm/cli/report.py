"""`farm report`: an HTML site about the company, with a CSV file for everything in it."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.due import index_of
from farm.cli.opened import opened
from farm.cli.terminal import human_console
from farm.reports.site.build import build
from farm.settings.settings import load_settings
from farm.settings.yardsticks import Yardsticks, load_yardsticks


@click.command("report")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to: a new or empty folder, or that of an earlier report. FARM_HOME/report if none.",
)
@click.option("--batch", metavar="CODE", help="Only the life of this batch, such as FO-2015-01.")
def report(out: Path | None, batch: str | None) -> None:
    """Write an HTML report of the completed sessions, and CSV tables.

    It needs no network: open index.html in a browser. Nothing in the database is changed.
    """
    settings = load_settings()
    yardsticks = load_yardsticks(settings.config_dir)
    with opened(settings) as farm:
        report_and_print(human_console(), farm, yardsticks, out, batch)


def report_and_print(
    console: Console,
    farm: Farm,
    yardsticks: Yardsticks,
    out: Path | None = None,
    batch: str | None = None,
) -> None:
    """Write the report of the completed sessions, or of one batch, and say where it is.

    Raises as `farm.reports.site.build.build`.
    """
    folder = (out or index_of(farm.settings).parent).resolve()
    with console.status("writing the report"):
        built = build(str(farm.settings.database_url), folder, yardsticks, batch)
    pages = figures.several(built.pages, "page")
    files = figures.several(built.files, "file")
    size, took = figures.size(built.bytes), figures.duration(built.seconds)
    console.print(f"{pages}, {files}, {size}, in {took}")
    console.print(Text(str(built.index)), soft_wrap=True)
