"""What is known about the machine, and the words a server ends with."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import psutil
import pytest

from farm.errors import ServiceUnavailable
from farm.services import machine
from farm.services.home import Home, last_words
from farm.services.processes import Record, write_whole


def test_a_container_s_memory_limit_counts_and_no_limit_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    limited, unlimited = tmp_path / "limited", tmp_path / "unlimited"
    limited.write_text(f"{512 * 2**20}\n")
    unlimited.write_text("max\n")
    monkeypatch.setattr(machine, "_CGROUP_LIMITS", (tmp_path / "none", unlimited))
    assert machine.memory_mb() == psutil.virtual_memory().total // 2**20

    monkeypatch.setattr(machine, "_CGROUP_LIMITS", (unlimited, limited))
    assert machine.memory_mb() == 512


def test_a_remembered_port_is_kept_while_it_is_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        assert not machine.port_is_free(port)
        assert machine.choose_port(port) != port
    assert machine.choose_port(port) == port


def test_both_servers_programs_are_found_without_importing_their_packages():
    assert (machine.postgres_programs() / "initdb").is_file()
    assert os.access(machine.valkey_program(), os.X_OK)


def test_a_home_that_does_not_exist_yet_has_the_space_of_the_folder_it_will_be_in(tmp_path: Path):
    assert machine.free_disk_mb(tmp_path / "not" / "yet") > 0


def test_data_of_another_user_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # Given a folder that belongs to somebody else, and a user who is not root
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 4711)

    with pytest.raises(ServiceUnavailable, match="another FARM_HOME"):
        machine.Account(tmp_path)


def test_root_without_a_way_to_become_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    with pytest.raises(ServiceUnavailable, match="setpriv"):
        machine.Account(tmp_path / "new")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("a\n2026 [1] FATAL:  no space\nb\n", "no space"),
        ("FATAL:  the database system is starting up\nPANIC:  torn log\n", "torn log"),
        ("1:M # WARNING overcommit\n1:M # Bad file format reading the AOF\n", "Bad file format"),
        ("only this\n\n", "only this"),
        ("", "it said nothing"),
    ],
)
def test_a_server_s_last_words_are_those_that_say_why(said: str, words: str):
    assert last_words(said).startswith(words)


def test_only_what_was_said_since_the_last_start_counts(tmp_path: Path):
    home = Home(tmp_path)
    home.log_file("x").parent.mkdir()
    home.log_file("x").write_text("FATAL:  long ago\n")
    home.begin_log("x")

    with home.log_file("x").open("a") as log:
        log.write("FATAL:  now\n")

    assert home.log_of_this_start("x") == "FATAL:  now\n"


def test_an_over_long_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("farm.services.home._LOG_LIMIT_BYTES", 3)
    home = Home(tmp_path)
    home.begin_log("x")
    home.log_file("x").write_text("long\n")

    home.begin_log("x")

    assert home.log_file("x").with_suffix(".log.1").read_text() == "long\n"
    assert home.log_of_this_start("x") == ""


def test_a_record_finds_its_process_and_no_later_one(tmp_path: Path):
    mine = Record.of(os.getpid())
    assert mine is not None
    mine.write(tmp_path / "record.json")

    assert Record.read(tmp_path / "record.json") == mine
    assert mine.process() == psutil.Process()
    assert Record(mine.pid, mine.create_time - 60).process() is None


def test_a_small_file_is_replaced_whole_with_its_mode(tmp_path: Path):
    file = tmp_path / "folder" / "file"

    write_whole(file, "old", mode=0o600)
    write_whole(file, "new", mode=0o600)

    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["file"]
