"""The water of an area's sites and halls, day by day: what fills everything without fish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.domain.world import Parameter
from farm.errors import ContractBroken
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout
from farm.rendering.lines import known
from farm.rendering.places import Area
from farm.rendering.sensors import Watches, ranges
from farm.simulation.history import AreaSlice, Columns

#: Columns of the history that say what a sensor measures.
_MEASURED = {
    "temperature_c": Parameter.TEMPERATURE.id,
    "oxygen_mg_l": Parameter.OXYGEN.id,
    "ph": Parameter.PH.id,
    "salinity_psu": Parameter.SALINITY.id,
    "current_m_s": Parameter.CURRENT.id,
    "wind_m_s": Parameter.WIND_SPEED.id,
    "wave_height_m": Parameter.WAVE_HEIGHT.id,
    "air_temperature_c": Parameter.AIR_TEMPERATURE.id,
}


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """What there is to measure in an area's sites and halls in a month. Make it with `Water.of`."""

    area: str
    month: Month
    #: Since 1970-01-01.
    first_day: int
    #: By place (sites, then halls), environmental_parameter.id and day; not a number: unknown.
    truth: NDArray[np.float64]

    @classmethod
    def of(cls, layout: Layout, area: Area, history: AreaSlice) -> Water:
        """Return the water of an area-month; raises ContractBroken if a place or day is missing."""
        site_ids = layout.sites.id[area.sites]
        truth = np.concatenate(
            [
                _truth(history, history.sites, "site_id", site_ids),
                _truth(history, history.halls, "hall_id", area.hall_ids),
            ]
        )
        truth[:, Parameter.CO2.id] = layout.observation.co2.intake
        first = day_number(history.month.first)
        return cls(history.area, history.month, first, truth)

    def __str__(self) -> str:
        return f"area {self.area}, {self.month}"

    def levels(
        self, watches: Watches, place: NDArray[np.int64], parameter: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the truth of each line of watches of these places and parameters.

        Raises ContractBroken for a sensor that measures what its water does not have.
        """
        _, parameters, days = self.truth.shape
        first = (place * parameters + parameter) * days + watches.first_day - self.first_day
        level = self.truth.take(ranges(first, watches.days))
        known(self, level, watches, parameter)
        return level


def _truth(
    history: AreaSlice, columns: Columns, key: str, ids: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return what the history says of these places; raises ContractBroken if a day is missing."""
    days, first = history.month.days, day_number(history.month.first)
    given, date = columns[key], columns["date"].astype("datetime64[D]").astype(np.int64)
    shape = len(ids), days
    if not (
        len(given) == len(ids) * days
        and (given.reshape(shape) == ids[:, None]).all()
        and (date.reshape(shape) == np.arange(first, first + days)).all()
    ):
        raise ContractBroken(
            f"area {history.area}, {history.month}: the history has not each day of each "
            f"{key.removesuffix('_id')} once"
        )
    truth = np.full((len(ids), len(Parameter) + 1, days), np.nan)
    for name, parameter in _MEASURED.items():
        if name in columns:
            truth[:, parameter] = columns[name].reshape(shape)
    return truth
