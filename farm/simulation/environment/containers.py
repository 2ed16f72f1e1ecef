"""The water of containers: that of their site or hall, after their fish have breathed in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain import water
from farm.domain.water_parameters import WaterParameters
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import HallDay, SeaDay, Water
from farm.simulation.state import State

#: Share of the carbon dioxide that stays: at sea the pen is flushed and buffered.
_STAYS_AT_SEA = 0.1


@dataclass(frozen=True, slots=True)
class Inflow:
    """The water that comes to each container; for a month, days are the first axis.

    Attributes:
        temperature_c, salinity_psu, oxygen_mg_l, ph: as of `Water`.
        full_mg_l: the oxygen that it can hold.
        aerated_mg_l: the oxygen below which it is aerated.
        warmth: how much faster than in cool water fish breathe in it.
        hours: how long it stays.
    """

    temperature_c: Floats
    salinity_psu: Floats
    oxygen_mg_l: Floats
    ph: Floats
    full_mg_l: Floats
    aerated_mg_l: Floats
    warmth: Floats
    hours: Floats


class Containers:
    """Brings water to the containers, and lets their fish breathe."""

    def __init__(self, parameters: WaterParameters, frame: Frame) -> None:
        self._parameters = parameters
        self._frame = frame
        self._stays = np.where(frame.at_sea, _STAYS_AT_SEA, 1.0)

    def inflow(self, sea: SeaDay, halls: HallDay) -> Inflow:
        """Return what sea and halls bring to the containers, on one day or on those of a month."""
        parameters, spread = self._parameters, self._frame.spread
        fresh, respiration = parameters.fresh, parameters.respiration
        full = spread(
            water.oxygen_saturation(sea.temperature_c, sea.salinity_psu),
            water.oxygen_saturation(halls.temperature_c, 0.0),
        )
        return Inflow(
            temperature_c=spread(sea.temperature_c, halls.temperature_c),
            salinity_psu=spread(sea.salinity_psu, np.nan),
            oxygen_mg_l=spread(sea.oxygen_mg_l, halls.oxygen_mg_l),
            ph=spread(sea.ph, halls.ph),
            full_mg_l=full,
            aerated_mg_l=parameters.aeration / 100.0 * full,
            warmth=spread(
                water.breathing_warmth(respiration, sea.temperature_c),
                water.breathing_warmth(respiration, halls.temperature_c),
            ),
            hours=spread(
                np.asarray(water.residence_h(parameters.sea_common, sea.current_m_s)),
                fresh.residence * (1.0 - fresh.oxygenation),
            ),
        )

    def breathed(self, inflow: Inflow, state: State, ration: Floats) -> Water:
        """Return today's water.

        Args:
            inflow: what comes today.
            state: the fish, as they were yesterday evening.
            ration: what they ate yesterday, in per cent of biomass.
        """
        respiration = self._parameters.respiration
        weight, fish = state.weight_g, state.population
        density = fish * np.maximum(weight, 0.0) / 1000.0 / self._frame.volume_m3
        demand = water.oxygen_demand(respiration, density, weight, inflow.warmth, ration)
        oxygen = np.maximum(inflow.oxygen_mg_l - demand * inflow.hours, inflow.aerated_mg_l)
        return Water(
            temperature_c=inflow.temperature_c,
            salinity_psu=inflow.salinity_psu,
            oxygen_mg_l=oxygen,
            saturation_percent=100.0 * oxygen / inflow.full_mg_l,
            ph=inflow.ph - self._stays * (respiration.ph_drop * density),
        )
