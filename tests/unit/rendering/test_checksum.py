"""Whatever is changed in a chunk changes its checksum, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from farm.rendering.checksum import checksum_of
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.table import Column, Runs, Table, Words

TABLE = "feeding_event"


def checksum(*parts: Table, name: str = TABLE) -> str:
    tables: dict[str, Sequence[Table]] = {**dict.fromkeys(CHUNK_TABLES, ()), name: parts}
    return checksum_of(RenderedChunk(tables))


def part() -> dict[str, Column]:
    return {
        "stores": Runs(np.array([7, 8]), np.array([1, 2])),
        "amounts": np.array([1, 2, 3]),
        "percents": np.array([0.5, 0.25, 0.125]),
        "methods": Words(np.array([0, 1, 0], dtype=np.int32), ("hand", "automatic")),
        "sites": None,
    }


def test_the_same_rows_have_the_same_checksum_on_every_run() -> None:
    scattered = np.array([[1, 9], [2, 9], [3, 9]])[:, 0]

    assert checksum(part()) == checksum({**part(), "amounts": scattered})
    published = "3119513f1aeb8d07d75ec3e934578695e66835631ac6b5f4c452a295cfb5f361"
    assert checksum(part()) == published


@pytest.mark.parametrize(
    "change",
    [
        {"amounts": np.array([1, 2, 4])},
        {"amounts": np.array([2, 1, 3])},
        {"amounts": np.array([1, 2, 3], dtype=np.int32)},
        {"amounts": np.array([1, 2, 3]).view(np.uint64)},
        {"amounts": np.array([1, 2])},
        {"amounts": None},
        {"percents": np.array([0.5, 0.25, np.nextafter(0.125, 1)])},
        {"percents": np.array([0.5, 0.25, 0.125]).view(np.int64)},
        {"stores": Runs(np.array([7, 9]), np.array([1, 2]))},
        {"stores": Runs(np.array([7, 8]), np.array([2, 1]))},
        {"stores": np.array([7, 8, 1, 2])},
        {"methods": Words(np.array([0, 1, 1], dtype=np.int32), ("hand", "automatic"))},
        {"methods": Words(np.array([0, 1, 0], dtype=np.int32), ("hand", "pneumatic"))},
        {"methods": Words(np.array([0, 1, 0], dtype=np.int32), ("hand", "automatic", "none"))},
        {"methods": Words(np.array([0, 1, 0], dtype=np.int32), ("hand", "100 %d"))},
        {"sites": np.array([0, 0, 0])},
        {"sites": np.array([], dtype=np.int64)},
    ],
)
def test_another_column_is_another_checksum(change: dict[str, Column]) -> None:
    assert checksum({**part(), **change}) != checksum(part())


def test_names_and_order_of_columns_and_tables_count() -> None:
    rows = part()
    renamed = {name.replace("sites", "halls"): column for name, column in rows.items()}
    swapped = {**rows, "stores": rows["amounts"], "amounts": rows["stores"]}
    turned = dict(reversed(list(rows.items())))

    found = {checksum(each) for each in (rows, renamed, swapped, turned)}
    elsewhere = checksum(rows, name="lice_count")
    assert len(found | {elsewhere, checksum()}) == 6


def test_rows_cannot_be_moved_from_a_part_or_column_to_the_next() -> None:
    one, two, both = np.array([1]), np.array([2]), np.array([1, 2])
    none = both[:0]
    chunks = (
        [{"a": both, "b": none}],
        [{"a": one, "b": two}],
        [{"a": none, "b": both}],
        [{"a": both}],
        [{"a": one}, {"a": two}],
        [{"a": one}, {"b": two}],
        [{"a": both}, {"a": none}],
        [{"a": none}, {"a": both}],
    )
    assert len({checksum(*parts) for parts in chunks}) == len(chunks)
