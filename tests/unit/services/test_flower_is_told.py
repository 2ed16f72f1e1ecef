"""Whether the workers of a home send events: only where Flower listens, for they are not free."""

from __future__ import annotations

from farm.services.home import Home
from farm.services.workers import flower_runs, record_this_flower, worker_command
from farm.settings.settings import Settings


def test_workers_send_events_unless_nobody_listens():
    assert "--events" in worker_command(2)
    assert "--events" not in worker_command(2, events=False)


def test_flower_is_known_to_its_home_while_it_runs(tmp_path):
    settings = Settings(home=tmp_path)
    assert not flower_runs(settings)
    record_this_flower(settings)
    assert flower_runs(settings)


def test_flower_that_has_ended_counts_no_more(tmp_path):
    settings = Settings(home=tmp_path)
    record_this_flower(settings)
    (file,) = Home(tmp_path).run.glob("flower*")
    file.write_text(file.read_text().replace('"create_time": ', '"create_time": 1'))
    assert not flower_runs(settings)
