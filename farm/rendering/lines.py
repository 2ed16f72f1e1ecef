"""What is read and where: one line for each sensor and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.world import Parameter
from farm.errors import ContractBroken
from farm.rendering.almanac import MonthDays
from farm.rendering.sensors import MountedSensors, Watches, ranges


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of some watches, one after another, each in order of day.

    None stands for what none of the lines has.
    """

    watches: Watches
    #: Of each watch: what it measures (environmental_parameter.id), and where.
    parameter: NDArray[np.int64]
    is_sea: NDArray[np.bool_]
    #: Row in `Sites`; without meaning on land.
    site: NDArray[np.int64]
    container_id: NDArray[np.int32] | None
    assignment_id: NDArray[np.int32] | None
    #: Of each line: its day, as the place in the month.
    month: MonthDays
    day: NDArray[np.int64]
    #: The truth of the day.
    level: NDArray[np.float64]
    #: Fish in kg/m3, and their feed in kg/m3/day.
    density: NDArray[np.float64] | None
    feed: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Places whose sensors are watched for some days on end, all of them."""

    first_sensor: NDArray[np.int64]
    sensors: NDArray[np.int64]
    first_day: NDArray[np.int64]
    days: NDArray[np.int64]

    def watches(self, mounted: MountedSensors) -> tuple[Watches, NDArray[np.int64]]:
        """Return the watches of all their sensors by sensor id and day, and whose spell each is."""
        spell, sensor = self._sensors()
        order = np.lexsort((self.first_day.take(spell), mounted.id.take(sensor)))
        spell, sensor = spell.take(order), sensor.take(order)
        return self._watches(spell, sensor), spell

    def readings(self, mounted: MountedSensors, per_day: int) -> NDArray[np.int64]:
        """Return how many readings the sensors of each spell have, at so many a day."""
        spell, sensor = self._sensors()
        rows = np.zeros(len(self.days), dtype=np.int64)
        np.add.at(rows, spell, self._watches(spell, sensor).rows(mounted, per_day))
        return rows

    def _sensors(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the spell and the sensor of each watch, spell by spell."""
        spell = np.repeat(np.arange(len(self.days)), self.sensors)
        return spell, ranges(self.first_sensor, self.sensors)

    def _watches(self, spell: NDArray[np.int64], sensor: NDArray[np.int64]) -> Watches:
        return Watches(sensor, self.first_day.take(spell), self.days.take(spell))


def readings_of(mounted: MountedSensors, many: Sequence[Spells], per_day: int) -> list[int]:
    """Return how many readings there are in each of these, at so many a day."""
    if not many:
        return []
    fields = ("first_sensor", "sensors", "first_day", "days")
    together = Spells(
        *[np.concatenate([getattr(spells, field) for spells in many]) for field in fields]
    )
    upto = np.cumsum(together.readings(mounted, per_day))
    ends = np.cumsum([len(spells.days) for spells in many])
    # One may have no spells at all: sums up to the end of each, and their steps.
    found: list[int] = np.diff(np.append(0, upto).take(ends), prepend=0).tolist()
    return found


def known(
    where: object, level: NDArray[np.float64], watches: Watches, parameter: NDArray[np.int64]
) -> None:
    """Raise ContractBroken for a sensor that measures what its water does not have."""
    unknown = np.isnan(level)
    if np.count_nonzero(unknown):
        what = list(Parameter)[int(watches.by_line(parameter)[unknown][0]) - 1]
        raise ContractBroken(f"{where}: there is no {what} where a sensor measures it")
