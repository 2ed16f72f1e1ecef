"""The lines of an area: sensors of its empty containers, and those of its sites."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout, rows_of
from farm.rendering.lines import Lines, Spells
from farm.rendering.places import Area
from farm.rendering.sensors import ranges
from farm.rendering.water import Water
from farm.simulation.history import Columns


def empty_spells(
    layout: Layout, area: Area, month: Month, stays: Columns
) -> tuple[NDArray[np.int64], Spells]:
    """Return the days on end that the area's containers are empty in a month, and in which ones.

    The first are rows of ``layout.containers``. ``stays`` have the columns of STAY_COLUMNS; they
    need not touch the month.

    Raises ContractBroken for a stay in a container of another area.
    """
    first, number = day_number(month.first), len(area.containers)
    ids = layout.containers.id.take(area.containers)
    container = rows_of(ids, stays["container_id"], "container", f"area {area.code}")
    start, end = stays["start"].astype(np.int64), stays["end"].astype(np.int64)
    end = np.minimum(np.maximum(end - first, 0), month.days)
    end[np.isnat(stays["end"])] = month.days
    start = np.minimum(np.maximum(start - first, 0), end)
    # How many assignments begin, less those that end, on each day; with a day to spare. Those that
    # do not touch the month begin when they end.
    width = month.days + 1
    change = np.bincount(container * width + start, minlength=number * width)
    change -= np.bincount(container * width + end, minlength=number * width)
    # A day on either side on which nothing is empty makes every spell begin and end.
    empty = np.zeros((number, month.days + 2), dtype=np.int8)
    empty[:, 1:-1] = np.cumsum(change.reshape(number, width), axis=1)[:, :-1] == 0
    turn = (empty[:, 1:] - empty[:, :-1]).reshape(-1)
    begins = (turn == 1).nonzero()[0]
    days = (turn == -1).nonzero()[0] - begins
    row, begin = np.divmod(begins, width)
    container, places = area.containers[row], layout.containers
    return container, Spells(
        places.first_sensor.take(container), places.sensors.take(container), first + begin, days
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


def empty_lines(layout: Layout, area: Area, month: Month, stays: Columns, water: Water) -> Lines:
    """Return the lines of the area's empty containers, in order of sensor id and day.

    Pens are full of the site's water, tanks and trays of what runs into their hall.

    Raises ContractBroken for a stay elsewhere, and where a sensor measures what there is not.
    """
    container, spells = empty_spells(layout, area, month, stays)
    watches, spell = spells.watches(layout.sensors)
    container, places = container[spell], layout.containers
    at_sea, where = places.is_sea[container], places.place[container]
    place = np.zeros(len(container), dtype=np.int64)
    place[at_sea] = np.searchsorted(area.sites, where[at_sea])
    place[~at_sea] = len(area.sites) + rows_of(area.hall_ids, where[~at_sea])
    parameter, days = layout.sensors.parameter_id[watches.sensor], layout.almanac.of(month)
    return Lines(
        watches=watches,
        parameter=parameter,
        is_sea=at_sea,
        site=where,
        container_id=places.id[container],
        assignment_id=None,
        month=days,
        day=ranges(watches.first_day - days.first, watches.days),
        level=water.levels(watches, place, parameter),
        density=None,
        feed=None,
    )


def site_lines(layout: Layout, area: Area, month: Month, water: Water) -> Lines:
    """Return the lines of the sites' own sensors, in order of sensor id and day.

    Raises ContractBroken where a sensor measures what there is not.
    """
    watches, spell = site_spells(layout, area, month).watches(layout.sensors)
    parameter, days = layout.sensors.parameter_id[watches.sensor], layout.almanac.of(month)
    return Lines(
        watches=watches,
        parameter=parameter,
        is_sea=np.ones(len(spell), dtype=bool),
        site=area.sites[spell],
        container_id=None,
        assignment_id=None,
        month=days,
        day=ranges(watches.first_day - days.first, watches.days),
        level=water.levels(watches, spell, parameter),
        density=None,
        feed=None,
    )
