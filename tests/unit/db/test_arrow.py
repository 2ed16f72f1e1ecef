"""Arrow arrays hold the numbers they were given, in the promised types."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from farm.db.arrow import KILOGRAMS, MONEY, decimals, rendered_batch
from farm.rendering.table import Runs, Words


def feeding(amounts: Any, **columns: Any) -> dict[str, Any]:
    rows = len(amounts)
    whole = np.zeros(rows, dtype=np.int64)
    return {
        "fed_at": whole,
        "assignment_id": whole,
        "feed_store_id": whole,
        "feed_type_id": whole,
        "amount_kg": np.array(amounts, dtype=np.int64),
        "feeding_percent": np.zeros(rows),
        "method": Words(np.zeros(rows, dtype=np.int32), ("hand",)),
        "cost": whole,
        **columns,
    }


@pytest.mark.parametrize("grams", [0, 1, -1, 999, 123_456_789, 999_999_999_999, -(2**33) - 1])
def test_grams_become_kilograms_and_cents_money_exactly(grams: int) -> None:
    batch = rendered_batch("feeding_event", feeding([grams]))

    batch.validate(full=True)
    assert batch["amount_kg"].to_pylist() == [Decimal(grams).scaleb(-3)]
    assert decimals(np.array([grams]), KILOGRAMS) == batch["amount_kg"]
    assert decimals(np.array([grams]), MONEY).to_pylist() == [Decimal(grams).scaleb(-2)]


def test_instants_and_days_count_from_1970_in_utc() -> None:
    noon = datetime(2016, 2, 29, 12, tzinfo=UTC)
    instants = np.array([int(noon.timestamp()) * 1_000_000])
    fed = rendered_batch("feeding_event", feeding([1], fed_at=instants))
    days = {
        "date": np.array([16_860]),
        "assignment_id": np.array([1]),
        "mortality_cause_id": np.array([1]),
        "count": np.array([1]),
        "mean_weight_g": np.array([1.5]),
    }
    died = rendered_batch("mortality_event", days)

    assert fed["fed_at"].to_pylist() == [noon]
    assert died["date"].to_pylist() == [date(2016, 2, 29)]


def test_words_and_runs_are_written_out_and_nothing_is_null() -> None:
    words = Words(np.array([1, 0, 1], dtype=np.int32), ("hand", "automatic"))
    runs = Runs(np.array([7, 8]), np.array([2, 1]))

    batch = rendered_batch(
        "feeding_event", feeding([1, 2, 3], method=words, assignment_id=runs, feed_type_id=None)
    )

    assert batch["method"].to_pylist() == ["automatic", "hand", "automatic"]
    assert batch["method"].type == pa.string()
    assert batch["assignment_id"].to_pylist() == [7, 7, 8]
    assert batch["feed_type_id"].to_pylist() == [None] * 3


def test_text_that_is_not_given_as_words_is_refused() -> None:
    with pytest.raises(TypeError, match="texts are given as Words"):
        rendered_batch("feeding_event", feeding([1], method=np.array(["hand"])))


def test_a_column_of_the_right_type_is_not_copied() -> None:
    columns = feeding([1, 2, 3])

    batch = rendered_batch("feeding_event", columns)

    pointer = batch["feeding_percent"].buffers()[1].address
    assert pointer == columns["feeding_percent"].ctypes.data


def test_columns_keep_their_order_and_another_tables_are_an_error() -> None:
    columns = feeding([1])

    assert rendered_batch("feeding_event", columns).schema.names == list(columns)
    with pytest.raises(KeyError, match="weather"):
        rendered_batch("feeding_event", {**columns, "weather": np.zeros(1)})
