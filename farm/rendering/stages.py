"""What fish of each stage are fed and sampled like, as tables by lifecycle_stage.id."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import FedStages
from farm.domain.world import Stage


def meals(stages: FedStages) -> NDArray[np.int64]:
    """Return the meals of a fed day; 0 for eggs and alevins."""
    return np.array(
        [0] + [stages.of(stage).meals_per_day if stage.is_fed else 0 for stage in Stage]
    )


def feeding_methods(stages: FedStages) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return the place of each stage's method among all methods, and these."""
    of_stage = [stages.of(stage).feeding_method if stage.is_fed else "none" for stage in Stage]
    vocabulary = tuple(sorted(set(of_stage)))
    return np.array([0, *map(vocabulary.index, of_stage)], dtype=np.int32), vocabulary


def habits(stages: FedStages) -> NDArray[np.float64]:
    """Return weight CV, condition factor, its CV and scale steps per gram (rows), by stage id."""
    table = np.full((4, len(Stage) + 1), np.nan)
    for stage in Stage:
        if stage.is_fed:
            fed = stages.of(stage)
            steps = round(1 / fed.scale_step)
            table[:, stage.id] = fed.weight_cv, fed.condition_factor, fed.condition_cv, steps
    return table
