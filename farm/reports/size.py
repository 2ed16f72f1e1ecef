"""Disk that rows will need: bytes per row of each table with its index.

A heap row is a line pointer (4), the tuple header (24, or 32 where a null and more than eight
columns ask for a longer null map) and the columns with their alignment, rounded up to 8. An index
entry is a line pointer (4), a header (8) and the aligned key; leaves of a btree built after the
load are filled to 90 %. Source: PostgreSQL manual, "Database Page Layout" and "B-Tree Indexes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowSize:
    """Bytes that one row takes in its table and in its index."""

    heap: int
    index: int

    @property
    def total(self) -> int:
        """Bytes in table and index together."""
        return self.heap + self.index


ROW_SIZES: Mapping[str, RowSize] = {
    # time 8, value 8, three ids of 4, two of 2; key (sensor 4 + 4 padding, time 8)
    "environmental_reading": RowSize(heap=60, index=31),
    # time 8, two ids of 4, one of 2, amount, cost and percent 8, method 10; key (assignment, time)
    "feeding_event": RowSize(heap=84, index=31),
    # date 4, assignment 4, cause 2, count 4, weight 8; key (assignment, date, cause)
    "mortality_event": RowSize(heap=52, index=31),
    # date 4, assignment 4, n 4, seven figures of 8; key (assignment, date)
    "growth_sample": RowSize(heap=100, index=22),
    # date 4, assignment 4, fish 2, two figures of 8; key (assignment, date, fish)
    "fish_observation": RowSize(heap=60, index=31),
    # date 4, assignment 4, n 4, three figures of 8; key (assignment, date)
    "lice_count": RowSize(heap=68, index=22),
    # date 4, assignment 4, fish 2, three numbers of 2; key (assignment, date, fish)
    "lice_observation": RowSize(heap=44, index=31),
    # date 4, assignment 4, four numbers of 4, four figures of 8; key (assignment, date)
    "health_sample": RowSize(heap=84, index=22),
    # date 4, sensor 4, deviation 8; key (sensor, date)
    "sensor_calibration": RowSize(heap=44, index=22),
    # date 4, equipment 4, kind ~8; key (equipment, date)
    "equipment_service": RowSize(heap=44, index=22),
    # numbers and flags 60, sixteen figures of 8, deaths of 22 causes 113, cost ~8; key (assignment,
    # date)
    "daily_state": RowSize(heap=360, index=22),
    # date 4, two ids of 4, quantity and cost ~8 each; key (lot, assignment, date)
    "feed_draw": RowSize(heap=60, index=31),
    # date 4, site 4, eight figures of 8; key (site, date)
    "site_day": RowSize(heap=100, index=22),
    # date 4, hall 4, three figures of 8; key (hall, date)
    "hall_day": RowSize(heap=60, index=22),
}

#: For a table that is not listed: about the mean of those above.
_OTHER = RowSize(heap=90, index=30)

#: Bytes that the table of one month takes beyond its rows: the last page, half empty, the index's
#: first pages, and the maps of free space and visibility (24 and 8 KiB). Measured: 55 KiB on the
#: mean of 720 month tables of the demo scenario.
LEAF_OVERHEAD = 56 * 1024


def bytes_needed(rows: Mapping[str, int], months: int) -> int:
    """Return the bytes that these rows take in month tables with their indexes, without WAL."""
    content = sum(ROW_SIZES.get(table, _OTHER).total * n for table, n in rows.items())
    return content + LEAF_OVERHEAD * months * len(rows)
