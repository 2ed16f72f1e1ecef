"""What `farm run` does when everything is made, and what is kept beside the data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from farm.cli import errors, validate
from farm.cli.main import cli
from farm.cli.record import EVERY_S, Record
from farm.db.connection import Database, connect
from farm.db.ledger import PostgresLedger
from tests.integration.validation.finished_farm import CHECKS, Finished

pytestmark = pytest.mark.services

CONFIG = Path(__file__).parents[3] / "config"
ASKED = ("fish_balance_of_assignments", "fish_balance_of_batches", "deaths_by_cause")
QUICKLY = ("run", "--no-report")
NOTHING_NEW = "and nothing was made since"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def farm(finished: Finished, redis_url: str, tmp_path: Path, monkeypatch, capsys) -> Command:
    """Runs commands on the finished farm; returns the exit code and what was printed."""
    monkeypatch.setenv("FARM_HOME", str(tmp_path))
    monkeypatch.setenv("FARM_DATABASE_URL", finished.url)
    monkeypatch.setenv("FARM_REDIS_URL", redis_url)
    # Whether the data are true is told elsewhere; here a few checks will do.
    monkeypatch.setattr(validate, "load_checks", lambda: [CHECKS[name] for name in ASKED])
    with connect(finished.url, "test") as connection:
        connection.execute("DELETE FROM ops.check_result")

    def run(*args: str) -> tuple[int, str, str]:
        code = errors.run(cli, list(args))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def an_egg_too_many(finished: Finished) -> Iterator[None]:
    """A batch that says it was laid down with one more egg than there was."""
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE batch SET eggs = eggs + 1 WHERE id = 1000001")
        yield
        connection.execute("UPDATE batch SET eggs = eggs - 1 WHERE id = 1000001")


def runs(finished: Finished) -> int:
    with connect(finished.url, "test") as connection:
        row = connection.execute("SELECT count(DISTINCT run_time) FROM ops.check_result").fetchone()
    return int(row[0]) if row else 0


def test_a_run_ends_with_checks_and_report_once(
    farm: Command, finished: Finished, tmp_path: Path
) -> None:
    # Given data that nobody has checked or told of, a run does
    code, out, _ = farm("run")
    assert code == 0
    assert "3 checks passed, 0 failed, 0 skipped, in " in out
    assert str(tmp_path / "report" / "index.html") in out
    assert runs(finished) == 1
    # And the next one says that it need not
    code, out, _ = farm("run")
    assert code == 0
    assert NOTHING_NEW in out
    assert "index.html" not in out
    assert runs(finished) == 1
    # But once another generator's checks, or older ones, are all there is, it does again
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE ops.check_result SET generator_version = generator_version - 1")
    assert NOTHING_NEW not in farm(*QUICKLY)[1]
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE ops.check_result SET run_time = run_time - interval '1 year'")
    assert NOTHING_NEW not in farm(*QUICKLY)[1]
    assert runs(finished) == 3


def test_checks_and_report_can_be_left_out(
    farm: Command, finished: Finished, tmp_path: Path
) -> None:
    assert farm("run", "--no-validate", "--no-report")[0] == 0
    assert runs(finished) == 0
    assert not (tmp_path / "report").exists()
    # And are made up for by a run that is not told to
    assert farm("run", "--no-validate")[0] == 0
    assert (tmp_path / "report" / "index.html").exists()
    assert farm(*QUICKLY)[0] == 0
    assert runs(finished) == 1


@pytest.mark.usefixtures("an_egg_too_many")
@pytest.mark.parametrize("args", [QUICKLY, ("run", "--validate-only")])
def test_a_failed_check_is_named_and_the_run_exits_1(farm: Command, args: tuple[str, ...]) -> None:
    code, out, _ = farm(*args)
    assert code == 1
    assert out.rstrip().endswith(": fish_balance_of_batches")
    assert NOTHING_NEW not in farm(*QUICKLY)[1], "what failed is checked again"


@pytest.mark.parametrize("sessions", [(), ("--sessions", "1-4"), ("--sessions", "2")])
def test_validate_only_checks_all_or_one(farm: Command, sessions: tuple[str, ...]) -> None:
    code, out, _ = farm("run", "--validate-only", *sessions)
    assert code == 0
    assert " 0 failed, " in out
    assert "session  years" not in out


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("--no-validate",), "--no-validate"),
        (("--sessions", "1-2"), "one session or at all"),
        (("--sessions", "5"), "1 to 4"),
        (("--scenario", "demo"), "smoke"),
        (("--seed", "1"), "seed"),
    ],
)
def test_what_contradicts_validate_only_is_one_line(
    farm: Command, args: tuple[str, ...], names: str
) -> None:
    code, out, err = farm("run", "--validate-only", *args)
    assert (code, out) == (2, "")
    assert names in err
    assert len(err.splitlines()) == 1


def test_nothing_generated_is_nothing_to_check(farm: Command, database_url, monkeypatch) -> None:
    monkeypatch.setenv("FARM_DATABASE_URL", database_url)
    code, out, err = farm("run", "--validate-only")
    assert (code, out) == (2, "")
    assert "nothing was submitted" in err


def test_while_another_session_is_not_completed_nothing_is_checked(
    farm: Command, finished: Finished
) -> None:
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE ops.session SET status = 'failed' WHERE session = 4")
        try:
            code, out, _ = farm(*QUICKLY, "--sessions", "1-3")
        finally:
            connection.execute("UPDATE ops.session SET status = 'completed' WHERE session = 4")
    assert code == 0
    assert "not checked: session 4 is failed" in out
    assert runs(finished) == 0


def test_status_shows_the_figures_to_people_machines_and_documents(farm: Command) -> None:
    code, out, _ = farm("status", "4")
    assert code == 0
    assert "facility utilisation" in out
    sessions = json.loads(farm("status", "--json")[1])["sessions"]
    assert sessions[3]["metrics"]["cumulative"]["fish_harvested"] > 0
    assert sessions[0]["metrics"]["session"]["readings"] > 0
    code, out, _ = farm("status", "--markdown")
    assert code == 0
    assert "| session | years | status | started | completed | runtime | memory peak |" in out
    assert "| FCR, biological | kg/kg |" in out
    code, _, err = farm("status", "--markdown", "--json")
    assert (code, len(err.splitlines())) == (2, 1)


class Clock:
    """Seconds that pass when a test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def kept(finished: Finished, tmp_path: Path) -> Iterator[tuple[Record, Clock, Database]]:
    """A record of the finished farm, its clock and its connection."""
    database, clock = Database(finished.url, "test"), Clock()
    own: Any = SimpleNamespace(
        database=database,
        ledger=PostgresLedger(database),
        settings=SimpleNamespace(home=tmp_path, config_dir=CONFIG),
    )
    yield Record(own, clock), clock, database
    database.close()


def test_the_document_is_rewritten_when_something_has_changed_and_now_and_then(kept) -> None:
    record, clock, database = kept
    record.keep_up()
    written = record.file.read_text()
    assert "| 4 | 3 | completed |" in written
    # Nothing has changed, or nobody has looked yet: it stays as it is
    record.file.write_text("old")
    clock.now_s += EVERY_S
    record.keep_up()
    assert record.file.read_text() == "old"
    with database.transaction() as connection:
        connection.execute("DELETE FROM ops.metric WHERE session = 4")
        connection.execute(
            "UPDATE ops.session SET completed = completed + interval '1 s' WHERE session = 4"
        )
    clock.now_s += EVERY_S / 2
    record.keep_up()
    assert record.file.read_text() == "old"
    # It is time: the session is counted, and the document written
    clock.now_s += EVERY_S / 2
    record.keep_up()
    text = record.file.read_text()
    assert text != "old"
    assert text.count("\n") == written.count("\n")
    # A session that has ended is told of at once
    record.file.write_text("old")
    record.bring_up_to_date(4)
    assert record.file.read_text() != "old"
    assert [file.name for file in record.file.parent.iterdir()] == [record.file.name]


def test_a_record_that_cannot_be_kept_ends_nothing(kept, tmp_path: Path) -> None:
    record, _, database = kept
    (tmp_path / "progress.md").mkdir()
    record.bring_up_to_date()
    database.url = "postgresql://nobody@127.0.0.1:1/none"
    database.close()
    record.bring_up_to_date()
