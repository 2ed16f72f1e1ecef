"""Rendered rows as the bytes of a binary COPY, written by numpy a column at a time.

Rows of one part of a table have the same columns without a value, so that all are equally long, but
for their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.db import copy_rows
from farm.db.arrow import arrow_types
from farm.rendering.table import Column, Runs, Table, Words, rows_in


def packed(name: str, parts: Sequence[Table]) -> tuple[bytes | memoryview, ...]:
    """Return the bytes that COPY the parts of a table, one after another, columns as given.

    Raises KeyError for a column of another table.
    """
    rows = (_rows(name, part).data.toreadonly() for part in parts if rows_in(part))
    return (copy_rows.HEADER, *rows, copy_rows.TRAILER)


def _rows(name: str, part: Table) -> NDArray[np.uint8]:
    """Return the bytes of a part: what is the same in all rows or in runs first, then the rest."""
    blank = _blank(name, tuple((column, _size(name, column, part[column])) for column in part))
    runs = {column: given for column, given in part.items() if isinstance(given, Runs)}
    rest = {c: given for c, given in part.items() if given is not None and c not in runs}
    if runs:
        lengths = next(iter(runs.values())).lengths
        firsts = copy_rows.repeated(blank, len(lengths))
        _fill(name, firsts, {column: given.values for column, given in runs.items()})
        rows = copy_rows.repeated(firsts, lengths)
    else:
        rows = copy_rows.repeated(blank, rows_in(part))
    _fill(name, rows, rest)
    return copy_rows.unpadded(rows, [c for c, given in rest.items() if isinstance(given, Words)])


def _fill(name: str, rows: NDArray[Any], columns: Mapping[str, Any]) -> None:
    writers = _writers(name)
    for column, values in columns.items():
        writers[column](rows, column, values)


def _size(name: str, column: str, given: Column) -> int | None:
    """Return what `copy_rows.blank` has to know of a column's values; None without any."""
    if given is None:
        return None
    if isinstance(given, Words):
        return copy_rows.longest(given)
    scale = _scales(name).get(column)
    if scale is None:
        return 0
    return copy_rows.digits(given.values if isinstance(given, Runs) else given, scale)


# Asking types again and again takes longer than writing.


@cache
def _writers(name: str) -> Mapping[str, copy_rows.Writer]:
    return {column: copy_rows.writer(kind) for column, kind in arrow_types(name).items()}


@cache
def _scales(name: str) -> Mapping[str, int]:
    """Return the scale of each column of decimals."""
    return copy_rows.scales(arrow_types(name))


@cache
def _blank(name: str, columns: tuple[tuple[str, int | None], ...]) -> NDArray[Any]:
    """Return a blank row; columns are given in their order, each with the size of its values."""
    kinds = arrow_types(name)
    return copy_rows.blank(tuple((column, kinds[column], size) for column, size in columns))
