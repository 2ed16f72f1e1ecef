"""`farm worker`: this process becomes a Celery worker with this project's settings."""

from __future__ import annotations

import os

import click

from farm.services.embedded import Services
from farm.services.workers import record_this_process, worker_command
from farm.settings.settings import load_settings


@click.command("worker")
@click.option("--concurrency", type=click.IntRange(1, 256), help="Pool processes.")
@click.option("--hostname", default="worker@%h", show_default=True, help="Name shown in Flower.")
def worker(concurrency: int | None, hostname: str) -> None:
    """Run a Celery worker in the foreground until it is stopped.

    Start as many as you like, on as many machines as reach the servers; what they generate does
    not depend on it.
    """
    settings = load_settings(workers=concurrency)
    found = Services(settings).endpoints()
    settings = settings.with_servers(database_url=found.database_url, redis_url=found.redis_url)
    record_this_process(settings)
    command = worker_command(settings.workers, hostname)
    os.execve(command[0], command, settings.environment())  # noqa: S606 - our own interpreter
