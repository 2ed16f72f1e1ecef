"""Small hand-made farms: a plan from a few sketches, without the scheduler."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from farm.domain.biology import Biology, HarvestParameters
from farm.domain.plan import Booking, Plan, PlannedBatch
from farm.domain.world import (
    Area,
    Container,
    ContainerKind,
    Geography,
    Hall,
    Site,
    Stage,
    Station,
    World,
)

PARAMETERS = Path(__file__).parents[2] / "config" / "parameters"

#: A usual life: days in each stage, the last one until the pen must be empty.
USUAL_DAYS = (130, 90, 90, 70, 60, 520)

_STAGES = tuple(Stage)


@cache
def biology() -> Biology:
    """The project's own biological parameters."""
    with (PARAMETERS / "biology.toml").open("rb") as file:
        fish = tomllib.load(file)
    with (PARAMETERS / "water.toml").open("rb") as file:
        return Biology.model_validate({**fish, "water": tomllib.load(file)})


@dataclass(frozen=True)
class Nature:
    """Seed and biology: what the simulation needs of a scenario."""

    seed: int
    biology: Biology


def nature(seed: int = 1, harvest_at: float | None = None) -> Nature:
    """Return a seed with the project's biology, harvested at another weight if one is given."""
    fish = biology()
    if harvest_at is not None:
        weights = dict.fromkeys(fish.harvest.target_weight_by_geography, harvest_at)
        fish = fish.model_copy(
            update={
                "harvest": HarvestParameters.model_construct(target_weight_by_geography=weights)
            }
        )
    return Nature(seed, fish)


@dataclass(frozen=True)
class Sketch:
    """One batch: its eggs, its first day, days and containers in each stage.

    Every batch has containers of its own; ``site`` says which sea site its pens stand in.
    """

    eggs: int = 100_000
    start: date = date(2015, 1, 10)
    days: tuple[int, ...] = USUAL_DAYS
    containers: tuple[int, ...] = (1, 1, 1, 1, 1, 1)
    harvest_window: int = 100
    site: int = 1
    geography: str = "FO"


#: Volume in m3 that one fish of a stage gets, and the limit of its containers in kg/m3.
_ROOM = {
    Stage.EGG_ALEVIN: (0.00001, 100.0),
    Stage.FRY: (0.0005, 40.0),
    Stage.PARR: (0.002, 60.0),
    Stage.SMOLT: (0.006, 70.0),
    Stage.POST_SMOLT: (0.012, 70.0),
    Stage.ADULT: (0.4, 25.0),
}

_KINDS = (ContainerKind.TRAY, *(ContainerKind.TANK,) * 4, ContainerKind.PEN)


def small_plan(*sketches: Sketch, room: float = 1.0) -> Plan:
    """Return a plan of the sketched batches, in a world just large enough.

    Args:
        sketches: the batches.
        room: multiplies the volume of all containers.
    """
    codes = ("FO", "SC")
    geographies = tuple(
        Geography(number, code, code, "XXX", "UTC") for number, code in enumerate(codes, 1)
    )
    areas = tuple(Area(g.id, g.id, f"{g.code}-A", g.code, 60.0, -6.0) for g in geographies)
    stations = tuple(
        Station(g.id, g.id, f"{g.code}-F", g.code, "hatchery", 60.0, -6.0, source)
        for g, source in zip(geographies, ("ras", "flow_through"), strict=True)
    )
    halls = tuple(
        Hall(g.id * 10 + stage.id, g.id, f"{g.code}-H{stage.id}", stage.value, stage.id)
        for g in geographies
        for stage in _STAGES[:-1]
    )
    used_sites = sorted({(codes.index(s.geography) + 1, s.site) for s in sketches})
    sites = tuple(
        Site(g * 100 + n, g, f"S{g}{n}", f"S{g}{n}", 60.0, -6.0, 9e9, "moderate")
        for g, n in used_sites
    )
    containers: list[Container] = []
    batches: list[PlannedBatch] = []
    for number, sketch in enumerate(sketches, 1):
        geography = codes.index(sketch.geography) + 1
        bookings: list[Booking] = []
        start = sketch.start
        for index, stage in enumerate(_STAGES):
            end = start + timedelta(days=sketch.days[index])
            last = stage is _STAGES[-1]
            each = sketch.eggs // sketch.containers[index] + 1
            volume, limit = _ROOM[stage]
            for turn in range(sketch.containers[index]):
                container_id = number * 1000 + index * 100 + turn + 1
                containers.append(
                    Container(
                        id=container_id,
                        hall_id=None if last else geography * 10 + stage.id,
                        site_id=geography * 100 + sketch.site if last else None,
                        code=f"C{container_id}",
                        kind=_KINDS[index],
                        volume_m3=max(each * volume * room, 1.0),
                        max_density_kg_m3=limit,
                        # Of different sizes, so that shares differ.
                        capacity_fish=each + each * turn // 4,
                    )
                )
                bookings.append(
                    Booking(
                        id=number * 1000 + index * 100 + turn + 1,
                        batch_id=number,
                        container_id=container_id,
                        stage=stage,
                        start=start,
                        earliest_end=end - timedelta(days=sketch.harvest_window if last else 0),
                        end=end,
                    )
                )
            start = end
        batches.append(
            PlannedBatch(
                id=number,
                geography_id=geography,
                code=f"{sketch.geography}-{number}",
                strain_id=1,
                egg_source="external",
                egg_supplier_id=1,
                broodstock_id=None,
                eggs=sketch.eggs,
                start_date=sketch.start,
                harvest_from=bookings[-1].earliest_end,
                harvest_to=bookings[-1].end,
                bookings=tuple(bookings),
            )
        )
    world = World(
        geography=geographies,
        area=areas,
        station=stations,
        hall=halls,
        site=sites,
        environmental_parameter=(),
        lifecycle_stage=(),
        container=tuple(containers),
        sensor=(),
        equipment=(),
        feed_store=(),
        strain=(),
        egg_supplier=(),
        broodstock=(),
        feed_type=(),
        feed_supplier=(),
        mortality_cause=(),
        quality_flag=(),
    )
    return Plan(world, tuple(batches))
