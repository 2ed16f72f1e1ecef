"""Logs: one JSON line per event, in the log of its session, from any number of processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from farm.settings import logs
from farm.settings.settings import load_settings


@pytest.fixture(autouse=True)
def _own_configuration() -> Iterator[None]:
    """Leave structlog to the other tests as it was."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_line_with_a_session_goes_to_its_log_and_any_other_to_the_farms(tmp_path: Path):
    # Given a process of the farm
    logs.configure(load_settings(home=tmp_path), "worker")
    log = logs.get_logger()

    # When it logs before, in and after a chunk
    log.info("begun")
    logs.bind(session=2, worker="worker@here")
    with logs.bound(chunk="2/FO-2015-07/2016-03"):
        log.info("committed", rows=5)
    log.info("idle")

    # Then each line is where it belongs and carries what was bound
    assert [line["event"] for line in lines(tmp_path / "logs" / "farm.jsonl")] == ["begun"]
    committed, idle = lines(tmp_path / "logs" / "session-2.jsonl")
    assert committed["chunk"] == "2/FO-2015-07/2016-03"
    assert (committed["role"], committed["worker"], committed["rows"]) == (
        "worker",
        "worker@here",
        5,
    )
    assert "chunk" not in idle


def test_people_see_only_their_level_and_the_file_gets_everything_from_info(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    logs.configure(load_settings(home=tmp_path, log_level="error"), "cli")

    logs.get_logger().info("detail")
    logs.get_logger().error("trouble", chunk="1/FO/simulate")

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "trouble chunk=1/FO/simulate" in shown.err
    assert "detail" not in shown.err
    events = [line["event"] for line in lines(tmp_path / "logs" / "farm.jsonl")]
    assert events == ["detail", "trouble"]


def test_no_password_is_logged_whether_text_value_or_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    logs.configure(load_settings(home=tmp_path), "cli")
    secret = "postgresql://u:hidden@h/db"

    try:
        int(secret)
    except ValueError as error:
        logs.get_logger().exception(f"cannot reach {secret}", url=secret, cause=error)

    assert "hidden" not in (tmp_path / "logs" / "farm.jsonl").read_text()
    assert "hidden" not in capsys.readouterr().err


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "logs").write_text("a file where the folder should be")
    logs.configure(load_settings(home=tmp_path), "cli")

    logs.get_logger().warning("goes on")

    assert "goes on" in capsys.readouterr().err


WRITER = """
import sys
from pathlib import Path
from farm.settings import logs
from farm.settings.settings import load_settings
logs.configure(load_settings(home=Path(sys.argv[1])), "worker")
for n in range(200):
    logs.get_logger().info("line", session=1, n=n, padding="x" * 500)
"""


def test_several_processes_share_a_log_without_tearing_a_line(tmp_path: Path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]

    written = lines(tmp_path / "logs" / "session-1.jsonl")

    assert len(written) == 600
    assert len({(line["pid"], line["n"]) for line in written}) == 600
