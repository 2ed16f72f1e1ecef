"""The places of a world as arrays: containers, halls, sites, and the areas that they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.world import Container, FeedStore, Site, World
from farm.errors import ContractBroken
from farm.rendering.sensors import ranges
from farm.simulation.streams import Decision, Streams


@dataclass(frozen=True, slots=True, eq=False)
class Containers:
    """The containers of the world, ordered by id: the row is the container's place here."""

    id: NDArray[np.int32]
    is_sea: NDArray[np.bool_]
    is_recirculated: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    #: Row of its site in `Sites` where it is at sea, id of its hall where it is not.
    place: NDArray[np.int64]
    #: The silo or barge that feeds it; -1 where there is none.
    feed_store_id: NDArray[np.int32]
    #: Its sensors are the rows ``first_sensor`` .. ``first_sensor + sensors`` of `MountedSensors`.
    first_sensor: NDArray[np.int64]
    sensors: NDArray[np.int64]

    @classmethod
    def of(cls, world: World, sensors: NDArray[np.int64]) -> Containers:
        """Return the containers of a world; ``sensors`` are the container ids of its sensors."""
        ordered = sorted(world.container, key=lambda container: container.id)
        stations = {station.id: station for station in world.station}
        station_of = {hall.id: stations[hall.station_id] for hall in world.hall}
        sites = {site.id: (row, site) for row, site in enumerate(ordered_sites(world))}
        stores = _Stores.of(world.feed_store)
        rows: list[tuple[int, bool, bool, float, float, int, int]] = []
        for one in ordered:
            if one.site_id is not None:
                place, site = sites[one.site_id]
                rows.append((one.id, True, False, *_position(one, site), place, stores.at_sea(one)))
            elif one.hall_id is not None:
                station = station_of[one.hall_id]
                where = station.latitude, station.longitude
                ras = station.water_source == "ras"
                store = stores.on_land(one, one.hall_id, station.id)
                rows.append((one.id, False, ras, *where, one.hall_id, store))
            else:
                raise ContractBroken(f"container {one.code} is neither in a hall nor at a site")
        columns = zip(*rows, strict=True) if rows else [()] * 7
        ids, is_sea, is_ras, latitude, longitude, places, store_ids = columns
        first = np.searchsorted(sensors, ids, side="left").astype(np.int64)
        return cls(
            id=np.array(ids, dtype=np.int32),
            is_sea=np.array(is_sea, dtype=bool),
            is_recirculated=np.array(is_ras, dtype=bool),
            latitude=np.array(latitude, dtype=np.float64),
            longitude=np.array(longitude, dtype=np.float64),
            place=np.array(places, dtype=np.int64),
            feed_store_id=np.array(store_ids, dtype=np.int32),
            first_sensor=first,
            sensors=np.searchsorted(sensors, ids, side="right").astype(np.int64) - first,
        )


def _position(pen: Container, site: Site) -> tuple[float, float]:
    if pen.latitude is None or pen.longitude is None:
        return site.latitude, site.longitude
    return pen.latitude, pen.longitude


@dataclass(frozen=True, slots=True)
class _Stores:
    """The ids of the stores of each hall, station and site, in order."""

    halls: dict[int, list[int]]
    stations: dict[int, list[int]]
    sites: dict[int, list[int]]

    @classmethod
    def of(cls, stores: Iterable[FeedStore]) -> _Stores:
        found = cls({}, {}, {})
        for store in sorted(stores, key=lambda store: store.id):
            for of_place, place in (
                (found.halls, store.hall_id),
                (found.stations, store.station_id),
                (found.sites, store.site_id),
            ):
                if place is not None:
                    of_place.setdefault(place, []).append(store.id)
        return found

    def on_land(self, container: Container, hall: int, station: int) -> int:
        """Return the silo of the container's hall or else of its station; -1 without one."""
        return _share(self.halls.get(hall) or self.stations.get(station, []), container)

    def at_sea(self, container: Container) -> int:
        """Return the barge of the container's site; -1 without one."""
        return _share(self.sites.get(container.site_id or 0, []), container)


def _share(stores: Sequence[int], container: Container) -> int:
    """Return one of several stores: they share the containers of their place evenly."""
    return stores[container.id % len(stores)] if stores else -1


def ordered_sites(world: World) -> list[Site]:
    """Return the sites in order of id."""
    return sorted(world.site, key=lambda site: site.id)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """The sea sites of the world, ordered by id: the row is the site's place here."""

    id: NDArray[np.int32]
    longitude: NDArray[np.float64]
    #: How late high water is after the moon's passage, in hours.
    high_water: NDArray[np.float64]
    #: Its own sensors, as those of `Containers`.
    first_sensor: NDArray[np.int64]
    sensors: NDArray[np.int64]

    @classmethod
    def of(
        cls, world: World, sensors: NDArray[np.int64], before: int, spread: float, streams: Streams
    ) -> Sites:
        """Return the sites of a world.

        Args:
            world: the world.
            sensors: the site ids of the sites' sensors, which follow ``before`` other sensors.
            before: how many sensors come before those of sites.
            spread: how late, and how early, high water may be, in hours.
            streams: the randomness.
        """
        sites = ordered_sites(world)
        ids = np.array([site.id for site in sites], dtype=np.int32)
        chances = [s.random() for s in streams.along(Decision.TIDE, [[i] for i in ids.tolist()])]
        first = np.searchsorted(sensors, ids, side="left").astype(np.int64)
        return cls(
            id=ids,
            longitude=np.array([site.longitude for site in sites], dtype=np.float64),
            high_water=spread * (2.0 * np.array(chances, dtype=np.float64) - 1.0),
            first_sensor=before + first,
            sensors=np.searchsorted(sensors, ids, side="right").astype(np.int64) - first,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """What lies in one production area, each kind in order of id."""

    id: int
    code: str
    geography: str
    #: Rows in `Containers` and in `Sites`.
    containers: NDArray[np.int64]
    sites: NDArray[np.int64]
    hall_ids: NDArray[np.int32]
    #: Rows in `MountedSensors`: those in its containers and those of its sites.
    sensors: NDArray[np.int64]


def areas(
    world: World, containers: Containers, sites: Sites, sensor_id: NDArray[np.int32]
) -> dict[str, Area]:
    """Return the areas of a world by code, in order of id; ``sensor_id`` as in `MountedSensors`."""
    geographies = {geography.id: geography.code for geography in world.geography}
    of_station = {station.id: station.area_id for station in world.station}
    of_hall = {hall.id: of_station[hall.station_id] for hall in world.hall}
    of_site = {site.id: site.area_id for site in world.site}
    area_of_site = np.array([of_site[i] for i in sites.id.tolist()], dtype=np.int64)
    area_of_container = np.array(
        [
            int(area_of_site[place]) if is_sea else of_hall[place]
            for place, is_sea in zip(
                containers.place.tolist(), containers.is_sea.tolist(), strict=True
            )
        ],
        dtype=np.int64,
    )
    found: dict[str, Area] = {}
    for area in sorted(world.area, key=lambda area: area.id):
        inside = np.flatnonzero(area_of_container == area.id)
        outside = np.flatnonzero(area_of_site == area.id)
        sensors = np.concatenate(
            [
                ranges(containers.first_sensor[inside], containers.sensors[inside]),
                ranges(sites.first_sensor[outside], sites.sensors[outside]),
            ]
        )
        found[area.code] = Area(
            id=area.id,
            code=area.code,
            geography=geographies[area.geography_id],
            containers=inside,
            sites=outside,
            hall_ids=np.array(
                sorted(hall for hall, where in of_hall.items() if where == area.id), dtype=np.int32
            ),
            sensors=sensors[sensor_id[sensors].argsort()],
        )
    return found
