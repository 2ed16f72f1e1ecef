"""One `farm run` at a time in one home: a second one would end the first one's workers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from farm.errors import SessionRefused, SettingsInvalid


@contextmanager
def only_one_run(home: Path) -> Iterator[None]:
    """Hold the home's run lock. The system releases it however this process ends.

    Raises:
        SessionRefused: another run holds it.
        SettingsInvalid: the home cannot be written.
    """
    file = home / "run" / "run.lock"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SettingsInvalid(
            f"FARM_HOME: {home} cannot be used: {error.strerror or error}"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SessionRefused(
            f"another `farm run` is at work in {home}: watch it with `farm status --watch`"
        ) from None
    else:
        yield
    finally:
        os.close(descriptor)
