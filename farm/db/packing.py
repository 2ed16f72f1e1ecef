"""Rendered rows as the bytes of a binary COPY, written by numpy a column at a time.

Rows of one part of a table have the same columns without a value, so that all are equally long, but
for their words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.db import copy_rows
from farm.db.arrow import arrow_types
from farm.rendering.table import Runs, Table, Words, rows_in


def packed(name: str, parts: Sequence[Table]) -> tuple[bytes | memoryview, ...]:
    """Return the bytes that COPY the parts of a table, one after another, columns as given.

    Raises KeyError for a column of another table.
    """
    given = ((part, rows_in(part)) for part in parts)
    rows = (_rows(name, part, number).data.toreadonly() for part, number in given if number)
    return (copy_rows.HEADER, *rows, copy_rows.TRAILER)


def _rows(name: str, part: Table, number: int) -> NDArray[np.uint8]:
    """Return the bytes of a part: what is the same in all rows or in runs first, then the rest."""
    measures = _measures(name)
    sizes: list[int | None] = []
    runs: dict[str, Runs] = {}
    rest: dict[str, NDArray[Any] | Words] = {}
    for column, given in part.items():
        if isinstance(given, Runs):
            runs[column] = given
        elif given is not None:
            rest[column] = given
        else:
            sizes.append(None)
            continue
        sizes.append(measures[column](given) if column in measures else 0)
    kind, row = _blank(name, tuple(part), tuple(sizes))
    writers = _writers(name)
    if runs:
        lengths = next(iter(runs.values())).lengths
        row = row.repeat(len(lengths), axis=0)
        firsts = np.ndarray(len(row), kind, row)
        for column, run in runs.items():
            writers[column](firsts, column, run.values)
        found = row.repeat(lengths, axis=0)
    else:
        found = row.repeat(number, axis=0)
    rows: NDArray[Any] = np.ndarray(len(found), kind, found)
    for column, values in rest.items():
        writers[column](rows, column, values)
    words = {column: given for column, given in rest.items() if isinstance(given, Words)}
    return copy_rows.unpadded(found, kind, words) if words else found.reshape(-1)


def _digits(scale: int, given: Any) -> int:
    return copy_rows.digits(given.values if isinstance(given, Runs) else given, scale)


# Asking types again and again takes longer than writing.


@cache
def _writers(name: str) -> Mapping[str, copy_rows.Writer]:
    return {column: copy_rows.writer(kind) for column, kind in arrow_types(name).items()}


@cache
def _measures(name: str) -> Mapping[str, Callable[[Any], int]]:
    """Return what tells the size of the values of columns where their type does not."""
    kinds = arrow_types(name)
    decimals = {c: partial(_digits, scale) for c, scale in copy_rows.scales(kinds).items()}
    return decimals | {
        c: copy_rows.longest for c, kind in kinds.items() if pa.types.is_string(kind)
    }


@cache
def _blank(
    name: str, columns: tuple[str, ...], sizes: tuple[int | None, ...]
) -> tuple[np.dtype[Any], NDArray[np.uint8]]:
    """Return a blank row, of which kind and as bytes: an array of these rows is a matrix of bytes.

    Columns are given in their order, and the sizes of their values.
    """
    kinds = arrow_types(name)
    given = zip(columns, sizes, strict=True)
    row = copy_rows.blank(tuple((column, kinds[column], size) for column, size in given))
    return row.dtype, row.view(np.uint8).reshape(1, -1)
