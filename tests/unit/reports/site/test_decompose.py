"""What a difference of rates is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.reports.site.decompose import difference

_CELLS = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.floats(1, 1e6), st.floats(0, 1e4)),
    min_size=1,
)


def test_other_shares_and_other_rates_are_told_apart() -> None:
    same_rates = difference(
        {"small": (90, 9), "large": (10, 5)}, {"small": (10, 1), "large": (90, 45)}
    )
    assert same_rates.rates == pytest.approx(0)
    assert same_rates.mix == pytest.approx(0.32)
    same_shares = difference({"small": (50, 5)}, {"small": (80, 16)})
    assert (same_shares.mix, same_shares.rates) == pytest.approx((0, 0.1))


@given(before=_CELLS, after=_CELLS)
def test_the_parts_add_up(before: dict[str, tuple[float, float]], after) -> None:
    found = difference(before, after)
    assert found.mix + found.rates == pytest.approx(found.after - found.before, abs=1e-6)
