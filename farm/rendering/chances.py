"""The randomness of chunks: `Streams.at`, but seeded for all chunks of a month at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.simulation.seeding import seed_words
from farm.simulation.streams import ADDRESS_WORDS, Decision, Streams, decision_word, streams_of

#: The parts of the readings of an area: of its empty containers, and of its sites.
AREA_PARTS = 2


class BatchChances(NamedTuple):
    """The streams of a batch-month."""

    fish_sample: Generator
    lice_on_fish: Generator
    readings: Generator
    meals: Generator
    health_sample: Generator


#: The decisions of a batch-month: the fields of `BatchChances`.
_OF_BATCH = (
    Decision.FISH_SAMPLE,
    Decision.LICE_ON_FISH,
    Decision.READINGS,
    Decision.MEALS,
    Decision.HEALTH_SAMPLE,
)


class Chances:
    """The streams of all batches and areas, by month.

    Seeding a thousand streams together takes as long as seeding eight of them one by one, and the
    chunks of a month are rendered one after another: the seeds of the latest month are kept.
    """

    def __init__(self, streams: Streams, batches: Collection[int], areas: Collection[int]) -> None:
        self._seed = streams.seed
        # Keys are the word of the decision, how many words follow, and these: the month is second.
        keys = [(decision_word(of), 2, id_, 0, 0) for id_ in batches for of in _OF_BATCH]
        word = decision_word(Decision.AREA_READINGS)
        keys += [(word, 3, id_, 0, part) for id_ in areas for part in range(AREA_PARTS)]
        self._keys = np.zeros((len(keys), 2 + ADDRESS_WORDS), dtype=np.uint32)
        self._keys[:, :5] = np.array(keys, dtype=np.uint32).reshape(-1, 5)
        self._batch = {id_: row * len(_OF_BATCH) for row, id_ in enumerate(batches)}
        first = len(batches) * len(_OF_BATCH)
        self._area = {id_: first + row * AREA_PARTS for row, id_ in enumerate(areas)}
        self._month: Month | None = None
        self._seeds: NDArray[np.uint64]

    def of_batch(self, batch_id: int, month: Month) -> BatchChances:
        """Return what ``Streams.at(decision, batch_id, month.index)`` gives for its decisions."""
        return BatchChances(*self._streams(month, self._batch[batch_id], len(_OF_BATCH)))

    def of_area(self, area_id: int, month: Month) -> list[Generator]:
        """Return ``Streams.at(Decision.AREA_READINGS, area_id, month.index, part)`` by part."""
        return self._streams(month, self._area[area_id], AREA_PARTS)

    def _streams(self, month: Month, first: int, number: int) -> list[Generator]:
        if month != self._month:
            self._keys[:, 3] = month.index
            self._seeds = seed_words(self._seed, self._keys)
            self._month = month
        return list(streams_of(self._seeds[first : first + number]))
