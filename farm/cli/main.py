"""The `farm` command: a table of verbs, each imported only when it is called."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass

import click

from farm.cli import errors


@dataclass(frozen=True, slots=True)
class Verb:
    """Where a command is defined and its line in `farm --help`."""

    module: str
    attribute: str
    help: str


def _verb(name: str, text: str) -> tuple[str, Verb]:
    word = name.replace("-", "_")
    return name, Verb(f"farm.cli.{word}", word, text)


#: In the order `farm --help` shows them.
VERBS: dict[str, Verb] = dict(
    [
        _verb("run", "Do everything: servers, workers, all sessions."),
        _verb("submit-session", "Submit one session to the workers there are."),
        _verb("resume", "Put back what is missing, and nothing else."),
        _verb("retry", "Publish failed chunks again."),
        _verb("status", "Show sessions, months and batches, rates."),
        _verb("plan", "Show what would be made; write nothing."),
        _verb("digest", "Show rows and a checksum per table."),
        _verb("coverage", "Show rows by table and year."),
        _verb("validate", "Check whether the data can be true."),
        _verb("report", "Write an HTML report and CSV tables."),
        _verb("verify", "Make committed chunks again and compare."),
        _verb("worker", "Run a Celery worker in the foreground."),
        _verb("coordinator", "Run the reconciler in the foreground."),
        _verb("flower", "Run Flower, the view of the workers."),
        _verb("services", "Start, stop or show the embedded servers."),
        _verb("doctor", "Check whether this machine is ready."),
        _verb("reset", "Drop all generated data."),
    ]
)


class VerbGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands this installation has."""
        return [name for name, verb in VERBS.items() if importlib.util.find_spec(verb.module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for an unknown name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        verb = VERBS[cmd_name]
        command: click.Command = getattr(importlib.import_module(verb.module), verb.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, VERBS[name].help) for name in self.list_commands(ctx)])


@click.group(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(importlib.metadata.version("salmon-farm"), prog_name="farm")
def cli() -> None:
    """Generate ten years of a salmon-farming company into PostgreSQL.

    Settings are FARM_* environment variables, a .env file or secret files.
    """


def main() -> None:
    """Run the command line and exit; every error becomes one clear line."""
    sys.exit(errors.run(cli))
