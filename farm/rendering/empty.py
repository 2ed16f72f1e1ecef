"""The lines of an area: sensors of its empty containers, and those of its sites."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.domain.world import Parameter
from farm.errors import ContractBroken
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout, rows_of
from farm.rendering.lines import Lines, Spells, known
from farm.rendering.places import Area
from farm.rendering.sensors import Watches, ranges
from farm.simulation.history import AreaSlice, Columns, Stay

#: Columns of the history that say what a sensor measures.
_MEASURED = {
    "temperature_c": Parameter.TEMPERATURE.id,
    "oxygen_mg_l": Parameter.OXYGEN.id,
    "ph": Parameter.PH.id,
    "salinity_psu": Parameter.SALINITY.id,
    "current_m_s": Parameter.CURRENT.id,
    "wind_m_s": Parameter.WIND_SPEED.id,
    "wave_height_m": Parameter.WAVE_HEIGHT.id,
    "air_temperature_c": Parameter.AIR_TEMPERATURE.id,
}


def empty_spells(
    layout: Layout, area: Area, month: Month, stays: Iterable[Stay]
) -> tuple[NDArray[np.int64], Spells]:
    """Return the days on end that the area's containers are empty in a month, and in which ones.

    The first are rows of ``layout.containers``. Stays need not touch the month.

    Raises ContractBroken for a stay in a container of another area.
    """
    ids, first = layout.containers.id[area.containers], day_number(month.first)
    # How many assignments begin, less those that end, on each day; with a day to spare.
    change = np.zeros((len(ids), month.days + 1), dtype=np.int32)
    row_of = {id_: row for row, id_ in enumerate(ids.tolist())}
    for stay in stays:
        start = max(day_number(stay.start) - first, 0)
        end = month.days if stay.end is None else min(day_number(stay.end) - first, month.days)
        if stay.container_id not in row_of:
            raise ContractBroken(f"container {stay.container_id} is not in area {area.code}")
        if start < end:
            change[row_of[stay.container_id], start] += 1
            change[row_of[stay.container_id], end] -= 1
    # A day on either side on which nothing is empty makes every spell begin and end.
    empty = np.zeros((len(ids), month.days + 2), dtype=np.int8)
    empty[:, 1:-1] = np.cumsum(change, axis=1)[:, :-1] == 0
    turn = np.diff(empty, axis=1)
    container, begin = np.nonzero(turn == 1)
    days = np.nonzero(turn == -1)[1] - begin
    container = area.containers[container]
    places = layout.containers
    return container, Spells(
        places.first_sensor[container], places.sensors[container], first + begin, days
    )


def site_spells(layout: Layout, area: Area, month: Month) -> Spells:
    """Return the month of each of the area's sites."""
    number, sites = len(area.sites), layout.sites
    return Spells(
        sites.first_sensor[area.sites],
        sites.sensors[area.sites],
        np.full(number, day_number(month.first)),
        np.full(number, month.days),
    )


def empty_lines(layout: Layout, area: Area, history: AreaSlice) -> Lines:
    """Return the lines of the area's empty containers, in order of sensor id and day.

    Pens are full of the site's water, tanks and trays of what runs into their hall.

    Raises ContractBroken for a stay elsewhere, and where the history lacks a day.
    """
    container, spells = empty_spells(layout, area, history.month, history.stays)
    watches, spell = spells.watches(layout.sensors)
    container = np.repeat(container[spell], watches.days)
    places = layout.containers
    at_sea = places.is_sea[container]
    place = np.zeros(len(container), dtype=np.int64)
    place[at_sea] = np.searchsorted(area.sites, places.place[container[at_sea]])
    place[~at_sea] = rows_of(area.hall_ids, places.place[container[~at_sea]])
    water = _truth(layout, area, history)
    place[~at_sea] += len(area.sites)
    return _lines(
        layout,
        history,
        watches,
        water,
        place,
        at_sea,
        places.place[container],
        places.id[container],
    )


def site_lines(layout: Layout, area: Area, history: AreaSlice) -> Lines:
    """Return the lines of the sites' own sensors, in order of sensor id and day.

    Raises ContractBroken where the history lacks a day.
    """
    watches, spell = site_spells(layout, area, history.month).watches(layout.sensors)
    place = np.repeat(spell, watches.days)
    water = _truth(layout, area, history)
    at_sea = np.ones(len(place), dtype=bool)
    return _lines(layout, history, watches, water, place, at_sea, area.sites[place], None)


def _lines(
    layout: Layout,
    history: AreaSlice,
    watches: Watches,
    water: NDArray[np.float64],
    place: NDArray[np.int64],
    is_sea: NDArray[np.bool_],
    site: NDArray[np.int64],
    container_id: NDArray[np.int32] | None,
) -> Lines:
    day = ranges(watches.first_day, watches.days)
    sensor = np.repeat(watches.sensor, watches.days)
    parameter = layout.sensors.parameter_id[sensor]
    level = water[place, day - day_number(history.month.first), parameter]
    known(f"area {history.area}, {history.month}", level, parameter)
    nothing = np.zeros(len(day))
    return Lines(
        watches=watches,
        sensor=sensor,
        parameter=parameter,
        day=day,
        level=level,
        is_sea=is_sea,
        site=site,
        density=nothing,
        feed=nothing,
        container_id=container_id,
        assignment_id=None,
    )


def _truth(layout: Layout, area: Area, history: AreaSlice) -> NDArray[np.float64]:
    """Return the water by place (sites, then halls), day and environmental_parameter.id."""
    site_ids = layout.sites.id[area.sites]
    truth = np.concatenate(
        [
            _table(history, history.sites, "site_id", site_ids),
            _table(history, history.halls, "hall_id", area.hall_ids),
        ]
    )
    truth[:, :, Parameter.CO2.id] = layout.observation.co2.intake
    return truth


def _table(
    history: AreaSlice, columns: Columns, key: str, ids: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return what the history says of these places; raises ContractBroken if a day is missing."""
    month = history.month
    dates = np.arange(np.datetime64(month.first), np.datetime64(month.next().first))
    if not (
        np.array_equal(columns[key], np.repeat(ids, month.days))
        and np.array_equal(columns["date"], np.tile(dates, len(ids)))
    ):
        raise ContractBroken(
            f"area {history.area}, {month}: the history has not each day of each "
            f"{key.removesuffix('_id')} once"
        )
    truth = np.full((len(ids) * month.days, len(Parameter) + 1), np.nan)
    for name, parameter in _MEASURED.items():
        if name in columns:
            truth[:, parameter] = columns[name]
    return truth.reshape(len(ids), month.days, truth.shape[1])
