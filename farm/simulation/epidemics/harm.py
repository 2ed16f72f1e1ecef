"""Harm: what running courses do to fish, and how it shows."""

from __future__ import annotations

import numpy as np

from farm.simulation.epidemics.courses import Running
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning, Signs
from farm.simulation.state import Own

#: The highest gill score.
WORST_GILLS = 5.0


class Harm:
    """Writes deaths, appetite, growth and signs of disease to the boards of the morning.

    A share e at the height of a median course is 1 - (1 - e)^s at intensity times severity s:
    never all of the fish, and shares of several diseases combine as those of independent ones do.
    """

    def __init__(self, profiles: Profiles, frame: Frame) -> None:
        self._frame = frame
        self._mortality = profiles.each(lambda p: p.effects.mortality) / 100.0

        def left(name: str, whole: float = 1.0) -> Floats:
            return np.log(1.0 - profiles.each(lambda p: getattr(p.effects, name)) / whole)

        self._appetite, self._growth = left("appetite_lost"), left("growth_lost")
        self._sick, self._wounded = left("sick"), left("wounded")
        self._gills = left("gill_score", WORST_GILLS)
        self._infected = profiles.each(lambda p: p.effects.infected)
        self._scarred = profiles.each(lambda p: p.effects.scarred)
        carriers = [
            (row, p.carriers) for row, p in enumerate(profiles.of) if p.carriers is not None
        ]
        self._carried = np.asarray([row for row, _ in carriers], dtype=np.int64)
        self._carrier_share = np.asarray([c.share for _, c in carriers])[:, np.newaxis]
        self._carriers_from = np.asarray([c.from_days for _, c in carriers])[:, np.newaxis]
        self._carriers_full = np.asarray([c.full_days for _, c in carriers])[:, np.newaxis]

    def write(self, morning: Morning, own: Own, running: Running) -> None:
        """Write today's harm, and what stays of it in ``own``: ``scars``, and who was sick."""
        size, signs = self._frame.size, morning.signs
        disease, container = running.disease, running.container
        strength = running.intensity * running.severity
        at = disease, container
        hazard = np.zeros(signs.sick.shape)
        hazard[at] = self._mortality[disease] * strength * (1.0 + own["strain"][at])

        def kept(left: Floats) -> Floats:
            logs = np.bincount(container, left[disease] * strength, size)
            return np.asarray(np.exp(logs), dtype=np.float64)

        morning.rates.sicken(hazard)
        morning.rates.eat(kept(self._appetite))
        morning.rates.grow(kept(self._growth))
        sick = 1.0 - np.exp(self._sick[disease] * strength)
        fresh = np.maximum(sick - own["sick"][at], 0.0) * self._scarred[disease]
        own["sick"][at] = np.maximum(own["sick"][at], sick)
        own["scars"] = np.minimum(own["scars"] + np.bincount(container, fresh, size), 1.0)
        signs.sick[at] = sick
        signs.intensity[at] = running.intensity
        signs.infected[at] = np.maximum(sick, self._infected[disease] * running.prevalence)
        signs.course |= own["since"] > 0
        signs.gill_score += WORST_GILLS * (1.0 - kept(self._gills))
        signs.wounded += 1.0 - kept(self._wounded)
        signs.scarred += own["scars"]
        self._show_carriers(morning, signs)

    def _show_carriers(self, morning: Morning, signs: Signs) -> None:
        if not self._carried.size:
            return
        state = morning.state
        at_sea = self._frame.at_sea & (state.population > 0)
        days = np.where(at_sea, morning.today.ordinal - state.sea_since, 0)
        span = self._carriers_full - self._carriers_from
        grown = np.clip((days - self._carriers_from) / span, 0.0, 1.0)
        carriers = self._carrier_share * grown
        signs.infected[self._carried] = np.maximum(signs.infected[self._carried], carriers)
