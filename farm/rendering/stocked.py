"""The lines of a batch: every sensor of every container that held its fish, day by day."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.world import Parameter
from farm.rendering.days import Days, consecutive
from farm.rendering.layout import Layout
from farm.rendering.lines import Lines, Spells, known
from farm.rendering.sensors import ranges

_TEMPERATURE, _OXYGEN, _PH, _SALINITY, _CO2 = (
    parameter.id
    for parameter in (
        Parameter.TEMPERATURE,
        Parameter.OXYGEN,
        Parameter.PH,
        Parameter.SALINITY,
        Parameter.CO2,
    )
)


def reading_rows(
    layout: Layout,
    container: NDArray[np.int64],
    assignment_id: NDArray[Any],
    day: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many readings each day of a history has.

    What an outage takes away is taken from the first of the days that an assignment spends in a
    row within a month, so that the sum of a month is exact.

    Args:
        layout: the layout.
        container: row of the container of each day.
        assignment_id: its assignment.
        day: the day, since 1970. Days are in order of assignment and date.
    """
    per_day = layout.observation.readings_per_day
    rows = layout.containers.sensors.take(container) * per_day
    first, days = consecutive(assignment_id, day)
    spells = _spells(layout, container.take(first), day.take(first), days)
    rows[first] -= spells.sensors * days * per_day - spells.readings(layout.sensors, per_day)
    return rows


def stocked_lines(layout: Layout, days: Days) -> Lines:
    """Return the lines of a batch-month, in order of sensor id and day.

    Raises ContractBroken where a sensor measures salinity in fresh water, or weather in a tank.
    """
    container = days.container.take(days.first)
    spells = _spells(layout, container, days.day.take(days.first), days.length)
    watches, spell = spells.watches(layout.sensors)
    first, container = days.first.take(spell), container.take(spell)
    parameter = layout.sensors.parameter_id[watches.sensor]
    row = ranges(first, watches.days)
    # A parameter's truths are a row of the matrix, one for each day.
    truth = _truth(layout, days, carbon_dioxide_too=_CO2 in parameter)
    level = truth.take(row + watches.by_line(parameter * len(days.day)))
    known(days, level, watches, parameter)
    places = layout.containers
    return Lines(
        watches=watches,
        parameter=parameter,
        is_sea=places.is_sea.take(container),
        site=places.place.take(container),
        container_id=places.id.take(container),
        assignment_id=days["assignment_id"].take(first),
        month=days.calendar,
        day=days.of_month.take(row),
        level=level,
        density=days["density_kg_m3"].take(row),
        feed=_feed_per_m3(days).take(row),
    )


def _spells(
    layout: Layout,
    container: NDArray[np.int64],
    first_day: NDArray[np.int64],
    days: NDArray[np.int64],
) -> Spells:
    places = layout.containers
    return Spells(
        places.first_sensor.take(container), places.sensors.take(container), first_day, days
    )


def _truth(layout: Layout, days: Days, *, carbon_dioxide_too: bool) -> NDArray[np.float64]:
    """Return the truth by environmental_parameter.id (rows) of each day (columns)."""
    truth = np.full((len(Parameter) + 1, len(days.day)), np.nan)
    truth[_TEMPERATURE] = days["temperature_c"]
    truth[_OXYGEN] = days["oxygen_mg_l"]
    truth[_PH] = days["ph"]
    truth[_SALINITY] = days["salinity_psu"]
    if carbon_dioxide_too:  # few fish live where it is measured
        truth[_CO2] = carbon_dioxide(layout, days)
    return truth


def carbon_dioxide(layout: Layout, days: Days) -> NDArray[np.float64]:
    """Return the dissolved CO2 of each day, mg/L.

    What comes in, plus what the fish breathe out (by density), plus what their feed adds (by kg of
    feed per m3 and day). Where the water is not recirculated only a share of the latter two stays.
    """
    spec = layout.observation.co2
    made = spec.per_density * days["density_kg_m3"] + spec.per_feed * _feed_per_m3(days)
    stays = np.where(
        layout.containers.is_recirculated[days.container], 1.0, spec.flow_through_share
    )
    dissolved: NDArray[np.float64] = spec.intake + stays * made
    return dissolved


def _feed_per_m3(days: Days) -> NDArray[np.float64]:
    """Return the feed of each day in kg per m3 of water, from density: volume = biomass/density."""
    biomass = days["biomass_kg"]
    # Without fish there is no feed: nothing, over whatever.
    per_biomass = days["feed_g"] / 1000.0 / np.where(biomass > 0, biomass, np.inf)
    feed: NDArray[np.float64] = per_biomass * days["density_kg_m3"]
    return feed
