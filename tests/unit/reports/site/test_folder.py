"""A report touches nothing but what an earlier report wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.errors import SettingsInvalid
from farm.reports.site.folder import LIST, Folder


def write(path: Path, *names: str) -> Folder:
    folder = Folder(path)
    for name in names:
        folder.text(name, name)
    return folder


def test_the_files_of_the_report_before_are_gone_and_nothing_else(tmp_path) -> None:
    write(tmp_path / "out", "index.html", "batches/A.html", "data/x.csv")
    (tmp_path / "out/mine.txt").write_text("mine")
    again = write(tmp_path / "out", "index.html")
    left = {str(p.relative_to(again.path)) for p in again.path.rglob("*") if p.is_file()}
    assert left == {"index.html", "mine.txt", LIST}
    assert not (again.path / "batches").exists()
    assert (again.files, again.bytes) == (1, len("index.html"))


def test_a_report_that_broke_off_can_be_written_again(tmp_path) -> None:
    write(tmp_path, "index.html", "old.html")
    Folder(tmp_path).text("new.html", "half")
    write(tmp_path, "index.html")
    assert {p.name for p in tmp_path.iterdir()} == {"index.html", LIST}


def test_a_folder_of_somebody_else_is_refused(tmp_path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(SettingsInvalid, match="is not empty and holds no report"):
        Folder(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_is_no_folder(tmp_path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(SettingsInvalid, match="is a file"):
        Folder(tmp_path / "out")


def test_a_list_that_somebody_changed_leads_to_nothing_outside(tmp_path) -> None:
    (tmp_path / "precious").write_text("")
    write(tmp_path / "out", "index.html")
    (tmp_path / "out" / LIST).write_text("Written by …\n../precious\n")
    Folder(tmp_path / "out")
    assert (tmp_path / "precious").exists()
