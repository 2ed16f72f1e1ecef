"""The frame of a simulation: the containers of one geography, and the places they stand in.

Every per-container array of the simulation has one element per container of the geography, stocked
or not, in order of container id. Its length never changes, so neither does the order of a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from farm.domain.world import Container, Geography, Stage, World

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class PlaceKind(IntEnum):
    """The kinds of places; the value is a word of every address of chance."""

    SITE = 1
    STATION = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A sea site or a station: what its containers share, they share through it.

    ``members`` are the indices of its containers, rising.
    """

    kind: PlaceKind
    id: int
    area_id: int
    members: Integers


@dataclass(frozen=True)
class Frame:
    """The containers and places of one geography, in order of id, sites before stations."""

    geography: Geography
    containers: tuple[Container, ...]
    places: tuple[Place, ...]
    area_ids: tuple[int, ...]
    hall_stage: tuple[Stage | None, ...]
    flow_through: tuple[bool, ...]

    @classmethod
    def of(cls, world: World, geography_code: str) -> Frame:
        """Return the frame of one geography of a world; raises KeyError for an unknown code."""
        found = [g for g in world.geography if g.code == geography_code]
        if not found:
            raise KeyError(geography_code)
        geography = found[0]
        areas = sorted(a.id for a in world.area if a.geography_id == geography.id)
        sites = {s.id: s for s in world.site if s.area_id in areas}
        stations = {s.id: s for s in world.station if s.area_id in areas}
        halls = {h.id: h for h in world.hall if h.station_id in stations}
        containers = tuple(
            sorted(
                (c for c in world.container if c.site_id in sites or c.hall_id in halls),
                key=lambda c: c.id,
            )
        )
        stages = list(Stage)
        members: dict[tuple[PlaceKind, int], list[int]] = {}
        hall_stage: list[Stage | None] = []
        flow_through: list[bool] = []
        for index, container in enumerate(containers):
            hall = None if container.hall_id is None else halls[container.hall_id]
            if hall is None:
                key = (PlaceKind.SITE, container.site_id or 0)
                hall_stage.append(None)
                flow_through.append(False)
            else:
                key = (PlaceKind.STATION, hall.station_id)
                hall_stage.append(stages[hall.lifecycle_stage_id - 1])
                flow_through.append(stations[hall.station_id].water_source == "flow_through")
            members.setdefault(key, []).append(index)
        places = tuple(
            Place(
                kind,
                place_id,
                (sites if kind is PlaceKind.SITE else stations)[place_id].area_id,
                np.asarray(members[kind, place_id], dtype=np.int64),
            )
            for kind, place_id in sorted(members)
        )
        return cls(
            geography, containers, places, tuple(areas), tuple(hall_stage), tuple(flow_through)
        )

    @property
    def size(self) -> int:
        """The number of containers."""
        return len(self.containers)

    @cached_property
    def index_of(self) -> dict[int, int]:
        """The index of each container id."""
        return {container.id: index for index, container in enumerate(self.containers)}

    @cached_property
    def at_sea(self) -> Bools:
        """Which containers are at sea."""
        return np.asarray([c.site_id is not None for c in self.containers], dtype=np.bool_)

    @cached_property
    def place_of(self) -> Integers:
        """The index in `places` of each container's place."""
        result = np.zeros(self.size, dtype=np.int64)
        for index, place in enumerate(self.places):
            result[place.members] = index
        return result

    @cached_property
    def area_of(self) -> Integers:
        """The index in `area_ids` of each container's area."""
        by_place = [self.area_ids.index(place.area_id) for place in self.places]
        return np.asarray(by_place, dtype=np.int64)[self.place_of]

    @cached_property
    def volume_m3(self) -> Floats:
        """The volume of each container."""
        return np.asarray([c.volume_m3 for c in self.containers], dtype=np.float64)

    @cached_property
    def max_density_kg_m3(self) -> Floats:
        """The greatest density allowed in each container."""
        return np.asarray([c.max_density_kg_m3 for c in self.containers], dtype=np.float64)
