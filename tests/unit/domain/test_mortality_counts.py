from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.domain import mortality
from tests.reference.small_farm import biology


def chances(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    generator = np.random.Generator(np.random.PCG64DXSM(5))
    return generator.random(count), generator.standard_normal(count)


@pytest.mark.parametrize("mean", [0.01, 0.7, 5.0, 15.9, 16.1, 80.0, 5000.0])
def test_deaths_have_the_mean_and_the_spread_of_a_poisson_number(mean):
    count = 40_000
    uniform, normal = chances(count)
    found = mortality.poisson_quantile(np.full(count, mean), uniform, normal)
    assert found.min() >= 0
    assert found.mean() == pytest.approx(mean, abs=5 * math.sqrt(mean / count))
    assert found.var() == pytest.approx(mean, abs=5 * math.sqrt((mean + 2 * mean**2) / count))


def test_small_means_invert_the_distribution_exactly():
    # Given chances on either side of each step of the distribution of mean 3
    steps = np.cumsum([math.exp(-3) * 3**k / math.factorial(k) for k in range(9)])
    uniform = np.concatenate([steps[:-1] + 1e-9, steps[:-1] - 1e-9])
    found = mortality.poisson_quantile(np.full(16, 3.0), uniform, np.zeros(16))
    assert found.tolist() == [*range(1, 9), *range(8)]


def test_numbers_are_those_of_terms_added_one_by_one():
    means = np.random.Generator(np.random.PCG64DXSM(8)).random(400) * mortality.SUM_UP_TO
    uniform, normal = chances(400)

    def inverted(mean: float, chance: float) -> int:
        term = total = float(np.exp(-mean))
        deaths = 0
        while chance >= total:
            deaths += 1
            term = term * mean / deaths
            total += term
        return deaths

    expected = [inverted(*each) for each in zip(means.tolist(), uniform.tolist(), strict=True)]
    assert mortality.poisson_quantile(means, uniform, normal).tolist() == expected
    assert max(expected) > 16


@pytest.mark.parametrize("mean", [1e-300, 1e-17, 1e-12, 1e-7, 1e-3, 0.3, 0.99, 1.5])
def test_the_first_dies_where_chance_reaches_the_chance_of_nobody(mean):
    nobody = math.exp(-mean)
    around = [nobody - 1e-9, *(np.nextafter(nobody, side) for side in (0, 1)), nobody, 1 - 2**-53]
    uniform = np.clip(around, 0.0, 1 - 2**-53)
    means = np.full(uniform.size, mean)
    found = mortality.poisson_quantile(means, uniform, np.zeros(uniform.size))
    assert (found > 0).tolist() == (uniform >= np.exp(-means)).tolist()


def test_where_nobody_dies_no_chance_kills():
    uniform, normal = np.array([0.0, 0.999999999]), np.array([4.0, 4.0])
    assert mortality.poisson_quantile(np.zeros(2), uniform, normal).tolist() == [0, 0]


@pytest.mark.parametrize(("mean", "most"), [(0.5, 60), (mortality.SUM_UP_TO, 400)])
def test_the_last_chance_below_one_ends(mean, most):
    found = mortality.poisson_quantile(np.array([mean]), np.array([1 - 2**-53]), np.zeros(1))
    assert 5 < found[0] < most


def test_nobody_dies_twice():
    wished = np.array([[3, 1, 0], [4, 1, 0], [9, 1, 0]])
    found = mortality.within_population(wished, np.array([5, 10, 0]))
    assert found.T.tolist() == [[3, 2, 0], [1, 1, 1], [0, 0, 0]]


def test_losses_at_sea_are_high_then_low_then_rising():
    median = mortality.sea_median(biology().mortality, np.array([0, 50, 200, 500]))
    assert median[0] > median[1] < median[2] < median[3]


def test_early_and_late_factors_reach_their_ends():
    parameters = biology().mortality
    np.testing.assert_allclose(
        mortality.early_factor(2.5, 30.0, np.array([0, 15, 30, 90])), [2.5, 1.75, 1, 1]
    )
    late = mortality.late_factor(parameters, np.array([0.0, parameters.late_full + 1]))
    np.testing.assert_allclose(late, [1.0, parameters.late_excess])


def test_predators_take_most_in_winter_and_their_share_over_the_year():
    parameters = biology().mortality
    year = [mortality.predation_share(parameters, day) for day in range(1, 366)]
    assert np.mean(year) == pytest.approx(parameters.predation_share, rel=0.01)
    assert year.index(max(year)) + 1 == parameters.predation_peak
