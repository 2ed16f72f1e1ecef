"""The frame of a simulation: the containers of one geography, and the places they stand in.

Every per-container array of the simulation has one element per container of the geography, stocked
or not, in order of container id. Its length never changes, so neither does the order of a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.positions import distance_m
from farm.domain.world import (
    Container,
    FeedStore,
    FeedSupplier,
    FeedType,
    Geography,
    Hall,
    LiceLimit,
    Site,
    World,
)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class PlaceKind(IntEnum):
    """The kinds of places; the value is a word of every address of chance."""

    SITE = 1
    STATION = 2
    HALL = 3


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
    """The containers and places of one geography, in order of id, sites before stations.

    ``sites`` are those of the places that are sites; ``halls`` are the halls with containers, and
    ``flow_through`` says of each whether its station's water flows through; ``lice_limits`` are
    the geography's rules. ``feed_stores`` are those of its sites and halls, in order of id;
    ``feed_types`` and ``feed_suppliers`` are all there are.
    """

    geography: Geography
    containers: tuple[Container, ...]
    places: tuple[Place, ...]
    area_ids: tuple[int, ...]
    sites: tuple[Site, ...]
    halls: tuple[Hall, ...]
    flow_through: Bools
    lice_limits: tuple[LiceLimit, ...]
    feed_stores: tuple[FeedStore, ...]
    feed_types: tuple[FeedType, ...]
    feed_suppliers: tuple[FeedSupplier, ...]

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
        members: dict[tuple[PlaceKind, int], list[int]] = {}
        for index, container in enumerate(containers):
            if container.hall_id is None:
                key = (PlaceKind.SITE, container.site_id or 0)
            else:
                key = (PlaceKind.STATION, halls[container.hall_id].station_id)
            members.setdefault(key, []).append(index)
        used = sorted({c.hall_id for c in containers if c.hall_id is not None})
        places = tuple(
            Place(
                kind,
                place_id,
                (sites if kind is PlaceKind.SITE else stations)[place_id].area_id,
                np.asarray(members[kind, place_id], dtype=np.int64),
            )
            for kind, place_id in sorted(members)
        )
        sources = [stations[halls[hall].station_id].water_source for hall in used]
        return cls(
            geography,
            containers,
            places,
            tuple(areas),
            tuple(sites[place.id] for place in places if place.kind is PlaceKind.SITE),
            tuple(halls[hall] for hall in used),
            np.asarray([source == "flow_through" for source in sources], dtype=np.bool_),
            tuple(limit for limit in world.lice_limit if limit.geography_id == geography.id),
            tuple(
                sorted(
                    (s for s in world.feed_store if s.site_id in sites or s.hall_id in halls),
                    key=lambda store: store.id,
                )
            ),
            world.feed_type,
            world.feed_supplier,
        )

    @cached_property
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
    def area_of_site(self) -> Integers:
        """The index in `area_ids` of each site's area."""
        areas = [self.area_ids.index(site.area_id) for site in self.sites]
        return np.asarray(areas, dtype=np.int64)

    @cached_property
    def site_distance_km(self) -> Floats:
        """The distance between sea sites, shape (sites, sites)."""
        at = [(site.latitude, site.longitude) for site in self.sites]
        distances = [[distance_m(a, b) / 1000.0 for b in at] for a in at]
        return np.asarray(distances, dtype=np.float64).reshape(len(at), len(at))

    @cached_property
    def hall_of(self) -> Integers:
        """The index in `halls` of each container's hall; 0, and of no use, for pens."""
        index = {hall.id: number for number, hall in enumerate(self.halls)}
        return np.asarray([index.get(c.hall_id or 0, 0) for c in self.containers], dtype=np.int64)

    @cached_property
    def store_of(self) -> Integers:
        """The index in `feed_stores` of each container's store; -1 where nobody is fed."""
        of_site = {s.site_id: i for i, s in enumerate(self.feed_stores) if s.site_id is not None}
        of_hall = {s.hall_id: i for i, s in enumerate(self.feed_stores) if s.hall_id is not None}
        found = (
            of_site.get(c.site_id or 0, -1) if c.hall_id is None else of_hall.get(c.hall_id, -1)
            for c in self.containers
        )
        return np.asarray(list(found), dtype=np.int64)

    @cached_property
    def pens(self) -> Integers:
        """The indices of the containers at sea."""
        return np.flatnonzero(self.at_sea)

    @cached_property
    def sea(self) -> slice | Integers:
        """Where the containers at sea are, for reading: a slice where nothing comes between."""
        pens = self.pens
        together = pens.size > 0 and pens[-1] - pens[0] == pens.size - 1
        return slice(int(pens[0]), int(pens[-1]) + 1) if together else pens

    @cached_property
    def tanks(self) -> Integers:
        """The indices of the containers in halls."""
        return np.flatnonzero(~self.at_sea)

    @cached_property
    def site_of_pen(self) -> Integers:
        """The index in `sites` of the site of each of `pens`."""
        return self.place_of[self.pens]

    def spread(self, of_sites: NDArray[Any], of_halls: NDArray[Any] | float) -> NDArray[Any]:
        """Return for each container what its site or its hall has, along the last axis.

        Args:
            of_sites: one element per site.
            of_halls: one element per hall, or one value for all of them.
        """
        *others, sites = of_sites.shape
        given = np.empty((*others, sites + len(self.halls)), dtype=of_sites.dtype)
        given[..., :sites], given[..., sites:] = of_sites, of_halls
        return given.take(self._site_or_hall, axis=-1)

    @cached_property
    def _site_or_hall(self) -> Integers:
        """Where each container's site or hall stands, with all halls behind all sites."""
        return np.where(self.at_sea, self.place_of, len(self.sites) + self.hall_of)

    def places_of(self, containers: Bools) -> Bools:
        """Return the places of some containers."""
        places = np.zeros(len(self.places), dtype=np.bool_)
        places[self.place_of[containers]] = True
        return places

    def at_sites(self, of_containers: Floats | Bools) -> Floats:
        """Return the sums over the pens of each site."""
        return self.of_sites(of_containers[self.sea])

    def of_sites(self, of_pens: Floats | Bools) -> Floats:
        """Return the sums over the pens of each site, given one element for each of `pens`."""
        sums = np.bincount(self.site_of_pen, of_pens, len(self.sites))
        return np.asarray(sums, dtype=np.float64)

    @cached_property
    def volume_m3(self) -> Floats:
        """The volume of each container."""
        return np.asarray([c.volume_m3 for c in self.containers], dtype=np.float64)

    @cached_property
    def max_density_kg_m3(self) -> Floats:
        """The greatest density allowed in each container."""
        return np.asarray([c.max_density_kg_m3 for c in self.containers], dtype=np.float64)
