"""The slice of an area out of a history in memory, as the database would give it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.layout import Layout
from farm.simulation.history import AreaSlice, Columns, History
from tests.reference.stays import Stay, columns_of


def area_slice(layout: Layout, history: History, code: str, month: Month) -> AreaSlice:
    """Return what a history knows of one area and month."""
    area = layout.areas[code]
    inside = set(layout.containers.id[area.containers].tolist())
    stays = sorted(
        (
            Stay(one.container_id, one.start_date, one.end_date)
            for one in history.assignments
            if one.container_id in inside
            and one.start_date <= month.last
            and (one.end_date is None or one.end_date > month.first)
        ),
        key=lambda stay: (stay.container_id, stay.start),
    )
    return AreaSlice(
        code,
        month,
        _of(history.site_days, "site_id", layout.sites.id[area.sites], month),
        _of(history.hall_days, "hall_id", area.hall_ids, month),
        columns_of(*stays),
    )


def _of(columns: Columns, key: str, ids: NDArray[np.int32], month: Month) -> Columns:
    chosen = (
        (columns["date"] >= np.datetime64(month.first))
        & (columns["date"] <= np.datetime64(month.last))
        & np.isin(columns[key], ids)
    )
    return {name: column[chosen] for name, column in columns.items()}
