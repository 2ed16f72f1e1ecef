"""Bad input gets one clear line, exit code 2, and nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import farm
from tests.acceptance.homes import Home

pytestmark = [pytest.mark.services, pytest.mark.slow]


def refused(home: Home, *args: str, **settings: str) -> str:
    """Run a command that must be refused; return its one line."""
    lines = home.farm(*args, code=2, **settings).stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_an_unknown_scenario_names_the_known_ones(home: Home):
    line = refused(home, "run", "--scenario", "dmeo")
    assert "dmeo" in line
    assert "demo" in line
    assert "smoke" in line


def test_an_unknown_setting_names_the_nearest(home: Home):
    assert "FARM_WORKERS" in refused(home, "plan", FARM_WORKRES="3")


def test_an_unknown_key_is_named_with_its_file(home: Home, tmp_path: Path):
    config = tmp_path / "config"
    shutil.copytree(Path(farm.__file__).parent.parent / "config", config)
    smoke = config / "scenarios" / "smoke.toml"
    smoke.write_text("flavour = 3\n" + smoke.read_text())
    line = refused(home, "plan", "--scenario", "smoke", FARM_CONFIG_DIR=str(config))
    assert "smoke.toml" in line
    assert "flavour" in line


def test_a_session_before_its_predecessor_is_refused(home: Home):
    line = refused(home, "submit-session", "2", "--scenario", "smoke")
    assert "session 1" in line


def test_a_finished_farm_refuses_another_seed_and_another_scenario(quiet_home: Home):
    before = quiet_home.markers()
    assert "seed" in refused(quiet_home, "run", "--scenario", "smoke", "--seed", "7")
    assert "demo" in refused(quiet_home, "run", "--scenario", "demo")
    assert quiet_home.markers() == before


def test_a_database_that_cannot_be_used_is_named_without_its_password(home: Home):
    url = "postgresql://nobody:secret-word@127.0.0.1:1/farm"
    line = refused(home, "run", "--scenario", "smoke", FARM_DATABASE_URL=url)
    assert "127.0.0.1" in line
    assert "secret-word" not in line
