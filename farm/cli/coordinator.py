"""`farm coordinator`: the reconciler's loop, for farms whose workers run elsewhere."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType

import click
import psutil

from farm.bootstrap import assemble
from farm.cli.record import Record
from farm.db import migrate
from farm.orchestration.reconcile import Step
from farm.services.beat import Beat
from farm.services.processes import rss_mb
from farm.services.workers import recorded_workers
from farm.settings import logs
from farm.settings.settings import Settings, load_settings


@click.command("coordinator")
def coordinator() -> None:
    """Run the reconciler in the foreground until it is stopped.

    It moves sessions on when a message got lost or a worker fell silent. Several may run at once.
    `farm run` does the same while it runs. Every look touches run/coordinator.beat in FARM_HOME;
    completed sessions are counted, and progress.md there says where everything stands.
    """
    settings = load_settings()
    logs.configure(settings, "coordinator")
    farm = assemble(settings, role="coordinator")
    try:
        migrate.upgrade(farm.database.url, settings.timescale)
        stop = _stop_on_signals()
        reconciler = farm.reconciler(lambda: _memory_mb(settings))
        record = Record(farm, time.monotonic)
        beat = Beat(settings, "coordinator")
        click.echo(f"coordinator: a look every {settings.reconcile_s:g} s; Ctrl-C stops it")
        reported: str | None = None
        while not stop.is_set():
            reported = _report(reconciler.step(), reported)
            if reported is None:
                record.keep_up()
            beat.touch()
            stop.wait(settings.reconcile_s)
    finally:
        farm.close()


def _report(step: Step, reported: str | None) -> str | None:
    """Log what a step did; an outage once, when it begins and when it is over."""
    log = logs.get_logger()
    for session, actions in step.actions.items():
        with logs.bound(session=session):
            for action in actions:
                log.info("advanced", action=str(action))
    for session in step.healed:
        log.info("ledger in Redis rebuilt", session=session)
    if step.reaped:
        log.warning("stuck database connections ended", connections=step.reaped)
    if step.problem and step.problem != reported:
        log.warning("waiting for a server", problem=step.problem)
    elif reported and not step.problem:
        log.warning("the servers are back")
    return step.problem


def _memory_mb(settings: Settings) -> float:
    pids = {os.getpid(), *recorded_workers(settings)}
    return rss_mb(process for process in psutil.process_iter() if process.pid in pids)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def handler(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    return stop
