"""A sign of life: a file that a process touches for as long as it gets on with its work."""

from __future__ import annotations

import contextlib
from pathlib import Path

from farm.services.home import Home
from farm.settings.settings import Settings


class Beat:
    """The sign of life of the coordinator or of the workers of a home.

    Whoever watches them, a container engine for one, looks at the file's age: a process that hangs
    still exists, but no longer touches it.
    """

    def __init__(self, settings: Settings, role: str) -> None:
        self._file = Home(settings.home).run / f"{role}.beat"

    @property
    def file(self) -> Path:
        """Return the file; it need not exist."""
        return self._file

    def touch(self) -> None:
        """Show life. A home that cannot be written must not end the work: others see no sign."""
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch()
