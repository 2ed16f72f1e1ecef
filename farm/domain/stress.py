"""Stress: how low oxygen and heat kill fish, as shares of the population per day."""

from __future__ import annotations

from typing import Any

import numpy as np

from farm.domain.event_parameters import Stress

Numbers = Any

#: Deficit, in per cent of saturation, at which `Stress.oxygen_loss` is lost.
_DEFICIT = 10.0


def limiting_saturation(stress: Stress, temperature_c: Numbers) -> Numbers:
    """Return the oxygen saturation in per cent below which salmon cannot keep up their metabolism.

    A straight line in temperature. Source: Remen et al. 2013 and 2016, about 40 % at 7 °C and
    55-60 % at 18 °C for post-smolts.
    """
    return stress.limit_at_0 + stress.limit_per_degree * np.asarray(temperature_c)


def oxygen_hazard(stress: Stress, saturation_percent: Numbers, temperature_c: Numbers) -> Numbers:
    """Return the hazard of low oxygen on a day with this mean saturation.

    Grows with the square of what the day's lowest hour lacks of the limiting saturation.
    """
    lowest = np.asarray(saturation_percent) - stress.daily_dip
    lacking = np.maximum(limiting_saturation(stress, temperature_c) - lowest, 0.0)
    return stress.oxygen_loss / 100.0 * (lacking / _DEFICIT) ** 2


def heat_hazard(stress: Stress, temperature_c: Numbers) -> Numbers:
    """Return the hazard of heat: the square of the degrees above `heat_from`."""
    excess = np.maximum(np.asarray(temperature_c) - stress.heat_from, 0.0)
    return stress.heat_loss / 100.0 * excess**2
