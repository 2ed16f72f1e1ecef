"""`farm reset`: drop everything generated, so that the next run begins with nothing."""

from __future__ import annotations

import sys

import click

from farm.cli.record import DOCUMENT
from farm.db.drop import drop_everything
from farm.errors import SessionRefused, SettingsInvalid
from farm.orchestration.delivery import KEY_PREFIX
from farm.services import probes
from farm.services.embedded import Services
from farm.services.workers import recorded_workers
from farm.settings.secrets import mask
from farm.settings.settings import Settings, load_settings


@click.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Drop all generated data: tables, ledgers in Redis, session logs, progress. Settings stay.

    Refuses while workers run.
    """
    settings = load_settings()
    services = Services(settings)
    _require_quiet(settings, services)
    if not yes and not _agreed(settings):
        click.echo("nothing is dropped")
        return
    services.erase()
    if settings.database_url is not None:
        drop_everything(settings.database_url)
    if settings.redis_url is not None:
        probes.delete_keys(settings.redis_url, KEY_PREFIX)
    for log in (settings.home / "logs").glob("session-*.jsonl"):
        log.unlink()
    (settings.home / DOCUMENT).unlink(missing_ok=True)
    click.echo("all generated data are dropped")


def _agreed(settings: Settings) -> bool:
    if not sys.stdin.isatty():
        raise SettingsInvalid("reset drops all generated data: say so with --yes")
    where = mask(settings.database_url) or f"the embedded PostgreSQL in {settings.home}"
    return click.confirm(f"Drop all generated data in {where}?")


def _require_quiet(settings: Settings, services: Services) -> None:
    """Raise SessionRefused while anybody works on the data."""
    if pids := recorded_workers(settings):
        raise SessionRefused(
            f"workers are running (pid {', '.join(map(str, pids))}): stop them, then reset"
        )
    url = settings.database_url or _embedded_url(services)
    if url is not None and (clients := probes.postgres_facts(url).clients):
        raise SessionRefused(f"still connected: {', '.join(clients)}; stop them, then reset")


def _embedded_url(services: Services) -> str | None:
    server = services.status()["postgres"]
    return str(server["url"]) if server["running"] else None
