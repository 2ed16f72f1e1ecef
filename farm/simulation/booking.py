"""Finds room for one batch's whole life, or says what is short."""

from __future__ import annotations

from dataclasses import dataclass

from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind, Stage, World
from farm.simulation.life import Draft, Move, Stay, draft
from farm.simulation.needs import Need, Needs, Yardstick
from farm.simulation.pools import HallPool, SitePool, Span
from farm.simulation.starts import Start

_ON_LAND = tuple(stage for stage in Stage if stage is not Stage.ADULT)


@dataclass(frozen=True, slots=True)
class Life:
    """A batch with room for its whole life, on the day that it starts.

    ``containers`` has the id of each stay's container; moves name stays by their index.
    """

    start: Start
    day: int
    harvest_from: int
    harvest_to: int
    stays: tuple[Stay, ...]
    containers: tuple[int, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a batch would have needed: ``wanted`` of ``kind`` from ``day`` on; ``free`` were."""

    kind: str
    day: int
    wanted: int
    free: int
    total: int


class Rooms:
    """Everything that can be booked in one geography."""

    def __init__(
        self, scenario: Scenario, code: str, world: World, yardstick: Yardstick, days: int
    ) -> None:
        self._facilities = scenario.facilities
        self._yardstick = yardstick
        self._stagger = scenario.geography(code).stages.harvest_stagger_days
        stations = _station_ids(world, code)
        halls = [hall for hall in world.hall if hall.station_id in stations]
        self.halls: dict[Stage, HallPool] = {
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
        areas = _area_ids(world, code)
        self._sites = SitePool(
            [
                [pen.id for pen in world.container if pen.site_id == site.id]
                for site in world.site
                if site.area_id in areas
            ],
            scenario.geography(code).pens.fallow_days,
            days,
        )

    def book(self, start: Start, day: int) -> Life | Shortage:
        """Book the whole life of a batch that starts on ``day``, or book nothing."""
        needs = self._yardstick.needs(start, day)
        life = draft(needs.moves)
        booked: list[tuple[HallPool, int, Span]] = []
        containers: list[int] = []
        near: set[int] = set()
        for need, numbers in life.lots[:-1]:
            pool = self.halls[need.stage]
            spans = [(life.stays[n].start, life.stays[n].end) for n in numbers]
            positions = pool.find(spans, near if need.stage is not Stage.EGG_ALEVIN else ())
            if len(positions) < len(spans):
                for earlier, position, span in booked:
                    earlier.give_back(position, span)
                return self._short_of_tanks(need, len(positions))
            for position, span in zip(positions, spans, strict=True):
                pool.book(position, span)
                booked.append((pool, position, span))
                hall, container = pool.containers[position]
                near.add(hall)
                containers.append(container)
        pens = self._pens(life, needs)
        if isinstance(pens, Shortage):
            for pool, position, span in booked:
                pool.give_back(position, span)
            return pens
        return Life(
            start=start,
            day=day,
            harvest_from=needs.harvest_from,
            harvest_to=life.stays[-1].end,
            stays=life.stays,
            containers=(*containers, *pens),
            moves=life.moves,
        )

    def _short_of_tanks(self, need: Need, found: int) -> Shortage:
        kind = f"{self._facilities.of(need.stage).container.value}s for {need.stage}"
        total = len(self.halls[need.stage].containers)
        return Shortage(kind, need.first, need.containers, found, total)

    def _pens(self, life: Draft, needs: Needs) -> list[int] | Shortage:
        """Book pens, evenly spread over the sites; a site is emptied before the next one."""
        need, numbers = life.lots[-1]
        wanted = self._sites.wanted(len(numbers))
        free = self._sites.free(need.first, needs.harvest_to)
        if len(free) < wanted:
            kind = f"sites of {len(self._sites.sites[0])} {ContainerKind.PEN.value}s"
            return Shortage(kind, need.first, wanted, len(free), len(self._sites.sites))
        stays = [life.stays[n] for n in numbers]
        for turn, stay in enumerate(stays):
            later = self._stagger * turn // len(stays)
            stay.earliest_end = needs.harvest_from + later
            stay.end = needs.harvest_to - self._stagger + later
        share, rest = divmod(len(stays), wanted)
        pens: list[int] = []
        for number, site in enumerate(self._sites.choose(free, wanted)):
            here = self._sites.sites[site][: share + (number < rest)]
            first, last = stays[len(pens)], stays[len(pens) + len(here) - 1]
            self._sites.book(site, first.start, last.end)
            pens += here
        return pens


def _area_ids(world: World, code: str) -> set[int]:
    geography = next(g.id for g in world.geography if g.code == code)
    return {area.id for area in world.area if area.geography_id == geography}


def _station_ids(world: World, code: str) -> set[int]:
    areas = _area_ids(world, code)
    return {station.id for station in world.station if station.area_id in areas}
