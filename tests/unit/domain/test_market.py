"""Prices stray as far, and for as long, as is asked of them."""

from __future__ import annotations

import numpy as np
import pytest

from farm.domain.market import noise


def test_noise_has_the_mean_the_spread_and_the_persistence_that_are_asked_for():
    stream = np.random.default_rng(1)
    scores = stream.standard_normal(20_000)
    reversed_ = scores[::-1]
    factors = np.log(
        [noise(reversed_[n : n + 24].tolist(), 0.025, 0.8) for n in range(len(scores) - 24)]
    )

    assert np.exp(factors).mean() == pytest.approx(1.0, abs=0.003)
    assert factors.std() == pytest.approx(0.025, rel=0.05)
    assert np.corrcoef(factors[1:], factors[:-1])[0, 1] == pytest.approx(0.8, abs=0.02)
