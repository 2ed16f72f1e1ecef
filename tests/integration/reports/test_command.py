"""`farm report`: where it writes, one batch alone, and what it refuses."""

from __future__ import annotations

import psycopg
import pytest

from farm.cli import errors
from farm.cli.main import cli
from farm.db.connection import connect
from farm.reports.site.folder import LIST
from farm.reports.site.reader import reading

pytestmark = pytest.mark.services


@pytest.fixture
def farm(farm_url: str, redis_url: str, tmp_path, monkeypatch, capsys):
    """Runs commands on the finished farm; returns the exit code and what was printed."""
    monkeypatch.setenv("FARM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FARM_DATABASE_URL", farm_url)
    monkeypatch.setenv("FARM_REDIS_URL", redis_url)

    def run(*args: str):
        code = errors.run(cli, list(args))
        return code, *capsys.readouterr()

    return run


def test_one_batch_is_a_site_of_one_page(farm, tmp_path) -> None:
    out = tmp_path / "one"
    code, said, err = farm("report", "--batch", "FO-2015-01", "--out", str(out))
    assert (code, err) == (0, "")
    assert said.startswith("1 page, ")
    assert said.rstrip().endswith(str(out / "index.html"))
    assert [page.name for page in out.rglob("*.html")] == ["index.html"]
    page = (out / "index.html").read_text()
    assert "Batch FO-2015-01" in page
    assert "SC-2015-01" not in page


def test_an_unknown_batch_is_refused_in_one_line(farm, tmp_path) -> None:
    code, out, err = farm("report", "--batch", "FO-1999-01", "--out", str(tmp_path / "one"))
    assert (code, out) == (2, "")
    assert err.startswith('farm: no batch "FO-1999-01"; there are batches such as FO-2015-01')
    assert err.count("\n") == 1
    assert not (tmp_path / "one").exists()


def test_a_folder_with_something_else_in_it_is_refused(farm, tmp_path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    code, out, err = farm("report", "--out", str(tmp_path))
    assert (code, out) == (2, "")
    assert "is not empty and holds no report" in err
    assert not (tmp_path / LIST).exists()


def test_nothing_finished_is_nothing_to_report(farm, database_url, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("FARM_DATABASE_URL", database_url)
    code, _, err = farm("report", "--out", str(tmp_path / "out"))
    assert code == 2
    assert "no session is completed, so there is nothing to report" in err
    assert not (tmp_path / "out").exists()


def test_a_session_that_is_not_completed_is_left_out(farm_url, yardsticks) -> None:
    with connect(farm_url, "test") as connection:
        connection.execute("UPDATE ops.session SET status = 'running' WHERE session = 4")
        try:
            with reading(farm_url, None, yardsticks) as reader:
                scope = reader.scope
                last = reader.rows("overview", "months")[-1]["date"]
        finally:
            connection.execute("UPDATE ops.session SET status = 'completed' WHERE session = 4")
    assert (len(scope.sessions), scope.unfinished) == (3, 1)
    assert str(scope.last_day) == "2016-12-31"
    assert last <= scope.last_day


def test_the_report_cannot_write_to_the_database(farm_url, yardsticks) -> None:
    with (
        reading(farm_url, None, yardsticks) as reader,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        reader._connection.execute("DELETE FROM public.batch")
