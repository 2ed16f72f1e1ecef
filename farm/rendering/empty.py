"""The lines of an area: sensors of its empty containers, and those of its sites."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout, rows_of
from farm.rendering.lines import Lines, Spells
from farm.rendering.places import Area
from farm.rendering.sensors import ranges
from farm.rendering.water import Water
from farm.simulation.history import Stay


def empty_spells(
    layout: Layout, area: Area, month: Month, stays: Iterable[Stay]
) -> tuple[NDArray[np.int64], Spells]:
    """Return the days on end that the area's containers are empty in a month, and in which ones.

    The first are rows of ``layout.containers``. Stays need not touch the month.

    Raises ContractBroken for a stay in a container of another area.
    """
    first, number = day_number(month.first), len(area.containers)
    container, start, end = _stays(layout, area, stays)
    end = np.minimum(np.maximum(end - first, 0), month.days)
    start = np.minimum(np.maximum(start - first, 0), end)
    # How many assignments begin, less those that end, on each day; with a day to spare. Those that
    # do not touch the month begin when they end.
    width = month.days + 1
    change = np.bincount(container * width + start, minlength=number * width)
    change -= np.bincount(container * width + end, minlength=number * width)
    # A day on either side on which nothing is empty makes every spell begin and end.
    empty = np.zeros((number, month.days + 2), dtype=np.int8)
    empty[:, 1:-1] = np.cumsum(change.reshape(number, width), axis=1)[:, :-1] == 0
    turn = np.diff(empty, axis=1).reshape(-1)
    begins = np.flatnonzero(turn == 1)
    days = np.flatnonzero(turn == -1) - begins
    row, begin = np.divmod(begins, width)
    container, places = area.containers[row], layout.containers
    return container, Spells(
        places.first_sensor[container], places.sensors[container], first + begin, days
    )


def _stays(
    layout: Layout, area: Area, stays: Iterable[Stay]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the container of each stay, as the place among the area's, and its days since 1970.

    One without an end goes on for ever.
    """
    ids = layout.containers.id[area.containers].tolist()
    row_of = {id_: row for row, id_ in enumerate(ids)}
    for_ever = np.iinfo(np.int32).max
    try:
        found = [
            (
                row_of[stay.container_id],
                day_number(stay.start),
                for_ever if stay.end is None else day_number(stay.end),
            )
            for stay in stays
        ]
    except KeyError as unknown:
        raise ContractBroken(f"container {unknown} is not in area {area.code}") from unknown
    container, start, end = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return container, start, end


def site_spells(layout: Layout, area: Area, month: Month) -> Spells:
    """Return the month of each of the area's sites."""
    number, sites = len(area.sites), layout.sites
    return Spells(
        sites.first_sensor[area.sites],
        sites.sensors[area.sites],
        np.full(number, day_number(month.first)),
        np.full(number, month.days),
    )


def empty_lines(
    layout: Layout, area: Area, month: Month, stays: Iterable[Stay], water: Water
) -> Lines:
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
    parameter = layout.sensors.parameter_id[watches.sensor]
    return Lines(
        watches=watches,
        parameter=parameter,
        is_sea=at_sea,
        site=where,
        container_id=places.id[container],
        assignment_id=None,
        day=ranges(watches.first_day, watches.days),
        level=water.levels(watches, place, parameter),
        density=None,
        feed=None,
    )


def site_lines(layout: Layout, area: Area, month: Month, water: Water) -> Lines:
    """Return the lines of the sites' own sensors, in order of sensor id and day.

    Raises ContractBroken where a sensor measures what there is not.
    """
    watches, spell = site_spells(layout, area, month).watches(layout.sensors)
    parameter = layout.sensors.parameter_id[watches.sensor]
    return Lines(
        watches=watches,
        parameter=parameter,
        is_sea=np.ones(len(spell), dtype=bool),
        site=area.sites[spell],
        container_id=None,
        assignment_id=None,
        day=ranges(watches.first_day, watches.days),
        level=water.levels(watches, spell, parameter),
        density=None,
        feed=None,
    )
