"""`farm verify`: make committed chunks again and compare."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

import click
from rich.console import Console
from rich.text import Text

from farm.cli import figures
from farm.cli.choice import submitted_sessions
from farm.cli.opened import opened
from farm.cli.options import json_option
from farm.cli.terminal import human_console
from farm.errors import SessionRefused
from farm.orchestration.verify import Comparison, sample
from farm.settings.settings import load_settings

#: What the command exits with when a chunk is not what its marker says.
FAILED = 1

#: Chunks made again unless the command line says otherwise: seconds, for every scenario.
SAMPLE = 100


@click.command("verify")
@click.option(
    "--sample",
    "size",
    metavar="N",
    type=click.IntRange(1),
    help=f"How many chunks, evenly spread over all; {SAMPLE} if not given.",
)
@click.option("--all", "every", is_flag=True, help="Every chunk, and every simulation.")
@json_option
def verify(size: int | None, *, every: bool, as_json: bool) -> int:
    """Make committed chunks again, from the stored history, and compare with their markers.

    The same scenario and history give the same values, on any machine and whatever was killed
    meanwhile. Nothing is written. Exit code 1 when a chunk is not what its marker says.
    """
    if every and size is not None:
        raise click.UsageError("--all and --sample exclude each other")
    with opened(load_settings()) as farm:
        submitted_sessions(farm, None)
        markers = farm.markers()
        if not markers:
            raise SessionRefused(
                "no chunk is committed yet: `farm status` says how far the work is"
            )
        chosen = markers if every else sample(markers, size or SAMPLE)
        began = time.monotonic()
        compared = farm.verify(chosen)
        if as_json:
            found = list(compared)
            click.echo(json.dumps(_as_json(len(markers), found), indent=2))
        else:
            console = human_console()
            found = list(_shown(console, compared))
            console.print(_summary(len(markers), found, time.monotonic() - began), crop=False)
    return 0 if all(one.agrees for one in found) else FAILED


def _shown(console: Console, compared: Iterable[Comparison]) -> Iterable[Comparison]:
    """Print a line for each comparison as it is made, and hand it on."""
    for one in compared:
        console.print(_line(one), soft_wrap=True)
        yield one


def _line(one: Comparison) -> Text:
    line = Text("same     " if one.agrees else "DIFFERS  ")
    line.stylize("bright_green" if one.agrees else "bold bright_red")
    line.append(str(one.marker.address), style="default")
    if not one.agrees:
        line.append(f": {_difference(one)}", style="default")
    return line


def _difference(one: Comparison) -> str:
    if one.made is None:
        return f"cannot be made again: {one.problem}"
    return f"its marker says {one.marker.sha256[:16]}, made again it is {one.made[:16]}"


def _summary(committed: int, found: list[Comparison], seconds: float) -> Text:
    differing = [str(one.marker.address) for one in found if not one.agrees]
    counted = f"{figures.count(len(found))} of {figures.several(committed, 'committed chunk')}"
    line = Text(f"{counted} made again in {figures.duration(seconds)}: ")
    if not differing:
        return line.append("all the same", style="bright_green")
    line.append(f"{figures.count(len(differing))} differ", style="bold bright_red")
    return line.append(f", {figures.count(len(found) - len(differing))} the same")


def _as_json(committed: int, found: list[Comparison]) -> dict[str, object]:
    agreeing = sum(one.agrees for one in found)
    return {
        "committed": committed,
        "verified": len(found),
        "same": agreeing,
        "different": len(found) - agreeing,
        "chunks": [
            {
                "chunk": str(one.marker.address),
                "same": one.agrees,
                "marked": one.marker.sha256,
                "made": one.made,
                "problem": one.problem,
            }
            for one in found
        ],
    }
