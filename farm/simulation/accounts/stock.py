"""The fish of batches at the ends of months: how many, how heavy, in which stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.world import Stage
from farm.simulation.accounts.rows import Opening, Rows
from farm.simulation.accounts.tally import Tally
from farm.simulation.frame import Bools, Floats, Integers

#: Ids of stages, and 0.
_STAGES = len(Stage) + 1


@dataclass(frozen=True, slots=True)
class BatchStock:
    """By batch and month: on the evening before the month, its last evening, and in between.

    ``last_…`` are of the last evening with fish, which may be the one before the month;
    ``days`` lie between the two, 0 where there were no fish on one of them. ``eggs`` came on a day
    of the month.
    """

    start_population: Integers
    start_kg: Floats
    end_population: Integers
    end_kg: Floats
    eggs: Integers
    eggs_kg: Floats
    last_weight_g: Floats
    last_stage: Integers
    days: Integers

    @property
    def start_weight_g(self) -> Floats:
        """The mean weight on the evening before the month, 0 without fish."""
        return _mean_weight_g(self.start_population, self.start_kg)

    @property
    def is_there(self) -> Bools:
        """Where a batch had fish."""
        return (self.start_population > 0) | (self.eggs > 0) | (self.last_stage > 0)


def stock_of_batches(rows: Rows, opening: Opening, tally: Tally) -> BatchStock:
    """Return the fish of batches, given the tally of daily rows by batch and month."""
    daily, shape = rows.daily, tally.shape
    alive = daily["population"] > 0
    last_day = tally.largest(np.where(alive, rows.day, -1), -1)
    chosen = np.flatnonzero(alive & (rows.day == last_day.reshape(-1)[tally.cell]))
    last = Tally(rows.batch[chosen], rows.month[chosen], shape)
    population = daily["population"][chosen]
    last_population = last.integers(population)
    last_kg = last.floats(daily["biomass_kg"][chosen])
    stages = daily["lifecycle_stage_id"][chosen].astype(np.int64)
    everyone = np.arange(chosen.size)
    last_stage = last.by_kind(stages, population, _STAGES, everyone).argmax(axis=2)
    ends = last_day == rows.last_day

    before = Tally(rows.batch_index(opening.batch), np.zeros_like(opening.batch), (shape[0], 1))
    first_stage = before.by_kind(
        opening.stage, opening.population, _STAGES, np.arange(opening.batch.size)
    ).argmax(axis=2)
    end_population = np.where(ends, last_population, 0)
    end_kg = np.where(ends, last_kg, 0.0)
    start_population = np.hstack((before.integers(opening.population), end_population[:, :-1]))
    start_kg = np.hstack((before.floats(opening.biomass_kg), end_kg[:, :-1]))
    start_stage = np.hstack((first_stage, np.where(ends, last_stage, 0)[:, :-1]))

    batch, _, month, count, kg = rows.deliveries
    eggs = Tally(batch, month, shape)
    had = last_day >= 0
    return BatchStock(
        start_population=start_population,
        start_kg=start_kg,
        end_population=end_population,
        end_kg=end_kg,
        eggs=eggs.integers(count),
        eggs_kg=eggs.floats(kg),
        last_weight_g=np.where(
            had,
            _mean_weight_g(last_population, last_kg),
            _mean_weight_g(start_population, start_kg),
        ),
        last_stage=np.where(had, last_stage, start_stage),
        days=np.where(had & (start_population > 0), last_day - rows.first_day + 1, 0),
    )


def _mean_weight_g(population: Integers, kg: Floats) -> Floats:
    return 1000.0 * kg / np.maximum(population, 1)
