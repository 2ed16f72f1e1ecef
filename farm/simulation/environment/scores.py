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
        self._row = {decision: row for row, decision in enumerate(persistence)}
        self._persistence = np.asarray(list(persistence.values()))[:, np.newaxis]
        self._renewal = np.sqrt(1.0 - self._persistence**2)
        self._fields = fields
        self._once = once
        self._by_month = by_month
        self._chances: Floats = np.zeros((0, len(persistence), 0))

    def begin(self) -> Floats:
        """Return the scores before the first day, drawn from their long-run distribution."""
        return np.stack([self._in_space(d, self._once(d)) for d in self._row])

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month."""
        drawn = [self._in_space(d, self._by_month(d, month, normal)) for d in self._row]
        self._chances = np.stack(drawn, axis=1)

    def age(self, scores: Floats, row: int) -> Floats:
        """Return the scores of the month's day ``row``, from those of the day before."""
        renewed: Floats = self._renewal * self._chances[row]
        return self._persistence * scores + renewed

    def of(self, decision: Decision, scores: Floats) -> Floats:
        """Return the scores of one series."""
        return np.asarray(scores[self._row[decision]])

    def _in_space(self, decision: Decision, scores: Floats) -> Floats:
        lower = self._fields.get(decision)
        return scores if lower is None else mixed(lower, scores)
