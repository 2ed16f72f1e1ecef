"""One number for all that was rendered of a chunk: equal rows, equal checksum."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.table import Runs, Table, Words


def checksum_of(chunk: RenderedChunk) -> str:
    """Return the SHA-256, in hex, of the tables of a chunk as they were rendered.

    It covers every table, part, column and value, and says where one ends and the next begins:
    values that move, or that are given in another order or type, are another chunk.
    """
    digest = sha256()
    for name in CHUNK_TABLES:
        parts = chunk.tables[name]
        digest.update(f"{name} {len(parts)}\n".encode())
        for part in parts:
            arrays = dict(_arrays(part))
            heads = [(*which, each.dtype.str, len(each)) for which, each in arrays.items()]
            digest.update(f"{list(part)} {heads}\n".encode())
            for each in arrays.values():
                digest.update(np.ascontiguousarray(each).data)
    return digest.hexdigest()


def _arrays(part: Table) -> Iterator[tuple[tuple[object, ...], NDArray[Any]]]:
    """Yield the arrays of a part, each with what it is of which column."""
    for name, column in part.items():
        if isinstance(column, Words):
            yield (name, "codes", column.vocabulary), column.codes
        elif isinstance(column, Runs):
            yield (name, "values"), column.values
            yield (name, "lengths"), column.lengths
        elif column is not None:
            yield (name, "all"), column
