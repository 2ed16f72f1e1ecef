"""How every command ends: with an exit code and, if need be, one line on stderr.

0 done · 1 it went wrong · 2 bad input, or this machine is not ready · 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback

import click

from farm.errors import FarmError, UserError
from farm.settings.secrets import mask

INTERRUPTED = 128 + signal.SIGINT
#: As click ends when the pipe breaks earlier, while a command still prints.
BROKEN_PIPE = 1
_HOW_TO_GO_ON = "stopped; the same command again goes on where it was"


def run(command: click.Command, args: list[str] | None = None) -> int:
    """Run a command line and return the exit code. Nothing but SystemExit leaves this function."""
    try:
        code = command.main(args=args, prog_name="farm", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (`farm status | head`): nothing is left to say, and
        # the interpreter must not try to flush into the closed pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except BaseException as error:  # noqa: BLE001 - this is the one place that turns any into a line
        return report(error)
    return code if isinstance(code, int) else 0


def report(error: BaseException) -> int:
    """Say on stderr what ended a command, and return its exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        _say(_HOW_TO_GO_ON)
        return INTERRUPTED
    if os.environ.get("FARM_LOG_LEVEL", "").lower() == "debug":
        click.echo(mask("".join(traceback.format_exception(error))), err=True, nl=False)
    if isinstance(error, click.ClickException):
        _say(_usage(error))
        return error.exit_code
    if isinstance(error, FarmError):
        _say(str(error) or type(error).__name__)
        return error.exit_code
    if isinstance(error, OSError) and error.filename:
        _say(f"{error.filename}: {error.strerror}")
        return UserError.exit_code if isinstance(error, PermissionError) else FarmError.exit_code
    _say(
        f"unexpected {type(error).__name__}: {_first_line(error)} "
        "(FARM_LOG_LEVEL=debug shows where; a bug, or a server that broke off)"
    )
    return 1


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} (see `{context.command_path} --help`)" if context else message


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "no message")


def _say(message: str) -> None:
    for line in mask(message).splitlines():
        click.echo(f"farm: {line}", err=True)
