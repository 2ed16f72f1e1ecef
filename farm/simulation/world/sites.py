"""Sites at sea: pens moored in a grid, what hangs on them, the barge."""

from __future__ import annotations

from math import cos, radians, sin

from farm.domain import world as rows
from farm.domain.geography import GeographySpec, SiteSpec
from farm.domain.positions import moved
from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind, Stage
from farm.simulation.world.fitting import Fitting
from farm.simulation.world.found import Found

#: Numbers of sites start above those of stations.
FIRST_SITE = 501

#: Pens are moored in two rows: every pen can be reached by boat from outside.
_ROWS = 2

#: Grids lie along their shore. Which way that is at a site, no map here says: each further site is
#: turned by so many degrees, so that no two neighbours lie alike.
_TURN_DEGREES = 37

#: Decimals of a degree: 0.000001 of latitude is eleven centimetres.
_DECIMALS = 6


def build_sites(
    found: Found,
    scenario: Scenario,
    geography_id: int,
    spec: GeographySpec,
    areas: dict[str, int],
) -> None:
    """Add the sites that the company has in a geography, with their pens and barges."""
    size = scenario.company(spec.code).facilities
    for number, place in enumerate(spec.sites[: size.sites], 1):
        pens = size.pens_per_site
        volume_m3 = pens * spec.pens.size(place.exposure).volume_m3
        latitude, longitude = place.position
        site = rows.Site(
            geography_id * 1_000 + FIRST_SITE + number - 1,
            areas[place.area],
            f"{spec.code}-A{number:02d}",
            place.name,
            latitude,
            longitude,
            spec.pens.licence.for_pens(volume_m3, spec.pens.max_density_kg_m3),
            place.exposure,
        )
        found.site.append(site)
        capacity_kg = scenario.facilities.feed.barge_kg(site.max_biomass_t * 1000)
        found.feed_store.append(
            rows.FeedStore(site.id, None, site.id, f"{site.code}-barge", "barge", capacity_kg, None)
        )
        fitting = Fitting(found, scenario, "site", site.id, number)
        for parameter in scenario.facilities.sea.site_sensors:
            fitting.measure("site", site.id, site.code, 1, parameter)
        for machine in scenario.facilities.sea.site_equipment:
            fitting.equip("site", site.id, site.code, 1, machine)
        _moor_pens(found, scenario, fitting, spec, site, place, pens)


def mooring(
    site: tuple[float, ...], pens: int, cell_m: float, bearing_degrees: float
) -> list[tuple[float, float]]:
    """Return the positions of a site's pens, row by row along the bearing.

    Pens lie in the cells of a grid of two rows, ``cell_m`` wide, whose middle is the site.
    """
    columns = -(-pens // _ROWS)
    bearing = radians(bearing_degrees)
    found = []
    for number in range(pens):
        along = (number % columns - (columns - 1) / 2) * cell_m
        across = (number // columns - (_ROWS - 1) / 2) * cell_m
        north = along * cos(bearing) - across * sin(bearing)
        east = along * sin(bearing) + across * cos(bearing)
        latitude, longitude = moved(site, north, east)
        found.append((round(latitude, _DECIMALS), round(longitude, _DECIMALS)))
    return found


def _moor_pens(
    found: Found,
    scenario: Scenario,
    fitting: Fitting,
    spec: GeographySpec,
    site: rows.Site,
    place: SiteSpec,
    pens: int,
) -> None:
    sea, size = scenario.facilities.sea, spec.pens.size(place.exposure)
    equipment = scenario.facilities.pen_equipment(place.exposure)
    bearing = site.id * _TURN_DEGREES % 180
    positions = mooring(place.position, pens, sea.mooring_cell * size.diameter_m, bearing)
    for number, (latitude, longitude) in enumerate(positions, 1):
        container = rows.Container(
            site.id * 10_000 + Stage.ADULT.id * 1_000 + number,
            None,
            site.id,
            f"{site.code}-P{number:02d}",
            ContainerKind.PEN.value,
            size.volume_m3,
            spec.pens.max_density_kg_m3,
            spec.pens.capacity_fish,
            size.circumference_m,
            size.depth_m,
            latitude,
            longitude,
        )
        found.container.append(container)
        for parameter in sea.sensors:
            fitting.measure("pen", container.id, container.code, number, parameter)
        for machine in equipment:
            fitting.equip("pen", container.id, container.code, number, machine)
