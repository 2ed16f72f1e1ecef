"""Standard scores that persist: AR(1) series of many quantities at many places, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from farm.domain.calendar import Month
from farm.domain.weather import mixed
from farm.simulation.dice import Draw, normal
from farm.simulation.frame import Floats
from farm.simulation.streams import Decision


class Scores:
    """Series of one kind of place: matrices with a row for each series, a column for each place.

    Args:
        persistence: the lag-1 autocorrelation of each series; their order is that of the rows.
        fields: for series that neighbours share, the matrix that mixes independent scores into
            those of a field in space (see `farm.domain.weather.mixing`).
        once: draws the scores before the first day.
        by_month: draws the chances of a month, shape (days, places).
    """

    def __init__(
        self,
        persistence: Mapping[Decision, float],
        fields: Mapping[Decision, Floats],
        once: Callable[[Decision], Floats],
        by_month: Callable[[Decision, Month, Draw], Floats],
    ) -> None:
        self._series = tuple(persistence)
        self._persistence = np.asarray(list(persistence.values()))[:, np.newaxis]
        self._renewal = np.sqrt(1.0 - self._persistence**2)[:, np.newaxis]
        self._fields = fields
        self._once = once
        self._by_month = by_month

    def begin(self) -> Floats:
        """Return the scores before the first day, drawn from their long-run distribution."""
        return np.stack([self._in_space(d, self._once(d)) for d in self._series])

    def month(self, month: Month, scores: Floats) -> Floats:
        """Return the scores of a month's days, shape (series, days, places).

        Args:
            month: the month.
            scores: those of the day before it.
        """
        drawn = [self._in_space(d, self._by_month(d, month, normal)) for d in self._series]
        aged = self._renewal * np.stack(drawn)
        for day in range(month.days):
            scores = self._persistence * scores + aged[:, day]
            aged[:, day] = scores
        return aged

    def by_series(self, scores: Floats) -> dict[Decision, Floats]:
        """Return the scores of each series."""
        return dict(zip(self._series, scores, strict=True))

    def _in_space(self, decision: Decision, scores: Floats) -> Floats:
        lower = self._fields.get(decision)
        return scores if lower is None else mixed(lower, scores)
