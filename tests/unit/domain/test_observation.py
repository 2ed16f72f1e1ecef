"""The shipped observation is complete, survives its dump, and bad numbers are refused."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from farm.domain.observation import Observation, is_decimal_step
from farm.domain.quantity import PLAIN
from farm.domain.world import Parameter, Stage

FILE = Path(__file__).parents[3] / "config/parameters/observation.toml"


def shipped() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def changed(path: str, **entry: Any) -> dict[str, Any]:
    """Return the shipped file with one entry changed; ``path`` is dotted."""
    data = shipped()
    *parents, last = path.split(".")
    table = data
    for name in parents:
        table = table[name]
    table[last] = {**table[last], **entry}
    return data


def test_the_shipped_file_is_valid():
    spec = Observation.model_validate(shipped())

    assert spec.readings_per_day == 8
    assert len(spec.sensors.noise.by_id()) == len(Parameter) + 1
    assert spec.sensors.noise.by_id()[Parameter.SALINITY.id] == spec.sensors.noise.salinity
    assert spec.stages.of(Stage.ADULT) is spec.stages.adult
    assert spec.planning.mortality_rows.of(Stage.FRY) == spec.planning.mortality_rows.fry


def test_an_observation_survives_its_dump():
    spec = Observation.model_validate(shipped())

    dumped = json.loads(json.dumps(spec.model_dump(mode="json")))

    assert Observation.model_validate(dumped, context=PLAIN) == spec


@pytest.mark.parametrize(
    ("path", "entry", "problem"),
    [
        ("readings_per_day", {"value": 0}, "greater than or equal to 1"),
        ("readings_per_day", {"value": 7.5}, "valid integer"),
        ("readings_per_day", {"unit": "1/h"}, 'the unit must be "1/day"'),
        ("readings_per_day", {"source": " "}, "the source must say"),
        ("fish_per_sample", {"value": 1}, "greater than or equal to 2"),
        ("sensors.resolution.oxygen", {"value": 0.03}, "not a whole number"),
        ("sensors.resolution.ph", {"value": 0.0}, "not a whole number"),
        ("sensors.noise.co2", {"value": -0.1}, "greater than or equal to 0"),
        ("sensors.noise.temperature", {"unit": "degF"}, 'the unit must be "°C"'),
        ("stages.fry.scale_step", {"value": 0.3}, "not a whole number"),
        ("stages.fry.meals_per_day", {"value": 49}, "less than or equal to 48"),
        ("light.lamps_off", {"value": 7}, "at least 4 h after"),
        ("light.longest_feeding_day", {"value": 4.5}, "below shortest_feeding_day"),
        ("planning.fed_share", {"value": 1.2}, "less than or equal to 1"),
    ],
)
def test_a_number_that_cannot_be_is_refused(path, entry, problem):
    with pytest.raises(ValidationError, match=problem):
        Observation.model_validate(changed(path, **entry))


def test_an_unknown_key_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        Observation.model_validate({**shipped(), "readings_per_hour": 1})


@pytest.mark.parametrize(
    ("step", "decimal"),
    [
        (0.001, True),
        (0.01, True),
        (0.05, True),
        (0.25, True),
        (1.0, True),
        (0.3, False),
        (3, False),
    ],
)
def test_a_step_must_go_into_one_a_whole_number_of_times(step, decimal):
    assert is_decimal_step(step) is decimal
