"""Whom chance befalls: places, sites, halls, areas, each with a stream of its own every month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.simulation.frame import Integers
from farm.simulation.streams import Decision, Streams, streams_of

#: Months that are seeded at a time: thousands of seeds cost little more than a few.
_MONTHS = 12

#: All subjects.
EVERY = slice(None)


class Subjects:
    """Subjects whose addresses begin with as many words each.

    An address goes on with the month's index (0 for what is drawn once, before the first day), and
    ends with whatever the decision adds.
    """

    def __init__(self, streams: Streams, words: int, subjects: Iterable[tuple[int, ...]]) -> None:
        """Take what the addresses begin with, so many words for each subject."""
        self._streams = streams
        self._begin = np.array(list(subjects), dtype=np.int64).reshape(-1, words)
        self._seeds: dict[tuple[Decision, *tuple[int, ...]], dict[int, NDArray[np.uint64]]] = {}

    def once(self, decision: Decision) -> Iterator[Generator]:
        """Return the stream of each subject for what is drawn once for all time."""
        return streams_of(self._seeded(decision, np.zeros(1, dtype=np.int64))[0])

    def seeds(
        self, decision: Decision, month: Month, *more: int, of: Integers | slice = EVERY
    ) -> NDArray[np.uint64]:
        """Return the seed of each subject's stream, or of some of them, in a month."""
        known = self._seeds.setdefault((decision, *more), {})
        if month.index not in known:
            months = month.index + np.arange(_MONTHS)
            known.clear()
            known.update(zip(months.tolist(), self._seeded(decision, months, *more), strict=True))
        return known[month.index][of]

    def seeds_of(
        self, subjects: Integers, decision: Decision, month: Month, words: Integers
    ) -> NDArray[np.uint64]:
        """Return the seeds of streams of some subjects in a month; each with a further word."""
        if not subjects.size:
            return self.seeds(decision, month, of=subjects)
        distinct, which = np.unique(words, return_inverse=True)
        seeds = np.stack([self.seeds(decision, month, word) for word in distinct.tolist()])
        return np.asarray(seeds[which, subjects], dtype=np.uint64)

    def _seeded(self, decision: Decision, months: Integers, *more: int) -> NDArray[np.uint64]:
        """Return the seed of each subject in each of some months, shape (months, subjects, 4)."""
        subjects, words = self._begin.shape
        addresses = np.empty((months.size, subjects, words + 1 + len(more)), dtype=np.int64)
        addresses[..., :words] = self._begin
        addresses[..., words] = months[:, np.newaxis]
        addresses[..., words + 1 :] = more
        seeds = self._streams.seeds(decision, addresses.reshape(-1, addresses.shape[-1]))
        return seeds.reshape(months.size, subjects, seeds.shape[1])
