"""Fish that people moved in a day, for the books."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.simulation.frame import Integers


@dataclass(frozen=True, slots=True)
class Flows:
    """Fish that people moved today, by container.

    ``stocked`` are new on the farm (eggs), ``harvested`` have left it.
    """

    stocked: Integers
    moved_in: Integers
    moved_out: Integers
    harvested: Integers

    @classmethod
    def none(cls, containers: int) -> Flows:
        """Return the flows of a quiet day."""
        return cls(*np.zeros((4, containers), dtype=np.int64))
