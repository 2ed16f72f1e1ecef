"""Finds room for one batch's whole life, or says what is short."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind, Stage, World
from farm.simulation.expectation import Expectation
from farm.simulation.pools import HallPool, SitePool
from farm.simulation.starts import Start

_ON_LAND = tuple(stage for stage in Stage if stage is not Stage.ADULT)
_SEA = len(_ON_LAND)


@dataclass(frozen=True, slots=True)
class Stay:
    """One container of a batch: days from the first day of the horizon, see `Booking`."""

    container_id: int
    stage: Stage
    start: int
    earliest_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Life:
    """A batch with room for its whole life, on the day that it starts."""

    start: Start
    day: int
    harvest_from: int
    harvest_to: int
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a batch would have needed: ``wanted`` of ``kind`` from ``day`` on; ``free`` were."""

    kind: str
    day: int
    wanted: int
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class _Need:
    stage: Stage
    start: int
    end: int
    containers: int


class Rooms:
    """Everything that can be booked in one geography."""

    def __init__(
        self, scenario: Scenario, code: str, world: World, expectation: Expectation, days: int
    ) -> None:
        self._facilities = scenario.facilities
        self._geography = scenario.geography(code)
        self._expectation = expectation
        stations = _station_ids(world, code)
        halls = [hall for hall in world.hall if hall.station_id in stations]
        self._halls: dict[Stage, HallPool] = {
            stage: HallPool(
                [
                    (hall.id, container.id)
                    for hall in halls
                    if hall.lifecycle_stage_id == stage.id
                    for container in world.container
                    if container.hall_id == hall.id
                ],
                self._facilities.of(stage).cleaning_days,
                days,
            )
            for stage in _ON_LAND
        }
        self._sites = SitePool(
            [
                [pen.id for pen in world.container if pen.site_id == site.id]
                for site in world.site
                if site.code.startswith(f"{code}-")
            ],
            self._geography.pens.fallow_days,
            days,
        )

    def book(self, start: Start, day: int) -> Life | Shortage:
        """Book the whole life of a batch that starts on ``day``, or book nothing."""
        on_land, pens, harvest = self._needs(start, day)
        chosen: list[tuple[_Need, list[int]]] = []
        for need in on_land:
            pool = self._halls[need.stage]
            free = pool.free(need.start, need.end)
            if len(free) < need.containers:
                kind = f"{self._facilities.of(need.stage).container.value}s for {need.stage}"
                total = len(pool.containers)
                return Shortage(kind, need.start, need.containers, len(free), total)
            chosen.append((need, pool.choose(free, need.containers)))
        wanted = self._sites.wanted(pens.containers)
        free_sites = self._sites.free(pens.start, pens.end)
        if len(free_sites) < wanted:
            kind = f"sites of {len(self._sites.sites[0])} {ContainerKind.PEN.value}s"
            total = len(self._sites.sites)
            return Shortage(kind, pens.start, wanted, len(free_sites), total)
        stays = [
            Stay(container, need.stage, need.start, need.end, need.end)
            for need, positions in chosen
            for container in self._halls[need.stage].book(positions, need.start, need.end)
        ]
        stays += self._stock_sites(self._sites.choose(free_sites, wanted), pens, harvest)
        return Life(start, day, harvest, pens.end, tuple(stays))

    def _needs(self, start: Start, day: int) -> tuple[list[_Need], _Need, int]:
        """Return what is needed on land and at sea, and the first day of the harvest."""
        expected, stages = self._expectation, self._geography.stages
        enters = [day + int(age) for age in expected.enters[day]]
        on_land = []
        for number, stage in enumerate(_ON_LAND):
            hall = self._facilities.of(stage)
            room = 1 + hall.safety_margin_percent / 100
            fish = start.eggs * float(expected.share[day, number]) * room
            volume = start.eggs * float(expected.volume_m3[day, number]) * room
            containers = max(ceil(fish / hall.capacity_fish), ceil(volume / hall.volume_m3))
            on_land.append(_Need(stage, enters[number], enters[number + 1], containers))
        pen = self._geography.pens
        room = 1 + self._facilities.sea.safety_margin_percent / 100
        fish = start.eggs * float(expected.share[day, _SEA]) * room
        volume = start.eggs * float(expected.volume_m3[day, _SEA]) * room
        pens = max(ceil(fish / pen.capacity_fish), ceil(volume / pen.volume_m3))
        ripe = day + int(expected.ripe[day])
        end = ripe + stages.harvest_after_days
        at_sea = _Need(Stage.ADULT, enters[_SEA], end, pens)
        return on_land, at_sea, max(ripe - stages.harvest_before_days, enters[_SEA] + 1)

    def _stock_sites(self, sites: list[int], pens: _Need, harvest: int) -> list[Stay]:
        """Spread the pens evenly over the sites; a site is emptied before the next one."""
        stagger = self._geography.stages.harvest_stagger_days
        share, rest = divmod(pens.containers, len(sites))
        stays: list[Stay] = []
        for number, site in enumerate(sites):
            of_site = self._sites.sites[site][: share + (number < rest)]
            for container in of_site:
                turn = stagger * len(stays) // pens.containers
                earliest, latest = harvest + turn, pens.end - stagger + turn
                stays.append(Stay(container, Stage.ADULT, pens.start, earliest, latest))
            self._sites.book(site, pens.start, stays[-1].end)
        return stays


def _station_ids(world: World, code: str) -> set[int]:
    geography = next(g.id for g in world.geography if g.code == code)
    areas = {area.id for area in world.area if area.geography_id == geography}
    return {station.id for station in world.station if station.area_id in areas}
