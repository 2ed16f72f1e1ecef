"""Harm: what running courses do to fish, and how it shows."""

from __future__ import annotations

import numpy as np

from farm.simulation.by_days import ByDays
from farm.simulation.epidemics.courses import Running
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame, Integers
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

        self._sick = left("sick")
        self._left = np.stack(
            (
                left("appetite_lost"),
                left("growth_lost"),
                left("gill_score", WORST_GILLS),
                left("wounded"),
            )
        )
        self._first = frame.size * np.arange(len(self._left))[:, np.newaxis]
        self._infected = profiles.each(lambda p: p.effects.infected)
        self._scarred = profiles.each(lambda p: p.effects.scarred)
        carriers = [
            (row, p.carriers) for row, p in enumerate(profiles.of) if p.carriers is not None
        ]
        self._carriers = [(row, ByDays(each.by_day, each.full_days)) for row, each in carriers]

    def write(self, morning: Morning, own: Own, running: Running) -> None:
        """Write today's harm, and what stays of it in ``own``: ``scars``, and who was sick."""
        size, signs = self._frame.size, morning.signs
        cell, disease, container = running.cell, running.disease, running.container
        strength = running.intensity * running.severity
        strain = own["strain"].take(cell)
        appetite, growth, gills, skin = self._kept(disease, container, strength)
        hazard = self._mortality.take(disease) * strength * (1.0 + strain)
        morning.rates.sicken(disease, container, hazard)
        morning.rates.eat(appetite)
        morning.rates.grow(growth)
        sick, before = 1.0 - np.exp(self._sick.take(disease) * strength), own["sick"].take(cell)
        fresh = np.maximum(sick - before, 0.0) * self._scarred.take(disease)
        own["sick"].put(cell, np.maximum(before, sick))
        own["scars"] = np.minimum(own["scars"] + np.bincount(container, fresh, size), 1.0)
        infected = self._infected.take(disease) * running.prevalence
        signs.sick.put(cell, sick)
        signs.intensity.put(cell, running.intensity)
        signs.infected.put(cell, np.maximum(sick, infected))
        signs.course.put(cell, 1)
        signs.gill_score += WORST_GILLS * (1.0 - gills)
        signs.wounded += 1.0 - skin
        signs.scarred += own["scars"]
        self._show_carriers(morning, signs)

    def _kept(self, disease: Integers, container: Integers, strength: Floats) -> Floats:
        """Return what is left of appetite, growth, gills and skin in each container, in [0, 1]."""
        logs, size = self._left.take(disease, axis=1) * strength, self._frame.size
        cell = self._first + container
        sums = np.bincount(cell.ravel(), logs.ravel(), len(logs) * size)
        # Most containers are free of disease.
        left = np.ones((len(logs), size))
        left.put(cell, np.exp(sums.take(cell)))
        return left

    def _show_carriers(self, morning: Morning, signs: Signs) -> None:
        """Show carriers among the fish at sea; on their first day none are."""
        state = morning.state
        at_sea = (state.population > 0) & self._frame.at_sea
        days = (morning.today.ordinal - state.sea_since) * at_sea
        for disease, share in self._carriers:
            infected = signs.infected[disease]
            np.maximum(infected, share.at(days), out=infected)
