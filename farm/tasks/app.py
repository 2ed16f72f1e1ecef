"""The Celery app: ``celery -A farm.tasks.app worker`` starts a worker of this farm.

Settings are read from FARM_* when Celery first asks for its own, not when this is imported. The
parent of a worker opens nothing, but plans for all; each pool process opens its connections with
its first task.
"""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

from celery import signals

from farm.bootstrap import assemble, celery_settings, plan_announced
from farm.orchestration.canvas import make_app
from farm.services.beat import Beat
from farm.settings import logs
from farm.settings.settings import load_settings
from farm.tasks.process import WorkerProcess, collect_rarely

app = make_app(
    lambda: celery_settings(load_settings()),
    include=("farm.tasks.chunks", "farm.tasks.control"),
)

#: What the tasks of this process share.
process = WorkerProcess(lambda: assemble(load_settings(), role="worker", app=app))


@signals.worker_init.connect
def _prepare(**_: Any) -> None:
    collect_rarely()  # the pool's processes too
    plan_announced(load_settings())
    gc.freeze()


@signals.worker_process_init.connect
def _begin(**_: Any) -> None:
    gc.freeze()  # what was made before the fork stays
    logs.configure(load_settings(), "worker")


@signals.worker_process_shutdown.connect
def _end(**_: Any) -> None:
    process.close()


@signals.heartbeat_sent.connect
def _show_life(**_: Any) -> None:
    """Say that the worker's main process still turns and reaches Redis: every two seconds."""
    _beat().touch()


@cache
def _beat() -> Beat:
    return Beat(load_settings(), "worker")
