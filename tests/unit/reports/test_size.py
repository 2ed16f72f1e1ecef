"""Bytes on disk, by formula."""

from __future__ import annotations

from farm.db.encoding import DAY_TABLES
from farm.rendering.chunk import CHUNK_TABLES
from farm.reports.size import LEAF_OVERHEAD, ROW_SIZES, bytes_needed


def test_every_big_table_has_its_size():
    assert set(ROW_SIZES) == {*CHUNK_TABLES, *DAY_TABLES}


def test_a_reading_takes_what_was_measured():
    # 60 bytes of heap for its columns in their order, and an index entry in a leaf 90 % full
    assert ROW_SIZES["environmental_reading"].total == 91


def test_a_million_readings_of_a_year_take_what_their_rows_and_tables_take():
    needed = bytes_needed({"environmental_reading": 1_000_000}, months=12)
    assert needed == 91_000_000 + 12 * LEAF_OVERHEAD
