"""A slice comes back out of its bytes as it was, or not at all."""

from __future__ import annotations

import struct
from datetime import date

import numpy as np
import pytest

from farm.db.slices import pack, unpack
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.simulation.history import AreaSlice, HistorySlice
from tests.reference.stays import Stay
from tests.unit.rendering import farm_builder as build

ADDRESS = ChunkAddress(1, build.BATCH, build.MONTH)
STAYS = (
    Stay(build.PEN_1, date(2015, 12, 3), date(2016, 3, 9)),
    Stay(build.PEN_2, date(2016, 3, 9), None),
)


def batch() -> HistorySlice:
    return build.history(build.daily((build.PEN_1, build.TANK_RAS)))


def test_every_value_comes_back_and_cannot_be_written_to() -> None:
    given = batch()

    read = unpack(pack(given), ADDRESS, build.MONTH)

    assert isinstance(read, HistorySlice)
    for name, column in read.columns.items():
        np.testing.assert_array_equal(column, given.columns[name])
        with pytest.raises(ValueError, match="read-only"):
            column[:] = column
    assert pack(read) == pack(given)


def test_an_area_comes_back_with_its_stays() -> None:
    given = build.area_history(*STAYS)

    read = unpack(pack(given), ChunkAddress(1, build.AREA, build.MONTH), build.MONTH)

    assert isinstance(read, AreaSlice)
    for name, column in read.stays.items():
        np.testing.assert_array_equal(column, given.stays[name])
    assert len(read.stays["end"]) == len(STAYS)
    assert pack(read) == pack(given)


@pytest.mark.parametrize("more", [-1, 1])
def test_more_or_fewer_rows_than_there_are_is_damage(more: int) -> None:
    kind, size, rows, *rest = struct.unpack_from("<cIIII", pack(batch()))
    head = struct.pack("<cIIII", kind, size, rows + more, *rest)

    with pytest.raises(ContractBroken, match="damaged"):
        unpack(head + pack(batch())[len(head) :], ADDRESS, build.MONTH)


@pytest.mark.parametrize("kept", [0, 10, 40, -1])
def test_bytes_that_are_cut_off_are_damage(kept: int) -> None:
    with pytest.raises(ContractBroken, match="damaged"):
        unpack(pack(batch())[:kept], ADDRESS, build.MONTH)
