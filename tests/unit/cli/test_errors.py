"""How commands end: one line on stderr, an exit code, never a traceback or a password."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from farm.cli import errors
from farm.errors import DatabaseLost, ScenarioInvalid, SettingsInvalid


def ending(error: BaseException) -> click.Command:
    @click.command("verb")
    def verb() -> None:
        raise error

    return verb


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SettingsInvalid("no such setting"), 2, "farm: no such setting\n"),
        (ScenarioInvalid("x.toml", "seed", "too big"), 2, "farm: x.toml: seed: too big\n"),
        (SettingsInvalid("first\nsecond"), 2, "farm: first\nfarm: second\n"),
        (DatabaseLost("gone"), 1, "farm: gone\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "farm: /x: Permission denied\n"),
        (OSError(28, "No space left on device", "/x"), 1, "farm: /x: No space left on device\n"),
    ],
)
def test_an_error_ends_a_command_with_its_lines_and_its_code(
    error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]
):
    assert errors.run(ending(error), []) == code

    shown = capsys.readouterr()
    assert shown.err == said
    assert shown.out == ""


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(capsys: pytest.CaptureFixture[str]):
    assert errors.run(ending(KeyboardInterrupt()), []) == 130

    assert "goes on" in capsys.readouterr().err


def test_a_bug_is_one_line_without_password_or_traceback(capsys: pytest.CaptureFixture[str]):
    bug = ZeroDivisionError("cannot use postgresql://u:hidden@h/db\nmore")

    assert errors.run(ending(bug), []) == 1

    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "ZeroDivisionError" in said
    assert "hidden" not in said
    assert "Traceback" not in said


def test_the_traceback_shows_at_log_level_debug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FARM_LOG_LEVEL", "debug")

    errors.run(ending(ZeroDivisionError("postgresql://u:hidden@h/db")), [])

    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "hidden" not in said


def test_wrong_usage_is_one_line_that_names_the_help(capsys: pytest.CaptureFixture[str]):
    assert errors.run(ending(ValueError()), ["--nonsense"]) == 2

    said = capsys.readouterr().err
    assert said == "farm: No such option '--nonsense' (see `farm --help`)\n"


def test_a_command_that_ends_well_ends_with_0_whatever_it_returns():
    @click.command("verb")
    def verb() -> str:
        return "text"

    assert errors.run(verb, []) == 0


def test_a_command_chooses_its_exit_code():
    @click.command("verb")
    @click.pass_context
    def verb(ctx: click.Context) -> None:
        ctx.exit(2)

    assert errors.run(verb, []) == 2


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_goes_away_ends_a_command_without_a_word(lines: int):
    # Given a command whose output nobody reads any more
    code = (
        "import sys, click\n"
        "from farm.cli import errors\n"
        "@click.command('verb')\n"
        "def verb():\n"
        "    sys.stdin.read()\n"
        f"    for n in range({lines}): print(n)\n"
        "sys.exit(errors.run(verb, []))\n"
    )
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    os.close(reading)

    # When it prints
    said = process.communicate()[1]

    # Then it ends quietly
    assert said == ""
    assert process.returncode == errors.BROKEN_PIPE
