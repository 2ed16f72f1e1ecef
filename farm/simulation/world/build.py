"""Puts the world together: one geography after another, then the catalogues."""

from __future__ import annotations

from farm.domain import world as rows
from farm.domain.geography import GeographySpec
from farm.domain.scenario import Scenario
from farm.domain.world import World
from farm.simulation import catalogues
from farm.simulation.world.found import Found
from farm.simulation.world.sites import build_sites
from farm.simulation.world.stations import build_stations


def build_world(scenario: Scenario) -> World:
    """Return everything that exists before the first egg arrives. The seed does not move it."""
    found = Found()
    strains = {s.code: i for i, s in enumerate(scenario.catalogue.strains, 1)}
    for geography_id, spec in enumerate(scenario.geographies, 1):
        _build_geography(found, scenario, geography_id, spec, strains)
    catalogue = scenario.catalogue
    return World(
        geography=tuple(found.geography),
        density_limit=tuple(found.density_limit),
        area=tuple(found.area),
        station=tuple(found.station),
        lifecycle_stage=catalogues.lifecycle_stages(catalogue, scenario.facilities),
        hall=tuple(found.hall),
        site=tuple(found.site),
        environmental_parameter=catalogues.environmental_parameters(catalogue.parameters),
        container=tuple(found.container),
        sensor=tuple(found.sensor),
        equipment=tuple(found.equipment),
        feed_store=tuple(found.feed_store),
        strain=catalogues.strains(catalogue),
        egg_supplier=catalogues.egg_suppliers(catalogue),
        broodstock=tuple(found.broodstock),
        feed_type=catalogues.feed_types(catalogue, scenario.biology),
        feed_supplier=catalogues.feed_suppliers(catalogue),
        mortality_cause=catalogues.mortality_causes(scenario.biology),
        quality_flag=catalogues.quality_flags(),
        disease=catalogues.diseases(scenario.biology),
        treatment_type=catalogues.treatment_types(scenario.biology),
        vaccine=catalogues.vaccines(scenario.biology),
        vaccine_protection=catalogues.vaccine_protections(scenario.biology),
        lab_test=catalogues.lab_tests(scenario.biology),
        lice_limit=tuple(found.lice_limit),
    )


def _build_geography(
    found: Found,
    scenario: Scenario,
    geography_id: int,
    spec: GeographySpec,
    strains: dict[str, int],
) -> None:
    found.geography.append(
        rows.Geography(geography_id, spec.code, spec.name, spec.currency, spec.timezone)
    )
    found.density_limit += [
        rows.DensityLimit(
            geography_id * 100 + number, geography_id, step.from_weight_g, step.limit_kg_m3
        )
        for number, step in enumerate(spec.pens.density_limits, 1)
    ]
    found.lice_limit += catalogues.lice_limits(geography_id, spec)
    areas = {area.code: geography_id * 100 + n for n, area in enumerate(spec.areas, 1)}
    build_stations(found, scenario, geography_id, spec, areas)
    build_sites(found, scenario, geography_id, spec, areas)
    # An area where the company has nothing is none of its production areas.
    used = {station.area_id for station in found.station} | {site.area_id for site in found.site}
    for area in spec.areas:
        if areas[area.code] in used:
            latitude, longitude = area.position
            found.area.append(
                rows.Area(areas[area.code], geography_id, area.code, area.name, latitude, longitude)
            )
    found.broodstock += [
        rows.Broodstock(
            geography_id * 100 + number, geography_id, strains[stock.strain], stock.code, stock.name
        )
        for number, stock in enumerate(spec.broodstocks, 1)
    ]
