"""Tables of whole numbers whose columns are known by name and lie in one array.

A snapshot keeps the columns one by one; in one array, rows are moved with all that is known of
them.
"""

from __future__ import annotations

import numpy as np

from farm.simulation.frame import Integers
from farm.simulation.state import Own


def empty(names: tuple[str, ...], *shape: int) -> Own:
    """Return columns of zeros, each of this shape."""
    return dict(zip(names, np.zeros((len(names), *shape), dtype=np.int64), strict=True))


def whole(names: tuple[str, ...], own: Own) -> Integers:
    """Return all columns of these names, flat, shape (columns, rows), to read and to write.

    Columns that do not lie in one array, after a snapshot, are put into one first.
    """
    first = own[names[0]]
    columns = first.base
    if not isinstance(columns, np.ndarray) or columns.shape != (len(names), *first.shape):
        columns = np.stack([own[name] for name in names])
        own.update(zip(names, columns, strict=True))
    flat: Integers = columns.reshape(len(names), -1)
    return flat
