"""Immunity: how far vaccines protect fish, once the immunity has come on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from farm.domain.vaccine import VaccineSpec
from farm.simulation.frame import Floats, Integers


class Immunity:
    """The protection of one geography's fish, worked out anew only where something changed."""

    def __init__(self, vaccines: Sequence[VaccineSpec], diseases: Sequence[str], size: int) -> None:
        onset = np.asarray([vaccine.onset for vaccine in vaccines])
        self._onsets = np.unique(onset)
        # How many of the onsets have passed where a vaccine works.
        self._needed = self._onsets.searchsorted(onset)[:, np.newaxis] + 1
        # Of each vaccine: diseases, and the share of their risk that full protection takes away.
        self._effects = [
            [(row, v.protects[code]) for row, code in enumerate(diseases) if v.protects.get(code)]
            for v in vaccines
        ]
        self._passed = np.zeros(size, dtype=np.int64)
        self._protection = np.zeros((len(diseases), size))
        self._changed = np.ones(size, dtype=np.bool_)

    def change(self, containers: Integers | list[int]) -> None:
        """Take note that fish of containers have been given other vaccines than before."""
        self._changed[containers] = True

    def protection(self, given: Floats, degree_days: Floats) -> Floats:
        """Return the share of the risk of each disease that vaccines take away today.

        Shape (diseases, containers), not to be written to: none before the onset of immunity, full
        from then on; fish with two vaccines against a disease have what the one leaves taken away
        by the other.

        Args:
            given: share of the fish that have each vaccine, shape (vaccines, containers); `change`
                told of all that is new in it.
            degree_days: since then, by container.
        """
        passed = self._onsets.searchsorted(degree_days, side="right")
        self._changed |= passed != self._passed
        changed = self._changed.nonzero()[0]
        if changed.size:
            works = given.take(changed, axis=1) * (passed[changed] >= self._needed)
            left = np.ones((len(self._protection), changed.size))
            for vaccine in np.logical_or.reduce(works, axis=1).nonzero()[0].tolist():
                for disease, share in self._effects[vaccine]:
                    left[disease] *= 1.0 - share * works[vaccine]
            # Who asked before goes on with what they were told.
            self._protection = self._protection.copy()
            self._protection[:, changed] = 1.0 - left
            self._passed = passed
            self._changed[:] = False
        return self._protection
