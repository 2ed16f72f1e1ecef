"""What fish of each stage are fed and sampled like, as tables by lifecycle_stage.id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import FedStages
from farm.domain.world import LifecycleStage, Stage

Floats = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How fish of each stage are built and weighed; not a number where they are not fed."""

    #: Condition factor of the smallest fish of the stage, and by how much it grows with the
    #: logarithm of weight.
    condition: Floats
    condition_slope: Floats
    #: The logarithms of the weights between which it does.
    lightest: Floats
    heaviest: Floats
    condition_cv: Floats
    #: Steps of the scale in one gram.
    per_gram: Floats

    @classmethod
    def of(cls, fed: FedStages, ranges: Iterable[LifecycleStage]) -> Habits:
        """Return the habits of the stages, of which ``ranges`` tells what their fish weigh."""
        table = np.full((6, len(Stage) + 1), np.nan)
        weights = {kind.id: (kind.min_weight_g, kind.max_weight_g) for kind in ranges}
        for stage in Stage:
            if stage.is_fed:
                of = fed.of(stage)
                lightest, heaviest = np.log(weights[stage.id])
                slope = (of.condition_large - of.condition_small) / (heaviest - lightest)
                steps = round(1 / of.scale_step)
                table[:, stage.id] = (
                    of.condition_small,
                    slope,
                    lightest,
                    heaviest,
                    of.condition_cv,
                    steps,
                )
        return cls(*table)

    def condition_at(self, stage_id: NDArray[Any], weight_g: Floats) -> Floats:
        """Return the usual condition factor of fish of these stages and weights."""
        lightest = self.lightest.take(stage_id)
        size = np.maximum(np.log(weight_g), lightest)
        np.minimum(size, self.heaviest.take(stage_id), out=size)
        usual: Floats = self.condition.take(stage_id) + self.condition_slope.take(stage_id) * (
            size - lightest
        )
        return usual
