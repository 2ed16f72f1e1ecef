"""One number for all that was rendered of a chunk: equal rows, equal checksum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
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
            arrays = list(_arrays(part))
            heads = ", ".join([f"{_head(which, each.dtype)}{len(each)})" for which, each in arrays])
            digest.update(f"{list(part)} [{heads}]\n".encode())
            for _, each in arrays:
                digest.update(np.ascontiguousarray(each).data)
    return digest.hexdigest()


@cache
def _head(which: tuple[object, ...], kind: np.dtype[Any]) -> str:
    """Return how an array is introduced, up to its length."""
    return f"{(*which, kind.str)}"[:-1] + ", "


def _arrays(part: Table) -> Iterator[tuple[tuple[object, ...], NDArray[Any]]]:
    """Yield the arrays of a part, each with what it is of which column."""
    for name, column in part.items():
        if isinstance(column, np.ndarray):
            yield (name, "all"), column
        elif isinstance(column, Runs):
            yield (name, "values"), column.values
            yield (name, "lengths"), column.lengths
        elif isinstance(column, Words):
            yield (name, "codes", column.vocabulary), column.codes
