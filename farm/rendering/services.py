"""When equipment is serviced and repaired: known for the whole horizon from the plan alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Services
from farm.domain.world import World
from farm.rendering.epoch import day_number
from farm.rendering.groups import in_order, numbered
from farm.simulation.streams import Decision, Streams

#: Kinds of `equipment_service`.
KINDS = ("repair", "service")


@dataclass(frozen=True, slots=True, eq=False)
class ServiceDays:
    """All services and repairs up to a day, ordered by equipment and day."""

    day: NDArray[np.int64]
    equipment_id: NDArray[np.int32]
    #: Place in KINDS.
    kind: NDArray[np.int32]
    #: The rows in order of area and day, and both of these as one number.
    by_area: NDArray[np.int64]
    area_day: NDArray[np.int64]

    @classmethod
    def of(cls, world: World, spec: Services, streams: Streams, last_day: int) -> ServiceDays:
        """Return the services of a world's equipment up to the last day (since 1970).

        Services are at most an interval apart, at least ``1 - 2 * early`` of it. Between two of
        them there may be a repair, on a day of its own.
        """
        ordered = sorted(world.equipment, key=lambda one: one.id)
        installed = np.array([day_number(e.installed_on) for e in ordered], dtype=np.int64)
        interval = np.array([e.service_interval_days for e in ordered], dtype=np.int64)
        slack = np.floor(interval * spec.early).astype(np.int64)
        step = np.maximum(interval - slack, 1)
        # Of each machine those turns between two services that begin by the last day.
        number = np.maximum((last_day - installed) // step + 1, 0)
        machine, turn = np.arange(len(ordered)).repeat(number), numbered(number) - 1
        # One block for all equipment: a later horizon only adds turns at its end.
        turns = int(number.max(initial=0)) + 1
        chance = streams.at(Decision.SERVICES).random((turns, 3, len(ordered)))
        early, when, whether = chance[turn, :, machine].T
        installed, step, slack = installed[machine], step[machine], slack[machine]
        serviced = installed + (1 + turn) * step + np.floor(early * (slack + 1)).astype(np.int64)
        before = np.where(turn > 0, np.roll(serviced, 1), installed)
        between = serviced - before - 1
        repaired = before + 1 + np.floor(when * between).astype(np.int64)
        breaks = (whether < spec.repair_chance) & (between > 0)

        # By machine, turn and kind: as they lie, the days of a machine ascend.
        days = np.stack([repaired, serviced], axis=1).reshape(-1)
        there = np.stack([breaks, np.ones_like(breaks)], axis=1).reshape(-1) & (days <= last_day)
        place = there.nonzero()[0]
        day, machine = days.take(place), machine.take(place // len(KINDS))
        ids = np.array([e.id for e in ordered], dtype=np.int32)
        area_ids = np.array(_areas(world, [e.id for e in ordered]), dtype=np.int64)
        area_id = area_ids.take(machine)
        by_area = in_order(day)
        by_area = by_area.take(in_order(area_id.take(by_area)))
        return cls(
            day=day,
            equipment_id=ids.take(machine),
            kind=(place % len(KINDS)).astype(np.int32),
            by_area=by_area,
            area_day=_area_day(area_id, day).take(by_area),
        )

    def number(self, first: int, after: int) -> int:
        """Return how many there are from the first day to before another (since 1970)."""
        return int(((self.day >= first) & (self.day < after)).sum())

    def within(self, area_id: int, first: int, after: int) -> NDArray[np.int64]:
        """Return the rows of one area from the first day to before another (since 1970)."""
        days = np.array([first, after])
        begin, end = self.area_day.searchsorted(_area_day(np.array([area_id]), days))
        return np.sort(self.by_area[begin:end])


def _area_day(area_id: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return areas and days as numbers in their order."""
    return (area_id << 32) + day


def _areas(world: World, equipment: list[int]) -> list[int]:
    """Return the area of each piece of equipment, wherever it is mounted."""
    station = {one.id: one.area_id for one in world.station}
    hall = {one.id: station[one.station_id] for one in world.hall}
    site = {one.id: one.area_id for one in world.site}
    container: Mapping[int, int] = {
        one.id: site[one.site_id] if one.site_id is not None else hall[one.hall_id or 0]
        for one in world.container
    }
    of: dict[int, int] = {}
    for one in world.equipment:
        if one.container_id is not None:
            of[one.id] = container[one.container_id]
        elif one.site_id is not None:
            of[one.id] = site[one.site_id]
        else:
            of[one.id] = station[one.station_id or 0]
    return [of[id_] for id_ in equipment]
