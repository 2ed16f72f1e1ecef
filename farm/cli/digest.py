"""`farm digest`: what the generated data are, in a few hexadecimal digits."""

from __future__ import annotations

import json

import click

from farm.cli import figures
from farm.cli.opened import opened
from farm.cli.options import json_option
from farm.cli.tables import table
from farm.cli.terminal import human_console
from farm.db.digest import Digest
from farm.db.digest import digest as digest_of
from farm.settings.settings import load_settings

#: Digits of a checksum that people compare; the JSON has all 64.
DIGITS_SHOWN = 16


@click.command("digest")
@json_option
def digest(*, as_json: bool) -> None:
    """Show rows and a checksum of the content of every table, whatever their order on disk.

    Equal data give equal digests, on any machine and with any number of workers.
    """
    with opened(load_settings()) as farm, farm.database.snapshot() as connection:
        found = digest_of(connection)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    else:
        _show(found)


def _show(found: Digest) -> None:
    shown = table("table", "rows", "sha256", right=("rows",))
    for name, one in found.tables.items():
        shown.add_row(name, figures.count(one.rows), one.sha256[:DIGITS_SHOWN])
    total = sum(one.rows for one in found.tables.values())
    shown.add_section()
    shown.add_row("all", figures.count(total), found.sha256[:DIGITS_SHOWN])
    human_console().print(shown)
