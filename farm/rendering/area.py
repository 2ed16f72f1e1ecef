"""One month of an area as rows: everything there that belongs to no batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.empty import empty_lines, empty_spells, site_lines, site_spells
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout
from farm.rendering.lines import readings_of
from farm.rendering.places import Area
from farm.rendering.readings import readings
from farm.rendering.sensors import ranges
from farm.rendering.services import KINDS
from farm.rendering.table import Table, Words
from farm.rendering.water import Water
from farm.simulation.history import AreaSlice, Columns

#: Digits kept of the deviation that a calibration finds: more than any sensor shows.
_DEVIATION_DIGITS = 4


def render_area(layout: Layout, history: AreaSlice) -> RenderedChunk:
    """Return the rows of an area-month, the same bytes whenever, wherever and how often it is done.

    Readings of empty containers come first, those of sites follow, each in order of sensor and
    time; the other tables are in order of their primary keys.

    Raises:
        ContractBroken: the history does not fit the plan: an unknown area, a stay in another area,
            a day without water.
    """
    area, spec = area_of(layout, history.area), layout.observation
    water, month = Water.of(layout, area, history), history.month
    parts = (
        (empty_lines(layout, area, month, history.stays, water), spec.readings_per_day_empty),
        (site_lines(layout, area, month, water), spec.readings_per_day),
    )
    chances = layout.chances.of_area(area.id, month)
    found = [
        readings(layout, lines, per_day, chance)
        for (lines, per_day), chance in zip(parts, chances, strict=True)
        if len(lines.day)
    ]
    tables: dict[str, Sequence[Table]] = {
        "environmental_reading": found,
        "sensor_calibration": (_calibrations(layout, area, month),),
        "equipment_service": (_services(layout, area, month),),
    }
    return RenderedChunk(dict.fromkeys(CHUNK_TABLES, ()) | tables)


def rows_of_areas(
    layout: Layout, stays: Mapping[tuple[str, Month], Columns]
) -> dict[tuple[str, Month], dict[str, int]]:
    """Return the rows of each chunk table of area-months, given the stays of each.

    `render_area` gives exactly these. Raises ContractBroken as it does.
    """
    spec = layout.observation
    months = [(area_of(layout, code), month) for code, month in stays]
    empty = [
        empty_spells(layout, area, month, of_month)[1]
        for (area, month), of_month in zip(months, stays.values(), strict=True)
    ]
    sites = [site_spells(layout, area, month) for area, month in months]
    of_empty = readings_of(layout.sensors, empty, spec.readings_per_day_empty)
    of_sites = readings_of(layout.sensors, sites, spec.readings_per_day)
    found = {}
    for (area, month), in_empty, at_sites in zip(months, of_empty, of_sites, strict=True):
        rows = dict.fromkeys(CHUNK_TABLES, 0)
        rows["environmental_reading"] = in_empty + at_sites
        rows["sensor_calibration"] = int(
            calibrations(layout, area.sensors, day_number(month.first), month.days)[1].sum()
        )
        rows["equipment_service"] = len(_serviced(layout, area, month))
        found[area.code, month] = rows
    return found


def area_of(layout: Layout, code: str) -> Area:
    """Return an area; raises ContractBroken for one that the plan does not have."""
    if code not in layout.areas:
        raise ContractBroken(f"area {code} is not in the plan")
    return layout.areas[code]


def _calibrations(layout: Layout, area: Area, month: Month) -> Table:
    """Return `sensor_calibration`, ordered by sensor and date.

    The deviation found is the drift reached since the calibration before; nothing at the first.
    """
    sensor, calibration = _of_area(layout, area, month)
    mounted = layout.sensors
    scale = layout.figures.drift[mounted.parameter_id[sensor]]
    found = mounted.reached(np.maximum(calibration - 1, 0), sensor) * scale
    deviation = np.round(np.where(calibration > 0, found, 0.0), _DEVIATION_DIGITS)
    return {
        "calibrated_on": mounted.calibrated_day[sensor] + calibration * mounted.interval,
        "sensor_id": mounted.id[sensor],
        "deviation": deviation + 0.0,  # no negative zeros
    }


def _of_area(
    layout: Layout, area: Area, month: Month
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return calibrated(layout, area.sensors, day_number(month.first), month.days)


def calibrated(
    layout: Layout, sensor: NDArray[np.int64], first_day: int, days: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of these sensors are calibrated within some days, and how often before.

    A sensor comes once for each calibration, in the order given.
    """
    first, times = calibrations(layout, sensor, first_day, days)
    return np.repeat(sensor, times), ranges(first, times)


def calibrations(
    layout: Layout, sensor: NDArray[np.int64], first_day: int, days: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how often each sensor is calibrated before the first of some days, and within them."""
    mounted = layout.sensors
    since = first_day - mounted.calibrated_day[sensor]
    # From the first calibration on or after the first day to before the one after the last day.
    first = np.maximum(-(-since // mounted.interval), 0)
    after = np.maximum(-(-(since + days) // mounted.interval), 0)
    return first, after - first


def _services(layout: Layout, area: Area, month: Month) -> Table:
    """Return `equipment_service`, ordered by equipment and date."""
    rows, services = _serviced(layout, area, month), layout.services
    return {
        "serviced_on": services.day[rows],
        "equipment_id": services.equipment_id[rows],
        "kind": Words(services.kind[rows], KINDS),
    }


def _serviced(layout: Layout, area: Area, month: Month) -> NDArray[np.int64]:
    first = day_number(month.first)
    return layout.services.within(area.id, first, first + month.days)
