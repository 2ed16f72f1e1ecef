"""How well sensors measure, as tables by what they measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Sensors
from farm.domain.world import World

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """A column per environmental_parameter.id, so that a line's figures are looked up at once.

    Steps are those that a sensor shows.
    """

    #: The standard deviation of the drift just before a calibration, from where drift is flagged,
    #: the steps in one unit (a whole number), and how many steps an outlier is off.
    exact: Floats
    #: The steps of noise, and the lowest and the highest value that a sensor can show, in steps.
    single: NDArray[np.float32]

    @property
    def drift(self) -> Floats:
        """The standard deviation of the drift just before a calibration, by parameter."""
        drift: Floats = self.exact[0]
        return drift

    @classmethod
    def of(cls, world: World, spec: Sensors) -> Figures:
        """Return the figures of a world's parameters."""
        per_unit = np.array([1.0, *(round(1.0 / step) for step in spec.resolution.by_id()[1:])])
        lowest, highest = np.full(len(per_unit), -np.inf), np.full(len(per_unit), np.inf)
        for parameter in world.environmental_parameter:
            lowest[parameter.id], highest[parameter.id] = parameter.minimum, parameter.maximum
        noise, outlier = (np.array(of.by_id()) * per_unit for of in (spec.noise, spec.outlier))
        shown = np.ceil(lowest * per_unit), np.floor(highest * per_unit)
        return cls(
            exact=np.array([spec.drift.by_id(), spec.drift_flagged.by_id(), per_unit, outlier]),
            single=np.array([noise, *shown], dtype=np.float32),
        )
