"""Whole numbers become Arrow's decimals as they are."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from farm.db.arrow import decimals


@pytest.mark.parametrize("whole", [0, 1, -1, 999, 123_456_789, 999_999_999_999, -(2**33) - 1])
def test_grams_become_kilograms_and_cents_money_exactly(whole: int) -> None:
    for kind in (pa.decimal128(12, 3), pa.decimal128(14, 2)):
        found = decimals(np.array([whole]), kind)
        found.validate(full=True)
        assert found.to_pylist() == [Decimal(whole).scaleb(-kind.scale)]
