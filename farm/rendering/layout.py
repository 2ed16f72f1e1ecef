"""Where everything is: the plan as arrays, so that a chunk is rendered without searching it.

Built once per process from the plan and handed to everything that renders or counts rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Observation
from farm.domain.plan import Plan
from farm.errors import ContractBroken
from farm.rendering import stages
from farm.rendering.almanac import Almanac
from farm.rendering.chances import Chances
from farm.rendering.epoch import day_number
from farm.rendering.figures import Figures
from farm.rendering.peculiar import Peculiar
from farm.rendering.places import Area, Containers, Sites, areas
from farm.rendering.sensors import MountedSensors
from farm.rendering.services import ServiceDays
from farm.rendering.shape import Shapes
from farm.simulation.streams import Streams


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layout:
    """What rendering needs of a scenario and its plan. Make it with `Layout.of`.

    Rendering depends on nothing else: equal plan, observation, aggregation, seed and last day give
    equal rows.
    """

    observation: Observation
    plan: Plan
    #: The subjects of chunks: batches by code, and areas by code.
    batch_ids: Mapping[str, int]
    areas: Mapping[str, Area]
    chances: Chances
    almanac: Almanac
    containers: Containers
    sites: Sites
    sensors: MountedSensors
    services: ServiceDays
    #: Assignments ordered by id, and the row of their container in ``containers``.
    assignment_id: NDArray[np.int32]
    assignment_container: NDArray[np.int64]
    figures: Figures
    #: By readings a day.
    shapes: Mapping[int, Shapes]
    #: By lifecycle_stage.id: see `farm.rendering.stages`.
    meals: NDArray[np.int64]
    method_codes: NDArray[np.int32]
    feeding_methods: tuple[str, ...]
    habits: stages.Habits
    #: What people see of each assignment, by its row.
    peculiar: Peculiar
    #: How lice are spread over fish: variance = mean + mean^2 / aggregation.
    aggregation: float

    @classmethod
    def of(
        cls,
        plan: Plan,
        observation: Observation,
        aggregation: float,
        seed: int,
        last_day: date,
    ) -> Layout:
        """Return the layout of a plan, observed as a scenario says.

        Args:
            plan: the world and its batches.
            observation: how the scenario looks at them.
            aggregation: of lice on fish.
            seed: the scenario's seed.
            last_day: the last day of its horizon. A later one leaves what happens before as it is.

        Raises:
            ContractBroken: a container that is nowhere, or an area with the code of a batch.
        """
        world, streams = plan.world, Streams(seed)
        readings = observation.readings_per_day, observation.readings_per_day_empty
        inside = sorted(
            (s for s in world.sensor if s.container_id is not None),
            key=lambda s: (s.container_id, s.id),
        )
        outside = sorted(
            (s for s in world.sensor if s.site_id is not None), key=lambda s: (s.site_id, s.id)
        )
        containers = Containers.of(world, np.array([s.container_id for s in inside], dtype=int))
        sites = Sites.of(
            world,
            np.array([s.site_id for s in outside], dtype=int),
            len(inside),
            observation.sensors.tide.high_water_spread,
            streams,
        )
        bookings = sorted(
            (booking for batch in plan.batches for booking in batch.bookings), key=lambda b: b.id
        )
        assignment_id = np.array([booking.id for booking in bookings], dtype=np.int32)
        assignment_container = rows_of(
            containers.id, np.array([booking.container_id for booking in bookings], dtype=np.int32)
        )
        batch_ids = {batch.code: batch.id for batch in plan.batches}
        last = day_number(last_day)
        sensors = MountedSensors.of([*inside, *outside], observation.sensors, streams, last)
        places = areas(world, containers, sites, sensors.id)
        method_codes, methods = stages.feeding_methods(observation.stages)
        layout = cls(
            observation=observation,
            plan=plan,
            batch_ids=batch_ids,
            areas=places,
            chances=Chances(streams, batch_ids.values(), [area.id for area in places.values()]),
            almanac=Almanac(observation.sensors.tide, readings),
            containers=containers,
            sites=sites,
            sensors=sensors,
            services=ServiceDays.of(world, observation.services, streams, last),
            assignment_id=assignment_id,
            assignment_container=assignment_container,
            figures=Figures.of(world, observation.sensors),
            shapes={per_day: Shapes.of(observation, per_day) for per_day in readings},
            meals=stages.meals(observation.stages),
            method_codes=method_codes,
            feeding_methods=methods,
            habits=stages.Habits.of(observation.stages, world.lifecycle_stage),
            peculiar=Peculiar.of(
                assignment_id, containers.is_sea[assignment_container], observation, streams
            ),
            aggregation=aggregation,
        )
        if both := layout.batch_ids.keys() & layout.areas.keys():
            raise ContractBroken(f"{min(both)} is both a batch and an area")
        return layout

    def areas_of(self, geography: str) -> list[Area]:
        """Return the areas of a geography, in order of id."""
        return [area for area in self.areas.values() if area.geography == geography]

    def assignment_rows(self, assignment_ids: NDArray[Any]) -> NDArray[np.int64]:
        """Return for each assignment its row in `assignment_id`.

        Raises ContractBroken for an assignment that the plan does not have.
        """
        return rows_of(self.assignment_id, assignment_ids)

    def container_rows(self, assignment_ids: NDArray[Any]) -> NDArray[np.int64]:
        """Return for each assignment the row of its container in `containers`; raises the same."""
        container: NDArray[np.int64] = self.assignment_container[
            self.assignment_rows(assignment_ids)
        ]
        return container


def rows_of(
    ids: NDArray[np.int32], wanted: NDArray[Any], what: str = "id", whole: str = "the plan"
) -> NDArray[np.int64]:
    """Return the positions of ``wanted`` in the sorted ``ids``; raises ContractBroken if absent.

    ``what`` has these ids, and ``whole`` has all of it.
    """
    if not len(wanted):
        return np.zeros(0, dtype=np.int64)
    if not len(ids):
        raise ContractBroken(f"{what} {wanted[0]} is not in {whole}: it has none")
    rows: NDArray[np.int64] = ids.searchsorted(wanted)
    absent = ids.take(rows, mode="clip") != wanted
    if np.count_nonzero(absent):
        raise ContractBroken(f"{what} {wanted[absent][0]} is not in {whole}")
    return rows
