"""Where everything is: the plan as arrays, so that a chunk is rendered without searching it.

Built once per process from the plan and handed to everything that renders or counts rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Observation
from farm.domain.plan import Plan
from farm.domain.world import FeedStore, Stage, World
from farm.errors import ContractBroken
from farm.simulation.streams import Decision, Streams

#: Days since 1970-01-01 of the day that `date.toordinal` calls zero.
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class Containers:
    """The containers of the world, ordered by id: the row is the container's place here."""

    id: NDArray[np.int32]
    is_sea: NDArray[np.bool_]
    is_recirculated: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    #: The silo or barge that feeds it; -1 where there is none.
    feed_store_id: NDArray[np.int32]
    #: Its sensors are the rows ``first_sensor`` .. ``first_sensor + sensors`` of `Sensors`.
    first_sensor: NDArray[np.int64]
    sensors: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class MountedSensors:
    """The sensors of containers, ordered by container and id."""

    id: NDArray[np.int32]
    parameter_id: NDArray[np.int16]
    calibrated_day: NDArray[np.int64]
    #: By calibration (the one of ``calibrated_day`` is the first) and sensor: the drift just before
    #: the next calibration, in standard deviations.
    drift: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layout:
    """What rendering needs of a scenario and its plan. Make it with `Layout.of`.

    Rendering depends on nothing else: equal plan, observation and seed give equal rows.
    """

    observation: Observation
    streams: Streams
    plan: Plan
    batch_ids: Mapping[str, int]
    containers: Containers
    sensors: MountedSensors
    #: Assignments ordered by id, and the row of their container in ``containers``.
    assignment_id: NDArray[np.int32]
    assignment_container: NDArray[np.int64]
    #: Lowest and highest value a sensor can show, by environmental_parameter.id.
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    #: Feed types ordered by the weight from which they are fed.
    feed_type_id: NDArray[np.int16]
    feed_type_from_g: NDArray[np.float64]
    #: Meals of a fed day by lifecycle_stage.id; 0 for eggs and alevins.
    meals: NDArray[np.int64]

    @classmethod
    def of(cls, plan: Plan, observation: Observation, seed: int) -> Layout:
        """Return the layout of a plan, observed as a scenario says (its observation and seed)."""
        world, streams = plan.world, Streams(seed)
        containers = _containers(world)
        bookings = sorted(
            (booking for batch in plan.batches for booking in batch.bookings), key=lambda b: b.id
        )
        last_day = max((_day(booking.end) for booking in bookings), default=0)
        types = sorted(world.feed_type, key=lambda kind: (kind.min_weight_g, kind.id))
        return cls(
            observation=observation,
            streams=streams,
            plan=plan,
            batch_ids={batch.code: batch.id for batch in plan.batches},
            containers=containers,
            sensors=_sensors(world, observation, streams, last_day),
            assignment_id=np.array([b.id for b in bookings], dtype=np.int32),
            assignment_container=_rows_of(
                containers.id, np.array([b.container_id for b in bookings], dtype=np.int32)
            ),
            lowest=_by_parameter(world, "minimum", -np.inf),
            highest=_by_parameter(world, "maximum", np.inf),
            feed_type_id=np.array([kind.id for kind in types], dtype=np.int16),
            feed_type_from_g=np.array([kind.min_weight_g for kind in types], dtype=np.float64),
            meals=np.array(
                [0]
                + [
                    observation.stages.of(stage).meals_per_day if stage.is_fed else 0
                    for stage in Stage
                ]
            ),
        )

    def container_rows(self, assignment_ids: NDArray[Any]) -> NDArray[np.int64]:
        """Return for each assignment the row of its container in `containers`.

        Raises ContractBroken for an assignment that the plan does not have.
        """
        rows = _rows_of(self.assignment_id, assignment_ids)
        container: NDArray[np.int64] = self.assignment_container[rows]
        return container


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH


def _rows_of(ids: NDArray[np.int32], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """Return the positions of ``wanted`` in the sorted ``ids``; raises ContractBroken if absent."""
    if len(wanted) and not len(ids):
        raise ContractBroken(f"id {wanted[0]} is not in the plan: it has none")
    rows = np.minimum(np.searchsorted(ids, wanted), max(len(ids) - 1, 0)).astype(np.int64)
    absent = ids[rows] != wanted if len(wanted) else np.zeros(0, dtype=bool)
    if absent.any():
        raise ContractBroken(f"id {wanted[absent][0]} is not in the plan")
    return rows


def _containers(world: World) -> Containers:
    halls = {hall.id: hall for hall in world.hall}
    stations = {station.id: station for station in world.station}
    sites = {site.id: site for site in world.site}
    of_station = _stores(world.feed_store, "station_id")
    of_site = _stores(world.feed_store, "site_id")
    rows: list[tuple[int, bool, bool, float, float, int]] = []
    ordered = sorted(world.container, key=lambda container: container.id)
    for container in ordered:
        if container.site_id is not None:
            place = sites[container.site_id]
            stores, recirculated = of_site.get(place.id, []), False
            where = place.latitude, place.longitude
        elif container.hall_id is not None:
            station = stations[halls[container.hall_id].station_id]
            stores, recirculated = of_station.get(station.id, []), station.water_source == "ras"
            where = station.latitude, station.longitude
        else:
            raise ContractBroken(f"container {container.code} is neither in a hall nor at a site")
        # Several silos or barges share the containers of their place evenly.
        store = stores[container.id % len(stores)] if stores else -1
        rows.append((container.id, container.site_id is not None, recirculated, *where, store))
    mounted = sorted(s.container_id for s in world.sensor if s.container_id is not None)
    ids, is_sea, is_ras, latitude, longitude, store_id = (
        zip(*rows, strict=True) if rows else [()] * 6
    )
    first = np.searchsorted(mounted, ids, side="left").astype(np.int64)
    return Containers(
        id=np.array(ids, dtype=np.int32),
        is_sea=np.array(is_sea, dtype=bool),
        is_recirculated=np.array(is_ras, dtype=bool),
        latitude=np.array(latitude, dtype=np.float64),
        longitude=np.array(longitude, dtype=np.float64),
        feed_store_id=np.array(store_id, dtype=np.int32),
        first_sensor=first,
        sensors=np.searchsorted(mounted, ids, side="right").astype(np.int64) - first,
    )


def _stores(stores: Iterable[FeedStore], place: str) -> dict[int, list[int]]:
    """Return the ids of the stores of each station or site, in order."""
    found: dict[int, list[int]] = {}
    for store in sorted(stores, key=lambda store: store.id):
        if (where := getattr(store, place)) is not None:
            found.setdefault(where, []).append(store.id)
    return found


def _sensors(
    world: World, observation: Observation, streams: Streams, last_day: int
) -> MountedSensors:
    mounted = sorted(
        (s for s in world.sensor if s.container_id is not None),
        key=lambda s: (s.container_id, s.id),
    )
    calibrated = np.array([_day(s.calibrated_on) for s in mounted], dtype=np.int64)
    interval = observation.sensors.calibration_interval_days
    first = int(calibrated.min()) if len(calibrated) else last_day
    calibrations = max(last_day - first, 0) // interval + 1
    # One block for all sensors: a later horizon only adds calibrations at its end.
    block = streams.at(Decision.SENSOR_DRIFT).standard_normal((calibrations, len(mounted)))
    return MountedSensors(
        id=np.array([s.id for s in mounted], dtype=np.int32),
        parameter_id=np.array([s.environmental_parameter_id for s in mounted], dtype=np.int16),
        calibrated_day=calibrated,
        drift=block,
    )


def _by_parameter(world: World, field: str, default: float) -> NDArray[np.float64]:
    highest_id = max((p.id for p in world.environmental_parameter), default=0)
    values = np.full(highest_id + 1, default)
    for parameter in world.environmental_parameter:
        values[parameter.id] = getattr(parameter, field)
    return values
