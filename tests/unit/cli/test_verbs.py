"""The table of verbs: complete, quick to list, and true."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import click
import pytest

import farm
from farm.cli.main import VERBS, cli

CONTEXT = click.Context(cli)


def test_help_names_every_verb_without_importing_any():
    code = (
        "import sys; from farm.cli.main import cli;"
        "cli.main(['--help'], prog_name='farm', standalone_mode=False);"
        "heavy = {'celery', 'psycopg', 'numpy', 'sqlalchemy', 'structlog'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for name in cli.list_commands(CONTEXT):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", cli.list_commands(CONTEXT))
def test_a_verb_has_the_name_and_the_one_line_it_is_listed_with(name: str):
    command = cli.get_command(CONTEXT, name)

    assert isinstance(command, click.Command)
    assert command.name == name
    assert VERBS[name].help.endswith(".")
    assert command.help, "a verb explains itself"


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]):
    cli.main(["--version"], prog_name="farm", standalone_mode=False)

    assert metadata.version("salmon-farm") in capsys.readouterr().out


def test_a_verb_that_does_not_exist_is_wrong_usage():
    with pytest.raises(click.UsageError, match="No such command"):
        cli.main(["harvest-everything"], prog_name="farm", standalone_mode=False)


def test_a_command_module_is_listed_or_no_verb():
    folder = Path(farm.__file__).parent / "cli"
    commands = {
        file.stem
        for file in folder.glob("*.py")
        if "\n@click.command(" in file.read_text() or "\n@click.group(" in file.read_text()
    }

    assert commands - {"main"} <= {verb.module.rpartition(".")[2] for verb in VERBS.values()}
