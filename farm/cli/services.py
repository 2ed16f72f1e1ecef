"""`farm services`: the embedded PostgreSQL and Redis-protocol server of this home."""

from __future__ import annotations

import json
from typing import Any

import click

from farm.cli.options import json_option
from farm.services.embedded import Services
from farm.settings.secrets import mask
from farm.settings.settings import load_settings


@click.group("services")
def services() -> None:
    """Start, stop or show the servers in FARM_HOME.

    Servers that FARM_DATABASE_URL and FARM_REDIS_URL name are never started or stopped.
    """


@services.command("start")
def start() -> None:
    """Start the embedded servers that do not run; they stay up when this command ends."""
    found = Services(load_settings())
    found.start()
    _show(found.status())


@services.command("stop")
def stop() -> None:
    """Stop the embedded servers. Their data stay."""
    stopped = Services(load_settings()).stop()
    click.echo(f"stopped {' and '.join(stopped)}" if stopped else "nothing to stop")


@services.command("status")
@json_option
def status(*, as_json: bool) -> None:
    """Show which servers this farm uses and whether they run."""
    found = Services(load_settings()).status()
    if as_json:
        click.echo(json.dumps(found))
    else:
        _show(found)


def _show(status: dict[str, dict[str, Any]]) -> None:
    for name, server in status.items():
        kind = f"embedded, pid {server['pid']}" if server["pid"] else "given by the settings"
        if server["embedded"] and not server["running"]:
            kind = "embedded"
        state = "running" if server["running"] else "not running"
        click.echo(f"{name:<9} {state:<12} {mask(server['url']) or '-'} ({kind})")
