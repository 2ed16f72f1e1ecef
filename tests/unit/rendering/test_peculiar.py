"""How people misjudge fish: as published, and for as long as an assignment lasts."""

from __future__ import annotations

import numpy as np
import pytest

from farm.rendering.peculiar import Peculiar
from farm.simulation.streams import Streams
from tests.unit.rendering import farm_builder as build

PENS = np.arange(1, 6001)


def errors(*, at_sea: bool = True, seed: int = 7) -> Peculiar:
    return Peculiar.of(PENS, np.full(len(PENS), at_sea), build.observation(), Streams(seed))


def test_the_biomass_of_pens_is_misjudged_as_published():
    # Aunsmo et al. 2013: mean absolute error 5.1 %, half of the pens outside 3 %, a tenth outside
    # 10 %, none on average. The last sample of 50 fish with a CV of 24 % has its part in it.
    found = errors()
    newest = build.observation().estimates.newest_share * 0.24 / np.sqrt(50)
    sampled = 1 + newest * np.random.default_rng(3).standard_normal(len(PENS))

    over = 100 * (found.count * found.weight * sampled - 1)

    assert over.mean() == pytest.approx(0, abs=0.6)
    assert np.abs(over).mean() == pytest.approx(5.1, abs=0.4)
    assert (np.abs(over) > 3).mean() == pytest.approx(0.5, abs=0.05)
    assert (np.abs(over) > 10).mean() == pytest.approx(0.1, abs=0.02)


def test_numbers_are_within_three_per_cent_in_most_pens():
    over = 100 * (errors().count - 1)

    assert (np.abs(over) < 3).mean() > 0.9
    assert np.abs(over).max() < 4


def test_errors_of_number_and_weight_are_negatively_correlated():
    found = errors()
    assert np.corrcoef(found.count, np.log(found.weight))[0, 1] < -0.15


def test_on_land_people_know_better():
    sea, land = errors(), errors(at_sea=False)
    share = build.observation().estimates.on_land

    np.testing.assert_allclose(land.count - 1, share * (sea.count - 1))
    np.testing.assert_allclose(np.log(land.weight), share * np.log(sea.weight))


def test_an_assignment_is_what_it_is_whatever_others_there_are():
    few = Peculiar.of(PENS[10:12], np.full(2, True), build.observation(), Streams(7))
    all_ = errors()

    for name in ("count", "weight", "condition", "fins"):
        np.testing.assert_array_equal(getattr(few, name), getattr(all_, name)[10:12])
    assert (errors(seed=8).fins != all_.fins).all()


def test_a_plan_without_assignments_has_nothing_peculiar():
    none = Peculiar.of(PENS[:0], np.zeros(0, dtype=bool), build.observation(), Streams(7))
    assert len(none.count) == 0
