from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farm.errors import ScenarioInvalid
from farm.settings.scenarios import load_scenario, scenario_names

CONFIG = Path(__file__).parents[3] / "config"
FILES = sorted(CONFIG.rglob("*.toml"))


@pytest.fixture
def config(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def edit(config: Path, file: str, old: str, new: str) -> None:
    text = (config / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not say {old!r}"
    (config / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(config: Path, name: str = "smoke", seed: int | None = None) -> ScenarioInvalid:
    with pytest.raises(ScenarioInvalid) as caught:
        load_scenario(name, config, seed)
    assert "\n" not in str(caught.value)
    return caught.value


def bare_numbers(node: Any, key: str) -> Iterator[str]:
    """Yield the keys of numbers that come without unit and source."""
    if isinstance(node, dict):
        if "value" in node:
            good = set(node) == {"value", "unit", "source"} and bool(node["source"].strip())
            if not (good and node["unit"].strip()):
                yield key
            return
        for name, child in node.items():
            yield from bare_numbers(child, f"{key}.{name}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from bare_numbers(child, f"{key}.{number}")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield key


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_number_has_a_unit_and_a_source(file):
    assert not list(bare_numbers(tomllib.loads(file.read_text(encoding="utf-8")), file.stem))


@pytest.mark.parametrize("name", ["demo", "dense", "full", "smoke"])
def test_every_scenario_loads(name):
    assert name in scenario_names(CONFIG)
    assert load_scenario(name, CONFIG).name == name


def test_dense_is_full_with_hourly_readings():
    full, dense = load_scenario("full", CONFIG), load_scenario("dense", CONFIG)

    assert full.observation.readings_per_day == 8
    assert dense.observation.readings_per_day == 24
    assert dense.outline.model_copy(update={"name": "full"}) == full.outline
    assert dense.geographies == full.geographies


def test_overrides_of_a_scenario_leave_the_other_observation_parameters_alone():
    smoke, full = load_scenario("smoke", CONFIG), load_scenario("full", CONFIG)

    assert smoke.observation.fish_per_sample == 10
    assert smoke.observation.sensors == full.observation.sensors


def test_a_seed_takes_the_place_of_the_file_s():
    assert load_scenario("smoke", CONFIG, seed=2**63 - 1).seed == 2**63 - 1
    assert load_scenario("smoke", CONFIG, seed=0).seed == 0


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_an_impossible_seed_is_refused(seed):
    error = refusal(CONFIG, seed=seed)
    assert (error.file, error.key) == ("config/scenarios/smoke.toml", "seed")


@pytest.mark.parametrize("name", ["smoky", "", "../scenarios/smoke"])
def test_an_unknown_scenario_is_answered_with_the_known_ones(name):
    text = str(refusal(CONFIG, name))
    assert text == (f'config/scenarios: no scenario "{name}"; known: demo, dense, full, smoke')


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "problem"),
    [
        (
            "scenarios/smoke.toml",
            'seed = { value = 20150101, unit = "seed"',
            'sead = { value = 20150101, unit = "seed"',
            "sead",
            'unknown key; did you mean "seed"?',
        ),
        (
            "scenarios/smoke.toml",
            'start = "2015-01"',
            'start = "2015-13"',
            "start",
            "no such month: 2015-13",
        ),
        (
            "scenarios/smoke.toml",
            'start = "2015-01"',
            "start = 2015-01-01",
            "start",
            "not a month (YYYY-MM): '2015-01-01'",
        ),
        (
            "scenarios/smoke.toml",
            'start = "2015-01"\n',
            "",
            "start",
            "is missing",
        ),
        (
            "scenarios/smoke.toml",
            'name = "smoke"',
            'name = "smog"',
            "name",
            'must be "smoke", as the file is',
        ),
        (
            "scenarios/smoke.toml",
            "value = [8, 8, 8, 8]",
            "value = [8, 0, 8, 8]",
            "sessions.1",
            "should be greater than or equal to 1, not 0",
        ),
        (
            "scenarios/smoke.toml",
            'readings_per_day = { value = 2, unit = "1/day"',
            'readings_per_day = { value = 2, unit = "1/hour"',
            "observation.readings_per_day",
            'the unit must be "1/day", not "1/hour"',
        ),
        (
            "scenarios/smoke.toml",
            "readings_per_day =",
            "readings_a_day =",
            "observation.readings_a_day",
            "unknown key",
        ),
        (
            "scenarios/smoke.toml",
            'geography = "scotland"',
            'geography = "norway"',
            "companies.1.geography",
            'no geography "norway"; known: faroe, scotland',
        ),
        (
            "scenarios/smoke.toml",
            "sites = { value = 1,",
            "sites = { value = 99,",
            "companies.0.facilities.sites",
            "99 are wanted, but geography/faroe.toml names only",
        ),
        (
            "scenarios/smoke.toml",
            "eggs_max = { value = 360000",
            "eggs_max = { value = 1000",
            "companies.0.programme",
            "eggs_max is below eggs_min",
        ),
        (
            "geography/faroe.toml",
            'fallow_days = { value = 61, unit = "day"',
            'fallow_days = { value = -61, unit = "day"',
            "pens.fallow_days",
            "should be greater than or equal to 28, not -61",
        ),
        (
            "geography/faroe.toml",
            'timezone = "Atlantic/Faroe"',
            'timezone = "Faroe"',
            "timezone",
            "String should match pattern",
        ),
        (
            "parameters/facilities.toml",
            'volume_m3 = { value = 1.5, unit = "m3"',
            'volume_m3 = { value = 1.5, unit = "l"',
            "egg_alevin.volume_m3",
            'the unit must be "m3", not "l"',
        ),
        (
            "geography/faroe.toml",
            'depth_m = { value = 24, unit = "m"',
            'depth_m = { value = 20, unit = "m"',
            "pens",
            "by_exposure.sheltered: 31,194 m3 is less than the 36,669 m3",
        ),
        (
            "parameters/breeding.toml",
            "external_egg_share = { value = 0.6,",
            "external_egg_share = { value = nan,",
            "external_egg_share",
            "should be a finite number",
        ),
        (
            "parameters/observation.toml",
            "[sensors.noise]",
            "[sensors.noisy]",
            "sensors.noisy",
            'unknown key; did you mean "noise"?',
        ),
        (
            "parameters/water.toml",
            "[fresh]",
            "[fresch]",
            "fresch",
            "unknown key",
        ),
        (
            "parameters/biology.toml",
            'egg_weight = { value = 0.12, unit = "g", source = "',
            'egg_weight = { value = 0.12, unit = "g", source = "", was = "',
            "growth.egg_weight",
            'write { value = …, unit = "g", source = "…" }',
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(config, file, old, new, key, problem):
    # Given a configuration with one mistake in it
    edit(config, file, old, new)

    # When it is loaded
    error = refusal(config)

    # Then the line says where it is and what to do
    assert error.file == f"config/{file}"
    assert error.key == key
    assert error.problem.startswith(problem)
    assert str(error) == f"{error.file}: {error.key}: {error.problem}"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "geography/faroe.toml",
            "value = [62.265, -6.945]",
            "value = [61.265, -6.945]",
            '"Funningsfjørður" lies outside of Faroe Islands',
        ),
        (
            "geography/faroe.toml",
            "value = [62.265, -6.945]",
            "value = [62.165, -6.775]",
            '"Funningsfjørður" and "Skálafjørður" lie too close to each other',
        ),
        (
            "parameters/facilities.toml",
            "[instruments.current.mounts.site]",
            "[instruments.current.mounts.pen]",
            "instruments.current.mounts lacks site",
        ),
    ],
)
def test_places_and_mounts_that_cannot_be_are_refused(config, file, old, new, problem):
    edit(config, file, old, new)
    assert str(refusal(config)) == f"config/{file}: {problem}"


def test_a_syntax_error_names_the_line(config):
    edit(config, "scenarios/smoke.toml", 'name = "smoke"', 'name "smoke"')
    error = refusal(config)
    assert error.file == "config/scenarios/smoke.toml"
    assert "line 3" in error.problem


def test_a_missing_parameter_file_is_named(config):
    (config / "parameters" / "catalogue.toml").unlink()
    assert str(refusal(config)) == "config/parameters/catalogue.toml: no such file"


def test_a_file_that_is_not_text_is_named(config):
    (config / "parameters" / "breeding.toml").write_bytes(b"\xff\xfe\x00")
    assert str(refusal(config)) == "config/parameters/breeding.toml: is not UTF-8 text"


def test_a_mistake_in_an_extended_scenario_is_found_where_it_was_made(config):
    edit(config, "scenarios/full.toml", 'unit = "batch"', 'unit = "batches"')
    error = refusal(config, "dense")
    assert error.file == "config/scenarios/full.toml"
    assert error.key == "companies.0.programme.target_active_batches"


@pytest.mark.parametrize(
    ("base", "problem"),
    [("nothing", "must name one of"), ("dense", "extends another one itself")],
)
def test_a_scenario_extends_a_complete_one_or_is_refused(config, base, problem):
    (config / "scenarios" / "extra.toml").write_text(f'extends = "{base}"\nname = "extra"\n')
    error = refusal(config, "extra")
    assert (error.file, error.key) == ("config/scenarios/extra.toml", "extends")
    assert problem in error.problem
