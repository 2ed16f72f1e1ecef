"""Profiles of diseases: what may be written, and the formulas of a course."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.domain.disease import Phase, Trend, intensity, prevalence, season, unknown_names, window
from farm.domain.quantity import PLAIN
from farm.domain.world import Stage
from farm.errors import ScenarioInvalid
from farm.settings.scenarios import load_scenario
from tests.reference.small_farm import CONFIG, biology

parts = st.floats(0.5, 200.0)


def test_a_window_opens_stays_open_and_closes():
    at = np.asarray([0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 8.0, 9.0, 10.0])

    assert window((1.0, 3.0, 7.0, 9.0), at).tolist() == [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]


def test_a_window_may_open_at_once():
    assert window((5.0, 5.0, 9.0, 9.0), np.asarray([4.9, 5.1, 8.9, 9.1])).tolist() == [0, 1, 1, 0]


@given(parts, parts, parts, parts, st.floats(0, 900))
def test_a_course_lies_between_nothing_and_its_height(incubation, rise, plateau, decline, day):
    course = (incubation, rise, plateau, decline)

    assert 0 <= intensity(day, *course) <= 1
    assert 0 <= prevalence(day, *course[:3], intensity(day, *course)) <= 1
    assert intensity(incubation, *course) == pytest.approx(0)
    assert intensity(incubation + rise + plateau / 2, *course) == pytest.approx(1)
    assert intensity(sum(course) + 1, *course) == pytest.approx(0)


def test_a_season_peaks_on_its_day_and_is_never_negative():
    year = [float(season(200.0, 1.5, day)) for day in range(1, 366)]

    assert year.index(max(year)) == 199
    assert max(year) == 2.5
    assert min(year) == 0.0
    assert np.mean([float(season(200.0, 1.0, day)) for day in range(1, 366)]) == pytest.approx(
        1, abs=0.01
    )


def plain_phase(**changes: Any) -> dict[str, Any]:
    return {
        "stages": ["adult"],
        "onsets_per_year": {"FO": 1.0},
        "season": {"peak": 1.0, "amplitude": 0.0},
        "temperature": [1.0, 2.0, 3.0, 4.0],
        "age": [1.0, 2.0, 3.0, 4.0],
        "virulence": 1.0,
        **changes,
    }


@pytest.mark.parametrize("name", ["temperature", "age"])
def test_windows_must_be_in_order(name):
    assert Phase.model_validate(plain_phase(), context=PLAIN, strict=False).stages == (Stage.ADULT,)
    with pytest.raises(ValueError, match=name):
        Phase.model_validate(
            plain_phase(**{name: [1.0, 3.0, 2.0, 4.0]}), context=PLAIN, strict=False
        )


@pytest.mark.parametrize(
    "trend",
    [{"years": [2015.0, 2020.0], "level": [1.0]}, {"years": [2020.0, 2015.0], "level": [1.0, 2.0]}],
)
def test_a_trend_has_rising_years_and_a_level_for_each(trend):
    with pytest.raises(ValueError, match="year"):
        Trend.model_validate(trend, context=PLAIN)


def known_of(**changes: Any) -> list[str]:
    known = {
        "geographies": {"FO", "SC"},
        "tests": {test.code for test in biology().laboratory.tests},
        "treatments": {treatment.code for treatment in biology().treatments},
        "stressors": {"storm", "heat_wave", "jellyfish", "algal_bloom", "move", "thermal"}
        | {"mechanical", "bath", "freshwater_bath"},
    }
    return list(unknown_names(biology().diseases, **{**known, **changes}))


def test_the_project_s_diseases_refer_to_what_there_is():
    assert known_of() == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("tests", 'diseases.agd.tests: no "pcr_agd"'),
        ("treatments", 'diseases.agd.treatments.FO: no "freshwater_bath"'),
        ("stressors", 'diseases.agd.stressors.factors: no "heat_wave"'),
        ("geographies", 'diseases.agd.phases.0.onsets_per_year: no "FO"'),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused_in_one_line(kind, said):
    lines = known_of(**{kind: {"something_else"}})

    assert lines
    assert any(line.startswith(said) for line in lines)
    assert all("something_else" in line and "\n" not in line for line in lines)


def test_pancreas_disease_is_not_in_the_faroes_and_no_antibiotic_is_given_there():
    diseases = biology().diseases
    antibiotics = {
        treatment.code
        for treatment in biology().treatments
        if treatment.is_medicine and treatment.method == "medicated_feed"
    }

    for code in ("pd", "srs"):
        assert all(phase.onsets_per_year.get("FO", 0.0) == 0 for phase in diseases[code].phases)
    for profile in diseases.values():
        assert not antibiotics & set(profile.treatments["FO"])


def test_a_profile_with_an_unknown_test_is_refused_with_its_key(tmp_path):
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    file = config / "diseases" / "agd.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"pcr_agd"', '"tea_leaves"'), encoding="utf-8")

    with pytest.raises(ScenarioInvalid) as refused:
        load_scenario("smoke", config)
    assert 'diseases.agd.tests: no "tea_leaves"; known: ' in str(refused.value)
    assert "\n" not in str(refused.value)
