"""One number for all that was rendered of a chunk: equal rows, equal checksum."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.table import Runs, Table, Words

#: What a column is, but for its values: the types of its arrays, and its words.
Kind = np.dtype[Any] | tuple[np.dtype[Any], np.dtype[Any] | tuple[str, ...]] | None


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
            kinds, arrays = _taken_apart(part)
            digest.update(_heading(tuple(part), tuple(kinds)) % tuple(map(len, arrays)))
            for each in arrays:
                digest.update(np.ascontiguousarray(each).data)
    return digest.hexdigest()


def _taken_apart(part: Table) -> tuple[list[Kind], list[NDArray[Any]]]:
    """Return the kind of each column, and the arrays of all of them."""
    kinds: list[Kind] = []
    arrays: list[NDArray[Any]] = []
    for column in part.values():
        if isinstance(column, np.ndarray):
            kinds.append(column.dtype)
            arrays.append(column)
        elif isinstance(column, Runs):
            kinds.append((column.values.dtype, column.lengths.dtype))
            arrays += column.values, column.lengths
        elif isinstance(column, Words):
            kinds.append((column.codes.dtype, column.vocabulary))
            arrays.append(column.codes)
        else:
            kinds.append(None)
    return kinds, arrays


@cache
def _heading(columns: tuple[str, ...], kinds: tuple[Kind, ...]) -> bytes:
    """Return how the arrays of columns are introduced, for their lengths to be filled in."""
    heads: list[tuple[object, ...]] = []
    for name, kind in zip(columns, kinds, strict=True):
        if isinstance(kind, np.dtype):
            heads.append((name, "all", kind.str))
        elif kind is not None and isinstance(kind[1], np.dtype):
            heads += (name, "values", kind[0].str), (name, "lengths", kind[1].str)
        elif kind is not None:
            heads.append((name, "codes", kind[1], kind[0].str))
    title, *said = (f"{each}".replace("%", "%%") for each in (list(columns), *heads))
    lengths = ", ".join([f"{head.removesuffix(')')}, %d)" for head in said])
    return f"{title} [{lengths}]\n".encode()
