"""Fits out one station or site: sensors and machines, each with its age and model.

Everything was bought while the place was fitted out, container after container, and replaced
whenever its life ended; what is there on the first day of the scenario is what is recorded.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from farm.domain import world as rows
from farm.domain.equipment import EquipmentKind, MountPlace, installed_on
from farm.domain.scenario import Scenario
from farm.domain.world import Parameter
from farm.simulation.world.found import Found

#: The last digit of a piece of equipment's id.
EQUIPMENT_NUMBER: dict[EquipmentKind, int] = {
    "feeder": 1,
    "oxygenation": 2,
    "camera": 3,
    "mortality_collector": 4,
    "aerator": 5,
    "lice_skirt": 6,
    "net_cleaner": 7,
    "generator": 8,
    "water_treatment": 9,
}

#: Nothing is replaced in the last days before the scenario begins: its fish are on their way.
_QUIET_DAYS = 30

#: Places are calibrated in turn. A step that shares no factor with the usual intervals spreads them
#: over the interval, whatever their number.
_ROUND_STEP_DAYS = 17

#: A round takes two days: odd containers on the first of them, even ones on the second.
_ROUND_DAYS = 2


class Fitting:
    """Mounts sensors and machines at one place and adds their rows."""

    def __init__(
        self,
        found: Found,
        scenario: Scenario,
        place: Literal["station", "site"],
        place_id: int,
        number: int,
    ) -> None:
        """Take the place by its id, and its number among those of its geography, from 1."""
        self._found = found
        self._facilities = scenario.facilities
        self._first_day = scenario.horizon.first_day
        fitting_out = scenario.facilities.fitting_out
        self._opened = fitting_out.opened_on(self._first_day, place, number)
        self._commissioning = fitting_out.commissioning_days
        self._interval = scenario.observation.sensors.calibration_interval_days
        self._round = place_id * _ROUND_STEP_DAYS

    def measure(
        self, place: MountPlace, place_id: int, place_code: str, number: int, parameter: Parameter
    ) -> None:
        """Mount a sensor in a container (by its number in hall or site, from 1) or on a site."""
        instrument = self._facilities.instruments[parameter]
        mount = instrument.mounts[place]
        bought = self._installed_on(number, instrument.life_years)
        days_before = 1 + (self._round + number % _ROUND_DAYS) % self._interval
        self._found.sensor.append(
            rows.Sensor(
                place_id * 10 + parameter.id,
                None if place == "site" else place_id,
                place_id if place == "site" else None,
                parameter.id,
                f"{place_code}-{parameter.value}",
                instrument.model(bought),
                bought,
                max(bought, self._first_day - timedelta(days=days_before)),
                mount.position,
                mount.depth_m,
            )
        )

    def equip(
        self, place: MountPlace, place_id: int, place_code: str, number: int, kind: EquipmentKind
    ) -> None:
        """Mount a machine in a container (by its number), on a site or in a station."""
        machine = self._facilities.machines[kind]
        bought = self._installed_on(number, machine.life_years)
        whole = place in {"site", "station"}
        self._found.equipment.append(
            rows.Equipment(
                place_id * 10 + EQUIPMENT_NUMBER[kind],
                None if whole else place_id,
                place_id if place == "site" else None,
                kind,
                machine.model(place, bought),
                bought,
                f"{place_code}-{kind}",
                machine.service_interval_days,
                place_id if place == "station" else None,
            )
        )

    def _installed_on(self, number: int, life_years: float) -> date:
        first_bought = self._opened + timedelta(days=(number - 1) % self._commissioning)
        last = self._first_day - timedelta(days=_QUIET_DAYS)
        return installed_on(first_bought, life_years, last)
