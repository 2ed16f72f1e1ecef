"""The sign of life of a coordinator and of a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import signals

from farm.services.beat import Beat
from farm.settings.settings import load_settings
from farm.tasks import app


@pytest.fixture
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FARM_HOME", str(tmp_path))
    app._beat.cache_clear()
    yield
    app._beat.cache_clear()


def test_a_beat_makes_an_old_file_young_again(tmp_path: Path):
    beat = Beat(load_settings(home=tmp_path / "new"), "coordinator")
    beat.touch()
    os.utime(beat.file, (0, 0))

    beat.touch()

    assert beat.file.stat().st_mtime > 0


def test_a_home_that_cannot_be_written_shows_no_life_and_ends_nothing(tmp_path: Path):
    (tmp_path / "home").write_text("a file where the folder should be")
    beat = Beat(load_settings(home=tmp_path / "home"), "coordinator")

    beat.touch()

    assert not beat.file.exists()


@pytest.mark.usefixtures("_own_home")
def test_a_worker_beats_whenever_celery_sends_a_heartbeat(tmp_path: Path):
    beat = Beat(load_settings(home=tmp_path), "worker")
    assert not beat.file.exists()

    signals.heartbeat_sent.send(sender=None)

    assert beat.file.exists()
