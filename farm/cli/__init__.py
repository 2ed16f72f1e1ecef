"""One file per verb. `main` is the console script `farm`."""

from farm.cli.main import main

__all__ = ["main"]
