"""What a run announces is planned once, by whoever reads it; a hint that is no use does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.bootstrap import plan_announced
from farm.orchestration import blueprint
from farm.orchestration.blueprint import Blueprint
from farm.services.announced import announce, announced
from farm.settings.scenarios import load_scenario
from farm.settings.settings import load_settings, project_config_dir


def test_nothing_is_announced_in_a_new_home(tmp_path: Path):
    assert announced(load_settings(home=tmp_path)) is None


def test_the_announced_scenario_is_planned_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = load_settings(home=tmp_path)
    scenario = load_scenario("smoke", project_config_dir())
    announce(settings, scenario.dump())
    monkeypatch.setattr(blueprint, "_LAST", {})

    plan_announced(settings)

    monkeypatch.setattr(blueprint, "make_plan", None)
    assert Blueprint.of(scenario).fingerprint == scenario.fingerprint()


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"seed": 1}'])
def test_what_cannot_be_read_is_left_alone(tmp_path: Path, text: str):
    settings = load_settings(home=tmp_path)
    announce(settings, {})
    next(settings.home.glob("run/*.json")).write_text(text)
    plan_announced(settings)
