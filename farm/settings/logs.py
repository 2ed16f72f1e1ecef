"""Structured logs: JSON lines for machines, one log per session; key=value on stderr for people.

Every line carries what is bound to the current context: worker, session, chunk. A line with a
session goes to `FARM_HOME/logs/session-<n>.jsonl`, any other to `FARM_HOME/logs/farm.jsonl`. Each
line is one `write` to a file opened for appending, so that all processes share a file.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from farm.settings.secrets import mask
from farm.settings.settings import Settings

_FIRST = ("timestamp", "level", "event")
_LEVELS = logging.getLevelNamesMapping()

_encode = json.JSONEncoder(default=lambda value: mask(str(value)), ensure_ascii=False).encode


def configure(settings: Settings, role: str) -> None:
    """Send the logs of this process to its files and its stderr.

    Args:
        settings: home and log_level: what reaches stderr. The files get `info` and above at least.
        role: what this process is: `cli`, `worker`, `coordinator`; a field of each line.
    """
    shown = _LEVELS[settings.log_level.upper()]
    sinks = _Sinks(settings.home / "logs", role, shown)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask_passwords,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(min(shown, logging.INFO)),
        logger_factory=lambda *_: sinks,
        cache_logger_on_first_use=False,
    )


def get_logger() -> FilteringBoundLogger:
    """Return the logger; call it with an event and its facts: `log.info("loaded", rows=5)`."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def bind(
    *, session: int | None = None, chunk: str | None = None, worker: str | None = None
) -> None:
    """Put these on every further line of this context; what is not given stays as it is."""
    structlog.contextvars.bind_contextvars(**_given(session, chunk, worker))


def bound(
    *, session: int | None = None, chunk: str | None = None, worker: str | None = None
) -> AbstractContextManager[None]:
    """Put these on every line inside a `with` block, and back what was there before after it."""
    return structlog.contextvars.bound_contextvars(**_given(session, chunk, worker))


def _given(session: int | None, chunk: str | None, worker: str | None) -> dict[str, Any]:
    values = {"session": session, "chunk": chunk, "worker": worker}
    return {name: value for name, value in values.items() if value is not None}


def _mask_passwords(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: mask(v) if isinstance(v, str) else v for name, v in event.items()}


class _Sinks:
    """Where a finished line goes. Losing the log (a full disk) never stops the work."""

    def __init__(self, folder: Path, role: str, shown: int) -> None:
        self._folder, self._role, self._shown = folder, role, shown

    def msg(self, **event: Any) -> None:
        """Write one line to its file and, at its level or above, to stderr."""
        line = {name: event.pop(name) for name in _FIRST if name in event}
        line |= {"role": self._role, "pid": os.getpid()} | event
        try:
            self._append(line)
        except OSError as error:
            print(f"log line not kept: {error}", file=sys.stderr)  # noqa: T201 - nowhere else left
        if _LEVELS[str(line["level"]).upper()] >= self._shown:
            facts = " ".join(f"{name}={value}" for name, value in event.items())
            time = str(line["timestamp"])[11:19]
            text = mask(f"{time} {line['level']} {line.get('event', '')} {facts}".rstrip())
            sys.stderr.write(text + "\n")

    debug = info = warning = error = critical = exception = msg

    def _append(self, line: dict[str, Any]) -> None:
        name = f"session-{line['session']}.jsonl" if "session" in line else "farm.jsonl"
        file = f"{self._folder}/{name}"
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"{_encode(line)}\n".encode(errors="replace"))
        finally:
            os.close(descriptor)
