"""A worker that is started before there are servers: it imports and plans while they start.

``python -m farm.tasks.standby ARGUMENTS OF celery`` waits for one line on standard input: a JSON
object of settings, by the names of their environment variables. Then it becomes the Celery worker.
Without a line, the run that it was started for has ended, and so does it.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import celery.__main__

from farm.bootstrap import plan_announced
from farm.settings.settings import load_settings
from farm.tasks.process import collect_rarely

#: What Celery would import when its worker starts, and the farm's tasks.
_NEEDED = ("celery.bin.celery", "celery.apps.worker", "celery.concurrency.prefork",
           "celery.worker.consumer", "kombu.transport.redis", "celery.backends.redis",
           "farm.tasks.chunks", "farm.tasks.control")  # fmt: skip


def main() -> None:
    """Stand by, then work."""
    collect_rarely()
    for module in _NEEDED:
        import_module(module)
    plan_announced(load_settings())
    told = sys.stdin.readline()
    if told:
        os.environ.update(json.loads(told))
        celery.__main__.main()


if __name__ == "__main__":
    main()
