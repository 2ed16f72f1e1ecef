"""What is peculiar to an assignment for as long as it lasts.

How people misjudge its fish, and how these differ from others in ways unknown to the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Observation
from farm.simulation.streams import Decision, Streams

Floats = NDArray[np.float64]

#: No error is further out than this many of its standard deviations: it would be noticed.
_MOST = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Peculiar:
    """Factors, one element per assignment, in order of assignment id."""

    #: The number of fish that people believe in, and the weight of those that they catch, over the
    #: truth.
    count: Floats
    weight: Floats
    condition: Floats
    fins: Floats

    @classmethod
    def of(
        cls,
        assignment_id: NDArray[Any],
        at_sea: NDArray[np.bool_],
        observation: Observation,
        streams: Streams,
    ) -> Peculiar:
        """Return what is peculiar to assignments, each drawn at the address of its id.

        The errors of number and weight are correlated; a few of the latter are of the larger kind
        (`farm.domain.sampling.Estimates`).
        """
        spec = observation.estimates
        keys = np.asarray(assignment_id, dtype=np.int64)[:, np.newaxis]
        unlike, normal = np.empty(len(keys)), np.empty((len(keys), 4))
        for row, chance in enumerate(streams.along(Decision.PECULIAR, keys)):
            unlike[row] = chance.random()
            chance.standard_normal(out=normal[row])
        first, second, third, fourth = normal.T
        other = spec.correlation * first + np.sqrt(1.0 - spec.correlation**2) * second
        weight_sd = np.where(unlike < spec.unlike_share, spec.unlike_log_sd, spec.weight_log_sd)
        size = np.where(at_sea, 1.0, spec.on_land)
        return cls(
            count=1.0 + size * spec.count_sd * np.clip(first, -_MOST, _MOST),
            weight=np.exp(size * weight_sd * np.clip(other, -_MOST, _MOST)),
            condition=np.exp(observation.condition.assignment_log_sd * third),
            fins=np.exp(observation.health.fins_log_sd * fourth),
        )
