"""Treatments as configured, and what they come to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from farm.domain.biology import Biology
from farm.domain.treatment import (
    TreatmentSpec,
    cost,
    dose_total,
    effect_percent,
    first_day_share,
    share_killed,
    strangers,
)
from tests.reference.small_farm import biology


@pytest.fixture(scope="module")
def nature() -> Biology:
    return biology()


def spec(code: str) -> TreatmentSpec:
    (found,) = (each for each in biology().treatments if each.code == code)
    return found


def killed(nature: Biology, score: float = 0.0, **changes: float) -> float:
    treating = nature.care.treating
    given = {
        "temperature_c": treating.temperature,
        "weight_g": treating.weight,
        "sick": 0.0,
        "gill_score": 0.0,
        **changes,
    }
    return float(share_killed(0.4, score, 1.2, treating, **given))


def test_the_configured_share_is_the_median_of_healthy_fish_of_the_reference(nature):
    assert killed(nature) == pytest.approx(0.004)
    assert killed(nature, 1.0) == pytest.approx(0.004 * math.exp(1.2))


@pytest.mark.parametrize(
    "worse", [{"temperature_c": 14.0}, {"weight_g": 5000.0}, {"sick": 0.3}, {"gill_score": 3.0}]
)
def test_warm_water_large_fish_sick_fish_and_bad_gills_make_it_worse(nature, worse):
    assert killed(nature, **worse) > 1.1 * killed(nature)


def test_no_treatment_kills_more_than_the_worst_on_record(nature):
    assert killed(nature, 9.0, temperature_c=16.0) == nature.care.treating.most


def test_the_days_of_dying_add_up_to_all_of_it(nature):
    treating = nature.care.treating
    first = first_day_share(treating)

    shares = [first * treating.fading**k for k in range(treating.fading_days + 1)]

    assert math.fsum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(
    ("code", "days", "amount", "unit"),
    [
        ("florfenicol", 10, 2.0, "kg"),  # 10 mg/kg/day on 20 t
        ("azamethiphos", 1, 0.05, "kg"),  # 0.1 mg/L in 500 m3
        ("deltamethrin", 1, 0.1, "L"),  # 0.2 mL/m3
        ("hydrogen_peroxide", 1, 750.0, "kg"),  # 1.5 g/L
    ],
)
def test_doses_are_by_weight_of_fish_or_by_volume_of_water(code, days, amount, unit):
    found = dose_total(spec(code), 20_000.0, 500.0, days)

    assert found is not None
    assert found[0] == pytest.approx(amount)
    assert found[1] == unit


def test_what_has_no_substance_has_no_dose():
    assert dose_total(spec("thermal"), 20_000.0, 500.0, 1) is None


def test_the_cost_is_a_decimal_of_the_geographys_currency():
    thermal = spec("thermal")

    assert cost(thermal, "FO", 12_345.6) == f"{thermal.cost['FO'] * 12.3456:.2f}"
    assert cost(thermal, "FO", 0.0) == "0.00"


def test_an_effect_is_the_fall_in_per_cent():
    assert effect_percent(2.0, 0.5) == 75.0
    assert effect_percent(1.0, 1.5) == -50.0
    assert effect_percent(0.0, 0.5) is None


def test_a_withdrawal_takes_longer_in_cold_water():
    florfenicol = spec("florfenicol")

    assert florfenicol.withdrawal_days_at(np.asarray([5.0, 10.0])).tolist() == [30.0, 15.0]
    assert spec("thermal").withdrawal_days_at(10.0) == 0.0
    days = florfenicol.model_copy(update={"withdrawal_degree_days": None, "withdrawal_days": 12})
    assert days.withdrawal_days_at(5.0) == 12.0


def test_antibiotics_are_for_scotland_only(nature):
    antibiotics = [
        each
        for each in nature.treatments
        if each.substance in {"florfenicol", "oxytetracycline", "amoxicillin"}
    ]

    assert len(antibiotics) == 3
    for each in antibiotics:
        for year in range(2015, 2025):
            assert each.is_allowed("SC", year)
            assert not each.is_allowed("FO", year)


def test_a_treatment_is_used_from_its_first_to_its_last_year():
    peroxide, thermal = spec("hydrogen_peroxide"), spec("thermal")

    assert [peroxide.is_allowed("FO", year) for year in (2011, 2012, 2019, 2020)] == [
        False,
        True,
        True,
        False,
    ]
    assert not thermal.is_allowed("SC", 2015)
    assert thermal.is_allowed("SC", 2300)
    assert not thermal.is_allowed("NO", 2020)


def test_withdrawals_are_those_of_the_labels():
    degree_days = {t.code: t.withdrawal_degree_days for t in biology().treatments}

    assert degree_days["deltamethrin"] == 5.0
    assert degree_days["azamethiphos"] == 10.0
    assert degree_days["emamectin"] == 175.0
    assert degree_days["florfenicol"] == 150.0
    assert degree_days["oxytetracycline"] == 400.0
    assert degree_days["amoxicillin"] == 500.0
    assert degree_days["diflubenzuron"] == 105.0
    assert degree_days["teflubenzuron"] == 96.0
    for code in ("thermal", "mechanical", "freshwater_bath", "hydrogen_peroxide"):
        assert degree_days[code] is None


def test_names_that_stand_for_nothing_are_told():
    odd = spec("thermal").model_copy(
        update={"cures": {"flu": 0.5}, "cost": {"NO": 1.0}, "allowed": spec("thermal").allowed}
    )

    found = list(strangers([odd], geographies={"FO", "SC"}, diseases={"agd"}))

    assert found == [
        'treatments.thermal.cures: "flu" is no disease',
        'treatments.thermal.cost: "NO" is no geography',
        "treatments.thermal.cost: it is allowed in FO and has no cost there",
        "treatments.thermal.cost: it is allowed in SC and has no cost there",
    ]
