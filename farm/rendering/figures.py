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
    """One element per environmental_parameter.id; ``steps`` are those that a sensor shows."""

    #: Steps in one unit of the parameter; a whole number.
    per_unit: Floats
    noise_steps: Floats
    outlier_steps: Floats
    #: Lowest and highest value a sensor can show.
    lowest_steps: Floats
    highest_steps: Floats
    #: Standard deviation of the drift just before a calibration, and from where it is flagged.
    drift: Floats
    drift_flagged: Floats

    @classmethod
    def of(cls, world: World, spec: Sensors) -> Figures:
        """Return the figures of a world's parameters."""
        per_unit = np.array([1.0, *(round(1.0 / step) for step in spec.resolution.by_id()[1:])])
        lowest, highest = np.full(len(per_unit), -np.inf), np.full(len(per_unit), np.inf)
        for parameter in world.environmental_parameter:
            lowest[parameter.id], highest[parameter.id] = parameter.minimum, parameter.maximum
        return cls(
            per_unit=per_unit,
            noise_steps=np.array(spec.noise.by_id()) * per_unit,
            outlier_steps=np.array(spec.outlier.by_id()) * per_unit,
            lowest_steps=np.ceil(lowest * per_unit),
            highest_steps=np.floor(highest * per_unit),
            drift=np.array(spec.drift.by_id()),
            drift_flagged=np.array(spec.drift_flagged.by_id()),
        )
