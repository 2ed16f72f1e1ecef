from __future__ import annotations

import numpy as np
import pytest

from farm.simulation.cells import cells, rows, rows_and_columns


def some(shape: tuple[int, int], share: float) -> np.ndarray:
    return np.random.default_rng(1).random(shape) < share


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("shape", [(4, 7), (1, 5), (3, 0), (0, 3)])
def test_cells_are_those_of_numpy_in_the_same_order(shape, share):
    where = some(shape, share)
    assert cells(where) == [tuple(cell) for cell in np.argwhere(where).tolist()]
    row, column = rows_and_columns(where)
    assert [row.tolist(), column.tolist()] == [each.tolist() for each in np.nonzero(where)]
    assert rows(where) == sorted({row for row, _ in cells(where)})


def test_cells_of_a_part_of_an_array_are_counted_within_it():
    where = some((6, 9), 0.3)[1:5, 2:8]
    assert cells(where) == [tuple(cell) for cell in np.argwhere(where).tolist()]


def test_numbers_other_than_zero_are_true():
    assert cells(np.asarray([[0, 3], [-1, 0]])) == [(0, 1), (1, 0)]
